"""Somebody who writes to an Official Account without signing in to Zalo: heard, answered, and a person of her own."""

from __future__ import annotations

from uuid import uuid4

from simulator.zalo import anonymous
from tests.support import casework
from tests.support.files.attachments import read
from tests.support.stage import until
from tests.support.system import System

NUMBERS = "+84 981 84 84 84"


async def test_a_cry_of_somebody_anonymous_gets_the_numbers_and_a_case(system: System) -> None:
    """And the answer of a counsellor; with a conversation of its own she is met as a stranger."""
    await system.do("zalo_oa", "lan", "anonymous")
    shown = await system.talk("zalo_oa", "lan", "cứu em với, em bị nhốt")
    assert NUMBERS in shown[0]["text"]
    [case] = await system.cases()
    staff_id, _ = await system.counsellor()
    now, library = system.runtime.clock.now(), system.runtime.library
    assert await casework.acknowledge(system.store, now, case.id, staff_id)
    words = {"words": "Chị đây.", "request_key": uuid4()}
    await casework.reply(system.store, now, case_id=case.id, staff_id=staff_id, library=library, **words)
    await system.quiet()
    assert (await system.inbox("zalo_oa", "lan"))[-1]["text"].endswith("Chị đây.")
    await system.do("zalo_oa", "lan", "anonymous")
    assert (await system.talk("zalo_oa", "lan", "xin chào"))[0]["text"] == system.runtime.library.say("welcome").text
    assert await system.count("SELECT count(*) FROM person") == 2


async def test_pictures_of_somebody_anonymous_are_kept(system: System) -> None:
    """Every one of an album."""
    await system.do("zalo_oa", "lan", "anonymous")
    await system.talk("zalo_oa", "lan", "cứu em với")
    [case] = await system.cases()
    await system.do("zalo_oa", "lan", "album", count=3)

    async def kept() -> bool:
        return await system.count("SELECT count(*) FROM case_attachment WHERE state = 1") == 3

    await until(kept, 10)
    staff_id, _ = await system.counsellor()
    assert await casework.acknowledge(system.store, system.runtime.clock.now(), case.id, staff_id)
    assert sum(line.attached is not None for line in (await read(system, case.id)).lines) == 3


async def test_a_damaged_message_of_somebody_anonymous_is_answered_with_the_numbers(system: System) -> None:
    """What she sent and nobody can read is still hers."""
    await system.do("zalo_oa", "lan", "anonymous")
    await system.talk("zalo_oa", "lan", "xin chào")
    seen = len(await system.inbox("zalo_oa", "lan"))
    oa, phone = system.world.zalo, system.world.phone("zalo_oa", "lan")
    sides = {"sender": {"id": anonymous.address_of(phone)}, "recipient": {"id": oa.oa_id}}
    damaged = {"conversation_id": phone.conversation, "msg_id": "m1", "text": 7, "attachments": 3}
    oa.webhook.emit("anonymous_send_text", {**sides, "message": damaged}, "lan")

    async def answered() -> bool:
        return len(await system.inbox("zalo_oa", "lan")) > seen

    await until(answered, 10)
    assert NUMBERS in (await system.inbox("zalo_oa", "lan"))[seen]["text"]
