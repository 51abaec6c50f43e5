"""Run a house behind its front door until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import uvloop

from bot.app import House
from bot.cli.bootstrap import NotOurs
from bot.config.settings import SettingsWrong
from bot.monitoring.endpoints import public_rooms, vitals_open
from bot.server import App, FrontDoor, listening, server, until_told
from content.findings import ContentErrors
from store.db.embedded import AnotherOwner
from store.db.engine import DatabaseDown
from store.errors import KeysUnsafe, UnknownSchema

SENTENCES = (SettingsWrong, KeysUnsafe, UnknownSchema, DatabaseDown, AnotherOwner, ContentErrors, NotOurs, OSError)
"""What stops a start with sentences instead of a traceback."""


def run_until_told(main: Callable[[], Awaitable[None]]) -> int:
    """Run the loop; a start that cannot succeed says why, one sentence a problem, and ends with 1."""
    try:
        uvloop.run(main())  # type: ignore[arg-type]
    except SENTENCES as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


@contextlib.asynccontextmanager
async def open_door(
    house: House,
    rooms: dict[str, App],
    otherwise: App | None = None,
    first: Callable[[], Awaitable[None]] | None = None,
) -> AsyncIterator[None]:
    """Listen (stand-ins and platforms call back), do what comes `first`, run the house and register its accounts."""
    door = FrontDoor({"/hooks": house.intake, "/m": house.media, **public_rooms(house), **rooms}, otherwise)
    settings = house.settings
    async with listening(server(door, settings.host, settings.port)):
        if first is not None:
            await first()
        async with house.running(), vitals_open(house):
            await house.start_channels()
            yield


async def stay(house: House) -> None:
    """Stay until a signal comes, or until a part of the house breaks."""
    told = asyncio.create_task(until_told())
    broken = asyncio.create_task(house.broken.wait())
    await asyncio.wait({told, broken}, return_when=asyncio.FIRST_COMPLETED)
    for task in (told, broken):
        task.cancel()
