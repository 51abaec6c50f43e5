"""Beside a human her digits are the human's: they reach the console, and no question of the bot's takes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support import casework

CHANNELS = pytest.mark.parametrize("channel", ["zalo_oa", "telegram", "zalo_bot"])
ASKS = "Ngay lúc này bạn có yên ổn không? Trả lời 1 là có, 2 là không."


async def _taken(system: Any, channel: str) -> UUID:
    """A case of `lan` that Hoa Ban has taken and written in."""
    await system.talk(channel, "lan", "cuu em voi")
    [case] = await system.cases()
    hoaban, _ = await system.counsellor()
    assert await casework.acknowledge(system.store, system.runtime.clock.now(), case.id, hoaban)
    await _write(system, case.id, "Chị đây.")
    return case.id


async def _write(system: Any, case: UUID, words: str) -> None:
    hoaban, _ = await system.counsellor()
    await casework.reply(
        system.store,
        system.runtime.clock.now(),
        case,
        hoaban,
        words,
        uuid4(),
        system.runtime.library,
    )
    await system.quiet()


async def _hers(system: Any, case: UUID) -> list[str]:
    """What the console shows of hers, in order."""
    hoaban, private = await system.counsellor()
    view = await casework.read(system.store, system.runtime.clock.now(), case, hoaban, private)
    return [line.text for line in view.lines if line.direction == "in"]


async def _send(system: Any, channel: str, act: str, **what: Any) -> list[str]:
    """Let her do something; returns what her phone shows of ours that it did not show before."""
    before = len(await system.inbox(channel, "lan"))
    await system.do(channel, "lan", act, **what)
    await system.quiet()
    return [message["text"] for message in (await system.inbox(channel, "lan"))[before:]]


@CHANNELS
async def test_her_two_reaches_the_counsellor_who_asked_for_it(system, channel: str) -> None:
    """She had asked for the menu; the counsellor asks 1 or 2; her 2 is in the console and the menu does not answer."""
    case = await _taken(system, channel)
    assert (await _send(system, channel, "say", text="menu"))[-1].startswith("Bạn muốn hỏi gì?")
    await _write(system, case, ASKS)
    assert await _send(system, channel, "say", text="2") == []
    await _write(system, case, "Bạn còn đó không? Trả lời 1 nếu còn.")
    assert await _send(system, channel, "say", text="1") == []
    assert await _hers(system, case) == ["cuu em voi", "menu", "2", "1"]


@CHANNELS
async def test_a_digit_for_the_menu_she_has_just_opened_answers_it_and_is_shown(system, channel: str) -> None:
    """No human has written since she asked for the menu: it answers her, and staff read both; also in one batch."""
    case = await _taken(system, channel)
    await system.do(channel, "lan", "say", text="menu")
    assert (await _send(system, channel, "say", text="6"))[-1].startswith("Bạn cần số")
    assert await _hers(system, case) == ["cuu em voi", "menu", "6"]


@CHANNELS
async def test_one_to_the_nudge_brings_the_answer_and_is_her_line(system, channel: str) -> None:
    """The menu was open when she went silent; her 1 releases what was kept, and nothing of the bot's comes with it."""
    case = await _taken(system, channel)
    await _send(system, channel, "say", text="menu")
    now = system.runtime.clock.now().replace(hour=3, minute=0) + timedelta(days=1)
    await system.advance((now - system.runtime.clock.now()).total_seconds())
    await _write(system, case, "Chị hỏi được giấy tờ rồi.")
    hoaban, _ = await system.counsellor()
    await casework.send_nudge(system.store, system.runtime.clock.now(), case, hoaban, system.runtime.library)
    await system.quiet()
    [shown] = await _send(system, channel, "say", text="1")
    assert shown.endswith("Chị hỏi được giấy tờ rồi.")
    assert (await _hers(system, case))[-1] == "1"


async def test_an_old_button_beside_a_human_is_shown_in_the_console_and_answers_nothing(system) -> None:
    """On Telegram the bot's buttons stay on the screen: what she presses there after a human's line is the human's."""
    case = await _taken(system, "telegram")
    await _send(system, "telegram", "say", text="menu")
    await _write(system, case, ASKS)
    assert await _send(system, "telegram", "press", choice=2) == []
    last = (await _hers(system, case))[-1]
    assert last.startswith("“Bạn muốn hỏi gì?")
    assert "→" in last


async def test_a_sticker_is_shown_with_what_it_answers(system) -> None:
    """As words are: the counsellor asked, and all she can send is a picture."""
    case = await _taken(system, "telegram")
    await _write(system, case, ASKS)
    asked = system.world.phone("telegram", "lan").messages[-1].id
    assert await _send(system, "telegram", "sticker", to=asked) == []
    hoaban, private = await system.counsellor()
    view = await casework.read(system.store, system.runtime.clock.now(), case, hoaban, private)
    assert view.lines[-1].text == f"came=sticker\n{ASKS}"


async def test_the_address_behind_her_words_is_shown(system) -> None:
    """A word on Telegram can hide where it leads: who helps her reads the address below it."""
    case = await _taken(system, "telegram")
    await _send(system, "telegram", "say", text="xem cái này", link="https://example.com/tuyen-dung")
    assert (await _hers(system, case))[-1] == "xem cái này\nhttps://example.com/tuyen-dung"


async def test_what_she_answers_is_shown_beside_her_answer(system) -> None:
    """She replies to one of two questions on Telegram, then to a message of her own: staff read which."""
    case = await _taken(system, "telegram")
    await _write(system, case, "Bạn có an toàn không?")
    [question] = [m["id"] for m in await system.inbox("telegram", "lan") if m["text"] == "Bạn có an toàn không?"]
    await _write(system, case, "Bạn ăn cơm chưa?")
    await _send(system, "telegram", "say", text="có ạ", to=question)
    hers = next(m.id for m in system.world.phone("telegram", "lan").messages if m.text == "cuu em voi")
    await _send(system, "telegram", "say", text="em nói lúc nãy đấy", to=hers)
    assert (await _hers(system, case))[1:] == ["“Bạn có an toàn không?” → có ạ", "“cuu em voi” → em nói lúc nãy đấy"]


async def test_the_words_of_a_shared_page_are_shown(system) -> None:
    """A job advert shared on Zalo: its title and description stand below the address; none of it cries for her."""
    case = await _taken(system, "zalo_oa")
    card = {"title": "Cứu với, tuyển nữ đi Campuchia", "description": "Lương 30 triệu"}
    assert await _send(system, "zalo_oa", "link", text="https://example.com/tuyen", **card) == []
    assert (await _hers(system, case))[
        -1
    ] == "https://example.com/tuyen\nCứu với, tuyển nữ đi Campuchia\nLương 30 triệu"


async def test_a_shared_page_opens_no_case(system) -> None:
    """Its headline is nobody's plea."""
    await system.do("zalo_oa", "lan", "link", text="https://example.com/a", title="Cứu em với", description="kêu cứu")
    await system.quiet()
    assert await system.cases() == []
