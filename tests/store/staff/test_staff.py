"""Who works here, who is on duty, who may read; signing in, out, and being shut out."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select

from store import audit
from store.crypto import hpke
from store.db.engine import Store
from store.errors import Refused
from store.staff import devices, roster, sign_in, sign_in_limits
from store.staff import models as staff
from store.staff.devices import Device
from store.staff.models import NewMember, login_attempt, staff_session
from store.staff.roster import OFF_DUTY, NewShift
from store.staff.sign_in import ABSOLUTE, IDLE, SignInAttempt, WrongLogin
from store.staff.sign_in_limits import AttemptQueue, TooOften
from tests.support.staff import shut_out, signed_in_by, work_of_test

NOW = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = "cầu tre lắc lẻo gập ghềnh"
WRONG = "không phải mật khẩu này"
CHROME = "Mozilla/5.0 (X11; Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux; rv:140.0) Gecko/20100101 Firefox/140.0"


async def hire(store: Store, login: str, *roles: str, alias: str = "Hoa Ban") -> UUID:
    """Add a member with the usual passphrase."""
    async with work_of_test(store, NOW) as work:
        return await staff.create_staff(work, NewMember(login, alias, roles), WORDS)


async def enter(
    store: Store,
    login: str,
    words: str = WORDS,
    now: datetime = NOW,
    source: str = "",
    device: Device | None = None,
    turns: AttemptQueue | None = None,
) -> str:
    """Sign in with Chrome and return the token."""
    token, _ = await sign_in.enter(store, now, SignInAttempt(login, words, CHROME, source, device), turns)
    return token


async def device_of(store: Store, who: UUID) -> Device:
    """A device on which somebody has signed in before."""
    async with store.data.connect() as conn:
        known = await staff.member(conn, who)
    assert known is not None
    return Device(b"d" * 16, known.mark)


async def duty(store: Store, who: UUID, position: int = 0, start: timedelta = -HOUR, end: timedelta = HOUR) -> int:
    """Put a member on the roster from `start` to `end` about now."""
    async with work_of_test(store, NOW) as work:
        return await roster.add_duty(work, NewShift(who, NOW + start, NOW + end, position))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"roles": ["boss"]}, "Unknown role boss", id="unknown role"),
        pytest.param({"roles": []}, "Unknown role", id="no role"),
        pytest.param({"roles": ["admin", "counsellor"]}, "never reads cases", id="administrator who reads"),
        pytest.param({"passphrase": "ngắn quá"}, "shorter than 15", id="short passphrase"),
        pytest.param({"login": " x "}, "2 to 64", id="short login"),
        pytest.param({"login": "LAN"}, "lan is taken", id="taken login in other letters"),
    ],
)
async def test_impossible_members_are_refused(store: Store, change: dict[str, object], says: str) -> None:
    """One sentence names what is wrong."""
    await hire(store, "lan", staff.COUNSELLOR)
    words = str(change.pop("passphrase", WORDS))
    new = msgspec.structs.replace(NewMember("mai", "Hoa Mai", ["counsellor"]), **change)
    async with work_of_test(store, NOW) as work:
        with pytest.raises(Refused, match=says):
            await staff.create_staff(work, new, words)


async def test_readers_are_everybody_who_may_read_in_the_order_they_are_reached(store: Store) -> None:
    """Those on duty come by position, those off duty last; administrators, auditors and commune staff never."""
    lead = await hire(store, "lead", staff.SHIFT_LEAD)
    off = await hire(store, "off", staff.COUNSELLOR)
    on = await hire(store, "on", staff.COUNSELLOR)
    for login, role in (("adm", staff.ADMIN), ("aud", staff.AUDITOR), ("com", staff.COMMUNE_STAFF)):
        await hire(store, login, role)
    await duty(store, lead, position=2)
    await duty(store, on, position=1)
    await duty(store, off, position=0, start=HOUR, end=2 * HOUR)
    async with store.data.connect() as conn:
        ladder = await roster.new_case_readers(conn, NOW)
    assert [(r.staff_id, r.position) for r in ladder] == [(on, 1), (lead, 2), (off, OFF_DUTY)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(-HOUR, HOUR, True, id="in her turn"),
        pytest.param(timedelta(), HOUR, True, id="first instant"),
        pytest.param(-HOUR, timedelta(), False, id="end is outside"),
        pytest.param(HOUR, 2 * HOUR, False, id="later today"),
    ],
)
async def test_on_duty_means_now(store: Store, start: timedelta, end: timedelta, expected: bool) -> None:
    """A turn counts from its start up to, not with, its end."""
    await duty(store, await hire(store, "lan", staff.COUNSELLOR), start=start, end=end)
    async with store.data.connect() as conn:
        assert await roster.on_duty(conn, NOW) is expected


async def test_the_next_turn_is_the_first_that_has_not_begun(store: Store) -> None:
    """A turn that runs is no next one, nor is that of whoever reads no cases any more."""
    lan = await hire(store, "lan", staff.COUNSELLOR)
    async with store.data.connect() as conn:
        assert await roster.next_shift(conn, NOW) is None
    await duty(store, lan, start=-HOUR, end=HOUR)
    await duty(store, lan, start=5 * HOUR, end=6 * HOUR)
    await duty(store, lan, start=2 * HOUR, end=3 * HOUR)
    async with store.data.connect() as conn:
        assert await roster.next_shift(conn, NOW) == NOW + 2 * HOUR
    assert await shut_out(store, NOW, "lan")
    async with store.data.connect() as conn:
        assert await roster.next_shift(conn, NOW) is None


async def test_turn_taken_off_the_roster_counts_no_more(store: Store) -> None:
    """Removing a turn empties the roster; removing it again says so."""
    turn = await duty(store, await hire(store, "lan", staff.COUNSELLOR))
    async with work_of_test(store, NOW) as work:
        assert [d.alias for d in await roster.duties(work.conn, NOW)] == ["Hoa Ban"]
        assert await roster.remove_duty(work, turn)
        assert not await roster.remove_duty(work, turn)
        assert not await roster.on_duty(work.conn, NOW)


async def test_administrator_cannot_be_on_the_roster(store: Store) -> None:
    """Who reads no cases cannot be the one who is paged for them."""
    with pytest.raises(Refused, match="only an active counsellor"):
        await duty(store, await hire(store, "adm", staff.ADMIN))


async def test_signing_in_opens_the_members_own_vault(store: Store) -> None:
    """A session carries the private key that belongs to the member's public key; the login's case is free."""
    await hire(store, "lan", staff.COUNSELLOR)
    present = await signed_in_by(store, NOW, await enter(store, " LAN "), CHROME)
    assert present is not None
    assert hpke.public_of(present.private_key) == present.member.public_key
    assert (present.member.alias, present.member.reads_cases) == ("Hoa Ban", True)


@pytest.mark.parametrize(
    ("login", "words"),
    [
        pytest.param("lan", "không phải mật khẩu này", id="wrong words"),
        pytest.param("nobody", WORDS, id="no such login"),
    ],
)
async def test_wrong_login_and_unknown_login_are_the_same_refusal(store: Store, login: str, words: str) -> None:
    """Nothing in the refusal says whether the login exists."""
    await hire(store, "lan", staff.COUNSELLOR)
    with pytest.raises(WrongLogin) as refused:
        await enter(store, login, words)
    assert str(refused.value) == "The name or the passphrase is not right."


@pytest.mark.parametrize(
    ("idle", "age", "stands"),
    [
        pytest.param(IDLE - HOUR / 60, IDLE, True, id="just not idle"),
        pytest.param(IDLE, IDLE, False, id="idle"),
        pytest.param(timedelta(), ABSOLUTE, False, id="too old however busy"),
    ],
)
async def test_sessions_end_by_idleness_and_by_age(store: Store, idle: timedelta, age: timedelta, stands: bool) -> None:
    """Fifteen minutes without her, or eight hours in all."""
    await hire(store, "lan", staff.COUNSELLOR)
    token = await enter(store, "lan")
    at = NOW
    while at < NOW + age - idle:
        at = min(at + IDLE * 0.9, NOW + age - idle)
        assert await signed_in_by(store, at, token, CHROME) is not None or at >= NOW + ABSOLUTE
    assert (await signed_in_by(store, at + idle, token, CHROME) is not None) is stands


async def test_open_stream_does_not_keep_a_session_alive(store: Store) -> None:
    """Looking without touching leaves the idle clock running."""
    await hire(store, "lan", staff.COUNSELLOR)
    token = await enter(store, "lan")
    half = NOW + IDLE / 2
    present = await signed_in_by(store, half, token, CHROME, touch=False)
    assert present is not None
    assert await sign_in.alive(store, half, present.sid_hash)
    assert not await sign_in.alive(store, NOW + IDLE, present.sid_hash)


async def test_cookie_in_another_browser_opens_nothing(store: Store) -> None:
    """A session belongs to the browser family it began in; a garbled token is nobody's."""
    await hire(store, "lan", staff.COUNSELLOR)
    token = await enter(store, "lan")
    assert await signed_in_by(store, NOW, token, FIREFOX) is None
    for bad in ("", "x", token[:-2], "é" * 43, token + "A"):
        assert await signed_in_by(store, NOW, bad, CHROME) is None


async def test_signing_out_ends_the_session(store: Store) -> None:
    """After leaving, the token opens nothing; leaving twice is harmless."""
    await hire(store, "lan", staff.COUNSELLOR)
    token = await enter(store, "lan")
    await sign_in.leave(store, NOW, token)
    await sign_in.leave(store, NOW, token)
    assert await signed_in_by(store, NOW, token, CHROME) is None


async def test_disabled_member_is_out_everywhere_at_once(store: Store) -> None:
    """Sessions, readers, roster and login all end with one act."""
    who = await hire(store, "lan", staff.COUNSELLOR)
    await duty(store, who)
    token = await enter(store, "lan")
    assert await shut_out(store, NOW, "lan")
    assert not await shut_out(store, NOW, "lan")
    assert await signed_in_by(store, NOW, token, CHROME) is None
    async with store.data.connect() as conn:
        assert await roster.new_case_readers(conn, NOW) == []
        assert not await roster.on_duty(conn, NOW)
    with pytest.raises(WrongLogin):
        await enter(store, "lan")


async def test_guessing_is_slowed_and_then_stopped(store: Store) -> None:
    """On a known device pauses double from the third failure; the fifth in a minute is the last; a success wipes it."""
    known = await device_of(store, await hire(store, "lan", staff.COUNSELLOR))
    at, waits = NOW, []
    while len(waits) < 3:
        try:
            with pytest.raises(WrongLogin):
                await enter(store, "lan", WRONG, at, device=known)
        except TooOften as slow:
            waits.append(round(slow.after))
            at += timedelta(seconds=slow.after)
    assert waits == [1, 2, 57]
    await enter(store, "lan", WORDS, at, device=known)
    with pytest.raises(WrongLogin):
        await enter(store, "lan", WRONG, at, device=known)


async def test_stranger_is_slowed_for_one_login_as_well(store: Store) -> None:
    """From one source five failures a minute for a login, however patient he is; another login is not held up."""
    await hire(store, "lan", staff.COUNSELLOR)
    failed = 0
    for second in range(60):
        with contextlib.suppress(TooOften):
            with pytest.raises(WrongLogin):
                await enter(store, "lan", WRONG, NOW + timedelta(seconds=second), "192.0.2.1")
            failed += 1
    assert failed == sign_in_limits.PER_LOGIN
    with pytest.raises(WrongLogin):
        await enter(store, "mai", WRONG, NOW + timedelta(seconds=60), "192.0.2.1")


async def test_guesses_made_at_once_are_counted_one_by_one(store: Store) -> None:
    """Thirty parallel attempts are at most as many as the limit allows."""
    known = await device_of(store, await hire(store, "lan", staff.COUNSELLOR))
    for device, most in ((known, sign_in_limits.PER_LOGIN), (None, sign_in_limits.HOUSE)):
        results = await asyncio.gather(
            *(enter(store, "lan", WRONG, device=device) for _ in range(30)), return_exceptions=True
        )
        assert 1 <= sum(isinstance(r, WrongLogin) for r in results) <= most
        assert sum(isinstance(r, TooOften) for r in results) >= 30 - most


async def test_one_address_cannot_take_every_hash(store: Store) -> None:
    """One a second from one address, whatever the login; another address is not held up."""
    with pytest.raises(WrongLogin):
        await enter(store, "nobody", source="192.0.2.1")
    with pytest.raises(TooOften):
        await enter(store, "nobody else", source="192.0.2.1")
    with pytest.raises(WrongLogin):
        await enter(store, "nobody", source="192.0.2.2")
    with pytest.raises(WrongLogin):
        await enter(store, "nobody else", source="192.0.2.1", now=NOW + timedelta(seconds=1))


async def test_two_processes_share_the_two_hashes(store: Store) -> None:
    """The limit is for all: what one process has let through counts in another."""
    tried = []
    for n in range(4):
        try:
            await enter(store, "nobody", source=f"192.0.2.{n}", turns=AttemptQueue())
        except (WrongLogin, TooOften) as refused:
            tried.append(type(refused))
    assert tried == [WrongLogin, WrongLogin, TooOften, TooOften]


async def test_clock_that_was_set_back_locks_nobody_out(store: Store) -> None:
    """Failures that seem to lie a day ahead are left out."""
    known = await device_of(store, await hire(store, "lan", staff.COUNSELLOR))
    turns = AttemptQueue()
    for device in (known, known, known, None):
        with pytest.raises(WrongLogin):
            await enter(store, "lan", WRONG, NOW, device=device, turns=turns)
    before = NOW - timedelta(days=1)
    await enter(store, "lan", now=before, device=known, turns=turns)
    await enter(store, "lan", now=before, turns=turns)


async def test_device_is_forgotten_when_the_passphrase_changes_and_in_the_end(store: Store) -> None:
    """Its cookie names no login, holds for this installation and for half a year to a year."""
    await hire(store, "lan", staff.COUNSELLOR)
    async with store.data.connect() as conn:
        lan = (await staff.row_of(conn, "lan")).member()
    cookie = devices.issue(store.keys, NOW, lan, None)
    known = devices.read(store.keys, NOW, " LAN", cookie)
    assert known is not None
    assert known.mark == lan.mark
    assert devices.read(store.keys, NOW, "mai", cookie) is None
    assert devices.read(store.keys, NOW + devices.LIVES, "lan", cookie) == known
    assert devices.read(store.keys, NOW + 2 * devices.LIVES, "lan", cookie) is None
    again = devices.read(store.keys, NOW, "lan", devices.issue(store.keys, NOW, lan, known))
    assert again == known, "the device keeps its number, or its failures would begin anew"
    changed = msgspec.structs.replace(lan, mark=b"another.")
    other = devices.read(store.keys, NOW, "lan", devices.issue(store.keys, NOW, changed, None))
    assert other is not None
    for n in range(2):
        with pytest.raises(WrongLogin):
            await enter(store, "lan", WRONG, source=f"192.0.2.{n}", device=other)
    with pytest.raises(TooOften):
        await enter(store, "lan", source="192.0.2.3", device=other)
    await enter(store, "lan", source="192.0.2.3", device=known)


async def test_neither_database_holds_token_passphrase_or_typed_login(store: Store) -> None:
    """Only hashes and sealed bytes are kept: a dump signs nobody in."""
    await hire(store, "lan", staff.COUNSELLOR)
    token = await enter(store, "lan")
    with pytest.raises(WrongLogin):
        await enter(store, WORDS, "x" * 15)
    async with store.keyring.connect() as conn:
        rows = repr((await conn.execute(select(staff_session))).all())
        rows += repr((await conn.execute(select(login_attempt))).all())
    async with store.data.connect() as conn:
        rows += repr((await conn.execute(select(staff.staff))).all()) + repr(await audit.page(conn))
    assert token not in rows
    assert WORDS not in rows


async def test_every_act_on_staff_is_in_the_audit(store: Store) -> None:
    """Hiring, duty, signing in and out, failing and disabling each leave one record."""
    who = await hire(store, "lan", staff.COUNSELLOR)
    await duty(store, who)
    with pytest.raises(WrongLogin):
        await enter(store, "lan", "không phải mật khẩu này")
    await sign_in.leave(store, NOW, await enter(store, "lan"))
    await shut_out(store, NOW, "lan")
    async with store.data.begin() as conn:
        acts = [entry.action for entry in reversed(await audit.page(conn))]
        assert isinstance(await audit.verify(conn, store.keys.audit), audit.ChainVerified)
    assert acts == [
        "staff.created", "roster.added", "staff.login_failed",
        "staff.signed_in", "staff.signed_out", "staff.disabled",
    ]  # fmt: skip


async def test_expired_sessions_are_swept_at_the_next_login(store: Store) -> None:
    """Nothing of an old session stays behind."""
    await hire(store, "lan", staff.COUNSELLOR)
    await enter(store, "lan")
    await enter(store, "lan", now=NOW + ABSOLUTE)
    async with store.keyring.connect() as conn:
        assert (await conn.execute(select(func.count()).select_from(staff_session))).scalar_one() == 1
