"""Beside a human her digits are the human's: they reach the desk, and no question of the bot's takes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from store.casework import nudge, queue

CHANNELS = pytest.mark.parametrize("channel", ["zalo_oa", "telegram", "zalo_bot"])
ASKS = "Ngay lúc này bạn có yên ổn không? Trả lời 1 là có, 2 là không."


async def _taken(bridge: Any, channel: str) -> UUID:
    """A case of `lan` that Hoa Ban has taken and written in."""
    await bridge.talk(channel, "lan", "cuu em voi")
    [case] = await bridge.cases()
    hoaban, _ = await bridge.counsellor()
    assert await queue.acknowledge(bridge.store, bridge.house.clock.now(), case.id, hoaban)
    await _write(bridge, case.id, "Chị đây.")
    return case.id


async def _write(bridge: Any, case: UUID, words: str) -> None:
    hoaban, _ = await bridge.counsellor()
    await queue.reply(bridge.store, bridge.house.clock.now(), case, hoaban, words, uuid4(), bridge.house.library)
    await bridge.quiet()


async def _hers(bridge: Any, case: UUID) -> list[str]:
    """What the desk shows of hers, in order."""
    hoaban, private = await bridge.counsellor()
    view = await queue.read(bridge.store, bridge.house.clock.now(), case, hoaban, private)
    return [line.text for line in view.lines if line.direction == "in"]


async def _send(bridge: Any, channel: str, act: str, **what: Any) -> list[str]:
    """Let her do something; returns what her phone shows of ours that it did not show before."""
    before = len(await bridge.inbox(channel, "lan"))
    await bridge.do(channel, "lan", act, **what)
    await bridge.quiet()
    return [message["text"] for message in (await bridge.inbox(channel, "lan"))[before:]]


@CHANNELS
async def test_her_two_reaches_the_counsellor_who_asked_for_it(bridge, channel: str) -> None:
    """She had asked for the menu; the counsellor asks 1 or 2; her 2 is at the desk and the menu does not answer."""
    case = await _taken(bridge, channel)
    assert (await _send(bridge, channel, "say", text="menu"))[-1].startswith("Mục lục.")
    await _write(bridge, case, ASKS)
    assert await _send(bridge, channel, "say", text="2") == []
    await _write(bridge, case, "Bạn còn đó không? Trả lời 1 nếu còn.")
    assert await _send(bridge, channel, "say", text="1") == []
    assert await _hers(bridge, case) == ["cuu em voi", "menu", "2", "1"]


@CHANNELS
async def test_a_digit_for_the_menu_she_has_just_opened_answers_it_and_is_shown(bridge, channel: str) -> None:
    """No human has written since she asked for the menu: it answers her, and the desk reads both; also in one batch."""
    case = await _taken(bridge, channel)
    await bridge.do(channel, "lan", "say", text="menu")
    assert (await _send(bridge, channel, "say", text="4"))[-1].startswith("Bạn cần số gọi ở đâu?")
    assert await _hers(bridge, case) == ["cuu em voi", "menu", "4"]


@CHANNELS
async def test_one_to_the_knock_brings_the_answer_and_is_her_line(bridge, channel: str) -> None:
    """The menu was open when she went silent; her 1 releases what was kept, and nothing of the bot's comes with it."""
    case = await _taken(bridge, channel)
    await _send(bridge, channel, "say", text="menu")
    now = bridge.house.clock.now().replace(hour=3, minute=0) + timedelta(days=1)
    await bridge.advance((now - bridge.house.clock.now()).total_seconds())
    await _write(bridge, case, "Chị hỏi được giấy tờ rồi.")
    hoaban, _ = await bridge.counsellor()
    await nudge.knock(bridge.store, bridge.house.clock.now(), case, hoaban, bridge.house.library)
    await bridge.quiet()
    [shown] = await _send(bridge, channel, "say", text="1")
    assert shown.endswith("Chị hỏi được giấy tờ rồi.")
    assert (await _hers(bridge, case))[-1] == "1"


async def test_an_old_button_beside_a_human_is_shown_at_the_desk_and_answers_nothing(bridge) -> None:
    """On Telegram the bot's buttons stay on the screen: what she presses there after a human's line is the human's."""
    case = await _taken(bridge, "telegram")
    await _send(bridge, "telegram", "say", text="menu")
    await _write(bridge, case, ASKS)
    assert await _send(bridge, "telegram", "press", choice=2) == []
    last = (await _hers(bridge, case))[-1]
    assert last.startswith("“Mục lục.")
    assert "→" in last
