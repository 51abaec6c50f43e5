"""Two at one case: the second is told who was first, the way back and the next case, in place of a page."""

from __future__ import annotations

import pytest

from tests.console.pages.test_live import listening
from tests.support.console_room import Room
from tests.support.stage import until

PANE = {"x-pane": "1"}


@pytest.mark.parametrize("headers", [{}, PANE], ids=["without a script", "in a pane"])
async def test_second_is_told_who_was_first_and_what_she_can_take(room: Room, headers: dict[str, str]) -> None:
    """The case she came for stays readable, the next free one is a link."""
    await room.hire("hoaban", "hoasen")
    case, following = await room.person(4, ["Chị ơi"]), await room.person(3)
    async with room.signed_in("hoaban") as first, room.signed_in("hoasen") as second:
        await first.post(f"/console/cases/{case}/take")
        answer = await second.post(f"/console/cases/{case}/take", headers=headers)
    assert answer.status_code == 409
    assert answer.text.count("vừa nhận trước") == 1
    assert "Hoa Ban vừa nhận trước" in answer.text
    notice = answer.text.partition("data-refusal")[2].partition("</p>")[0]
    assert 'href="/console/queue"' in notice
    assert f'href="/console/cases/{following}"' in notice
    assert "Chị ơi" in answer.text


async def test_pane_of_any_refusal_says_why(room: Room) -> None:
    """Not an empty answer that sends the browser to an address that nothing can be read from."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(4, ["Chị ơi"])
    async with room.signed_in("hoaban") as browser:
        answer = await browser.post(f"/console/cases/{case}/put-back", headers=PANE)
    assert answer.status_code == 409
    assert "data-refusal" in answer.text


async def test_open_page_of_another_follows_whoever_has_the_case(room: Room) -> None:
    """Free, taken, handed on, put back: what her composer offers is always the truth."""
    await room.hire("hoaban", "hoasen", "hoadao")
    case = await room.person(4, ["Chị ơi"])
    page = f"/console/cases/{case}"
    async with (
        room.served() as base,
        listening(room, base, "hoadao", f"/console/live?topics=case:{case}") as heard,
        room.signed_in("hoaban") as browser,
        room.signed_in("hoasen") as other,
    ):
        await until(lambda: "Chưa ai nhận ca này" in heard.html(), 5)
        await browser.post(f"{page}/take")
        await until(lambda: "Hoa Ban đang giữ ca này" in heard.html(), 5)
        await browser.post(f"{page}/hand-on", data={"to": room.ids["hoasen"], "reason": "shift_ends"})
        await until(lambda: "Hoa Sen đang giữ ca này" in heard.html(), 5)
        told = len(heard.frames)
        await other.post(f"{page}/put-back")
        await until(lambda: any("Chưa ai nhận ca này" in one["data"] for one in heard.frames[told:]), 5)
