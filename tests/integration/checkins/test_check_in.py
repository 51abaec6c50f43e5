"""A check-in from agreement to answer: in her hours, under its cover, opened by her word, or handed to a human."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from scheduler.quiet_hours import ZONE, opening, windows_of
from store.casework import task_list
from store.checkins import service as checkins
from store.checkins.models import check_in, check_in_answer, check_in_plan
from tests.support.bridge import Bridge
from tests.support.stage import until

COVER = "Chào chị, nhóm trồng rau hỏi thăm. Rau nhà mình dạo này thế nào?"
CHANNELS = ("telegram", "zalo_oa")


async def agree(bridge: Bridge, channel: str, user: str, word: str = "rau muống") -> None:
    """Let somebody agree to check-ins in the evening."""
    for text in ("xin chào", "6", "hỏi thăm", "1", "3", word):
        await bridge.talk(channel, user, text)


async def start(bridge: Bridge, days: tuple[int, ...]) -> Any:
    """Let a counsellor start the only plan there is, so many days from today."""
    staff_id, _ = await bridge.counsellor()
    now = bridge.house.clock.now()
    today = now.astimezone(ZONE).date()
    async with bridge.store.data.begin() as conn:
        plan = (await conn.execute(check_in_plan.select().order_by(check_in_plan.c.id.desc()).limit(1))).one()
        await checkins.start(
            conn,
            now,
            bridge.store.house.audit,
            plan_id=plan.id,
            staff_id=staff_id,
            days=[today + timedelta(days=n) for n in days],
            cover="cover_line_vegetables",
            opening=lambda hours, day: opening(windows_of(hours), day),
            jitter=lambda _: 0,
        )
    return plan


async def go_to(bridge: Bridge, days: int, hour: int, minute: int) -> None:
    """Move every clock to a time of day in Viet Nam, so many days from today."""
    now = bridge.house.clock.now()
    local = now.astimezone(ZONE)
    target = datetime.combine(local.date() + timedelta(days=days), time(hour, minute), ZONE)
    await bridge.advance((target - now).total_seconds())


async def shown(bridge: Bridge, channel: str, user: str) -> list[str]:
    """Everything of ours on a phone."""
    return [message["text"] for message in await bridge.inbox(channel, user)]


async def states(bridge: Bridge) -> list[str]:
    """Where the check-ins stand, in their order."""
    async with bridge.store.data.connect() as conn:
        return [row.state for row in await conn.execute(check_in.select().order_by(check_in.c.id))]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_check_in_is_asked_in_her_hours_and_answered_after_her_word(bridge: Bridge, channel: str) -> None:
    """The cover comes in the evening she chose; her word opens two questions; the answers lie under her key."""
    await agree(bridge, channel, "lan")
    await start(bridge, (2, 5))
    await go_to(bridge, 2, 19, 29)
    await bridge.quiet()
    assert COVER not in await shown(bridge, channel, "lan")
    await go_to(bridge, 0, 19, 31)

    async def asked() -> bool:
        return COVER in await shown(bridge, channel, "lan")

    await until(asked, 10)
    assert "Vườn" not in " ".join(await shown(bridge, channel, "lan"))
    garden = await bridge.talk(channel, "lan", "rau muong")
    assert garden[-1]["text"].startswith("Vườn nhà mình")
    strength = await bridge.talk(channel, "lan", "1")
    assert strength[-1]["text"].startswith("Còn sức mình")
    assert (await bridge.talk(channel, "lan", "2"))[-1]["text"].startswith("Cảm ơn bạn")
    assert await states(bridge) == ["answered", "planned"]
    async with bridge.store.data.connect() as conn:
        kept = (await conn.execute(check_in_answer.select())).all()
        assert {row.question for row in kept} == {"garden", "strength"}
        assert all(b"good" not in row.answer_ct for row in kept)
        plan = (await conn.execute(check_in_plan.select())).one()
        key = bridge.store.ring.cached(plan.person_id)
        opened = await checkins.answers(conn, key, plan.person_id, [row.check_in_id for row in kept])
    assert list(opened.values()) == [{"garden": "good", "strength": "so_so"}]


async def test_a_hard_garden_opens_a_case_at_once(bridge: Bridge) -> None:
    """The flag ends the questions, opens a case at level 2 and is read by the people of the ladder."""
    await agree(bridge, "zalo_oa", "mai")
    await start(bridge, (1,))
    await go_to(bridge, 1, 19, 31)

    async def asked() -> bool:
        return COVER in await shown(bridge, "zalo_oa", "mai")

    await until(asked, 10)
    await bridge.talk("zalo_oa", "mai", "rau muống")
    await bridge.talk("zalo_oa", "mai", "3")
    (case,) = await bridge.cases()
    assert case.level == 2
    assert await states(bridge) == ["flagged"]


async def test_without_an_answer_a_human_gets_a_task(bridge: Bridge) -> None:
    """A day of silence after the question becomes a task under her alias, once."""
    await agree(bridge, "telegram", "lan")
    await start(bridge, (1,))
    await go_to(bridge, 1, 19, 31)

    async def asked() -> bool:
        return COVER in await shown(bridge, "telegram", "lan")

    await until(asked, 10)
    await bridge.quiet()
    await go_to(bridge, 0, 20, 40)
    for _ in range(3):
        await go_to(bridge, 1, 20, 40)
    async with bridge.store.data.connect() as conn:
        (task,) = await task_list.open_tasks(conn)
        plan = (await conn.execute(check_in_plan.select())).one()
    assert (task.kind, task.reason, task.alias) == ("check_in", "missed", plan.alias)
    assert await states(bridge) == ["handed"]
    assert (await shown(bridge, "telegram", "lan")).count(COVER) == 1


async def test_what_is_too_late_is_never_sent_but_handed_over(bridge: Bridge) -> None:
    """The clock jumps over her hours (we were down): nothing leaves at night, a human is told."""
    await agree(bridge, "telegram", "lan")
    await start(bridge, (1,))
    await go_to(bridge, 1, 22, 0)
    await bridge.quiet()
    async with bridge.store.data.connect() as conn:
        (task,) = await task_list.open_tasks(conn)
    assert task.reason == "late"
    assert COVER not in await shown(bridge, "telegram", "lan")


@pytest.mark.parametrize("words", [("dừng",), ("6", "hỏi thăm", "thôi hẳn"), ("6", "hỏi thăm", "nghỉ ít lâu")])
async def test_after_stop_end_or_rest_nothing_is_asked(bridge: Bridge, words: tuple[str, ...]) -> None:
    """Stop anywhere, or ending or resting in the settings: no check-in leaves, no task says she is late."""
    await agree(bridge, "telegram", "lan")
    await start(bridge, (1, 2))
    await bridge.talk("telegram", "lan", "menu")
    for text in words:
        await bridge.talk("telegram", "lan", text)
    for day in (1, 1, 1):
        await go_to(bridge, day, 19, 31)
        await bridge.quiet()
    assert COVER not in await shown(bridge, "telegram", "lan")
    assert set(await states(bridge)) == {"cancelled"}
    async with bridge.store.data.connect() as conn:
        assert await task_list.open_tasks(conn) == []


async def test_an_answer_nobody_came_back_for_becomes_a_task(bridge: Bridge) -> None:
    """A counsellor's answer kept for her silence ends, after seven days, as a task and not as a message."""
    from uuid import uuid4

    from store.casework import queue

    await bridge.talk("telegram", "lan", "cuu em voi")
    (case,) = await bridge.cases()
    staff_id, _ = await bridge.counsellor()
    await bridge.advance(20 * 60)
    now = bridge.house.clock.now()
    assert await queue.acknowledge(bridge.store, now, case.id, staff_id)
    await queue.reply(bridge.store, now, case.id, staff_id, "Chị đây.", uuid4(), bridge.house.library)
    await bridge.advance(7 * 24 * 3600 + 60)
    await bridge.quiet()
    async with bridge.store.data.connect() as conn:
        (task,) = await task_list.open_tasks(conn)
    assert (task.kind, task.reason, task.alias) == ("answer", "kept", case.alias)
    assert "Chị đây." not in await shown(bridge, "telegram", "lan")
