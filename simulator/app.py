"""Puts the stand-ins, the control plane and the page with the phones together as one Starlette application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

from simulator.control import accounts, api, page
from simulator.core.byte_counter import ByteCounter
from simulator.routes import telegram, zalo, zalo_bot
from simulator.world import World


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
        *accounts.routes(world),
        *api.routes(world),
    ]
    return Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(ByteCounter, counted=world.wire)])
