"""The protocol of a case: the steps of its level, ticked off for whoever comes next, and the numbers to dictate."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from content.directory.protocol import protocol
from store import audit
from tests.console.conftest import Room


async def page_of(room: Room, case: object, login: str = "hoaban") -> str:
    """The page of a case as a member sees it."""
    async with room.signed_in(login) as browser:
        return (await browser.get(f"/console/cases/{case}")).text


@pytest.mark.parametrize("level", [1, 2, 3, 4])
async def test_a_case_shows_the_steps_of_its_level_in_order(room: Room, level: int) -> None:
    """Every step of the level and no other; the danger of suicide has its own only where it is marked."""
    await room.hire("hoaban")
    page = await page_of(room, await room.person(level, ["Chị ơi"]))
    shown = re.findall(r'name="done" value="(\w+)"', page)
    assert shown == [step.id for step in protocol().of(level, ())]
    assert "alone" not in shown


async def test_a_step_ticked_off_stands_for_whoever_comes_next(room: Room) -> None:
    """With who did it; twice is once; taken back it is open again. The audit has codes alone."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(4, ["Chị ơi"])
    async with room.signed_in("hoaban") as browser:
        for _ in range(2):
            await browser.post(f"/console/cases/{case}/protocol", data={"done": "place"})
        await browser.post(f"/console/cases/{case}/protocol", data={"done": "injured"})
        await browser.post(f"/console/cases/{case}/protocol", data={"undo": "injured"})
    page = await page_of(room, case, "hoasen")
    ticked = re.findall(r'name="undo" value="(\w+)"', page)
    assert ticked == ["place"]
    assert re.search(r"aria-checked=\"true\">[^<]+</button><small>Hoa Ban \d\d:\d\d</small>", page)
    async with room.store.data.connect() as conn:
        acts = [one for one in await audit.page(conn, object=str(case)) if one.action.startswith("protocol.")]
    assert [(one.action, one.meta) for one in reversed(acts)] == [
        ("protocol.done", {"step": "place"}),
        ("protocol.done", {"step": "injured"}),
        ("protocol.undone", {"step": "injured"}),
    ]


@pytest.mark.parametrize(
    ("place", "first", "missing"),
    [
        ("vn", ["113", "111", "115"], "+84"),
        ("vn:11", ["113", "111", "115"], "+84"),
        ("abroad:KH", ["117", "119", "+84 981 84 84 84"], "113"),
        ("abroad:MM", ["+95 9660 888 998", "+84 981 84 84 84"], "113"),
        ("", ["113", "111", "115", "+84 981 84 84 84"], "117"),
    ],
)
async def test_numbers_to_dictate_are_those_that_work_where_she_is(
    room: Room, place: str, first: list[str], missing: str
) -> None:
    """In the groups they are read aloud in; of an unknown place home and the one that works from abroad."""
    await room.hire("hoaban")
    page = await page_of(room, await room.person(4, ["Chị ơi"], place))
    numbers = re.findall(r"<li><b>([^<]+)</b> <span>", page)
    assert numbers[: len(first)] == first
    assert not any(number.startswith(missing) for number in numbers)


@pytest.mark.parametrize("step", ["", "unknown", "level"])
async def test_there_is_no_other_step(room: Room, step: str) -> None:
    """Nothing is written for a step that no protocol has, nor into a case that is not there."""
    await room.hire("hoaban")
    case = await room.person(3, ["Chị ơi"])
    async with room.signed_in("hoaban") as browser:
        assert (await browser.post(f"/console/cases/{case}/protocol", data={"done": step})).status_code == 422
        form = {"done": "place"}
        assert (await browser.post(f"/console/cases/{uuid4()}/protocol", data=form)).status_code == 404
    assert 'aria-checked="true"' not in await page_of(room, case)
