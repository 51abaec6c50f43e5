"""The human has left: nothing leaves then, her next message is answered with it, and whether it helped is a number."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from store.people.models import person
from store.submissions import closing_answers
from store.submissions.closing_answers import closing_answer
from tests.support import casework

CHANNELS = pytest.mark.parametrize("channel", ["zalo_oa", "telegram", "zalo_bot"])
LEFT = "Hoa Ban tạm dừng ở đây."


async def _closed(system: Any, channel: str, *, wrote: bool = True) -> UUID:
    """A case of `lan` that Hoa Ban took and has closed."""
    await system.talk(channel, "lan", "cuu em voi")
    [case] = await system.cases()
    hoaban, _ = await system.counsellor()
    now, library = system.runtime.clock.now(), system.runtime.library
    assert await casework.acknowledge(system.store, now, case.id, hoaban)
    if wrote:
        await casework.reply(system.store, now, case.id, hoaban, "Chị đây.", uuid4(), library)
        await system.quiet()
    await casework.close(system.store, now, library, case.id, hoaban, "answered")
    return case.id


async def _send(system: Any, channel: str, text: str) -> list[str]:
    before = len(await system.inbox(channel, "lan"))
    await system.do(channel, "lan", "say", text=text)
    await system.quiet()
    return [message["text"] for message in (await system.inbox(channel, "lan"))[before:]]


@CHANNELS
async def test_who_has_left_is_the_first_line_of_the_next_answer_and_nothing_before(system, channel: str) -> None:
    """Closing sends nothing; her thanks are answered with one bubble; her number is counted and her row forgets it."""
    await _closed(system, channel)
    shown = [message["text"] for message in await system.inbox(channel, "lan")]
    await system.quiet()
    assert {message["text"] for message in await system.inbox(channel, "lan")} <= set(shown)
    [answer] = await _send(system, channel, "cảm ơn chị")
    assert answer.startswith(LEFT)
    assert "có giúp được bạn không" in answer
    [counted] = await _send(system, channel, "1")
    assert counted.startswith("Cảm ơn bạn.")
    async with system.store.data.connect() as conn:
        [month] = await closing_answers.by_month(conn)
        assert (month.helped, month.not_helped) == (1, 0)
        assert set((await conn.execute(select(person.c.left_by))).scalars()) == {""}
    assert {column.name for column in closing_answer.c} == {"month", "answer", "number"}


async def test_where_no_human_ever_wrote_nothing_is_said_of_one(system) -> None:
    """Taken and closed without a word: she met nobody, and nobody has left."""
    await _closed(system, "telegram", wrote=False)
    assert not any(LEFT in text for text in await _send(system, "telegram", "cảm ơn chị"))


async def test_a_new_cry_after_closing_gets_the_numbers_first(system) -> None:
    """Nothing stands before them, and the old human is no news beside the new case."""
    await _closed(system, "zalo_oa")
    first, *_ = await _send(system, "zalo_oa", "cứu em với")
    assert LEFT not in first
    assert "113" in first
    assert not any(LEFT in text for text in await _send(system, "zalo_oa", "menu"))
