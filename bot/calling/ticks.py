"""The ticks of the ladder: its rungs, the weekly drill, and one for every way."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calling.caller import Caller
from bot.calling.partners import Carrier
from bot.calling.way import Way
from bot.journal import log
from scheduler import drills
from scheduler.clock import Watch
from scheduler.escalation import climb_once
from scheduler.ticks import Tick
from store.set_back import begun_ahead, bring_back

if TYPE_CHECKING:
    from bot.house import House

_ROUNDS = 50
FIRST_LANE = 0
_SLIGHT = timedelta(seconds=2)
"""By so much the clocks of two machines of one house may differ."""
_NUMBERS = {"mail": 12, "hook": 13}


def caller_of(house: House) -> Caller:
    """Build the ways that the settings name."""
    ways: list[Way] = []
    if house.settings.mail is not None:
        from bot.calling.mail import Mail

        ways.append(Mail(house.settings.mail))
    if house.settings.hook is not None:
        from bot.calling.hook import Hook

        ways.append(Hook(house.settings.hook, time.time))
    return Caller(house.store, house.library, house.clock, ways, house.alarm)


def carrier_of(house: House) -> Carrier:
    """Build what takes referrals to the services that the settings name."""
    return Carrier(house.store, house.clock, {one.service: one for one in house.settings.partners})


def ladder_ticks(house: House) -> list[Tick]:
    """Everything that calls people; a dead way holds up its own tick only."""

    watch = Watch(house.clock)

    looked_back = False

    async def ladder() -> None:
        """Every rung that has fallen due, round by round."""
        nonlocal looked_back
        if not looked_back:
            await _look_back(house)
            looked_back = True
        await _mind_the_clock(house, watch)
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


async def _mind_the_clock(house: House, watch: Watch) -> None:
    """When somebody set the clock back, bring the rungs back with it; of several processes the first lane's owner."""
    back = watch.set_back()
    if back and FIRST_LANE in house.ownership.lanes:
        async with house.store.data.begin() as conn:
            await _bring_back(conn, house, back)
    if back:
        watch.believe()


async def _look_back(house: House) -> None:
    """At the start: the clock may have been set back while nobody ran."""
    async with house.store.data.begin() as conn:
        back = await begun_ahead(conn, house.clock.now())
        if back > _SLIGHT:
            await _bring_back(conn, house, back)


async def _bring_back(conn: AsyncConnection, house: House, back: timedelta) -> None:
    rungs = await bring_back(conn, house.clock.now(), back)
    log.warning("the clock was set back", extra={"seconds": round(back.total_seconds()), "count": rungs})
