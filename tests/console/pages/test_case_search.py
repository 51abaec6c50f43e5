"""Cases are found again by whoever can open them, and by nobody else."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from console.pages.cases.case_search import PER_PAGE
from store.cases.models import case_file
from tests.support import casework
from tests.support.console_room import Room


async def named(room: Room, alias: str, number: str, *, closed: bool = False, commune: str = "") -> UUID:
    """A case of a given alias and number, open or closed."""
    case = await room.person(2, ["chị ơi"], commune=commune)
    now, hoaban = room.clock.now(), room.ids["hoaban"]
    async with room.store.data.begin() as conn:
        await conn.execute(update(case_file).where(case_file.c.id == case).values(alias=alias, number=number))
    if closed:
        assert await casework.acknowledge(room.store, now, case, hoaban)
        await casework.close(room.store, now, room.library, case, hoaban, "safe")
        room.clock.advance(60)
    return case


def found(page: str) -> list[str]:
    """The numbers of the cases a page lists, in order."""
    return re.findall(r"<a href=\"/console/cases/[^\"]+\">[^<]+<small>(\d+)</small>", page)


async def searched(browser: httpx.AsyncClient, typed: str) -> list[str]:
    """The numbers of the cases that a search finds."""
    answer = await browser.get("/console/search", params={"q": typed})
    assert answer.status_code == 200
    return found(answer.text)


SEARCHES = [
    ("suoi", ["4081", "5666"]),
    ("SUỐI tr", ["4081"]),
    ("sưới", ["4081", "5666"]),
    ("trong 40", ["4081"]),
    ("566", ["5666"]),
    ("doi", ["7340"]),
    ("đồi thông", ["7340"]),
    ("bến xe", []),
    ("%", []),
    ("", []),
]


@pytest.mark.parametrize(("typed", "numbers"), SEARCHES)
async def test_a_part_of_an_alias_or_number_is_enough_and_marks_do_not_matter(
    room: Room, typed: str, numbers: list[str]
) -> None:
    """Open and closed ones, open ones first; what was said in a case is not searched."""
    await room.hire("hoaban")
    await named(room, "Suối Xanh", "5666", closed=True)
    await named(room, "Suối Trong", "4081")
    await named(room, "Đồi Thông Êm", "7340")
    async with room.signed_in("hoaban") as browser:
        assert await searched(browser, typed) == numbers


async def test_a_case_that_she_cannot_open_is_found_nowhere(room: Room) -> None:
    """Somebody who came later, and staff of her own commune: no list and no search tells that the case is there."""
    await room.hire("hoaban")
    first = await named(room, "Suối Trong", "4081", closed=True)
    await room.hire("hoasen")
    second = await named(room, "Suối Xanh", "5666", closed=True)
    async with room.signed_in("hoasen") as browser:
        assert await searched(browser, "suối") == ["5666"]
        assert found((await browser.get("/console/closed")).text) == ["5666"]
        assert (await browser.get(f"/console/cases/{second}")).status_code == 200
        assert (await browser.get(f"/console/cases/{first}")).status_code == 403
        async with room.store.data.begin() as conn:
            await conn.exec_driver_sql("UPDATE staff SET scope = 'vn-11-03172' WHERE login = 'hoasen'")
            await conn.execute(update(case_file).where(case_file.c.id == second).values(communes=["vn-11-03172"]))
        assert await searched(browser, "suối") == []
        assert found((await browser.get("/console/closed")).text) == []


async def test_closed_cases_are_listed_newest_first_and_paged(room: Room) -> None:
    """The second page begins where the first ended; an open case is on none of them."""
    await room.hire("hoaban")
    await named(room, "Đồi Chè Êm", "9999")
    numbers = [str(2000 + n) for n in range(PER_PAGE + 2)]
    for number in numbers:
        await named(room, f"Suối {number}", number, closed=True)
    numbers.reverse()
    async with room.signed_in("hoaban") as browser:
        first = (await browser.get("/console/closed")).text
        assert found(first) == numbers[:PER_PAGE]
        assert '/console/closed?page=2"' in first
        second = (await browser.get("/console/closed?page=2")).text
        assert found(second) == numbers[PER_PAGE:]
        assert "page=3" not in second


async def test_earlier_cases_of_the_same_person_are_shown_to_whoever_can_open_them(room: Room) -> None:
    """On the page of the new case; somebody who holds no key of the earlier one is told nothing of it."""
    await room.hire("hoaban")
    earlier = await named(room, "Suối Trong", "4081", closed=True)
    await room.hire("hoasen")
    now = await named(room, "Đồi Chè Êm", "7340")
    again = await room.returns(earlier)
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as newcomer:
        assert found((await browser.get(f"/console/cases/{again}")).text) == ["4081"]
        assert "4081" not in (await newcomer.get(f"/console/cases/{again}")).text
        assert "Ca khác của cùng người nhắn" not in (await browser.get(f"/console/cases/{now}")).text
