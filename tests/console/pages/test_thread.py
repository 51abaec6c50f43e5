"""The thread of a case: the bot's talk in one line, days told once, nothing blank."""

from __future__ import annotations

import re
from uuid import UUID

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
