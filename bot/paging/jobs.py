"""The ticks of the ladder: its rungs, the weekly drill, and one for every way."""

from __future__ import annotations

import time
from functools import partial

from bot.outbound.sender import Sender
from bot.ownership import Ownership
from bot.paging.base import Way
from bot.paging.clock_guard import Minder
from bot.paging.pager import Caller
from bot.paging.referral_webhook import Carrier
from bot.runtime import Runtime
from scheduler.jobs import drills
from scheduler.jobs.escalation import climb_once
from scheduler.ticker import Tick

_ROUNDS = 50
_NUMBERS = {"mail": 12, "hook": 13}


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


def ladder_ticks(
    runtime: Runtime, ownership: Ownership, sender: Sender, caller: Caller, carrier: Carrier
) -> list[Tick]:
    """Everything that calls people; a dead way holds up its own tick only."""
    minder = Minder(runtime, ownership)

    async def ladder() -> None:
        """Every rung that has fallen due, round by round."""
        await minder.look()
        for _ in range(_ROUNDS):
            if not await climb_once(runtime.store, runtime.library, runtime.clock.now()):
                return
            sender.wake()

    async def drill() -> None:
        """Let the weekly drill fall due."""
        async with runtime.store.data.begin() as conn:
            await drills.plan(conn, runtime.clock.now())

    async def carry() -> None:
        """Take referrals to the services that hear of them by a signed request."""
        await carrier.once()

    ways = [Tick(name, _NUMBERS[name], 1, partial(caller.once, name), alone=False) for name in caller.ways]
    return [
        Tick("ladder", 10, 1, ladder),
        Tick("drill", 11, 600, drill),
        *ways,
        Tick("ways", 14, 10, caller.look, alone=False),
        *([Tick("referrals", 16, 2, carry, alone=False)] if runtime.settings.partners else []),
    ]
