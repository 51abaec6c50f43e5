"""Leaving in a hurry: the screen is pushed away, what can be deleted is, and then we are quiet."""

from __future__ import annotations

from uuid import uuid4

from tests.support import casework
from tests.support.stage import until


async def test_on_telegram_a_quick_exit_takes_our_messages_away(system) -> None:
    """After `thoát` only neutral cover lines are left of what we sent."""
    before = await system.talk("telegram", "lan", "xin chào")
    before += await system.talk("telegram", "lan", "1")
    await system.do("telegram", "lan", "say", text="thoát nhanh")

    async def only_covers() -> bool:
        left = await system.inbox("telegram", "lan")
        return bool(left) and not {m["id"] for m in left} & {m["id"] for m in before}

    await until(only_covers, 5)
    assert all(system.runtime.library.is_neutral(m["text"]) for m in await system.inbox("telegram", "lan"))


async def test_on_zalo_nothing_can_be_taken_back_and_nothing_is_claimed(system) -> None:
    """Zalo has no deletion: the messages stay, cover lines push them up, no word says they are gone."""
    before = await system.talk("zalo_oa", "lan", "xin chào")
    covers = await system.talk("zalo_oa", "lan", "thoát nhanh")
    shown = await system.inbox("zalo_oa", "lan")
    assert {m["id"] for m in before} <= {m["id"] for m in shown}
    assert len(covers) >= 2
    assert not any("xóa" in m["text"].lower() for m in covers)


async def test_after_a_quick_exit_a_counsellors_answer_is_kept_until_she_is_back(system) -> None:
    """Nothing of a human lights up her screen after she left: words may be another's, her `1` to the line brings it."""
    await system.talk("telegram", "lan", "cuu em voi")
    [case] = await system.cases()
    staff_id, _ = await system.counsellor()
    await system.talk("telegram", "lan", "thoát nhanh")
    now = system.runtime.clock.now()
    await casework.acknowledge(system.store, now, case.id, staff_id)
    await casework.reply(system.store, now, case.id, staff_id, "Chị đây.", uuid4(), system.runtime.library)

    async def kept() -> bool:
        return await system.count("SELECT count(*) FROM ledger WHERE status = 4 AND reason = 'kept'") == 2

    await until(kept, 5)
    assert not any("Chị đây." in m["text"] for m in await system.inbox("telegram", "lan"))
    greeted = await system.talk("telegram", "lan", "ai đấy")
    library = system.runtime.library
    assert [m["text"] for m in greeted] == [f"{library.say('newcomer').text}\n\n{library.say('relay.knock').text}"]
    await system.do("telegram", "lan", "say", text="em đây")
    await system.quiet()
    assert not any("Chị đây." in m["text"] for m in await system.inbox("telegram", "lan"))
    await system.do("telegram", "lan", "say", text="1")

    async def arrived() -> bool:
        return any("Chị đây." in m["text"] for m in await system.inbox("telegram", "lan"))

    await until(arrived, 5)


async def test_fifteen_minutes_without_her_keep_an_answer_back(system) -> None:
    """Sixteen minutes after her last word a counsellor's answer waits, and follows her `1` (safety rules 6 and 23)."""
    await system.talk("zalo_oa", "lan", "cuu em voi")
    [case] = await system.cases()
    staff_id, _ = await system.counsellor()
    await system.advance(16 * 60)
    now = system.runtime.clock.now()
    await casework.acknowledge(system.store, now, case.id, staff_id)
    await casework.reply(system.store, now, case.id, staff_id, "Chị đây.", uuid4(), system.runtime.library)

    async def kept() -> bool:
        return await system.count("SELECT count(*) FROM ledger WHERE status = 4 AND reason = 'kept'") == 2

    await until(kept, 5)
    asked = await system.talk("zalo_oa", "lan", "ai nhắn gì đây")
    assert [m["text"] for m in asked] == [system.runtime.library.say("relay.knock").text]
    await system.do("zalo_oa", "lan", "say", text="1")

    async def arrived() -> bool:
        return any("Chị đây." in m["text"] for m in await system.inbox("zalo_oa", "lan"))

    await until(arrived, 5)
