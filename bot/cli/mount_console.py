"""Mount the console into an application and keep its open pages live."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette

from bot.app import Application
from console.app import create


def console_room(application: Application) -> Starlette:
    """Build the console over the application's store."""
    settings, parser = application.runtime.settings, application.runtime.parser
    partners, proxies = settings.partners, settings.trusted_proxies
    return create(
        application.runtime.store,
        application.runtime.clock,
        settings,
        application.runtime.library,
        partners=partners,
        proxies=proxies,
        parser=parser,
    )


@contextlib.asynccontextmanager
async def live(room: Starlette) -> AsyncIterator[None]:
    """Keep open pages told; end their streams first when the application closes, or they would hold the server."""
    await room.state.live.start()
    try:
        yield
    finally:
        await room.state.live.stop()
