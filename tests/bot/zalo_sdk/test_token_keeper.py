"""The keeper of a single-use token: one refresh for many callers, nothing lost, nothing spent twice."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.http import httpx_client
from bot.zalo_sdk.errors import NeedsConsent, NoTokenNow
from bot.zalo_sdk.oa_client import OA
from bot.zalo_sdk.oauth import OAuth, TokenGrant
from bot.zalo_sdk.token_keeper import TokenKeeper
from bot.zalo_sdk.transport import ZaloTransport
from store.crypto.oauth_tokens import KekSealer, Tokens, channel_token, channel_token_attempt
from store.db.engine import engine, raw
from store.errors import Sealed
from store.metadata import keyring_metadata

KEK = bytes(range(32))
LIFE = 90_000
DUE = LIFE * 0.8 + 60


class TokenSetup:
    """One keyring, one stand-in, and as many keepers (of as many processes) as a test opens."""

    def __init__(self, zalo, uri: str, folder: Path) -> None:
        self.zalo, self.uri, self.folder = zalo, uri, folder
        self.engine = engine(uri)
        self.http = httpx_client(16)
        self.alarms: list[str] = []
        self.tokens = Tokens(KekSealer(KEK))
        self.account = zalo.world.zalo

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Any]:
        """Lend a connection to the keyring."""
        async with raw(self.engine) as conn:
            yield conn

    def keeper(self, oauth: OAuth | None = None, base: str = "") -> TokenKeeper:
        """Open a keeper, as another process would."""
        client = OAuth(self.http, base or self.zalo.oauth, self.account.app_id, self.account.app_secret, patience=1.0)
        keeper = TokenKeeper(
            "z1",
            oauth or client,
            self.tokens,
            self.connect,
            clock=self.zalo.world.now,
            alarm=lambda name, reason: self.alarms.append(reason),
            emergency=self.folder,
        )
        oa = OA(ZaloTransport(self.http, self.zalo.openapi, "openapi", patience=1.0), keeper)
        keeper.ask_with(oa.alive)
        return keeper

    async def seeded(self) -> TokenKeeper:
        """Open a keeper over a fresh pair of full life."""
        pair = self.account.tokens.issue()
        keeper = self.keeper()
        assert await keeper.seed(pair["access_token"], pair["refresh_token"], LIFE)
        return keeper

    async def advance(self, seconds: float) -> None:
        """Move the one clock."""
        await self.zalo.world.advance(seconds)

    def fault(self, *kinds: str) -> None:
        """Plan faults of the OAuth host."""
        from simulator.core.faults import read_fault

        planned = [{"channel": "zalo_oa", "method": "oauth/access_token", "kind": kind} for kind in kinds]
        self.zalo.world.faults.replace([read_fault(fault) for fault in planned])

    def issued(self) -> int:
        """How many pairs Zalo has given out."""
        return len(self.zalo.world.log.select(0, kind="token", status="issued"))

    def refreshes(self) -> int:
        """How often the OAuth host was asked."""
        return len(self.zalo.world.log.select(0, kind="request", method="oauth/access_token"))

    async def row(self) -> Any:
        """The row as it is stored."""
        async with self.connect() as conn:
            return await conn.fetchrow("SELECT * FROM channel_token")


@pytest.fixture(scope="module")
async def keyring(postgres: str) -> AsyncIterator[str]:
    """A keyring with the two tables of tokens, for all the tests of this file."""
    name = f"keyring_tokens_{os.getpid()}"
    admin = await asyncpg.connect(postgres)
    await admin.execute(f'CREATE DATABASE "{name}"')
    uri = postgres.replace("/postgres?", f"/{name}?")
    tables = engine(uri)
    async with tables.begin() as conn:
        wanted = [channel_token, channel_token_attempt]
        await conn.run_sync(lambda c: keyring_metadata.create_all(c, tables=wanted))
    await tables.dispose()
    yield uri
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture
async def token_setup(zalo, keyring: str, tmp_path) -> AsyncIterator[TokenSetup]:
    """An empty keyring."""
    opened = TokenSetup(zalo, keyring, tmp_path / "tokens")
    async with opened.connect() as conn:
        await conn.execute("TRUNCATE channel_token, channel_token_attempt")
    yield opened
    await opened.http.aclose()
    await opened.engine.dispose()


async def test_a_young_token_is_served_without_asking_anyone(token_setup) -> None:
    """Until 80 % of its life."""
    keeper = await token_setup.seeded()
    await token_setup.advance(LIFE * 0.79)
    assert await keeper.access() == await keeper.access()
    assert token_setup.refreshes() == 0


async def test_at_80_percent_the_next_one_is_fetched_while_the_old_one_serves(token_setup) -> None:
    """Nobody waits for the refresh, and the new pair is committed."""
    keeper = await token_setup.seeded()
    old = await keeper.access()
    await token_setup.advance(DUE)
    assert await keeper.access() == old
    await keeper.close()
    new = await keeper.access()
    assert new != old
    assert token_setup.account.tokens.state(new) == 0
    assert (await token_setup.row())["version"] == 2
    assert list(token_setup.folder.glob("*.token")) == []


async def test_50_callers_at_expiry_cost_one_refresh(token_setup) -> None:
    """In one process and across five keepers."""
    await token_setup.seeded()
    await token_setup.advance(LIFE + 60)
    keepers = [token_setup.keeper() for _ in range(5)]
    got = await asyncio.gather(*(k.access() for k in keepers for _ in range(10)))
    assert len(set(got)) == 1
    assert token_setup.refreshes() == 1
    assert token_setup.account.tokens.reused == 0


async def test_a_refused_token_is_renewed_and_another_process_takes_over_the_result(token_setup) -> None:
    """The second keeper sees the new row and asks Zalo for nothing."""
    first, second = await token_setup.seeded(), token_setup.keeper()
    stale = await second.access()
    new = await first.renewed(stale)
    assert await second.renewed(stale) == new
    assert token_setup.refreshes() == 1


async def test_a_token_refused_right_after_its_renewal_is_not_renewed_again(token_setup) -> None:
    """Something else is wrong then; hammering would not help."""
    keeper = await token_setup.seeded()
    new = await keeper.renewed(await keeper.access())
    with pytest.raises(NoTokenNow):
        await keeper.renewed(new)
    assert token_setup.refreshes() == 1


def revoke_refresh(token_setup) -> None:
    """An administrator withdraws the grant; the access token lives on until it expires."""
    tokens = token_setup.account.tokens
    tokens._refresh.clear()


async def test_a_rejected_refresh_alarms_once_and_sends_go_on_until_expiry(token_setup) -> None:
    """NEEDS_CONSENT is a state, not a loop."""
    keeper = await token_setup.seeded()
    access = await keeper.access()
    revoke_refresh(token_setup)
    await token_setup.advance(DUE)
    for _ in range(20):
        assert await keeper.access() == access
        await keeper.close()
        await token_setup.advance(31)
    assert token_setup.account.tokens.state(access) == 0
    assert (token_setup.alarms, token_setup.refreshes()) == (["needs_consent"], 1)
    assert (await token_setup.row())["state"] == "needs_consent"
    await token_setup.advance(LIFE)
    with pytest.raises(NeedsConsent):
        await keeper.access()
    with pytest.raises(NeedsConsent):
        await token_setup.keeper().access()
    assert token_setup.refreshes() == 1


async def test_consent_ends_the_state_for_every_process(token_setup) -> None:
    """One process exchanges the code; the other finds the new row by itself."""
    keeper, other = await token_setup.seeded(), token_setup.keeper()
    await other.access()
    revoke_refresh(token_setup)
    await token_setup.advance(LIFE + 60)
    for k in (keeper, other):
        with pytest.raises(NeedsConsent):
            await k.access()
    await keeper.consent(token_setup.account.tokens.grant_code())
    await token_setup.advance(31)
    assert await keeper.access() == await other.access()
    assert (await token_setup.row())["state"] == "valid"


async def test_a_lost_answer_alarms_at_once_and_the_token_is_not_spent_twice(token_setup) -> None:
    """The dead access token tells that the pair was issued: no second use, a human instead."""
    keeper = await token_setup.seeded()
    await token_setup.advance(DUE)
    token_setup.fault("lost_response")
    await keeper.tick()
    assert token_setup.alarms == ["refresh_unanswered"]
    await token_setup.advance(31)
    await keeper.tick()
    assert token_setup.alarms == ["refresh_unanswered", "needs_consent"]
    assert (token_setup.refreshes(), token_setup.account.tokens.reused) == (1, 0)


@pytest.mark.parametrize("kind", ["reset", "5xx", "timeout_before", "html"])
async def test_an_unanswered_refresh_is_tried_once_more_after_a_pause(token_setup, kind: str) -> None:
    """The access token still works, so nothing was spent: the second use succeeds."""
    keeper = await token_setup.seeded()
    await token_setup.advance(DUE)
    token_setup.fault(kind)
    await keeper.tick()
    await keeper.tick()
    assert token_setup.refreshes() == 1
    await token_setup.advance(31)
    await keeper.tick()
    assert (token_setup.alarms, token_setup.account.tokens.reused) == (["refresh_unanswered"], 0)
    assert (await token_setup.row())["version"] == 2


async def test_two_unanswered_refreshes_end_in_consent(token_setup) -> None:
    """Twice is the limit of decency, whatever the third would bring."""
    keeper = await token_setup.seeded()
    await token_setup.advance(DUE)
    token_setup.fault("reset", "reset")
    for _ in range(5):
        await keeper.tick()
        await token_setup.advance(31)
    assert token_setup.refreshes() == 2
    assert token_setup.alarms == ["refresh_unanswered", "refresh_unanswered", "needs_consent"]


async def test_an_unreachable_host_costs_no_use(token_setup) -> None:
    """Ten refused connections later the token is as good as new."""
    await token_setup.seeded()
    await token_setup.advance(DUE)
    lonely = token_setup.keeper(base="http://127.0.0.1:9")
    for _ in range(10):
        await lonely.tick()
        await token_setup.advance(31)
    await token_setup.keeper().tick()
    assert (token_setup.alarms, (await token_setup.row())["version"]) == ([], 2)


async def test_an_app_that_was_switched_off_alarms_and_spends_nothing(token_setup) -> None:
    """-14002 is no rejection of the token; when the app is back the refresh works."""
    keeper = await token_setup.seeded()
    await token_setup.advance(DUE)
    token_setup.account.conditions.app_active = False
    await keeper.tick()
    token_setup.account.conditions.app_active = True
    await token_setup.advance(31)
    await keeper.tick()
    assert (token_setup.alarms, (await token_setup.row())["version"]) == (["refresh_refused"], 2)


class Interrupted(OAuth):
    """A refresh whose answer arrives while the database goes away."""

    uri = ""

    async def refresh(self, refresh_token: str) -> TokenGrant:
        """Refresh, then end every connection to the keyring."""
        granted = await super().refresh(refresh_token)
        admin = await asyncpg.connect(self.uri)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await admin.close()
        return granted


async def test_a_pair_that_could_not_be_committed_serves_from_a_sealed_file(token_setup) -> None:
    """The process goes on with it, the next one takes it into the database, and no token is in plain sight."""
    await token_setup.seeded()
    await token_setup.advance(DUE)
    oauth = Interrupted(
        token_setup.http, token_setup.zalo.oauth, token_setup.account.app_id, token_setup.account.app_secret
    )
    oauth.uri = token_setup.uri
    keeper = token_setup.keeper(oauth)
    await keeper.tick()
    assert token_setup.alarms == ["kept_in_file"]
    access = await keeper.access()
    assert token_setup.account.tokens.state(access) == 0
    (file,) = token_setup.folder.glob("*.token")
    assert file.stat().st_mode & 0o077 == 0
    assert access.encode() not in file.read_bytes()
    assert (await token_setup.row())["version"] == 1
    other = token_setup.keeper()
    await other.tick()
    assert (await token_setup.row())["version"] == 2
    assert await other.access() == access
    assert (list(token_setup.folder.glob("*")), token_setup.refreshes()) == ([], 1)


async def test_without_a_database_the_known_token_goes_on(token_setup) -> None:
    """A keyring that is down stops no message while the token lives."""
    keeper = await token_setup.seeded()
    access = await keeper.access()
    await token_setup.engine.dispose()
    token_setup.engine = engine(token_setup.uri.replace("keyring_", "gone_"))
    await token_setup.advance(DUE)
    assert await keeper.access() == access
    await keeper.close()
    await token_setup.advance(LIFE)
    with pytest.raises(NoTokenNow):
        await keeper.access()
    assert token_setup.refreshes() == 0


async def test_an_account_is_seeded_once(token_setup) -> None:
    """Tokens in the settings never replace what has rotated since."""
    keeper = await token_setup.seeded()
    assert not await keeper.seed("old-access", "old-refresh")
    assert await keeper.access() != "old-access"


def pair_of(token_setup: TokenSetup) -> tuple[str, str]:
    """A pair as an administrator copies it out of Zalo's console: whatever was granted before is dead."""
    pair = token_setup.account.tokens.issue()
    return pair["access_token"], pair["refresh_token"]


async def die(token_setup: TokenSetup) -> None:
    """Let the grant in force end, and be found dead."""
    revoke_refresh(token_setup)
    await token_setup.advance(LIFE + 60)
    with pytest.raises(NeedsConsent):
        await token_setup.keeper().access()


async def test_a_new_pair_in_the_settings_replaces_a_dead_grant(token_setup) -> None:
    """What an administrator pasted works after the next start, as the first pair did."""
    await token_setup.seeded()
    await die(token_setup)
    access, refresh = pair_of(token_setup)
    keeper = token_setup.keeper()
    assert await keeper.seed(access, refresh)
    assert await keeper.access() == access
    row = await token_setup.row()
    assert (row["state"], row["version"]) == ("valid", 2)
    assert access.encode() not in b"".join(row["seeds"])


async def test_a_pair_that_has_died_never_comes_back_with_an_old_file(token_setup) -> None:
    """Neither the one before nor the one before that; a start with an old file ends in consent, told once."""
    first, keeper = pair_of(token_setup), token_setup.keeper()
    assert await keeper.seed(*first)
    await die(token_setup)
    second = pair_of(token_setup)
    assert await token_setup.keeper().seed(*second)
    await die(token_setup)
    for old in (first, second):
        assert not await token_setup.keeper().seed(*old)
    assert (await token_setup.row())["state"] == "needs_consent"


async def test_a_living_grant_gives_way_to_the_settings_only_when_it_dies(token_setup) -> None:
    """A new pair waits; when Zalo refuses the one in force, it is taken at once, and nobody is called."""
    keeper = await token_setup.seeded()
    await keeper.access()
    access, refresh = pair_of(token_setup)
    keeper = token_setup.keeper()
    assert not await keeper.seed(access, refresh)
    stale = await keeper.access()
    assert stale != access
    assert await keeper.renewed(stale) == access
    assert token_setup.alarms == []


async def test_a_dead_row_of_an_older_version_takes_the_pair_of_the_settings(token_setup) -> None:
    """Nobody noted what such a row was seeded with: the pair is tried once, and no second time."""
    await token_setup.seeded()
    await die(token_setup)
    async with token_setup.connect() as conn:
        await conn.execute("UPDATE channel_token SET seeds = '{}'")
    access, refresh = pair_of(token_setup)
    keeper = token_setup.keeper()
    assert await keeper.seed(access, refresh)
    assert not await token_setup.keeper().seed(access, refresh)
    assert await keeper.access() == access


async def test_an_account_without_tokens_needs_consent(token_setup) -> None:
    """And says so instead of failing oddly."""
    with pytest.raises(NeedsConsent):
        await token_setup.keeper().access()


async def test_after_sixty_days_without_rotation_someone_is_told(token_setup) -> None:
    """A month before the refresh token dies."""
    keeper = await token_setup.seeded()
    revoke_refresh(token_setup)
    await token_setup.advance(61 * 86_400)
    await keeper.tick()
    assert "refresh_old" in token_setup.alarms


async def test_the_row_holds_no_token_and_opens_nowhere_else(token_setup) -> None:
    """Sealed to its account and its column: a swapped row is not read."""
    keeper = await token_setup.seeded()
    access = await keeper.access()
    stored = b"".join(v for v in dict(await token_setup.row()).values() if isinstance(v, bytes))
    assert access.encode() not in stored
    async with token_setup.connect() as conn:
        await conn.execute("UPDATE channel_token SET name = 'z2'")
        with pytest.raises(Sealed):
            await token_setup.tokens.load(conn, "z2")
        await conn.execute("UPDATE channel_token SET name = 'z1', access_ct = refresh_ct, refresh_ct = access_ct")
        with pytest.raises(Sealed):
            await token_setup.tokens.load(conn, "z1")


@pytest.mark.parametrize("change", [{"access": ""}, {"refresh": ""}, {"version": 1}, {"version": 3}])
async def test_an_empty_or_unfitting_pair_never_overwrites_a_good_one(token_setup, change: dict[str, Any]) -> None:
    """Refused, whatever an answer of Zalo's may hold."""
    await token_setup.seeded()
    async with token_setup.connect() as conn, conn.transaction():
        pair = await token_setup.tokens.lock(conn, "z1")
        new = dataclasses.replace(pair, access="a", refresh="r", version=2)
        with pytest.raises(ValueError, match="z1"):
            await token_setup.tokens.replace(conn, "z1", dataclasses.replace(new, **change))


async def test_a_frozen_peer_does_not_freeze_us(token_setup) -> None:
    """Somebody holds the row for ever: the known token goes on."""
    keeper = await token_setup.seeded()
    access = await keeper.access()
    await token_setup.advance(DUE)
    async with token_setup.connect() as conn, conn.transaction():
        await token_setup.tokens.lock(conn, "z1")
        assert await keeper.access() == access
        assert await keeper.access() == access
    await keeper.close()
    assert await keeper.access() != access
