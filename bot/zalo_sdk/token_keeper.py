"""The token keeper: keeps one account's access token alive and never loses the refresh token."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.zalo_sdk.errors import NeedsConsent, NoTokenNow, ZaloError, ZaloNoAnswer, ZaloNotSent
from bot.zalo_sdk.oauth import OAuth, TokenGrant
from bot.zalo_sdk.token_file import TokenFiles
from bot.zalo_sdk.token_rotation import DOWN, PAUSE, Alarm, Alive, Connect, Rotation
from store.crypto.oauth_tokens import TokenPair, Tokens

SEED_SECONDS = 3600
"""Assumed life of an access token that was typed into the settings: its age is unknown."""

_TRUST = timedelta(minutes=1)
_OLD = timedelta(days=60)  # a refresh token lives 90 days. Source: Zalo documentation, read 2026-09


class TokenKeeper:
    """The tokens of one account.

    `connect` lends asyncpg connections to the keyring database, two at a time; `clock` is aware, UTC; `alarm` gets
    the account's name and needs_consent, refresh_unanswered, refresh_refused, kept_in_file or refresh_old, and must
    not block; `emergency` is the folder of the sealed files.
    """

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
        self._files = TokenFiles(emergency, name, tokens)
        self._rotation = Rotation(name, oauth, tokens, connect, clock, alarm, self._files, self._works, self._seeded)
        self._alive: Alive | None = None
        self._named: TokenGrant | None = None
        self._pair: TokenPair | None = None
        self._round: asyncio.Task[TokenPair] | None = None
        self._rest_until: datetime | None = None
        self._renewed_at: datetime | None = None

    def ask_with(self, alive: Alive) -> None:
        """Learn how to find out whether an access token works; the channel knows."""
        self._alive = alive

    async def _works(self, access: str) -> bool | None:
        return await self._alive(access) if self._alive is not None else None

    async def access(self) -> str:
        """Return the access token. Raises NeedsConsent, or NoTokenNow while one is being fetched.

        From 80 % of its life on, the next one is fetched in the background while this one goes on serving.
        """
        pair, now = self._pair or await self._loaded(), self._clock()
        if now >= due_at(pair) and not self._resting(now):
            round_ = self._begin(pair.version)
            pair = pair if now < pair.expires_at else await asyncio.shield(round_)
        if now < pair.expires_at:
            return pair.access
        raise NeedsConsent(self.name) if pair.state == "needs_consent" else NoTokenNow(self.name)

    async def renewed(self, stale: str) -> str:
        """Return another token than the one Zalo refused. Raises NeedsConsent, NoTokenNow."""
        pair = self._pair or await self._loaded()
        if pair.access == stale:
            pair = await self._loaded()
        if pair.access == stale and self._may_renew(self._clock()):
            pair = await asyncio.shield(self._begin(pair.version))
        if pair.access != stale:
            return pair.access
        raise NeedsConsent(self.name) if pair.state == "needs_consent" else NoTokenNow(self.name)

    async def tick(self) -> None:
        """Refresh when it is time, take in what a dead process left; at least twice a day. Never raises."""
        with suppress(NeedsConsent, NoTokenNow):
            pair, now = await self._loaded(), self._clock()
            if now - pair.issued_at > _OLD:
                self._alarm(self.name, "refresh_old")
            if now >= due_at(pair) or self._files.waiting:
                await asyncio.shield(self._begin(pair.version))

    async def seed(self, access: str, refresh: str, seconds: int = SEED_SECONDS) -> bool:
        """Take the pair that the settings name where none is stored or the stored grant is dead; say whether it was.

        A grant that lives stays; should it die, this pair takes its place, unless it has been taken before.
        """
        self._named = TokenGrant(access, refresh, seconds)
        return await self._seeded()

    async def _seeded(self) -> bool:
        if self._named is None:
            return False
        pair = self._rotation.pair_of(self._named, 1)
        async with self._connect() as keyring_pg, keyring_pg.transaction():
            return await self._tokens.seed(keyring_pg, self.name, pair)

    async def consent(self, code: str, verifier: str = "") -> None:
        """Exchange the code of an administrator's consent. Raises ZaloError, ZaloNotSent, ZaloNoAnswer."""
        self._pair = await self._rotation.consented(await self._oauth.exchange(code, verifier))
        self._rest_until = None

    async def granted(self) -> bool:
        """Whether an administrator's consent is in force, as far as the keyring tells. Never raises."""
        try:
            return (await self._loaded()).state == "valid"
        except (NeedsConsent, NoTokenNow):
            return False

    async def close(self) -> None:
        """Let a rotation under way end: cutting it off would lose the pair."""
        if self._round is not None and not self._round.done():
            await asyncio.wait({self._round})

    def _resting(self, now: datetime) -> bool:
        return self._rest_until is not None and now < self._rest_until

    def _may_renew(self, now: datetime) -> bool:
        """Refuse to hammer: not while resting, not when this very token has just been fetched."""
        young = self._renewed_at is not None and now < self._renewed_at + _TRUST
        return not young and not self._resting(now)

    async def _loaded(self) -> TokenPair:
        """Read the row; what this process holds and could not yet commit is newer."""
        try:
            async with self._connect() as keyring_pg:
                row = await self._tokens.load(keyring_pg, self.name)
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
        """Start a rotation, or join the one under way."""
        if self._round is None or self._round.done():
            self._round = asyncio.get_running_loop().create_task(self._rotated(stale))
            self._round.add_done_callback(lambda done: done.cancelled() or done.exception())
        return self._round

    async def _rotated(self, stale: int) -> TokenPair:
        try:
            pair = await self._rotation.rotate(stale)
        except (ZaloError, ZaloNotSent, ZaloNoAnswer, *DOWN):
            pair = None
        now = self._clock()
        if pair is None or pair.version == stale:
            self._rest_until = now + PAUSE
        if pair is None:
            raise NoTokenNow(self.name)
        if pair.version != stale:
            self._renewed_at = now
        self._pair = pair
        return pair


def due_at(pair: TokenPair) -> datetime:
    """Say when the next pair should be fetched: at 80 % of the access token's life, 20 of 25 hours."""
    return pair.issued_at + (pair.expires_at - pair.issued_at) * 0.8
