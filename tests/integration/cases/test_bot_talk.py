"""What the bot said stands in the case, so that nobody asks her again what she has just answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from store.cases.bot_answers import DIRECTION, read_line
from store.casework.reading import Line
from store.casework.unanswered import list_unanswered, take_unanswered
from store.unit_of_work import member_actor, unit_of_work
from tests.support import casework

CHANNELS = pytest.mark.parametrize("channel", ["zalo_oa", "telegram", "zalo_bot"])


async def _lines(system: Any, case: UUID) -> list[Line]:
    hoaban, private = await system.counsellor()
    view = await casework.read(system.store, system.runtime.clock.now(), case, hoaban, private)
    return list(view.lines)


async def _opened(system: Any, channel: str, *before: str) -> UUID:
    """The case of `lan`, who said this and then cried for help."""
    for said in (*before, "cuu em voi"):
        await system.talk(channel, "lan", said)
    await system.quiet()
    [case] = await system.cases()
    return case.id


@CHANNELS
async def test_a_case_begins_with_what_the_bot_had_said_before_her_cry(system, channel: str) -> None:
    """The answers of this talk, in order, then her cry, then the numbers she was given; of her words only the cry."""
    case = await _opened(system, channel, "xin chào", "số điện thoại")
    lines = [line for line in await _lines(system, case) if line.direction in ("in", DIRECTION)]
    assert [line.direction for line in lines] == [DIRECTION, DIRECTION, "in", DIRECTION]
    assert lines[2].text == "cuu em voi"
    assert {"113", "111"} <= set(read_line(lines[3].text)[1])
    assert not [line for line in lines if "xin chào" in line.text or "số điện thoại" in line.text]


async def test_what_the_bot_says_on_in_an_open_case_is_added(system) -> None:
    """She answers where she is before a human is there: what the bot said to that is a line as well."""
    case = await _opened(system, "telegram")
    before = len(await _lines(system, case))
    await system.talk("telegram", "lan", "1")
    await system.quiet()
    assert DIRECTION in [line.direction for line in (await _lines(system, case))[before:]]


async def test_who_left_in_a_hurry_takes_what_was_said_with_her(system) -> None:
    """Of a talk that she ended with the exit word no later case tells."""
    await system.talk("zalo_oa", "lan", "xin chào")
    await system.talk("zalo_oa", "lan", "số điện thoại")
    await system.do("zalo_oa", "lan", "say", text="xx")
    await system.quiet()
    case = await _opened(system, "zalo_oa")
    assert [line.direction for line in await _lines(system, case)][:1] == ["in"]


async def test_no_code_of_a_card_can_be_read_without_the_key_of_the_case(system) -> None:
    """The cards are sealed with the line: nothing beside it says what she was told."""
    await _opened(system, "zalo_oa", "xin chào")
    told = "SELECT count(*) FROM case_line WHERE direction = 'bot' AND cause !~ '^[0-9]+[.]bot$'"
    assert await system.count(told) == 0
    assert await system.count("SELECT count(*) FROM case_line WHERE direction = 'bot'") == 2


async def test_who_takes_somebody_silent_sees_what_the_bot_had_asked_her(system) -> None:
    """The talk is there at once, and is not there twice when she writes on."""
    await system.talk("telegram", "lan", "xin chào")
    await system.talk("telegram", "lan", "0")
    await system.advance(10 * 60 + 1)
    async with system.store.data.connect() as conn:
        [row] = (await list_unanswered(conn, system.runtime.clock.now())).rows
    hoaban, _ = await system.counsellor()
    async with unit_of_work(system.store, system.runtime.clock.now(), member_actor(hoaban)) as work:
        case = (await take_unanswered(work, row.id)).id
    assert [line.direction for line in await _lines(system, case)] == [DIRECTION, DIRECTION]
    await system.talk("telegram", "lan", "chị ơi họ giữ giấy tờ của em")
    await system.quiet()
    assert [line.direction for line in await _lines(system, case)][:4] == [DIRECTION, DIRECTION, "in", DIRECTION]
