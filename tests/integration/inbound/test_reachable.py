"""Whoever writes is reachable at once, whatever a channel said before; what she asked for stays (safety rule 20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from simulator.core.ids import zalo_user_by_app
from simulator.core.phones import Channel
from tests.support import casework
from tests.support.stage import until
from tests.support.system import System

NUMBERS = "+84 981 84 84 84"
LEAVES = {"telegram": "block", "zalo_oa": "unfollow", "zalo_bot": "unfollow"}
"""By which act somebody leaves a channel so that we are told of it."""
CHANNELS: list[Channel] = ["telegram", "zalo_oa", "zalo_bot"]
AWAY = "SELECT count(*) FROM person WHERE NOT reachable"


async def leave(system: System, channel: Channel) -> None:
    """Let Lan block or unfollow us, and let us hear of it."""
    await system.do(channel, "lan", LEAVES[channel])
    await until(lambda: system.count(AWAY), 5)


def unblock_unseen(system: System, channel: Channel) -> None:
    """Let her open the talk again without our being told."""
    system.world.phone(channel, "lan").blocked = False


async def answer(system: System, case_id: UUID, words: str, *, take: bool = True) -> None:
    """Let the counsellor take her case and answer."""
    staff_id, _ = await system.counsellor()
    now, library = system.runtime.clock.now(), system.runtime.library
    if take:
        assert await casework.acknowledge(system.store, now, case_id, staff_id)
    await casework.reply(
        system.store, now, case_id=case_id, staff_id=staff_id, words=words, request_key=uuid4(), library=library
    )


def tell_of_leaving(system: System, channel: Channel, ago: timedelta) -> None:
    """Report now that she left, with the time at which she did."""
    world, phone = system.world, system.world.phone(channel, "lan")
    at = world.now() - ago
    if channel == "telegram":
        bot = world.telegram
        old, new = ({"user": bot.me(), "status": "member"}, {"user": bot.me(), "status": "kicked", "until_date": 0})
        body = {"chat": bot.chat(phone), "from": bot.person(phone), "date": int(at.timestamp())}
        body |= {"old_chat_member": old, "new_chat_member": new}
        bot.updates.put(phone.address, "lan", "my_chat_member", body)
        return
    if channel == "zalo_bot":
        sender = {"from": {"id": phone.address}, "chat": {"id": phone.address, "chat_type": "PRIVATE"}}
        message = {**sender, "message_id": uuid4().hex[:20], "date": int(at.timestamp() * 1000)}
        world.zalo_bot.updates.put("lan", {"event_name": "user.unfollow", "message": message})
        return
    ids: dict[str, Any] = {"oa_id": world.zalo.oa_id, "follower": {"id": phone.address}, "source": "oa_profile"}
    now, world.clock.now = world.clock.now, lambda: at
    world.zalo.webhook.emit("unfollow", {**ids, "user_id_by_app": zalo_user_by_app("lan")}, "lan")
    world.clock.now = now


async def waits(system: System, condition: Callable[[], Any]) -> None:
    """Wait for a condition, then until nothing is on its way."""
    await until(condition, 5)
    await system.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_cry_after_leaving_is_answered_by_the_numbers_and_by_a_human(system: System, channel: Channel) -> None:
    """She left, we were told, she cries for help: numbers, a case, and the counsellor's words are on her phone."""
    await system.talk(channel, "lan", "xin chào")
    await leave(system, channel)
    unblock_unseen(system, channel)
    shown = await system.talk(channel, "lan", "cứu em với")
    assert any(NUMBERS in message["text"] for message in shown)
    assert await system.count(AWAY) == 0
    [case] = await system.cases()
    await answer(system, case.id, "Chị đây")

    async def arrived() -> bool:
        return any("Chị đây" in message["text"] for message in await system.inbox(channel, "lan"))

    await until(arrived, 5)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("act", ["xin chào", "1", "<voice>", "<sticker>"])
async def test_whatever_she_sends_after_leaving_is_answered(system: System, channel: Channel, act: str) -> None:
    """A word, an answer, a voice, a sticker: each is from somebody who is there."""
    await system.talk(channel, "lan", "xin chào")
    await leave(system, channel)
    unblock_unseen(system, channel)
    before = len(await system.inbox(channel, "lan"))
    if act.startswith("<"):
        await system.do(channel, "lan", act.strip("<>"))
    else:
        await system.do(channel, "lan", "say", text=act)

    async def more() -> bool:
        return len(await system.inbox(channel, "lan")) > before

    await until(more, 5)
    assert await system.count(AWAY) == 0


async def test_a_cry_edited_into_a_message_after_leaving_is_answered_and_releases_nothing(system: System) -> None:
    """She can read the numbers, whatever was reported of her; what is kept for her silence stays kept."""
    await system.talk("telegram", "lan", "họ giữ giấy tờ của em")
    await system.talk("telegram", "lan", "0")
    [case] = await system.cases()
    await answer(system, case.id, "Chị đây")
    await system.quiet()
    await system.advance(20 * 60)
    await answer(system, case.id, "Xe đón ở cổng chợ", take=False)
    kept = "SELECT count(*) FROM ledger WHERE reason = 'kept' AND status = 4"
    await until(lambda: system.count(kept), 5)
    await leave(system, "telegram")
    unblock_unseen(system, "telegram")
    hers = next(m.id for m in reversed(system.world.phone("telegram", "lan").messages) if m.sender == "user")
    await system.do("telegram", "lan", "edit", text="cứu em với, em bị nhốt, nó cầm dao", message_id=hers)

    async def answered() -> bool:
        return any("113" in message["text"] for message in await system.inbox("telegram", "lan"))

    await until(answered, 5)
    await system.quiet()
    assert not any("cổng chợ" in message["text"] for message in await system.inbox("telegram", "lan"))
    assert await system.count(kept + " AND not_before > now() + interval '1 hour'") == 1


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_late_report_that_she_left_does_not_count_against_a_newer_word(
    system: System, channel: Channel
) -> None:
    """A report of five minutes ago comes after a message of now: she stays reachable, and is answered."""
    await system.talk(channel, "lan", "xin chào")
    tell_of_leaving(system, channel, timedelta(minutes=5))
    await waits(system, lambda: system.count("SELECT (count(*) >= 2)::int FROM inbox WHERE state = 1"))
    assert await system.count(AWAY) == 0
    assert await system.talk(channel, "lan", "số điện thoại")
    tell_of_leaving(system, channel, timedelta())
    await until(lambda: system.count(AWAY), 5)


async def test_a_late_report_does_not_count_against_a_newer_follow(system: System) -> None:
    """She came back before the report of her leaving did."""
    await system.talk("zalo_oa", "lan", "xin chào")
    await leave(system, "zalo_oa")
    await system.advance(60)
    await system.do("zalo_oa", "lan", "follow")
    await until(lambda: system.count("SELECT count(*) FROM person WHERE reachable"), 5)
    tell_of_leaving(system, "zalo_oa", timedelta(seconds=30))
    await waits(system, lambda: system.count("SELECT (count(*) >= 4)::int FROM inbox WHERE state = 1"))
    assert await system.count(AWAY) == 0


@pytest.mark.parametrize("channel", CHANNELS)
async def test_coming_back_greets_nobody_twice(system: System, channel: Channel) -> None:
    """Following again, or unblocking, says nothing; `/start`, which some phones send with it, shows one menu."""
    await system.talk(channel, "lan", "xin chào")
    await leave(system, channel)
    before = len(await system.inbox(channel, "lan"))
    await system.do(channel, "lan", "follow")
    await waits(system, lambda: system.count("SELECT count(*) FROM person WHERE reachable"))
    shown = [message["text"] for message in (await system.inbox(channel, "lan"))[before:]]
    assert len(shown) == (1 if channel == "telegram" else 0)


@pytest.mark.parametrize("channel", ["zalo_oa", "zalo_bot"])
async def test_a_newcomers_first_follow_is_welcomed_once(system: System, channel: Channel) -> None:
    """A welcome and the menu; the second follow says nothing, and neither counts as a word of hers."""
    await system.do(channel, "lan", "follow")

    async def welcomed() -> bool:
        return len(await system.inbox(channel, "lan")) == 2

    await until(welcomed, 5)
    assert await system.count("SELECT count(*) FROM session WHERE last_in_at IS NOT NULL") == 0
    await system.do(channel, "lan", "follow")
    await waits(system, lambda: system.count("SELECT (count(*) >= 2)::int FROM inbox WHERE state = 1"))
    assert await welcomed()


async def test_coming_back_releases_no_kept_answer_and_undoes_no_stop(system: System) -> None:
    """Following is no word: what was kept for her silence stays kept, and who had stopped us has still stopped us."""
    await system.talk("zalo_oa", "lan", "cứu em với")
    [case] = await system.cases()
    await answer(system, case.id, "Chị đây")
    await system.quiet()
    await system.advance(20 * 60)
    await answer(system, case.id, "Xe đón ở cổng chợ", take=False)
    kept = "SELECT count(*) FROM ledger WHERE reason = 'kept' AND status = 4"
    await until(lambda: system.count(kept), 5)
    await system.do("zalo_oa", "lan", "follow")
    await waits(system, lambda: system.count("SELECT (count(*) >= 2)::int FROM inbox WHERE state = 1"))
    assert await system.count(kept + " AND not_before > now() + interval '1 hour'") == 1
    assert not any("cổng chợ" in message["text"] for message in await system.inbox("zalo_oa", "lan"))
    await system.talk("zalo_oa", "mai", "xin chào")
    await system.talk("zalo_oa", "mai", "dừng")
    await system.do("zalo_oa", "mai", "unfollow")
    await until(lambda: system.count(AWAY), 5)
    await system.do("zalo_oa", "mai", "follow")
    await until(lambda: system.count("SELECT (count(*) = 0)::int FROM person WHERE NOT reachable"), 5)
    assert await system.count("SELECT count(*) FROM session WHERE stopped") == 1


async def test_leaving_takes_no_question_off_the_table(system: System) -> None:
    """She was asked where she is, leaves and answers all the same: the answer is understood."""
    await system.talk("zalo_oa", "lan", "cứu em với")
    await leave(system, "zalo_oa")
    await system.talk("zalo_oa", "lan", "2")
    [case] = await system.cases()
    assert case.place == "abroad"
