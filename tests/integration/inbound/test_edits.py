"""A message changed on Telegram, from end to end: both versions for who helps her, never a word of now (rule 19)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.integration.cases.test_beside_a_human import _send, _taken, _write
from tests.support import casework
from tests.support.system import System

FIRST = "em ở nhà trọ"
EDITED = "edited=text"


async def lines(system: System, case: UUID) -> list[str]:
    """The lines of a case that are hers or about her, in order."""
    hoaban, private = await system.counsellor()
    view = await casework.read(system.store, system.runtime.clock.now(), case, hoaban, private)
    return [line.text for line in view.lines if line.direction in ("in", "note")]


def newest(system: System) -> str:
    """The id of the message she wrote last."""
    return next(m.id for m in reversed(system.world.phone("telegram", "lan").messages) if m.sender == "user")


async def edit(system: System, text: str, message_id: str = "") -> list[str]:
    """Let Lan change a message, her newest unless another is named; returns what came on her phone."""
    return await _send(system, "telegram", "edit", text=text, message_id=message_id or newest(system))


async def test_both_versions_stand_in_the_case(system: System) -> None:
    """A note says which is which; the same words again, and a third time, add nothing."""
    case = await _taken(system, "telegram")
    await _send(system, "telegram", "say", text=FIRST)
    for _ in range(3):
        assert await edit(system, f"{FIRST} Hoa") == []
    assert (await lines(system, case))[-3:] == [FIRST, EDITED, f"{FIRST} Hoa"]


async def test_an_edit_is_an_event_of_its_own(system: System) -> None:
    """It has the id of the message it changes, and yet both are taken in; repeated by the platform it is one."""
    case = await _taken(system, "telegram")
    await _send(system, "telegram", "say", text=FIRST)
    before = await system.count("SELECT count(*) FROM inbox")
    fault = {"channel": "telegram", "kind": "duplicate_webhook", "method": "edited_message", "copies": 3}
    async with system.http.post(f"{system.base}/__sim/faults", json=[fault]) as answer:
        answer.raise_for_status()
    await edit(system, f"{FIRST} Hoa")
    assert await system.count("SELECT count(*) FROM inbox") == before + 1
    assert (await lines(system, case)).count(f"{FIRST} Hoa") == 1


async def test_an_edited_reply_is_quoted_like_a_reply(system: System) -> None:
    """Both versions stand beside what they answer; her own word that she replied to never does."""
    case = await _taken(system, "telegram")
    await _write(system, case, "Chị có an toàn không?")
    asked = next(m for m in reversed(system.world.phone("telegram", "lan").messages) if m.sender == "bot")
    await _send(system, "telegram", "say", text="có ạ", to=asked.id)
    await edit(system, "không ạ")
    assert (await lines(system, case))[-3:] == [f"“{asked.text}” → có ạ", EDITED, f"“{asked.text}” → không ạ"]


async def test_an_edit_two_days_later_of_nothing_is_nothing(system: System) -> None:
    """For as long as she can change a message its words are known by a hash, however much she wrote since."""
    case = await _taken(system, "telegram")
    await _send(system, "telegram", "say", text="cứu em với, em bị nhốt")
    first = newest(system)
    for n in range(30):
        await system.do("telegram", "lan", "say", text=f"em đây {n}")
    await system.quiet()
    hoaban, _ = await system.counsellor()
    now = system.runtime.clock.now()
    await casework.close(system.store, now, system.runtime.library, case, hoaban, "safe")
    await system.advance(47 * 3600)
    assert await edit(system, "cứu em với, em bị nhốt", first) == []
    assert await system.cases() == []
    assert any("113" in text for text in await edit(system, "cứu em với, em bị nhốt, gấp lắm", first))


async def test_a_cry_edited_into_an_old_topic_is_answered_there(system: System) -> None:
    """The numbers stand where she is looking."""
    await system.do("telegram", "lan", "say", text="xin chào", topic=7)
    await system.quiet()
    first = newest(system)
    await system.do("telegram", "lan", "say", text="menu", topic=8)
    await system.quiet()
    before = len(system.world.phone("telegram", "lan").messages)
    await edit(system, "cứu em với, em bị nhốt", first)
    shown: list[Any] = system.world.phone("telegram", "lan").messages[before:]
    assert {message.raw["message_thread_id"] for message in shown if message.sender == "bot"} == {7}


async def test_a_live_place_that_moves_is_nothing(system: System) -> None:
    """Telegram reports each move as an edit: none is a line, an answer, or a word of now."""
    case = await _taken(system, "telegram")
    await system.do("telegram", "lan", "location")
    await system.quiet()
    before, seen = await lines(system, case), await system.count("SELECT count(*) FROM ledger")
    bot, phone = system.world.telegram, system.world.phone("telegram", "lan")
    moved = phone.messages[-1].raw if "location" in phone.messages[-1].raw else {}
    for n in range(3):
        place = {"latitude": 21.0 + n, "longitude": 105.0, "live_period": 900}
        bot.updates.put(phone.address, "lan", "edited_message", {**moved, "edit_date": 1, "location": place})
    await system.quiet()
    assert await lines(system, case) == before
    assert await system.count("SELECT count(*) FROM ledger") == seen
