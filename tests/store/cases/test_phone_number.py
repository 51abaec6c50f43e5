"""Another number of hers: sealed like her words, one at a time, seen inside the case and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from console.pages.cases.channel_facts import facts
from content.library import Library
from store.cases import phone_number
from store.cases.models import case_file
from store.casework import reachability
from store.casework.reachability import Reachability
from store.unit_of_work import BOT, unit_of_work
from tests.support import casework, content
from tests.support.system import System

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
NUMBER = "0987 612 345"


async def _given(system: System, number: str) -> UUID:
    """A case whose woman gave another number."""
    await system.talk("zalo_oa", "lan", "cuu em voi")
    await system.talk("zalo_oa", "lan", "1")
    [case] = await system.cases()
    for text in ("Gọi cho tôi ở số khác", "Đồng ý", number):
        await system.talk("zalo_oa", "lan", text)
    return case.id


async def test_only_who_opens_the_case_sees_it_and_it_goes_when_she_says_so(system: System) -> None:
    """It is in no column and no queue; the reader sees it beside the talk, not in it; a no removes it."""
    case = await _given(system, NUMBER)
    hoaban, private = await system.counsellor("hoaban")
    view = await casework.read(system.store, system.runtime.clock.now(), case, hoaban, private)
    assert view.second_way == NUMBER
    assert not any(NUMBER in line.text for line in view.lines)
    for table in ("case_file", "case_line", "session", "ledger", "inbox", "audit", "task", "consent", "climb"):
        readable = f"regexp_replace({table}::text, 'x[0-9a-f]{{8,}}', '', 'g')"  # random bytes have every three digits
        found = f"{readable} LIKE '%612%345%' OR {table}::text LIKE '%363132%333435%'"
        assert await system.count(f"SELECT count(*) FROM {table} WHERE {found}") == 0, table
    async with unit_of_work(system.store, system.runtime.clock.now(), BOT) as work:
        conn = work.conn
        reach = await reachability.of(conn, case)
        assert (reach.second, reach.contact) == (True, "another_number")
        person = (await conn.execute(select(case_file.c.person_id))).scalar_one()
        await phone_number.keep(work, person, "0911 222 333", "again")
    view = await casework.read(system.store, system.runtime.clock.now(), case, hoaban, private)
    assert view.second_way == "0911 222 333"
    assert await system.count("SELECT count(*) FROM case_line WHERE direction = 'second_way'") == 1
    async with unit_of_work(system.store, system.runtime.clock.now(), BOT) as work:
        conn = work.conn
        await phone_number.keep(work, person, "", "none")
        assert not (await reachability.of(conn, case)).second


@pytest.fixture(scope="module")
def library() -> Library:
    """The content as it ships."""
    return content.library()


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"reachable": False, "second": True}, "second_number"),
        ({"reachable": False}, "second_way"),
        ({"stopped": True, "second": True}, "second_rests"),
        ({"reachable": False, "second": True, "forced": True}, "second_rests"),
        ({"reachable": False, "second": True, "contact": "only_when_i_write"}, "no_second_way"),
        ({"second": True}, ""),
    ],
)
def test_the_console_says_when_the_number_may_be_used(library: Library, about: dict[str, object], code: str) -> None:
    """Where nothing gets to her here; never after she asked for silence, never while somebody may force her."""
    reach = Reachability("telegram", NOW, **about)  # type: ignore[arg-type]
    found = {fact.code for fact in facts(reach, library.limits["telegram"], NOW)}
    assert found & {"second_number", "second_way", "second_rests", "no_second_way"} == ({code} if code else set())
