"""Put the console into a house, and keep its pages live while the house stands."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette

from bot.app import House
from console.app import create


def console_room(house: House) -> Starlette:
    """Build the console over the house's store."""
    settings, parser = house.settings, house.parser
    partners, proxies = settings.partners, settings.trusted_proxies
    return create(house.store, house.clock, settings, house.library, partners=partners, proxies=proxies, parser=parser)


@contextlib.asynccontextmanager
async def live(room: Starlette) -> AsyncIterator[None]:
    """Keep open pages told; end their streams first when the house closes, or they would hold the server."""
    await room.state.live.start()
    try:
        yield
    finally:
        await room.state.live.stop()
