"""Puts the stand-ins, the control plane and the page with the phones together as one Starlette application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

from simulator import control, keys, page
from simulator.meter import Meter
from simulator.telegram import routes as telegram
from simulator.world import World
from simulator.zalo import routes as zalo
from simulator.zalo_bot import routes as zalo_bot


def create(world: World) -> Starlette:
    """Return the application of a world.

    Alone it closes the world at the end. Mounted inside another application, that one has to await
    `world.close()`, because a mounted application is not told when the server stops.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await world.close()

    routes = [
        *telegram.routes(world),
        *zalo.routes(world),
        *zalo_bot.routes(world),
        *page.routes(world),
        *keys.routes(world),
        *control.routes(world),
    ]
    return Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(Meter, counted=world.wire)])
