"""What calls people: the ways that the settings name, the rungs of the ladder, the weekly drill."""

from __future__ import annotations

import time

from bot.outbound.sender import Sender
from bot.paging.base import Way
from bot.paging.clock_guard import Minder
from bot.paging.pager import Caller
from bot.paging.referral_webhook import Carrier
from bot.runtime import Runtime
from scheduler.jobs import drills
from scheduler.jobs.escalation import climb_once

_ROUNDS = 50


def caller_of(runtime: Runtime) -> Caller:
    """Build the ways that the settings name."""
    ways: list[Way] = []
    if runtime.settings.mail is not None:
        from bot.paging.email import Mail

        ways.append(Mail(runtime.settings.mail))
    if runtime.settings.hook is not None:
        from bot.paging.webhook import Hook

        ways.append(Hook(runtime.settings.hook, time.time))
    return Caller(runtime.store, runtime.library, runtime.clock, ways, runtime.alarm)


def carrier_of(runtime: Runtime) -> Carrier:
    """Build what takes referrals to the services that the settings name."""
    return Carrier(runtime.store, runtime.clock, {one.service: one for one in runtime.settings.partners})


async def climb(runtime: Runtime, minder: Minder, sender: Sender) -> None:
    """Do every rung that has fallen due, round by round, once the clock has been looked at."""
    await minder.look()
    for _ in range(_ROUNDS):
        if not await climb_once(runtime.store, runtime.library, runtime.clock.now()):
            return
        sender.wake()


async def plan_drill(runtime: Runtime) -> None:
    """Let the weekly drill fall due."""
    async with runtime.store.data.begin() as conn:
        await drills.plan(conn, runtime.clock.now())
