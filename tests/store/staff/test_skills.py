"""What members are trained for: named, replaced, refused; a turn of the roster and a member's own count alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store.db.engine import Store
from store.errors import Refused
from store.refusals import Refusal
from store.staff import roster, skills
from store.staff.models import by_login
from store.staff.roster import NewShift
from tests.support import content
from tests.support.console_room import Room
from tests.support.staff import work_of_test


@pytest.fixture
async def room(store: Store) -> Room:
    """A console nobody works in yet."""
    return Room(store, content.library())


async def test_skills_are_named_and_replaced(room: Room) -> None:
    """What is named stands in place of what was named before; the member knows it."""
    await room.hire("hoaban")
    async with work_of_test(room.store, room.clock.now()) as work:
        await skills.give(work, "HoaBan", ["osso", "child", "child"])
        first = await by_login(work.conn, "hoaban")
        await skills.give(work, "hoaban", [])
        last = await by_login(work.conn, "hoaban")
    assert first is not None
    assert first.member().skills == {"child", "osso"}
    assert last is not None
    assert last.member().skills == frozenset()


@pytest.mark.parametrize(
    ("login", "named", "refusal"),
    [("hoaban", ["flying"], Refusal.SKILL_UNKNOWN), ("nobody", ["child"], Refusal.LOGIN_UNKNOWN)],
)
async def test_unknown_skill_and_unknown_member_are_refused(
    room: Room, login: str, named: list[str], refusal: Refusal
) -> None:
    """Nothing is kept of either."""
    await room.hire("hoaban")
    with pytest.raises(Refused) as told:
        async with work_of_test(room.store, room.clock.now()) as work:
            await skills.give(work, login, named)
    assert told.value.refusal is refusal


async def test_own_skill_and_that_of_a_turn_count_alike(room: Room) -> None:
    """Whoever is on call is called with both; who is trained is told by alias."""
    await room.hire("hoaban", "hoasen", "hoadao")
    now = room.clock.now()
    async with work_of_test(room.store, now) as work:
        await skills.give(work, "hoaban", ["child"])
        turn = NewShift(room.ids["hoasen"], now - timedelta(hours=1), now + timedelta(hours=1), skills=("child",))
        await roster.add_duty(work, turn)
        standing = {one.staff_id: set(one.skills) for one in await roster.staff_on_call(work.conn, now)}
        named = await skills.trained(work.conn, "child")
    assert standing[room.ids["hoaban"]] == standing[room.ids["hoasen"]] == {"child"}
    assert standing[room.ids["hoadao"]] == set()
    assert named == ["Hoa Ban", "Hoa Sen"]
