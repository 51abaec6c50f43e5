"""The ticks of the ladder: its rungs, the weekly drill, and one for every way."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from bot.paging.base import Way
from bot.paging.clock_guard import Minder
from bot.paging.pager import Caller
from bot.paging.referral_webhook import Carrier
from scheduler.jobs import drills
from scheduler.jobs.escalation import climb_once
from scheduler.ticker import Tick

if TYPE_CHECKING:
    from bot.app import House

_ROUNDS = 50
_NUMBERS = {"mail": 12, "hook": 13}


def caller_of(house: House) -> Caller:
    """Build the ways that the settings name."""
    ways: list[Way] = []
    if house.settings.mail is not None:
        from bot.paging.email import Mail

        ways.append(Mail(house.settings.mail))
    if house.settings.hook is not None:
        from bot.paging.webhook import Hook

        ways.append(Hook(house.settings.hook, time.time))
    return Caller(house.store, house.library, house.clock, ways, house.alarm)


def carrier_of(house: House) -> Carrier:
    """Build what takes referrals to the services that the settings name."""
    return Carrier(house.store, house.clock, {one.service: one for one in house.settings.partners})


def ladder_ticks(house: House) -> list[Tick]:
    """Everything that calls people; a dead way holds up its own tick only."""
    minder = Minder(house)

    async def ladder() -> None:
        """Every rung that has fallen due, round by round."""
        await minder.look()
        for _ in range(_ROUNDS):
            if not await climb_once(house.store, house.library, house.clock.now()):
                return
            house.sender.wake()

    async def drill() -> None:
        """Let the weekly drill fall due."""
        async with house.store.data.begin() as conn:
            await drills.plan(conn, house.clock.now())

    async def carry() -> None:
        """Take referrals to the services that hear of them by a signed request."""
        await house.carrier.once()

    caller = house.caller
    ways = [Tick(name, _NUMBERS[name], 1, partial(caller.once, name), alone=False) for name in caller.ways]
    return [
        Tick("ladder", 10, 1, ladder),
        Tick("drill", 11, 600, drill),
        *ways,
        Tick("ways", 14, 10, caller.look, alone=False),
        *([Tick("referrals", 16, 2, carry, alone=False)] if house.settings.partners else []),
    ]
