"""A check-in from agreement to answer: in her hours, under its cover, opened by her word, or handed to a human."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from content.zone import VIETNAM
from scheduler.quiet_hours import opening
from store.casework import task_list
from store.checkins import service as checkins
from store.checkins.models import check_in, check_in_answer, check_in_plan
from store.checkins.service import CheckInDays
from store.unit_of_work import member_actor, unit_of_work
from tests.support import casework
from tests.support.stage import until
from tests.support.system import System

COVER = "Chào chị, nhóm trồng rau hỏi thăm. Rau nhà mình dạo này thế nào?"
CHANNELS = ("telegram", "zalo_oa")


async def agree(system: System, channel: str, user: str, word: str = "rau muống") -> None:
    """Let somebody agree to check-ins in the evening."""
    for text in ("xin chào", "8", "hỏi thăm", "1", "3", word, word):
        await system.talk(channel, user, text)


async def start(system: System, days: tuple[int, ...]) -> Any:
    """Let a counsellor start the only plan there is, so many days from today."""
    staff_id, _ = await system.counsellor()
    now = system.runtime.clock.now()
    today = now.astimezone(VIETNAM).date()
    chosen = CheckInDays([today + timedelta(days=n) for n in days], opening, lambda _: 0)
    async with unit_of_work(system.store, now, member_actor(staff_id)) as work:
        plan = (await work.conn.execute(check_in_plan.select().order_by(check_in_plan.c.id.desc()).limit(1))).one()
        await checkins.start(work, plan.id, "cover_line_vegetables", chosen)
    return plan


async def go_to(system: System, days: int, hour: int, minute: int) -> None:
    """Move every clock to a time of day in Viet Nam, so many days from today."""
    now = system.runtime.clock.now()
    local = now.astimezone(VIETNAM)
    target = datetime.combine(local.date() + timedelta(days=days), time(hour, minute), VIETNAM)
    await system.advance((target - now).total_seconds())


async def shown(system: System, channel: str, user: str) -> list[str]:
    """Everything of ours on a phone."""
    return [message["text"] for message in await system.inbox(channel, user)]


async def states(system: System) -> list[str]:
    """Where the check-ins stand, in their order."""
    async with system.store.data.connect() as conn:
        return [row.state for row in await conn.execute(check_in.select().order_by(check_in.c.id))]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_check_in_is_asked_in_her_hours_and_answered_after_her_word(system: System, channel: str) -> None:
    """The cover comes in the evening she chose; her word opens two questions; the answers lie under her key."""
    await agree(system, channel, "lan")
    await start(system, (2, 5))
    await go_to(system, 2, 19, 29)
    await system.quiet()
    assert COVER not in await shown(system, channel, "lan")
    await go_to(system, 0, 19, 31)

    async def asked() -> bool:
        return COVER in await shown(system, channel, "lan")

    await until(asked, 10)
    assert "Vườn" not in " ".join(await shown(system, channel, "lan"))
    garden = await system.talk(channel, "lan", "rau muong")
    assert garden[-1]["text"].startswith("Vườn nhà mình")
    strength = await system.talk(channel, "lan", "1")
    assert strength[-1]["text"].startswith("Còn sức chị")
    assert (await system.talk(channel, "lan", "2"))[-1]["text"].startswith("Cảm ơn chị")
    assert await states(system) == ["answered", "planned"]
    async with system.store.data.connect() as conn:
        kept = (await conn.execute(check_in_answer.select())).all()
        assert {row.question for row in kept} == {"garden", "strength"}
        assert all(b"good" not in row.answer_ct for row in kept)
        plan = (await conn.execute(check_in_plan.select())).one()
        key = system.store.ring.cached(plan.person_id)
        opened = await checkins.answers(conn, key, plan.person_id, [row.check_in_id for row in kept])
    assert list(opened.values()) == [{"garden": "good", "strength": "so_so"}]


async def test_a_hard_garden_opens_a_case_at_once(system: System) -> None:
    """The flag ends the questions, opens a case at level 2 and is read by those who read cases."""
    await agree(system, "zalo_oa", "mai")
    await start(system, (1,))
    await go_to(system, 1, 19, 31)

    async def asked() -> bool:
        return COVER in await shown(system, "zalo_oa", "mai")

    await until(asked, 10)
    await system.talk("zalo_oa", "mai", "rau muống")
    await system.talk("zalo_oa", "mai", "3")
    (case,) = await system.cases()
    assert case.level == 2
    assert await states(system) == ["flagged"]


async def test_without_an_answer_a_human_gets_a_task(system: System) -> None:
    """A day of silence after the question becomes a task under her alias, once."""
    await agree(system, "telegram", "lan")
    await start(system, (1,))
    await go_to(system, 1, 19, 31)

    async def asked() -> bool:
        return COVER in await shown(system, "telegram", "lan")

    await until(asked, 10)
    await system.quiet()
    await go_to(system, 0, 20, 40)
    for _ in range(3):
        await go_to(system, 1, 20, 40)
    async with system.store.data.connect() as conn:
        (task,) = await task_list.open_tasks(conn)
        plan = (await conn.execute(check_in_plan.select())).one()
    assert (task.kind, task.reason, task.alias) == ("check_in", "missed", plan.alias)
    assert await states(system) == ["handed"]
    assert (await shown(system, "telegram", "lan")).count(COVER) == 1


async def test_what_is_too_late_is_never_sent_but_handed_over(system: System) -> None:
    """The clock jumps over her hours (we were down): nothing leaves at night, a human is told."""
    await agree(system, "telegram", "lan")
    await start(system, (1,))
    await go_to(system, 1, 22, 0)
    await system.quiet()
    async with system.store.data.connect() as conn:
        (task,) = await task_list.open_tasks(conn)
    assert task.reason == "late"
    assert COVER not in await shown(system, "telegram", "lan")


@pytest.mark.parametrize("words", [("dừng",), ("8", "hỏi thăm", "thôi hẳn"), ("8", "hỏi thăm", "nghỉ ít lâu")])
async def test_after_stop_end_or_rest_nothing_is_asked(system: System, words: tuple[str, ...]) -> None:
    """Stop anywhere, or ending or resting in the settings: no check-in leaves, no task says she is late."""
    await agree(system, "telegram", "lan")
    await start(system, (1, 2))
    await system.talk("telegram", "lan", "menu")
    for text in words:
        await system.talk("telegram", "lan", text)
    for day in (1, 1, 1):
        await go_to(system, day, 19, 31)
        await system.quiet()
    assert COVER not in await shown(system, "telegram", "lan")
    assert set(await states(system)) == {"cancelled"}
    async with system.store.data.connect() as conn:
        assert await task_list.open_tasks(conn) == []


async def test_an_answer_nobody_came_back_for_becomes_a_task(system: System) -> None:
    """A counsellor's answer kept for her silence ends, after seven days, as a task and not as a message."""
    from uuid import uuid4

    await system.talk("telegram", "lan", "cuu em voi")
    (case,) = await system.cases()
    staff_id, _ = await system.counsellor()
    await system.advance(20 * 60)
    now = system.runtime.clock.now()
    assert await casework.acknowledge(system.store, now, case.id, staff_id)
    await casework.reply(system.store, now, case.id, staff_id, "Chị đây.", uuid4(), system.runtime.library)
    await system.advance(7 * 24 * 3600 + 60)
    await system.quiet()
    async with system.store.data.connect() as conn:
        (task,) = await task_list.open_tasks(conn)
    assert (task.kind, task.reason, task.alias) == ("answer", "kept", case.alias)
    assert "Chị đây." not in await shown(system, "telegram", "lan")
