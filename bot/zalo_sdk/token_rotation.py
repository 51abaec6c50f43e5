"""One rotation of a single-use refresh token: hold the row, record the use, spend, keep, commit.

All processes queue at the row. A use is recorded, on a second connection, before the token leaves;
the answer is in a sealed file before the database hears of it, and in the database before anyone uses it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from bot.zalo_sdk.errors import NoTokenNow, ZaloError, ZaloNoAnswer, ZaloNotSent
from bot.zalo_sdk.oauth import REJECTED, OAuth, TokenGrant
from bot.zalo_sdk.token_file import TokenFiles
from store.crypto.oauth_tokens import TokenPair, Tokens

Connect = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]
Alarm = Callable[[str, str], None]
Alive = Callable[[str], Awaitable[bool | None]]
"""Says whether an access token still works; None when nobody knows."""
Seeded = Callable[[], Awaitable[bool]]
"""Puts what the settings name in place of a dead grant; says whether it did."""

DOWN = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError)
"""What a database raises that does not answer, answers too late, or died in between."""

USES = 2
"""A refresh token is used once, and once more only when nobody knows what became of the first time."""

PAUSE = timedelta(seconds=30)
"""Between those two uses: a short outage of Zalo's must not cost the grant."""

_turn = asyncio.Lock()  # one rotation at a time in this process: each holds two pooled connections


@dataclass(frozen=True)
class Rotation:
    """Everything one account's rotation works with; `clock` is aware, UTC."""

    name: str
    oauth: OAuth
    tokens: Tokens
    connect: Connect
    clock: Callable[[], datetime]
    alarm: Alarm
    files: TokenFiles
    alive: Alive
    seeded: Seeded

    async def rotate(self, stale: int) -> TokenPair:
        """Replace version `stale`, or return what another process has put there meanwhile.

        A dead grant gives way to the pair of the settings; the pair returned says `needs_consent` when there is none
        or it was taken before. Raises ZaloError, ZaloNotSent, ZaloNoAnswer or a database error when nothing was
        decided.
        """
        fresh: TokenPair | None = None
        dead = False
        try:
            async with _turn, self.connect() as keyring_pg, keyring_pg.transaction():
                pair = await self._adopted(keyring_pg, await self._held(keyring_pg))
                if pair.version == stale and pair.state == "valid":
                    fresh = await self._spent(keyring_pg, pair)
                    dead = fresh is None
                if fresh is not None:
                    self._keep(fresh)
                    await self.tokens.replace(keyring_pg, self.name, fresh)
        except DOWN:
            if fresh is None:
                raise
            self.alarm(self.name, "kept_in_file")
            return fresh
        if dead or (pair.version == stale and pair.state == "needs_consent"):
            return await self._instead(pair, told=not dead)
        settled = fresh or pair
        self.files.remove(settled.version)
        return settled

    async def _instead(self, dead: TokenPair, *, told: bool) -> TokenPair:
        """Go on with the pair of the settings, or say, once, that an administrator must consent."""
        with suppress(*DOWN):
            if await self.seeded():
                async with self.connect() as keyring_pg:
                    return await self.tokens.load(keyring_pg, self.name) or dead
        if not told:
            self.alarm(self.name, "needs_consent")
        return replace(dead, state="needs_consent")

    async def consented(self, granted: TokenGrant) -> TokenPair:
        """Store the pair of a new consent in place of whatever was there."""
        async with self.connect() as keyring_pg, keyring_pg.transaction():
            old = await self.tokens.lock(keyring_pg, self.name)
            pair = self.pair_of(granted, old.version + 1 if old else 1)
            self._keep(pair)
            if old is None:
                await self.tokens.first(keyring_pg, self.name, pair)
            else:
                await self.tokens.replace(keyring_pg, self.name, pair)
        self.files.remove(pair.version)
        return pair

    def pair_of(self, granted: TokenGrant, version: int) -> TokenPair:
        """Date a granted pair by our own clock."""
        now = self.clock()
        return TokenPair(granted.access, granted.refresh, now + timedelta(seconds=granted.seconds), now, version)

    async def _held(self, keyring_pg: asyncpg.Connection) -> TokenPair:
        await keyring_pg.execute("SET LOCAL lock_timeout = '40s'")  # a frozen peer must not freeze us
        pair = await self.tokens.lock(keyring_pg, self.name)
        if pair is None:
            raise NoTokenNow(self.name)
        return pair

    async def _adopted(self, keyring_pg: asyncpg.Connection, held: TokenPair) -> TokenPair:
        """Take in the pair of a process that got its answer and never committed."""
        left = self.files.newest()
        if left is None or left.issued_at <= held.issued_at:
            return held
        pair = replace(left, version=held.version + 1, state="valid")
        await self.tokens.replace(keyring_pg, self.name, pair)
        return pair

    async def _spent(self, keyring_pg: asyncpg.Connection, pair: TokenPair) -> TokenPair | None:
        """Use the refresh token; None when it is dead, or was used as often as is decent."""
        used = await self.tokens.attempts(keyring_pg, self.name, pair.version)
        if used.last_at is not None and self.clock() < used.last_at + PAUSE:
            raise NoTokenNow(self.name)
        decent = used.count < USES and not (used.count and await self._consumed(pair))
        granted = await self._used(pair, used.count + 1) if decent else None
        if granted is None:
            await self.tokens.needs_consent(keyring_pg, self.name, pair.version)
            return None
        return self.pair_of(granted, pair.version + 1)

    async def _consumed(self, pair: TokenPair) -> bool:
        """Find out, without using it again, whether a refresh token of unknown fate was spent.

        A new pair kills the old access token: if that one died before its time, its successor exists.
        Source: Zalo documentation as transcribed 2026-09-16, one source; when it is wrong we only ask once more.
        """
        return self.clock() < pair.expires_at and await self.alive(pair.access) is False

    async def _used(self, pair: TokenPair, n: int) -> TokenGrant | None:
        """Send the token for the n-th time. The record stays exactly when the token may have been consumed."""
        async with self.connect() as other:
            await self.tokens.attempt(other, self.name, pair.version, n, self.clock())
        try:
            return await self.oauth.refresh(pair.refresh)
        except ZaloNoAnswer:
            self.alarm(self.name, "refresh_unanswered")
            if n < USES:
                raise
            return None
        except ZaloNotSent:
            await self._unused(pair.version, n)
            raise
        except ZaloError as refusal:
            if refusal.code in REJECTED:
                return None
            self.alarm(self.name, "refresh_refused")
            await self._unused(pair.version, n)
            raise

    async def _unused(self, version: int, n: int) -> None:
        with suppress(*DOWN):
            async with self.connect() as other:
                await self.tokens.unused(other, self.name, version, n)

    def _keep(self, fresh: TokenPair) -> None:
        """Write the file; when even that fails, the database is tried all the same."""
        try:
            self.files.write(fresh)
        except OSError:
            self.alarm(self.name, "kept_in_file")
