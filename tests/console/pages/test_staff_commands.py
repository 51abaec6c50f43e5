"""`nhipcau admin staff …` on a service at work: its console served, pages open, cases in hand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text, update

from content.library import Library
from content.zone import VIETNAM
from scheduler.jobs.escalation import escalate_once
from store import audit
from store.cases.keys import case_key, case_key_copy
from store.casework import queue
from store.db.engine import Store
from store.escalation import pages
from store.staff import contacts, roster, vault
from store.staff import models as staff
from store.staff.models import member
from store.staff.roster import NewShift
from store.staff_admin import offboarding
from store.unit_of_work import CLOCK, member_actor, unit_of_work
from tests.console.pages.test_live import listening
from tests.integration.backup.test_commands import settings_file
from tests.support import casework, commands
from tests.support.console_room import WORDS, Room
from tests.support.staff import work_of_test
from tests.support.still_clock import StillClock
from tests.support.system import until

OTHER = "sông sâu còn có kẻ dò"
SAID = "Em đang ở bến xe"


class StaffSetup:
    """A console at work, and the operator at the machine beside it."""

    def __init__(self, room: Room, base: str, settings: Path) -> None:
        self.room = room
        self.base = base
        self.settings = settings

    async def admin(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        """Run `nhipcau admin staff …`."""
        return await commands.nhipcau("admin", "staff", *arguments, "--settings", str(self.settings), typed=typed)

    async def enter(self, browser: httpx.AsyncClient, login: str, words: str = WORDS) -> int:
        """Try to sign in, an hour after the last try."""
        self.room.real.advance(3600)
        return (await browser.post("/console/login", data={"login": login, "passphrase": words})).status_code

    async def page(self, login: str, case: UUID, words: str = WORDS) -> str:
        """What a case shows to somebody who signs in now."""
        async with self.room.browser() as browser:
            assert await self.enter(browser, login, words) == 303
            return (await browser.get(f"/console/cases/{case}")).text

    async def newest_readers(self, case: UUID) -> set[UUID]:
        """Who holds the key that lines are sealed to now."""
        query = select(case_key_copy.c.reader_id).where(case_key_copy.c.case_id == case)
        newest = select(case_key.c.epoch).where(case_key.c.case_id == case).order_by(case_key.c.epoch.desc()).limit(1)
        async with self.room.store.data.connect() as conn:
            rows = await conn.execute(query.where(case_key_copy.c.epoch == newest.scalar_subquery()))
            return set(rows.scalars())

    async def acts(self) -> list[tuple[str, str]]:
        """Who did what at the machine."""
        async with self.room.store.data.connect() as conn:
            found = [(e.actor, e.action) for e in reversed(await audit.page(conn, limit=1000))]
            assert isinstance(await audit.verify(conn, self.room.store.keys.audit), audit.ChainVerified)
        return [act for act in found if act[0] == "command"]

    async def row(self, case: UUID) -> queue.QueueRow:
        """The case as the queue shows it."""
        async with self.room.store.data.connect() as conn:
            [row] = [row for row in await queue.queue(conn) if row.id == case]
            return row


@pytest.fixture
async def staff_setup(
    store: Store,
    library: Library,
    databases: tuple[str, str],
    tmp_path: Path,
    real_cost: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[StaffSetup]:
    """Two counsellors, a shift lead and an administrator at work; what a command locks has the real cost."""
    monkeypatch.setattr(vault, "COST", real_cost)
    room = Room(store, library, real=StillClock(), check=1)
    await room.hire("hoaban", "hoasen", "hoadao", "quantri")
    async with room.served() as base:
        yield StaffSetup(room, base, settings_file(tmp_path, tmp_path / "keys", databases, "here"))


async def test_suspended_member_is_out_within_a_tick(staff_setup: StaffSetup) -> None:
    """Pages, sessions and sign-in end, duties and calls too; her case goes back, others are called, keys move on."""
    room, store = staff_setup.room, staff_setup.room.store
    case = await room.person(3, [SAID])
    hers = room.ids["hoaban"]
    now = room.clock.now()
    async with unit_of_work(store, now, member_actor(hers)) as work:
        await roster.add_duty(work, NewShift(hers, now - timedelta(hours=1), now + timedelta(hours=5)))
        await contacts.give(work, "mail", "lan@example.org")
    assert await casework.acknowledge(store, now, case, hers)
    await casework.keep_draft(store, now, case, hers, "Chị đang viết")
    path = f"/console/live?topics=case:{case}"
    async with (
        room.signed_in("hoaban") as browser,
        listening(room, staff_setup.base, "hoaban", path) as open_case,
        listening(room, staff_setup.base, "hoasen", "/console/live?topics=bell") as colleague,
    ):
        code, out, err = await staff_setup.admin("suspend", "hoaban")
        assert (code, err) == (0, "")
        assert (await staff_setup.row(case)).number in out
        await until(lambda: open_case.ended, 5)
        assert (await browser.get("/console/queue")).headers["location"] == "/console/login"
        assert await staff_setup.enter(browser, "hoaban") == 401
        urgent = re.compile(f'data-urgent="[^"]*{case}')
        await until(lambda: urgent.search(colleague.html()), 5)
    assert (await staff_setup.row(case)).acked_by is None
    assert (await staff_setup.row(case)).waiting_since is not None
    assert hers not in await staff_setup.newest_readers(case)
    assert {room.ids["hoasen"], room.ids["hoadao"]} < await staff_setup.newest_readers(case)
    async with store.data.begin() as conn:
        assert hers not in {one.staff_id for one in await roster.staff_on_call(conn, now)}
        assert await roster.duties(conn, now) == []
        assert await contacts.contacts_of(conn, [hers]) == []
        assert not (await conn.execute(text("SELECT 1 FROM case_draft"))).all()
    await escalate_once(store, room.library, room.clock.now())
    assert (await staff_setup.row(case)).called == 0, "others are paged for it now"
    assert await staff_setup.acts() == [("command", "staff.disabled"), ("command", "case.released")]
    await room.says(case, "Em sợ lắm")
    assert "Em sợ lắm" in await staff_setup.page("hoasen", case)
    code, out, _ = await staff_setup.admin("suspend", "HOABAN")
    assert (code, "already" in out) == (0, True)


async def test_nobody_is_suspended_whom_nobody_could_read_after(staff_setup: StaffSetup) -> None:
    """The case is named and nothing has changed; a colleague who was handed the past makes it possible."""
    room = staff_setup.room
    for login in ("hoasen", "hoadao"):
        assert (await staff_setup.admin("suspend", login))[0] == 0
    case = await room.person(3, [SAID])
    number = (await staff_setup.row(case)).number
    code, _, err = await staff_setup.admin("suspend", "hoaban")
    assert code == 1
    assert number in err
    assert "--yes-unreadable" in err
    assert "Traceback" not in err
    assert (await staff_setup.admin("return", "hoasen"))[0] == 0
    assert SAID not in await staff_setup.page("hoasen", case)
    code, _, err = await staff_setup.admin("suspend", "hoaban")
    assert (code, number in err) == (1, True), "she alone holds what was written"
    assert SAID in await staff_setup.page("hoaban", case)
    assert (await staff_setup.admin("suspend", "hoaban"))[0] == 0
    assert SAID in await staff_setup.page("hoasen", case)


async def test_last_reader_goes_only_when_that_is_said(staff_setup: StaffSetup) -> None:
    """Without any case, too: the next one would be sealed to nobody."""
    for login in ("hoasen", "hoadao"):
        assert (await staff_setup.admin("suspend", login))[0] == 0
    code, _, err = await staff_setup.admin("suspend", "hoaban")
    assert (code, "Nobody would be left" in err) == (1, True)
    async with staff_setup.room.browser() as browser:
        assert await staff_setup.enter(browser, "hoaban") == 303
    assert (await staff_setup.admin("suspend", "hoaban", "--yes-unreadable"))[0] == 0
    assert (await staff_setup.admin("suspend", "quantri"))[0] == 0, "who reads nothing leaves nothing unread"


async def test_who_returns_reads_what_is_written_from_then_on(staff_setup: StaffSetup) -> None:
    """Old sessions stay dead; lines of her absence open after a colleague looked."""
    room = staff_setup.room
    case = await room.person(3, [SAID])
    async with room.signed_in("hoaban") as before:
        assert (await staff_setup.admin("suspend", "hoaban"))[0] == 0
        await room.says(case, "Lúc chị đi vắng")
        assert (await staff_setup.admin("return", "hoaban"))[0] == 0
        assert (await before.get("/console/queue")).status_code == 303
    await room.says(case, "Chị về rồi")
    page = await staff_setup.page("hoaban", case)
    assert "Chị về rồi" in page
    assert "Lúc chị đi vắng" not in page
    await staff_setup.page("hoasen", case)
    assert "Lúc chị đi vắng" in await staff_setup.page("hoaban", case)
    assert await staff_setup.acts() == [("command", "staff.disabled"), ("command", "staff.returned")]
    code, _, err = await staff_setup.admin("return", "hoaban")
    assert (code, "not suspended" in err) == (1, True)


async def test_changed_passphrase_keeps_her_key_and_nothing_else(staff_setup: StaffSetup) -> None:
    """Sessions end, her device is a stranger's again, the old passphrase opens nothing, old lines open."""
    room = staff_setup.room
    case = await room.person(3, [SAID])
    async with room.signed_in("hoaban") as browser:
        code, out, err = await staff_setup.admin("passphrase", "hoaban", typed=f"{WORDS}\n{OTHER}\n{OTHER}\n")
        assert (code, "her key stays" in out) == (0, True), err
        assert OTHER not in out + err
        assert (await browser.get("/console/queue")).status_code == 303
        assert await staff_setup.enter(browser, "hoaban") == 401
        async with room.browser() as stranger:
            await stranger.post("/console/login", data={"login": "hoasen", "passphrase": OTHER})
        answer = await browser.post("/console/login", data={"login": "hoaban", "passphrase": OTHER})
        assert answer.status_code == 429, "her device is not known any more"
    assert SAID in await staff_setup.page("hoaban", case, OTHER)
    assert await staff_setup.acts() == [("command", "staff.passphrase")]


async def test_forgotten_passphrase_costs_the_key(staff_setup: StaffSetup) -> None:
    """She is told so before; the past stays shut until a colleague opens it, what is new opens at once."""
    room, store = staff_setup.room, staff_setup.room.store
    case = await room.person(3, [SAID])
    assert await casework.acknowledge(store, room.clock.now(), case, room.ids["hoaban"])
    await casework.keep_draft(store, room.clock.now(), case, room.ids["hoaban"], "Chị đang viết")
    code, out, _ = await staff_setup.admin("passphrase", "hoaban", typed="\nno\n")
    assert (code, "nothing was changed" in out) == (1, True)
    code, out, err = await staff_setup.admin("passphrase", "hoaban", typed=f"\nnew key\n{OTHER}\n{OTHER}\n")
    assert (code, err.count("Traceback")) == (0, 0)
    assert out.index("She gets a new one") < out.index("has a new key")
    await room.says(case, "Em sợ lắm")
    page = await staff_setup.page("hoaban", case, OTHER)
    assert "Em sợ lắm" in page
    assert SAID not in page
    await staff_setup.page("hoasen", case)
    assert SAID in await staff_setup.page("hoaban", case, OTHER)
    async with room.browser() as browser:
        assert await staff_setup.enter(browser, "hoaban") == 401


async def test_only_reader_does_not_lose_her_key_unasked(staff_setup: StaffSetup) -> None:
    """What nobody else could open is named, and the old passphrase goes on opening it."""
    for login in ("hoasen", "hoadao"):
        assert (await staff_setup.admin("suspend", login))[0] == 0
    case = await staff_setup.room.person(3, [SAID])
    typed = f"\nnew key\n{OTHER}\n{OTHER}\n"
    code, _, err = await staff_setup.admin("passphrase", "hoaban", typed=typed)
    assert (code, (await staff_setup.row(case)).number in err) == (1, True)
    assert SAID in await staff_setup.page("hoaban", case)
    assert (await staff_setup.admin("passphrase", "hoaban", "--yes-unreadable", typed=typed))[0] == 0
    assert SAID not in await staff_setup.page("hoaban", case, OTHER)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("aaaaaaaaaaaaaaa", "different characters"),
        ("abab abab abab abab", "different characters"),
        ("1111 2222 3333 4444", "different characters"),
        ("cầu tre hoaban lắc lẻo", "holds the login"),
        ("cầu tre HoaBan lắc lẻo", "holds the login"),
        ("ngắn quá", "shorter than 15"),
        ("dài quá " * 40, "longer than 256"),
    ],
)
async def test_weak_passphrases_are_refused_at_every_command(staff_setup: StaffSetup, words: str, says: str) -> None:
    """At creation, at a change and after forgetting; one sentence, and nothing has changed."""
    twice = f"{words}\n{words}\n"
    await staff_setup.admin("suspend", "hoasen")
    for tried in (
        await staff_setup.admin("passphrase", "hoaban", typed=f"{WORDS}\n{twice}"),
        await staff_setup.admin("passphrase", "hoaban", typed=f"\nnew key\n{twice}"),
        await staff_setup.admin("hoaban2", "--alias", "Hoa Ban", "--role", "counsellor", typed=twice)
        if "login" not in says
        else await staff_setup.admin("add", "hoaba", "--alias", "Hoa Ban", "--role", "counsellor", typed=twice),
    ):
        assert (tried[0], says in tried[2]) == (1, True), tried
    async with staff_setup.room.browser() as browser:
        assert await staff_setup.enter(browser, "hoaban") == 303


@pytest.mark.parametrize("said", [(), ("add",)], ids=["as it was", "by its name"])
async def test_member_is_created_with_and_without_the_word(staff_setup: StaffSetup, said: tuple[str, ...]) -> None:
    """`admin staff LOGIN …` goes on working; options may stand before the login as well."""
    wanted = ("--alias", "Hoa Mơ", "--role", "counsellor")
    code, out, err = await staff_setup.admin(*said, *wanted, "hoamo", typed=f"{OTHER}\n{OTHER}\n")
    assert (code, "hoamo was created" in out) == (0, True), err
    async with staff_setup.room.browser() as browser:
        assert await staff_setup.enter(browser, "hoamo", OTHER) == 303


async def test_list_names_everybody_and_no_id(staff_setup: StaffSetup) -> None:
    """Login, alias, roles, scope, whether active, the day she was there last."""
    async with staff_setup.room.signed_in("hoaban"):
        pass
    await staff_setup.admin("suspend", "hoasen")
    code, out, _ = await staff_setup.admin("list")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert code == 0
    assert lines.keys() == {"login", "hoaban", "hoasen", "hoadao", "quantri"}
    here = staff_setup.room.real.now().astimezone(VIETNAM)
    assert all(part in lines["hoaban"] for part in ("Hoa Ban", "counsellor", "yes", f"{here:%Y-%m-}"))
    assert all(part in lines["hoasen"] for part in ("suspended", "never"))
    assert not any(who.hex in out or str(who) in out for who in staff_setup.room.ids.values())


@pytest.mark.parametrize("act", ["suspend", "return", "passphrase"])
async def test_login_that_nobody_has_is_named(staff_setup: StaffSetup, act: str) -> None:
    """One sentence, and where the logins stand."""
    code, _, err = await staff_setup.admin(act, "khongco", typed=f"{WORDS}\n{OTHER}\n{OTHER}\n")
    assert (code, "no login khongco" in err, "Traceback" in err) == (1, True, False)


async def test_member_who_is_inactive_however_that_came_keeps_no_page_and_no_case(staff_setup: StaffSetup) -> None:
    """An open page looks at the member as well as the session; the tick finds what is left in her hands, once."""
    room, store = staff_setup.room, staff_setup.room.store
    case = await room.person(3, [SAID])
    assert await casework.acknowledge(store, room.clock.now(), case, room.ids["hoaban"])
    async with listening(room, staff_setup.base, "hoaban", f"/console/live?topics=case:{case}") as heard:
        async with store.data.begin() as conn:
            await conn.execute(update(staff.staff).where(staff.staff.c.login == "hoaban").values(active=False))
        await until(lambda: heard.ended, 5)
    number = (await staff_setup.row(case)).number
    for released in ([number], []):
        async with unit_of_work(store, room.clock.now(), CLOCK) as work:
            assert await offboarding.release_cases(work) == released


async def test_pages_on_their_way_to_her_are_dropped(staff_setup: StaffSetup) -> None:
    """What waits to be sent to somebody who is suspended never leaves, and counts as no failure of the way."""
    room, store = staff_setup.room, staff_setup.room.store
    await room.person(4, [SAID])
    async with unit_of_work(store, room.clock.now(), member_actor(room.ids["hoaban"])) as work:
        await contacts.give(work, "mail", "lan@example.org")
    assert await escalate_once(store, room.library, room.clock.now()) == 1
    async with store.data.connect() as conn:
        assert (await conn.execute(text("SELECT fate FROM call"))).scalars().all() == [pages.PageState.READY]
    assert (await staff_setup.admin("suspend", "hoaban"))[0] == 0
    async with work_of_test(store, room.clock.now()) as work:
        assert await pages.claim(work, "mail", 10) == []
        assert (await work.conn.execute(text("SELECT fate FROM call"))).scalars().all() == [pages.PageState.DROPPED]
        assert await member(work.conn, room.ids["hoaban"]) is None
