"""A platform reports that somebody takes back her permission: she is forgotten within a day, or a human decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from store.casework import task_list
from store.casework.task_list import Task
from store.db.engine import Store
from store.escalation.escalations import climb
from store.jobs import human_tasks
from store.jobs.scheduled import due_item
from store.messages import hold
from store.people.forget_requests import forget_wish
from store.people.models import session
from store.privacy import forget_requests, withdrawals
from store.unit_of_work import BOT, unit_of_work
from tests.store.privacy.test_retention import add_case, add_people
from tests.store.submissions.test_service import alive

NOW = datetime(2026, 11, 25, 9, 41, 7, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def report(store: Store, person_id: UUID, at: datetime = NOW) -> None:
    """Let a platform report it."""
    async with unit_of_work(store, at, BOT) as work:
        await withdrawals.report(work, person_id)


async def writes(store: Store, person_id: UUID, at: datetime) -> None:
    """Let her write."""
    async with store.data.begin() as conn:
        await conn.execute(update(session).where(session.c.person_id == person_id).values(last_in_at=at))


async def tasks(store: Store) -> list[Task]:
    """What waits for a human."""
    async with store.data.connect() as conn:
        return await task_list.open_tasks(conn)


async def test_without_a_case_she_is_forgotten_in_an_hour_of_silence(store: Store) -> None:
    """By nobody's hand, once, and nobody else with her."""
    her, other = await add_people(store, 2, NOW - HOUR)
    await report(store, her)
    assert await withdrawals.fulfil_once(store, NOW + 59 * MINUTE) == 0
    assert await withdrawals.fulfil_once(store, NOW + 61 * MINUTE) == 1
    assert [await alive(store, one) for one in (her, other)] == [False, True]
    assert await withdrawals.fulfil_once(store, NOW + 62 * MINUTE) == 0
    assert await tasks(store) == []


async def test_somebody_who_never_wrote_is_forgotten_too(store: Store) -> None:
    """All that is known of her is the report."""
    [her] = await add_people(store, 1, NOW)
    async with store.data.begin() as conn:
        await conn.execute(session.delete().where(session.c.person_id == her))
    await report(store, her)
    assert await withdrawals.fulfil_once(store, NOW + 61 * MINUTE) == 1


@pytest.mark.parametrize("repeated", [MINUTE, 5 * HOUR, 23 * HOUR])
async def test_a_repeated_report_neither_prolongs_nor_doubles(store: Store, repeated: timedelta) -> None:
    """The first one begins the day."""
    her, crying = await add_people(store, 2, NOW)
    await add_case(store, crying, None)
    for one in (her, crying):
        await report(store, one)
        await report(store, one, NOW + repeated)
    async with store.data.connect() as conn:
        assert (await conn.execute(select(forget_wish.c.person_id, forget_wish.c.withdrawn_at))).all() == [(her, NOW)]
    [task] = await tasks(store)
    assert task.due_at == NOW + 24 * HOUR


async def test_in_the_middle_of_a_talk_she_is_forgotten_later_but_within_the_day(store: Store) -> None:
    """Who writes again is answered; what she took back she took back, and it is done when she is silent."""
    talking, pausing = await add_people(store, 2, NOW)
    for one in (talking, pausing):
        await report(store, one)
        await writes(store, one, NOW + 2 * HOUR)
    assert await withdrawals.fulfil_once(store, NOW + 2.5 * HOUR) == 0
    await writes(store, talking, NOW + 21.9 * HOUR)
    assert await withdrawals.fulfil_once(store, NOW + 4 * HOUR) == 1
    assert [await alive(store, one) for one in (talking, pausing)] == [True, False]
    assert await withdrawals.fulfil_once(store, NOW + 22.1 * HOUR) == 1


async def test_with_a_case_a_human_decides_within_the_day(store: Store) -> None:
    """A task with her alias and the hour, at once; nothing is forgotten by itself, even when the case is closed."""
    [her] = await add_people(store, 1, NOW)
    await add_case(store, her, None)
    await report(store, her)
    [task] = await tasks(store)
    assert (task.kind, task.reason, task.due_at) == ("withdrawal", "withdrawal.case", NOW + 24 * HOUR)
    assert task.alias
    assert await withdrawals.fulfil_once(store, NOW + 30 * HOUR) == 0
    assert await alive(store, her)


async def test_a_case_opened_meanwhile_leaves_it_to_a_human(store: Store) -> None:
    """She cried before the hour was over: the day still ends when it would have."""
    [her] = await add_people(store, 1, NOW)
    await report(store, her)
    await add_case(store, her, None)
    assert await withdrawals.fulfil_once(store, NOW + 2 * HOUR) == 0
    [task] = await tasks(store)
    assert task.due_at == NOW + 24 * HOUR
    assert await alive(store, her)


async def test_on_hold_nobody_is_forgotten(store: Store) -> None:
    """After a restore nothing is destroyed before the release."""
    [her] = await add_people(store, 1, NOW)
    await report(store, her)
    async with store.data.begin() as conn:
        await conn.execute(insert(hold.hold).values(since=NOW, reason=hold.RESTORED))
    assert await withdrawals.fulfil_once(store, NOW + 23 * HOUR) == 0
    assert await alive(store, her)


@pytest.mark.parametrize("asked_first", [True, False])
async def test_her_own_wish_beside_a_report_is_done_as_soon_as_ever(store: Store, asked_first: bool) -> None:
    """The stronger one counts; visiting the young people's corner afterwards puts nothing off."""
    asking, visiting = await add_people(store, 2, NOW)
    for mine, hers in ((0, asking), (24, visiting)):
        if not asked_first:
            await report(store, hers)
        async with unit_of_work(store, NOW, BOT) as work:
            await forget_requests.request(work, hers, mine)
        if asked_first:
            await report(store, hers)
    assert await forget_requests.fulfil_once(store, NOW + 3 * MINUTE) == 1
    assert [await alive(store, one) for one in (asking, visiting)] == [False, True]
    assert await withdrawals.fulfil_once(store, NOW + 61 * MINUTE) == 1


async def test_she_who_asks_with_an_open_case_is_decided_about_in_a_day_and_people_are_paged_before_it_ends(
    store: Store,
) -> None:
    """One task, due in a day; two hours before that, while nobody has decided, her case is paged for."""
    [her] = await add_people(store, 1, NOW)
    await add_case(store, her, None)
    async with unit_of_work(store, NOW, BOT) as work:
        await work.conn.execute(update(climb).values(ended_at=NOW))
        await withdrawals.ask_people(work, her)
        await withdrawals.ask_people(work, her)
    [task] = await tasks(store)
    assert (task.kind, task.reason, task.due_at) == ("withdrawal", "withdrawal.wish", NOW + 24 * HOUR)
    assert await running(store) == 0
    async with store.data.connect() as conn:
        [due] = (await conn.execute(select(due_item).where(due_item.c.kind == withdrawals.DECISION_DUE.number))).all()
    assert (due.subject, due.due_at) == (task.id, NOW + 22 * HOUR)
    async with unit_of_work(store, NOW + 22 * HOUR, BOT) as work:
        await withdrawals.page_for(work, task.id)
    assert await running(store) == 1
    async with unit_of_work(store, NOW + 23 * HOUR, BOT) as work:
        await work.conn.execute(update(climb).values(ended_at=NOW))
        await work.conn.execute(update(human_tasks.task).values(done_at=NOW))
        await withdrawals.page_for(work, task.id)
    assert await running(store) == 0


async def running(store: Store) -> int:
    """How many escalations run."""
    async with store.data.connect() as conn:
        return len((await conn.execute(select(climb.c.id).where(climb.c.ended_at.is_(None)))).all())
