"""Signing in while strangers guess: over real HTTP, on a clock that stands until it is moved."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import func, select

from content.library import Library
from store import audit
from store.db.engine import Store
from store.staff.models import staff_session
from tests.support.console_room import OURS, WORDS, PlainSettings, Room
from tests.support.still_clock import StillClock

OFFICE, HOME, ELSEWHERE = "203.0.113.7", "2001:db8:7:1::9", "198.51.100.4"
WRONG = "không phải mật khẩu này"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Authorities are not read: this is plain HTTP."""


class Console:
    """A console on a port of this machine, and whoever comes to it."""

    def __init__(self, room: Room, address: str) -> None:
        self.room = room
        self.address = address
        self.stranger = self.browser()

    def browser(self) -> httpx.AsyncClient:
        """A browser that nobody has signed in with."""
        return httpx.AsyncClient(base_url=self.address, headers=OURS, verify=NO_TLS)

    async def enter(
        self, browser: httpx.AsyncClient, login: str = "hoaban", words: str = WORDS, source: str = OFFICE
    ) -> int:
        """Try to sign in by way of the proxy; returns the status."""
        return (await self.answer(browser, login, words, source)).status_code

    async def answer(self, browser: httpx.AsyncClient, login: str, words: str, source: str) -> httpx.Response:
        """Try to sign in by way of the proxy."""
        said = {"login": login, "passphrase": words}
        return await browser.post("/console/login", data=said, headers={"x-forwarded-for": source.encode("latin-1")})

    async def guess(self, source: str, login: str = "hoaban") -> int:
        """Guess wrongly as a stranger."""
        status = await self.enter(self.stranger, login, WRONG, source)
        assert not self.stranger.cookies
        return status

    async def acts(self, action: str) -> list[audit.AuditRecord]:
        """What the audit says, newest first."""
        async with self.room.store.data.connect() as conn:
            return [entry for entry in await audit.page(conn, limit=100_000) if entry.action == action]


@pytest.fixture
async def console(store: Store, library: Library) -> AsyncIterator[Console]:
    """A console behind a proxy that is trusted, with two counsellors, on a clock that stands."""
    room = Room(store, library, proxies=("127.0.0.0/8", "::1"), real=StillClock())
    await room.hire("hoaban", "hoasen")
    async with room.served() as address:
        opened = Console(room, address)
        async with opened.stranger:
            yield opened


@pytest.fixture
async def unlisted(store: Store, library: Library) -> AsyncIterator[Console]:
    """The same behind a proxy that the settings do not name: everybody comes from one address."""
    room = Room(store, library, real=StillClock())
    await room.hire("hoaban", "hoasen")
    async with room.served() as address:
        opened = Console(room, address)
        async with opened.stranger:
            yield opened


async def test_strangers_never_keep_out_a_known_device(unlisted: Console) -> None:
    """However many fail beside her, for her login or any, from her very address: her own device lets her in."""
    async with unlisted.browser() as hers:
        assert await unlisted.enter(hers) == 303
        for n in range(30):
            await unlisted.guess(OFFICE, f"nobody{n}")
            await unlisted.guess(OFFICE)
            assert await unlisted.enter(hers) == 303, f"after {n} failures of others"


async def test_unknown_devices_share_two_hashes_a_second(console: Console) -> None:
    """Of thirty guesses from thirty places in one second two are tried; the others are told when, and cost nothing."""
    for _ in range(3):
        statuses = Counter([await console.guess(f"203.0.113.{n}", f"nobody{n}") for n in range(30)])
        assert statuses == {401: 2, 429: 28}
        console.room.real.advance(61)


async def test_guesses_made_at_once_are_two_as_well(console: Console) -> None:
    """Thirty guesses in the same moment count one by one."""
    statuses = Counter(await asyncio.gather(*(console.guess(f"203.0.113.{n}") for n in range(30))))
    assert statuses[401] <= 2
    assert statuses[401] + statuses[429] == 30


async def test_refusal_says_when_to_come_again(console: Console) -> None:
    """A right passphrase is not tried either; the page and the header name the same seconds."""
    await console.guess(HOME)
    await console.guess(ELSEWHERE)
    async with console.browser() as hers:
        answer = await console.answer(hers, "hoaban", WORDS, OFFICE)
        assert (answer.status_code, hers.cookies) == (429, httpx.Cookies())
        seconds = int(answer.headers["retry-after"])
        assert 1 <= seconds <= 2
        assert f"{seconds} giây" in answer.text
        console.room.real.advance(seconds)
        assert await console.enter(hers) == 303


async def test_one_source_takes_no_more_than_one_hash_a_second(console: Console) -> None:
    """Whoever hammers from one place, a /56 of IPv6 included, leaves the other hash to everybody else."""
    for second in range(10):
        tried = Counter([await console.guess(f"2001:db8:66:{n}::1", f"nobody{n}") for n in range(8)])
        assert tried[401] == 1
        async with console.browser() as hers:
            assert await console.enter(hers, source=HOME) == 303, f"in second {second}"
        console.room.real.advance(1)


async def test_nobody_waits_for_ever_on_a_new_device(console: Console) -> None:
    """Twelve places that never stop guessing make her wait; but none gets a second turn before her first."""
    async with console.browser() as hers:
        for waited in range(60):
            await asyncio.gather(*(console.guess(f"198.51.100.{n}") for n in range(12)))
            if waited % 5 == 0 and await console.enter(hers) == 303:
                break
            console.room.real.advance(1)
        else:
            pytest.fail("she was never let in")
    assert waited <= 20


async def test_her_own_mistakes_slow_down_her_device_alone(console: Console) -> None:
    """A known device has a budget of its own: pauses from the third failure, five in a minute, the other goes on."""
    async with console.browser() as first, console.browser() as second:
        assert await console.enter(first) == 303
        assert await console.enter(second, source=HOME) == 303
        statuses = [await console.enter(first, words=WRONG) for _ in range(5)]
        assert statuses == [401, 401, 401, 429, 429]
        assert await console.enter(first) == 429
        assert await console.enter(second) == 303
        console.room.real.advance(60)
        assert await console.enter(first) == 303


async def test_device_is_known_for_its_login_alone(console: Console) -> None:
    """On a shared computer each login is known by itself; nothing else of a cookie makes a device known."""
    async with console.browser() as shared, console.browser() as forger:
        assert await console.enter(shared) == 303
        assert await console.enter(shared, "hoasen") == 303
        known = {name: value for name, value in shared.cookies.items() if "device" in name}
        assert len(known) == 2
        for name, value in zip(known, reversed(known.values()), strict=True):
            forger.cookies.set(name, value)
        for n in range(2):
            assert await console.guess(f"198.51.100.{n}") == 401
        assert await console.enter(forger) == 429, "a cookie of another login"
        for junk in (b"", b"x", b"=" * 90, b"A" * 4000, b"\xff\xc3", b"A" * 75):
            cookies = b"; ".join(name.encode() + b"=" + junk for name in known)
            said = {"login": "hoaban", "passphrase": WORDS}
            headers = {b"cookie": cookies, b"x-forwarded-for": OFFICE.encode()}
            answer = await console.stranger.post("/console/login", data=said, headers=headers)
            assert answer.status_code == 429
        assert await console.enter(shared) == 303
        assert await console.enter(shared, "hoasen") == 303


@pytest.mark.parametrize(("secure", "prefix"), [(True, "__Host-device-"), (False, "device-")])
async def test_device_cookie_is_bound_and_says_nothing(
    store: Store, library: Library, secure: bool, prefix: str
) -> None:
    """For this host alone, unseen by scripts, never sent from another site, months long, without a readable word."""
    room = Room(store, library, PlainSettings("https://bridge.example" if secure else "http://localhost:8080", secure))
    await room.hire("hoaban")
    async with room.browser() as browser:
        answer = await browser.post("/console/login", data={"login": "hoaban", "passphrase": WORDS})
    (cookie,) = (one for one in answer.headers.get_list("set-cookie") if one.startswith(prefix))
    _, *rest = cookie.split("; ")
    attributes = {part.lower() for part in rest if not part.lower().startswith("max-age=")}
    assert attributes == {"httponly", "samesite=strict", "path=/", *(["secure"] if secure else [])}
    (age,) = (int(part[8:]) for part in rest if part.lower().startswith("max-age="))
    assert 90 * 86_400 <= age <= 400 * 86_400
    assert "hoaban" not in cookie
    assert room.ids["hoaban"].hex not in cookie


async def test_address_in_a_header_counts_only_from_a_proxy_that_is_named(unlisted: Console) -> None:
    """Whoever reaches us without the named proxy invents no source: all are one, and one takes one hash a second."""
    assert [await unlisted.guess(f"203.0.113.{n}") for n in range(4)] == [401, 429, 429, 429]


async def test_what_a_stranger_writes_left_of_his_address_is_ignored(console: Console) -> None:
    """The proxy adds his address on the right; garbage and invented addresses before it change nothing."""
    lies = ["1.2.3.4", "127.0.0.1", "unknown", "%s", ",,,", "\xff\xfe", "9" * 5000]
    tried = [await console.guess(f"{lie}, {ELSEWHERE}") for lie in lies]
    assert tried == [401] + [429] * (len(lies) - 1)


async def test_failures_are_recorded_without_filling_the_audit(console: Console) -> None:
    """An hour of guessing leaves a handful of records with their number; each doubling is one."""
    for n in range(70):
        await console.guess(OFFICE, f"nobody{n}")
        await console.guess(HOME)
        console.room.real.advance(60)
    failed = await console.acts("staff.login_failed")
    hours = 70 / 60 + 1
    assert len({entry.actor for entry in failed}) == 2, "those of a login, and those of no login"
    assert 2 <= len(failed) <= 2 * 7 * hours
    assert max(entry.meta["failures"] for entry in failed) >= 32


async def test_unknown_login_is_told_nothing_more(console: Console) -> None:
    """A login that does not exist is tried, refused and slowed down exactly as one that does."""
    told = {}
    for login in ("hoaban", "khongco", "kh\0ong"):
        async with console.browser() as stranger:
            tries = [await console.answer(stranger, login, WRONG, OFFICE) for _ in range(3)]
        told[login] = [(one.status_code, one.text, one.headers.get("retry-after"), dict(one.cookies)) for one in tries]
        console.room.real.advance(3600)
    assert told["hoaban"] == told["khongco"] == told["kh\0ong"]


async def test_refused_guess_begins_no_session(console: Console) -> None:
    """What was answered 429 has left nothing behind."""
    async with console.browser() as hers:
        for n in range(2):
            await console.guess(f"198.51.100.{n}")
        assert await console.enter(hers) == 429
    async with console.room.store.keyring.connect() as conn:
        assert (await conn.execute(select(func.count()).select_from(staff_session))).scalar_one() == 0
