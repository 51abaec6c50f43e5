"""The stand-ins on a loopback port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import uvicorn

from simulator.app import create
from simulator.world import World


@dataclass
class ZaloStandIn:
    """One simulated world and where it listens."""

    world: World
    url: str

    @property
    def oauth(self) -> str:
        """The base of OAuth."""
        return f"{self.url}/sim/zalo/oauth"

    @property
    def openapi(self) -> str:
        """The base of the OpenAPI."""
        return f"{self.url}/sim/zalo/openapi"


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloStandIn]:
    """A fresh world that speaks Zalo's protocols."""
    world = World(seed=7)
    config = uvicorn.Config(create(world), host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield ZaloStandIn(world, f"http://127.0.0.1:{port}")
    server.should_exit = True
    await task
    await world.close()
