"""Runs the stand-ins alone: python -m simulator --port N prints `ready` when they answer."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import sys

import uvicorn

from simulator.app import create
from simulator.world import World


def main() -> None:
    """Serve one world on loopback until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="TCP port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--seed", type=int, default=None, help="make every id the same in every run")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


async def serve(options: argparse.Namespace) -> None:
    """Serve until interrupted; prints the address and then `ready`."""
    world = World(seed=options.seed)
    config = uvicorn.Config(
        create(world),
        host="127.0.0.1",
        port=options.port,
        log_level="warning",
        access_log=False,  # paths hold tokens
        timeout_graceful_shutdown=3,
        timeout_keep_alive=75,  # longer than any client keeps a connection, as the platforms do
    )
    await Announced(config).serve()


class Announced(uvicorn.Server):
    """A server that says where it listens as soon as it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then print the address and `ready`."""
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            sys.stdout.write(f"http://localhost:{port}/\nready\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
