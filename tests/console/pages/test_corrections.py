"""Corrections by hand on the page of a case: the level, with and without a script."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from store.refusals import Refusal
from tests.console.pages.test_live import listening
from tests.support.console_refusals import refused
from tests.support.console_room import Room
from tests.support.stage import until

HTMX = {"hx-request": "true"}
UP = {"from": "2", "level": "4", "reason": "held", "words": "có dao trong nhà"}
DOWN = {"from": "4", "level": "2", "reason": "says_safe"}


async def test_level_is_raised_without_a_script_and_stands_in_the_thread(room: Room) -> None:
    """Who, from what to what, why, and her own words, for the readers of this case."""
    await room.hire("hoaban", "hoasen")
    page = f"/console/cases/{await room.person(2, ['Chị ơi'])}"
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as other:
        done = await browser.post(f"{page}/level", data=UP)
        assert (done.status_code, done.headers["location"]) == (303, page)
        shown = (await other.get(page)).text
    assert "Hoa Ban đổi mức 2 sang 4. Bị giữ, không đi ra được" in shown
    assert "có dao trong nhà" in shown
    assert '<p class="chip lv lv4"' in shown


async def test_lower_level_is_shown_to_a_second_person_who_confirms_it(room: Room) -> None:
    """Whoever asked can only take it back; a colleague sees until when, and confirms."""
    await room.hire("hoaban", "hoasen")
    page = f"/console/cases/{await room.person(4, ['Chị ơi'])}"
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as other:
        assert (await browser.post(f"{page}/level", data=DOWN, headers=HTMX)).status_code == 204
        mine, hers = (await browser.get(page)).text, (await other.get(page)).text
        assert "Rút lại, giữ nguyên mức" in mine
        assert "Xác nhận hạ mức" not in mine
        assert "Hoa Ban đề nghị hạ ca này từ mức 4 xuống mức 2." in hers
        [path] = re.findall(rf'action="({page}/level/\d+)"', hers)
        [newest] = re.findall(r'name="newest" value="(\d+)"', hers)
        await refused(browser, path, {"answer": "yes", "newest": newest}, Refusal.LEVEL_SECOND_PERSON)
        await room.says(UUID(page.rpartition("/")[2]), "nó về rồi")
        await refused(other, path, {"answer": "yes", "newest": newest}, Refusal.LEVEL_NEW_LINE)
        [newest] = re.findall(r'name="newest" value="(\d+)"', (await other.get(page)).text)
        assert (await other.post(path, data={"answer": "yes", "newest": newest})).status_code == 303
        shown = (await browser.get(page)).text
    assert "Hoa Sen đã xác nhận: mức 4 xuống 2" in shown
    assert '<p class="chip lv lv2"' in shown


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({**DOWN, "reason": "held"}, Refusal.LEVEL_CHOICE),
        ({**DOWN, "level": "5"}, Refusal.LEVEL_CHOICE),
        ({**DOWN, "from": "3"}, Refusal.LEVEL_MOVED),
        ({**DOWN, "words": "x" * 501}, Refusal.CHANGE_WORDS_LENGTH),
    ],
)
async def test_refused_level_is_refused_in_a_sentence(room: Room, form: dict[str, str], refusal: Refusal) -> None:
    """A reason of the other direction, a level that does not exist, a stale page, too many words."""
    await room.hire("hoaban")
    page = f"/console/cases/{await room.person(4, ['Chị ơi'])}"
    values = {"longest": "500"} if refusal is Refusal.CHANGE_WORDS_LENGTH else {}
    async with room.signed_in("hoaban") as browser:
        await refused(browser, f"{page}/level", form, refusal, **values)


async def test_open_page_of_a_colleague_follows_a_level(room: Room) -> None:
    """The request and what became of it come by the stream, with the level."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(4, ["Chị ơi"])
    path = f"/console/live?topics=case:{case}"
    async with (
        room.served() as base,
        listening(room, base, "hoasen", path) as heard,
        room.signed_in("hoaban") as browser,
    ):
        await browser.post(f"/console/cases/{case}/level", data=DOWN, headers=HTMX)
        await until(lambda: "Xác nhận hạ mức" in heard.html(), 5)
