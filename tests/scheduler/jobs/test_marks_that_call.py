"""What a case's marks and place ask of whoever is called, and that a mark which comes later calls again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from content.escalation.loader import escalation_policy
from flows.engine.conversation import Conversation
from flows.model.effects import OpenCase
from store.cases import service as cases
from store.cases.models import case_file
from store.escalation.escalations import climb, province_near
from store.unit_of_work import BOT, unit_of_work
from tests.flows.standings import standing, type_
from tests.support import casework
from tests.support import content as shared_content


@pytest.mark.parametrize(
    ("flags", "needs"),
    [
        (("child", "under_16"), ("child", "desk_111")),
        (("shelter",), ("peace_house",)),
        (("returned", "lang:hmn"), ("osso", "lang:hmn")),
        (("abroad", "voice", "watched"), ()),
    ],
)
def test_marks_ask_for_skills(flags: tuple[str, ...], needs: tuple[str, ...]) -> None:
    """A child's case asks for who can talk with children, under sixteen for the 111 desk, a shelter for Peace House."""
    assert escalation_policy().needed(flags) == needs
    assert all(escalation_policy().known_skill(need) for need in needs)


@pytest.mark.parametrize(
    ("place", "communes", "province"),
    [
        ("vn:38", [], "38"),
        ("vn:38", ["vn-11-03127"], "38"),
        ("vn", ["vn-11-03127", "vn-11-03130"], "11"),
        ("vn", ["vn-11-03127", "vn-12-03390"], ""),
        ("vn", [], ""),
        ("abroad:KH", ["vn-11-03127"], ""),
        ("", ["vn-11-03127"], ""),
    ],
)
def test_the_province_is_where_she_says_she_is(place: str, communes: list[str], province: str) -> None:
    """Her word first; that of her group only while she is at home and all her groups agree."""
    assert province_near(place, communes) == province


@pytest.fixture(scope="module")
def content() -> Conversation:
    """The conversation exactly as `run` loads it."""
    return shared_content.conversation()


@pytest.mark.parametrize(
    ("state", "lang", "mark"), [("Menu:menu", "en", "lang:en"), ("Returning:choose", "vi", "returned")]
)
def test_the_flow_marks_her_language_and_that_she_came_home(
    content: Conversation, state: str, lang: str, mark: str
) -> None:
    """A case opened from there carries the mark."""
    assert state in content.states
    _, effects = type_(content, standing(content, state, lang), "cứu em với")
    [opened] = [effect for effect in effects if isinstance(effect, OpenCase)]
    assert mark in opened.flags


def test_whoever_is_in_viet_nam_and_names_her_province_is_there(content: Conversation) -> None:
    """The province she looks up is where she is only if she said that she is at home; its lines come with it."""
    for place, after in (("vn", "vn:38"), ("abroad:KH", "abroad:KH"), ("", "")):
        her = standing(content, "Services:province", place=place)
        assert type_(content, her, "Thanh Hoá")[0].session.place == after
    assert "18001744" in content.handoff("vn:38", "vi", standing(content, "Menu:menu").session.last_at).phones  # type: ignore[arg-type]


async def _climbs(system: Any) -> list[tuple[Any, tuple[str, ...], bool]]:
    async with system.store.data.connect() as conn:
        rows = await conn.execute(select(climb).where(climb.c.case_id.is_not(None)).order_by(climb.c.id))
        return [(row.since, tuple(row.needs), row.ended_at is None) for row in rows]


async def _mark(system: Any, person: UUID, *flags: str) -> None:
    async with unit_of_work(system.store, system.runtime.clock.now(), BOT) as work:
        await cases.add_flags(work, person, flags)


async def test_a_child_that_is_told_of_later_pages_again_from_the_same_beginning(system) -> None:
    """Nobody has the case: whoever can talk with children is called at once; no step comes later than before."""
    await system.talk("zalo_oa", "lan", "cuu em voi")
    async with system.store.data.connect() as conn:
        case = (await conn.execute(select(case_file))).one()
    await system.advance(timedelta(minutes=16).total_seconds())
    await _mark(system, case.person_id, "watched")
    assert len(await _climbs(system)) == 1
    await _mark(system, case.person_id, "child")
    (first, _, _), (second, needs, runs) = await _climbs(system)
    assert (second, needs, runs) == (first, ("child",), True)
    await system.application.ticks.all_now()
    query = "SELECT count(*) FROM rung JOIN climb ON climb.id = climb_id WHERE needs <> '{}' AND done_at IS NOT NULL"
    assert await system.count(query) == 2, "the steps of minute 0 and 15 are done again, by who has the skill"
    hoaban, _ = await system.counsellor("hoaban")
    assert await casework.acknowledge(system.store, system.runtime.clock.now(), case.id, hoaban)
    await _mark(system, case.person_id, "under_16")
    assert [runs for *_, runs in await _climbs(system)] == [False, False]


async def test_when_staff_close_a_case_its_talk_goes_from_her_telegram(system) -> None:
    """Ours and hers, an hour after her last word; on Zalo nothing can go, and nothing is said to have gone."""
    for channel, user in (("telegram", "hoa"), ("zalo_oa", "lan")):
        await system.talk(channel, user, "cứu em với")
        await system.talk(channel, user, "em ở nhà")
    hoaban, private = await system.counsellor("hoaban")
    assert len(await system.inbox("telegram", "hoa")) > 1
    zalo = len(await system.inbox("zalo_oa", "lan"))
    await system.advance(3600)
    for case in await system.cases():
        now = system.runtime.clock.now()
        assert await casework.acknowledge(system.store, now, case.id, hoaban)
        await casework.close(system.store, now, system.runtime.library, case.id, hoaban, "safe")
        notes = (await casework.read(system.store, now, case.id, hoaban, private)).lines
        assert ("talk=cleaned" in [line.text for line in notes]) is (case.channel == "telegram")
    system.application.sender.wake()
    await system.quiet()
    async with system.http.get(f"{system.base}/__sim/telegram/hoa/inbox") as answer:
        left = (await answer.json())["messages"]
    assert left == []
    assert len(await system.inbox("zalo_oa", "lan")) == zalo
