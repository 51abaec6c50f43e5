"""Leaving in a hurry: the screen is pushed away, what can be deleted is, and then we are quiet."""

from __future__ import annotations

from uuid import uuid4

from store.casework import queue
from tests.support.stage import until


async def test_on_telegram_a_quick_exit_takes_our_messages_away(bridge) -> None:
    """After `thoát` only neutral cover lines are left of what we sent."""
    before = await bridge.talk("telegram", "lan", "xin chào")
    before += await bridge.talk("telegram", "lan", "1")
    await bridge.do("telegram", "lan", "say", text="thoát nhanh")

    async def only_covers() -> bool:
        left = await bridge.inbox("telegram", "lan")
        return bool(left) and not {m["id"] for m in left} & {m["id"] for m in before}

    await until(only_covers, 5)
    assert all(bridge.house.library.is_neutral(m["text"]) for m in await bridge.inbox("telegram", "lan"))


async def test_on_zalo_nothing_can_be_taken_back_and_nothing_is_claimed(bridge) -> None:
    """Zalo has no deletion: the messages stay, cover lines push them up, no word says they are gone."""
    before = await bridge.talk("zalo_oa", "lan", "xin chào")
    covers = await bridge.talk("zalo_oa", "lan", "thoát nhanh")
    shown = await bridge.inbox("zalo_oa", "lan")
    assert {m["id"] for m in before} <= {m["id"] for m in shown}
    assert len(covers) >= 2
    assert not any("xóa" in m["text"].lower() for m in covers)


async def test_after_a_quick_exit_a_counsellors_answer_is_kept_until_she_is_back(bridge) -> None:
    """Nothing of a human lights up her screen after she left: one word may be another's, the second brings it."""
    await bridge.talk("telegram", "lan", "cuu em voi")
    [case] = await bridge.cases()
    staff_id, _ = await bridge.counsellor()
    await bridge.talk("telegram", "lan", "thoát nhanh")
    now = bridge.house.clock.now()
    await queue.acknowledge(bridge.store, now, case.id, staff_id)
    await queue.reply(bridge.store, now, case.id, staff_id, "Chị đây.", uuid4(), bridge.house.library)

    async def kept() -> bool:
        return await bridge.count("SELECT count(*) FROM ledger WHERE status = 4 AND reason = 'kept'") == 2

    await until(kept, 5)
    assert not any("Chị đây." in m["text"] for m in await bridge.inbox("telegram", "lan"))
    await bridge.do("telegram", "lan", "say", text="ai đấy")
    await bridge.quiet()
    assert not any("Chị đây." in m["text"] for m in await bridge.inbox("telegram", "lan"))
    await bridge.do("telegram", "lan", "say", text="em đây")

    async def arrived() -> bool:
        return any("Chị đây." in m["text"] for m in await bridge.inbox("telegram", "lan"))

    await until(arrived, 5)


async def test_fifteen_minutes_without_her_keep_an_answer_back(bridge) -> None:
    """Sixteen minutes after her last word a counsellor's answer waits, and follows her next word (safety rule 6)."""
    await bridge.talk("zalo_oa", "lan", "cuu em voi")
    [case] = await bridge.cases()
    staff_id, _ = await bridge.counsellor()
    await bridge.advance(16 * 60)
    now = bridge.house.clock.now()
    await queue.acknowledge(bridge.store, now, case.id, staff_id)
    await queue.reply(bridge.store, now, case.id, staff_id, "Chị đây.", uuid4(), bridge.house.library)

    async def kept() -> bool:
        return await bridge.count("SELECT count(*) FROM ledger WHERE status = 4 AND reason = 'kept'") == 2

    await until(kept, 5)
    await bridge.do("zalo_oa", "lan", "say", text="em đây")

    async def arrived() -> bool:
        return any("Chị đây." in m["text"] for m in await bridge.inbox("zalo_oa", "lan"))

    await until(arrived, 5)
