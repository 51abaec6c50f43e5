"""The thread of a case: the bot's talk in one line, days told once, nothing blank."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from tests.support.console_room import Room


async def opened(room: Room, case: UUID) -> str:
    """The thread that a counsellor sees."""
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get(f"/console/cases/{case}")).text
    return page[page.index('id="lines"') : page.index('id="composer"')]


def words_of(html: str) -> str:
    """What is read of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


async def talked(room: Room, *answers: str) -> UUID:
    """A case whose person was answered so by the bot before she cried."""
    await room.hire("hoaban")
    case = await room.person(3)
    for answer in answers:
        await room.says(case, answer, "bot")
    await room.says(case, "cứu em với")
    return case


async def test_what_the_bot_said_is_one_line_that_opens_to_its_texts(room: Room) -> None:
    """How often, what it asked, which numbers it gave; the texts stand inside."""
    case = await talked(room, "greeted menu\n", "danger_now\n", "emergency.vn\n113 111")
    thread = await opened(room, case)
    [fold] = re.findall(r'<details class="bot-talk".*?</details>', thread, re.S)
    summary = words_of(fold.partition("</summary>")[0])
    assert "Máy đã nói 3 lần" in summary
    assert "đã đưa số: 113, 111" in summary
    assert "đã hỏi: Bạn muốn hỏi gì? lúc này bạn có đang gặp nguy hiểm không?" in summary


async def test_a_text_that_is_no_longer_in_use_is_said_to_be_one(room: Room) -> None:
    """A card that a later version does not know leaves no hole."""
    case = await talked(room, "card.of.another.year\n")
    assert "Một bài không còn dùng nữa" in await opened(room, case)


async def test_answers_of_the_bot_between_lines_of_hers_stand_where_they_were_given(room: Room) -> None:
    """Two talks, before and after her words, are two lines."""
    case = await talked(room, "greeted\n")
    await room.says(case, "greeted\n", "bot")
    thread = await opened(room, case)
    assert re.findall(r'class="(bot-talk|line in)"', thread) == ["bot-talk", "line in", "bot-talk"]


async def test_a_day_is_told_once_before_its_first_line(room: Room) -> None:
    """Lines carry the hour alone."""
    await room.hire("hoaban")
    case = await room.person(3, ["một", "hai"])
    room.clock.advance(86400)
    await room.says(case, "ba")
    thread = await opened(room, case)
    assert re.findall(r'class="(day|line in)"', thread) == ["day", "line in", "line in", "day", "line in"]
    assert not re.findall(r"<time[^>]*>\d+/\d+ ", thread)


GEO = "geo:21.02850,105.85420"


@pytest.mark.parametrize("said", [GEO, f"em ở đây\n{GEO}", f"“Em ở đâu?” → {GEO}"])
async def test_coordinates_are_on_no_page_that_is_not_asked_for_them(room: Room, said: str) -> None:
    """The thread says that a place was sent, and leads to the form in which its commune is written down."""
    await room.hire("hoaban")
    case = await room.person(3, [said])
    thread = await opened(room, case)
    assert "Vị trí được gửi" in thread
    assert "21.02" not in thread
    assert "105.85" not in thread
    assert re.search(r'href="[^"]*place" data-edit>Ghi xã</a>', thread)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "in place"])
async def test_coordinates_that_are_opened_are_recorded(room: Room, htmx: bool) -> None:
    """A reader of the case reads them out; the chain says who did, and not where."""
    await room.hire("hoaban")
    case = await room.person(3)
    line = await room.says(case, GEO)
    async with room.signed_in("hoaban") as browser:
        headers = {"hx-request": "true"} if htmx else {}
        shown = await browser.get(f"/console/cases/{case}/places/{line}", headers=headers)
        missing = await browser.get(f"/console/cases/{case}/places/{line + 1}")
    assert "<b>21.02850</b> <b>105.85420</b>" in shown.text
    assert missing.status_code == 404
    async with room.store.data.connect() as conn:
        query = "SELECT count(*) FROM audit WHERE action = 'case.place_read' AND meta::text NOT LIKE '%%21.0%%'"
        assert (await conn.exec_driver_sql(query)).scalar_one() == 1


async def test_coordinates_stay_shut_to_whoever_does_not_read_the_case(room: Room) -> None:
    """Hired after the case was sealed: she has no key of it."""
    await room.hire("hoaban")
    case = await room.person(3)
    line = await room.says(case, GEO)
    await room.hire("hoasen")
    async with room.signed_in("hoasen") as browser:
        shown = await browser.get(f"/console/cases/{case}/places/{line}")
    assert shown.status_code != 200
    assert "21.02" not in shown.text


@pytest.mark.parametrize(
    ("direction", "written", "read"),
    [
        ("in", "chị ơi", "chị ơi"),
        ("in", "“Chị có an toàn không?” → có ạ", "Chị có an toàn không?"),
        ("in", "xem cái này\nTuyển lao động · Lương cao", "Lương cao"),
        ("in", "", "Gửi mà không có chữ"),
        ("in", GEO, "Vị trí được gửi"),
        ("note", "came=sticker", "nhãn dán"),
        ("note", "came=contact", "số của ai đó"),
        ("note", "reacted=heart", "tim"),
        ("note", "edited=text", "lời cũ"),
        ("note", "call=missed", "gọi"),
        ("note", "call=taken", "gọi"),
        ("bot", "greeted\n", "Máy đã nói 1 lần"),
        ("private", "đã gọi xã", "đã gọi xã"),
    ],
)
async def test_no_line_is_blank(room: Room, direction: str, written: str, read: str) -> None:
    """Whatever came stands in the thread as one line with words."""
    await room.hire("hoaban")
    case = await room.person(3)
    line = await room.says(case, written, direction)
    thread = await opened(room, case)
    [shown] = re.findall(rf'<(?:div|p|details)[^>]*id="line-{line}".*', thread, re.S)
    assert read in words_of(shown)
    assert not re.search(r'class="said"[^>]*>\s*</', thread)


async def test_without_a_script_the_page_opens_at_the_newest_line_and_loses_nothing_typed(room: Room) -> None:
    """What she only reads is read anew like the queue; where she writes she asks for new lines herself."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(3, ["chị ơi"])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        hers = (await browser.get(f"/console/cases/{case}")).text
    async with room.signed_in("hoasen") as browser:
        others = (await browser.get(f"/console/cases/{case}")).text
    for page in (hers, others):
        assert re.search(r"<noscript>.*autofocus>Xem dòng mới</a></p></noscript>\s*</div>", page)
    assert 'http-equiv="refresh"' in others
    assert 'http-equiv="refresh"' not in hers
