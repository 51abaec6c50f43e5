"""Serve an application on its port until a signal or a failed part ends it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import uvloop
from starlette.types import ASGIApp

from bot.app import Application
from bot.cli.bootstrap import ForeignPackage
from bot.config.settings import SettingsWrong
from bot.monitoring.endpoints import health_endpoints, monitoring_open
from bot.server import PathRouter, listening, server, until_told
from content.findings import ContentErrors
from store.backup.postgres_tools import NoTools, ToolFailed
from store.db.embedded import AnotherOwner
from store.db.engine import DatabaseDown
from store.errors import KeysUnsafe, Refused, UnknownSchema

SENTENCES = (
    SettingsWrong,
    KeysUnsafe,
    UnknownSchema,
    DatabaseDown,
    AnotherOwner,
    ContentErrors,
    ForeignPackage,
    NoTools,
    ToolFailed,
    OSError,
)
"""What stops a start with sentences instead of a traceback."""


def run_until_told(main: Callable[[], Awaitable[None]]) -> int:
    """Run the loop; what cannot succeed or is refused says why, one sentence a problem, and ends with 1."""
    try:
        uvloop.run(main())  # type: ignore[arg-type]
    except Refused as refusal:
        print(refusal.sentence(language(os.environ)), file=sys.stderr)
        return 1
    except SENTENCES as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def language(environment: Mapping[str, str]) -> str:
    """The language of whoever calls a command, `vi` or `en`: the first variable of the locale that is set says it."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "vi" if next(filter(None, names), "").startswith("vi") else "en"


@contextlib.asynccontextmanager
async def serving(
    application: Application,
    rooms: dict[str, ASGIApp],
    otherwise: ASGIApp | None = None,
    first: Callable[[], Awaitable[None]] | None = None,
) -> AsyncIterator[None]:
    """Listen (stand-ins and platforms call back), do what comes `first`, run it and register its accounts."""
    endpoint = PathRouter(
        {"/hooks": application.intake, "/m": application.media, **health_endpoints(application.health), **rooms},
        otherwise,
    )
    settings = application.runtime.settings
    async with listening(server(endpoint, settings.host, settings.port)):
        if first is not None:
            await first()
        async with application.running(), monitoring_open(application.measured):
            await application.start_channels()
            yield


async def stay(application: Application) -> None:
    """Stay until a signal comes, or until a part of the application breaks."""
    told = asyncio.create_task(until_told())
    broken = asyncio.create_task(application.broken.wait())
    await asyncio.wait({told, broken}, return_when=asyncio.FIRST_COMPLETED)
    for task in (told, broken):
        task.cancel()
