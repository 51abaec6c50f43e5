"""One process of the token storm: ask Zalo something again and again, keep the token alive, die where told to.

Started by token_storm.py with one JSON argument. Prints JSON lines: alarms, and how many calls went well or not.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from bot.http import httpx_client
from bot.zalo_sdk.errors import NeedsConsent, ZaloError, ZaloNoAnswer, ZaloNotSent
from bot.zalo_sdk.oa_client import OA
from bot.zalo_sdk.oauth import OAuth, TokenGrant
from bot.zalo_sdk.token_keeper import TokenKeeper
from bot.zalo_sdk.transport import ZaloTransport
from store.crypto.oauth_tokens import KekSealer, TokenPair, Tokens
from store.db.engine import engine_url, raw


def say(**line: object) -> None:
    """Print one line for the driver."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


class Orders:
    """What the driver wants: the time, and at which stage the next process to get there dies."""

    def __init__(self, folder: Path) -> None:
        self._clock = folder / "clock"
        self._folder = folder

    def now(self) -> datetime:
        """The driver's time."""
        return datetime.now(UTC) + timedelta(seconds=float(self._clock.read_text()))

    def die_at(self, stage: str) -> None:
        """Die here by SIGKILL if told to; one order kills one process."""
        try:
            (self._folder / f"die-{stage}").unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


class KillableTokens(Tokens):
    """The rows, with a death before and after the writes that matter."""

    orders: Orders

    async def attempt(self, conn: asyncpg.Connection, name: str, version: int, n: int, at: datetime) -> None:
        """Record a use; die before anything is sent."""
        await super().attempt(conn, name, version, n, at)
        self.orders.die_at("recorded")

    async def replace(self, conn: asyncpg.Connection, name: str, pair: TokenPair) -> None:
        """Replace the pair; die with the file written, or with the statement run and not committed."""
        self.orders.die_at("in_file")
        await super().replace(conn, name, pair)
        self.orders.die_at("uncommitted")


class KillableOAuth(OAuth):
    """The OAuth client, with a death at the worst moment."""

    orders: Orders

    async def refresh(self, refresh_token: str) -> TokenGrant:
        """Refresh; die with the answer in memory only."""
        granted = await super().refresh(refresh_token)
        self.orders.die_at("answered")
        return granted


async def run(order: dict[str, Any]) -> None:
    """Call getoa for ever."""
    orders = Orders(Path(order["folder"]))
    settings = {"server_settings": {"application_name": f"w{os.getpid()}"}}
    database = create_async_engine(engine_url(order["uri"]), pool_size=3, connect_args=settings)
    http = httpx_client(4)
    oauth = KillableOAuth(http, order["oauth"], order["app_id"], order["secret"], patience=5.0)
    tokens = KillableTokens(KekSealer(bytes.fromhex(order["kek"])))
    oauth.orders = tokens.orders = orders

    @asynccontextmanager
    async def connect() -> Any:
        async with raw(database) as conn:
            yield conn

    keeper = TokenKeeper(
        "z1",
        oauth,
        tokens,
        connect,
        clock=orders.now,
        alarm=lambda name, reason: say(alarm=reason, pid=os.getpid()),
        emergency=Path(order["folder"]) / "tokens",
    )
    oa = OA(ZaloTransport(http, order["openapi"], "openapi", patience=5.0), keeper)
    keeper.ask_with(oa.alive)
    say(up=os.getpid())
    while True:
        try:
            await oa.about()
            say(ok=1)
        except (ZaloError, ZaloNotSent, ZaloNoAnswer, NeedsConsent) as error:
            say(failed=type(error).__name__)
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(run(json.loads(sys.argv[1])))
