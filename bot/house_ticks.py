"""Which ticks this house has, and what each of them does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.journal import log
from scheduler.due import due_once
from scheduler.ticks import Tick, Ticks
from store import reseal

if TYPE_CHECKING:
    from bot.house import House

_ROUNDS = 50


def ticks_of(house: House) -> Ticks:
    """Build the ticks of a house; nothing runs yet."""

    async def due() -> None:
        """Everything that has fallen due, round by round."""
        for _ in range(_ROUNDS):
            done = await due_once(house.store, house.library, house.clock.now())
            if not done:
                return
            house.sender.wake()

    async def tokens() -> None:
        """Give every token keeper its turn, hourly: 24 chances a day where two would do."""
        for keeper in house.keepers:
            await keeper.tick()

    async def seals() -> None:
        """Let open cases follow the ladder: who joined can read on, who left cannot."""
        await reseal.follow_ladder(house.store, house.clock.now())

    return Ticks(
        house.store.data,
        [
            Tick("due", 1, 1, due),
            Tick("seals", 2, 2, seals),
            Tick("tokens", 3, 3600, tokens, alone=False),
        ],
        lambda name, error: log.warning("a tick waits", extra={"stage": name, "reason": type(error).__name__}),
    )
