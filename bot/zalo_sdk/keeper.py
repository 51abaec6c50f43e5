"""Keep one account's access token alive. The refresh token works once: losing its successor costs a human's consent.

One refresher at a time, in this process by a task, among all processes by the row's lock. Every use of a refresh
token is recorded before it leaves; the new pair is in a sealed file, then in the database, before anyone uses it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from bot.zalo_sdk.errors import NeedsConsent, NoTokenNow, ZaloError, ZaloNoAnswer, ZaloNotSent
from bot.zalo_sdk.oauth import REJECTED, Granted, OAuth
from bot.zalo_sdk.token_file import TokenFile
from store.tokens import TokenPair, Tokens

Connect = Callable[[], AbstractAsyncContextManager[Any]]
Alarm = Callable[[str, str], None]
"""Called with the account's name and a reason: needs_consent, refresh_unanswered, refresh_refused, kept_in_file,
refresh_old. Must not block."""

DOWN = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, TimeoutError)
"""What a database that does not answer raises."""

USES = 2
"""A refresh token is used once, and once more only when nobody knows what became of the first time."""

PAUSE = timedelta(seconds=30)
"""Between those two uses, and between any two rounds that came to nothing."""

_TRUST = timedelta(minutes=1)
_OLD = timedelta(days=60)
_SEED_SECONDS = 3600
_turn = asyncio.Lock()  # one refresh at a time in this process: a round holds two pooled connections


class TokenKeeper:
    """The tokens of one account. `connect` lends asyncpg connections to the keyring; `clock` is aware, UTC."""

    def __init__(
        self,
        name: str,
        oauth: OAuth,
        tokens: Tokens,
        connect: Connect,
        *,
        clock: Callable[[], datetime],
        alarm: Alarm,
        emergency: Path,
    ) -> None:
        self.name = name
        self._oauth = oauth
        self._tokens = tokens
        self._connect = connect
        self._clock = clock
        self._alarm = alarm
        self._file = TokenFile(emergency, name, tokens)
        self._pair: TokenPair | None = None
        self._round: asyncio.Task[TokenPair] | None = None
        self._not_before: datetime | None = None

    async def access(self) -> str:
        """Return the access token. Raises NeedsConsent, or NoTokenNow while one is being fetched.

        From 80 % of its life on, the next one is fetched in the background while this one goes on serving.
        """
        pair, now = self._pair or await self._loaded(), self._clock()
        if now >= due_at(pair) or self._file.waiting:
            pair = await self._prepare(pair, now)
        if now < pair.expires_at:
            return pair.access
        raise NeedsConsent(self.name) if pair.state == "needs_consent" else NoTokenNow(self.name)

    async def renewed(self, stale: str) -> str:
        """Return another token than the one Zalo refused. Raises NeedsConsent, NoTokenNow."""
        pair = self._pair or await self._loaded()
        if pair.access == stale:
            pair = await self._loaded()
        now = self._clock()
        if pair.access == stale and now - pair.issued_at > _TRUST and not self._resting(now):
            pair = await asyncio.shield(self._begin(pair.version))
        if pair.access != stale:
            return pair.access
        raise NeedsConsent(self.name) if pair.state == "needs_consent" else NoTokenNow(self.name)

    async def tick(self) -> None:
        """Refresh when it is time; for the scheduler, at least twice a day. Never raises."""
        with suppress(NeedsConsent, NoTokenNow):
            pair = await self._loaded()
            now = self._clock()
            if now - pair.issued_at > _OLD:
                self._alarm(self.name, "refresh_old")
            if now >= due_at(pair) or self._file.waiting:
                await asyncio.shield(self._begin(pair.version))

    async def seed(self, access: str, refresh: str, seconds: int = _SEED_SECONDS) -> bool:
        """Store the first pair of an account that has none; False when it has. The age of `access` is unknown."""
        pair = self._granted(Granted(access, refresh, seconds), 1)
        async with self._connect() as conn:
            return await self._tokens.seed(conn, self.name, pair)

    async def consent(self, code: str, verifier: str = "") -> None:
        """Exchange the code of an administrator's consent. Raises ZaloError, ZaloNotSent, ZaloNoAnswer."""
        granted = await self._oauth.exchange(code, verifier)
        async with self._connect() as conn, conn.transaction():
            old = await self._tokens.lock(conn, self.name)
            pair = self._granted(granted, old.version + 1 if old else 1)
            await (self._tokens.replace if old else self._tokens.seed)(conn, self.name, pair)
        self._file.remove()
        self._pair, self._not_before = pair, None

    async def close(self) -> None:
        """Let a refresh under way end: cutting it off would lose the pair."""
        if self._round is not None and not self._round.done():
            await asyncio.wait({self._round})

    async def _prepare(self, pair: TokenPair, now: datetime) -> TokenPair:
        """Fetch the next pair: behind the scenes while this one works, waiting for it when it does not."""
        if self._resting(now):
            return pair
        if now < pair.expires_at:
            self._begin(pair.version)
            return pair
        return await asyncio.shield(self._begin(pair.version))

    def _resting(self, now: datetime) -> bool:
        return self._not_before is not None and now < self._not_before

    async def _loaded(self) -> TokenPair:
        """Read the row; what this process holds and could not yet commit is newer."""
        try:
            async with self._connect() as conn:
                row = await self._tokens.load(conn, self.name)
        except DOWN:
            if self._pair is None:
                raise NoTokenNow(self.name) from None
            return self._pair
        if row is None:
            raise NeedsConsent(self.name)
        if self._pair is None or row.version >= self._pair.version:
            self._pair = row
        return self._pair

    def _begin(self, stale: int) -> asyncio.Task[TokenPair]:
        """Start a round, or join the one under way."""
        if self._round is None or self._round.done():
            self._round = asyncio.get_running_loop().create_task(self._whole_round(stale))
            self._round.add_done_callback(lambda done: done.cancelled() or done.exception())
        return self._round

    async def _whole_round(self, stale: int) -> TokenPair:
        failed = False
        try:
            pair = await self._rotate(stale)
        except (ZaloError, ZaloNotSent, ZaloNoAnswer, *DOWN):
            failed = True
        if failed or pair.version == stale:
            self._not_before = self._clock() + PAUSE
        if failed:
            raise NoTokenNow(self.name)
        self._pair = pair
        return pair

    async def _rotate(self, stale: int) -> TokenPair:
        """Hold the row, spend the refresh token, commit the new pair."""
        fresh: TokenPair | None = None
        ended = False
        try:
            async with _turn, self._connect() as conn, conn.transaction():
                held = await self._held(conn)
                pair = await self._adopted(conn, held)
                if pair.version == stale and pair.state == "valid":
                    fresh = await self._spent(conn, pair)
                    ended = fresh is None
                if fresh is not None:
                    self._keep(fresh)
                    await self._tokens.replace(conn, self.name, fresh)
        except DOWN:
            if fresh is None:
                raise
            self._alarm(self.name, "kept_in_file")
            return fresh
        if ended:
            self._alarm(self.name, "needs_consent")
            return replace(pair, state="needs_consent")
        self._file.remove()
        return fresh or pair

    async def _held(self, conn: Any) -> TokenPair:
        await conn.execute("SET LOCAL lock_timeout = '40s'")  # a frozen peer must not freeze us
        pair = await self._tokens.lock(conn, self.name)
        if pair is None:
            raise NoTokenNow(self.name)
        return pair

    async def _adopted(self, conn: Any, held: TokenPair) -> TokenPair:
        """Take in the pair of a process that got its answer and never committed."""
        left = self._file.read()
        if left is None or left.issued_at <= held.issued_at:
            return held
        pair = replace(left, version=held.version + 1, state="valid")
        await self._tokens.replace(conn, self.name, pair)
        return pair

    async def _spent(self, conn: Any, pair: TokenPair) -> TokenPair | None:
        """Use the refresh token; None when it is certain, or certain enough, that it is dead."""
        used = await self._tokens.attempts(conn, self.name, pair.version)
        if used.last_at is not None and self._clock() < used.last_at + PAUSE:
            raise NoTokenNow(self.name)
        if used.count >= USES:
            return await self._given_up(conn, pair)
        await self._record(pair.version, used.count + 1)
        try:
            granted = await self._oauth.refresh(pair.refresh)
        except ZaloNotSent:
            await self._unrecord(pair.version, used.count + 1)
            raise
        except ZaloNoAnswer:
            self._alarm(self.name, "refresh_unanswered")
            if used.count + 1 >= USES:
                return await self._given_up(conn, pair)
            raise
        except ZaloError as refusal:
            if refusal.code in REJECTED:
                return await self._given_up(conn, pair)
            self._alarm(self.name, "refresh_refused")
            await self._unrecord(pair.version, used.count + 1)
            raise
        return self._granted(granted, pair.version + 1)

    async def _given_up(self, conn: Any, pair: TokenPair) -> None:
        await self._tokens.needs_consent(conn, self.name, pair.version)

    async def _record(self, version: int, n: int) -> None:
        async with self._connect() as other:
            await self._tokens.attempt(other, self.name, version, n, self._clock())

    async def _unrecord(self, version: int, n: int) -> None:
        with suppress(*DOWN):
            async with self._connect() as other:
                await self._tokens.unused(other, self.name, version, n)

    def _keep(self, fresh: TokenPair) -> None:
        """Write the file; when even that fails the database is tried all the same."""
        try:
            self._file.write(fresh)
        except OSError:
            self._alarm(self.name, "kept_in_file")

    def _granted(self, granted: Granted, version: int) -> TokenPair:
        now = self._clock()
        expires = now + timedelta(seconds=granted.seconds)
        return TokenPair(granted.access, granted.refresh, expires, now, version)


def due_at(pair: TokenPair) -> datetime:
    """Say when the next pair should be fetched: at 80 % of the access token's life, 20 of 25 hours."""
    return pair.issued_at + (pair.expires_at - pair.issued_at) * 0.8
