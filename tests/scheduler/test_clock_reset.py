"""A clock set back takes nothing away from whoever waits for a human, and nothing from the hours people mean."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from scheduler.jobs.dispatch import relative_kinds
from scheduler.jobs.drills import DRILL_DUE
from scheduler.jobs.escalation import escalate_once
from store import clock_reset
from store.cases.models import case_file
from store.casework.replies import KEPT_ANSWER_DUE
from store.checkins.models import CHECK_IN_ANSWER_DUE, CHECK_IN_DUE, CHECK_IN_SENT_DUE
from store.clock_reset import done_ahead
from store.corrections.level_requests import LEVEL_REQUEST_DUE
from store.db.engine import Store
from store.escalation import escalations, pages
from store.escalation.escalations import STEP_DUE, TELL_PERSON_DUE, NewEscalation, climb, rung
from store.escalation.pages import PageState
from store.jobs import scheduled
from store.jobs.scheduled import KINDS, DueKind, due_item
from store.privacy.withdrawals import DECISION_DUE
from store.referrals.service import RECEIPT_DUE
from store.unit_of_work import CLOCK, UnitOfWork
from tests.scheduler.jobs.test_escalation import NOW, climbed, member, opened, staffed, steps_of
from tests.support.content import library

__all__ = ["staffed"]
BACK = timedelta(hours=2)
THEN = NOW - BACK
"""What the clock says after it was set back at NOW."""
MOVES = {
    TELL_PERSON_DUE: True,
    KEPT_ANSWER_DUE: True,
    RECEIPT_DUE: True,
    DECISION_DUE: True,
    LEVEL_REQUEST_DUE: True,
    DRILL_DUE: False,
} | dict.fromkeys((CHECK_IN_DUE, CHECK_IN_SENT_DUE, CHECK_IN_ANSWER_DUE), False)
"""Which kinds are minutes from now, and which hours of a day. Steps follow from when their escalations began."""


async def bring_back(store: Store, conn: AsyncConnection) -> int:
    """Bring everything that waits back, as the service does it; returns how many steps."""
    return await clock_reset.bring_back(UnitOfWork(store, conn, THEN, CLOCK), BACK, relative_kinds())


def test_every_kind_says_whether_it_moves() -> None:
    """A new kind of due item is either counted from something, or at an hour that people mean."""
    assert set(KINDS.values()) == {*MOVES, STEP_DUE}


@pytest.mark.parametrize("level", [3, 4])
async def test_every_step_comes_after_as_many_minutes_as_before(staffed: Store, level: int) -> None:
    """The first was called at NOW; set back two hours, each other step is done at its minute and not before."""
    await opened(staffed, level)
    await climbed(staffed, NOW)
    async with staffed.data.begin() as conn:
        assert await bring_back(staffed, conn) == 1
    for n in (1, 2, 3, 4):
        at = escalation_policy().moment(level, THEN, n)
        await climbed(staffed, at - timedelta(seconds=1))
        assert (level, n, True) not in await steps_of(staffed)
        await climbed(staffed, at)
        assert (level, n, True) in await steps_of(staffed)


async def test_a_page_that_was_about_to_leave_leaves(staffed: Store) -> None:
    """Noted a moment before: the way that carries it finds it at once, and it grows too old after half an hour."""
    await opened(staffed, 4)
    await climbed(staffed, NOW)
    who = await member(staffed, "hoaban")
    async with staffed.data.begin() as conn:
        first = (await conn.execute(select(rung.c.id))).scalars().first()
        assert first is not None
        await pages.add(UnitOfWork(staffed, conn, NOW, CLOCK), [(first, who, "mail", PageState.READY)])
        then = UnitOfWork(staffed, conn, THEN, CLOCK)
        assert await pages.claim(then, "mail", 9) == []
        await bring_back(staffed, conn)
        [found] = await pages.claim(then, "mail", 9)
        assert found.not_after == THEN + pages.TOO_OLD


@pytest.mark.parametrize(
    ("kind", "moves"),
    MOVES.items(),
    ids=lambda value: getattr(value, "name", None),
)
async def test_minutes_come_back_with_the_clock_and_hours_of_the_day_stay(
    staffed: Store, kind: DueKind, moves: bool
) -> None:
    """Fifteen minutes from now are fifteen minutes from then; seven in the evening is seven in the evening."""
    at = NOW + timedelta(minutes=15)
    async with staffed.data.begin() as conn:
        await scheduled.plan(conn, kind, 1, at, at)
        await bring_back(staffed, conn)
        [found] = (await conn.execute(select(due_item.c.due_at).where(due_item.c.kind == kind.number))).scalars()
    assert found == (at - BACK if moves else at)


async def test_what_was_to_begin_later_begins_then(staffed: Store) -> None:
    """An escalation that still lies ahead, at the opening of its hours or at a drill's hour, keeps its hour."""
    later = NOW + timedelta(hours=5)
    async with staffed.data.begin() as conn:
        values = {"level": 2, "code": "T1000", "since": later}
        made = (await conn.execute(insert(climb).values(values).returning(climb.c.id))).scalar_one()
        await bring_back(staffed, conn)
        since = (await conn.execute(select(climb.c.since).where(climb.c.id == made))).scalar_one()
    assert since == later
    assert await escalate_once(staffed, library(), THEN) == 0


async def test_an_escalation_that_begins_in_minutes_begins_in_as_many(staffed: Store) -> None:
    """Somebody has the case and she wrote again: if nobody answers in five minutes others are called, on any clock."""
    case_id = await opened(staffed, 4)
    within = timedelta(minutes=escalation_policy().level(4).within)
    async with staffed.data.begin() as conn:
        work = UnitOfWork(staffed, conn, NOW, CLOCK)
        await escalations.supersede(work, case_id)
        await escalations.begin(work, NOW + within, NewEscalation(level=4, code="K2345", case_id=case_id))
        assert await done_ahead(conn, NOW) == timedelta()
        await bring_back(staffed, conn)
    await climbed(staffed, THEN + within - timedelta(seconds=1))
    assert [done for _, _, done in await steps_of(staffed)] == [False, False]
    await climbed(staffed, THEN + within)
    assert [done for _, _, done in await steps_of(staffed)][:2] == [False, True]


async def test_a_case_is_overdue_as_soon_as_before(staffed: Store) -> None:
    """The console counts from when she began to wait."""
    await opened(staffed, 4)
    async with staffed.data.begin() as conn:
        before = (await conn.execute(select(case_file.c.waiting_since))).scalar_one()
        await bring_back(staffed, conn)
        assert (await conn.execute(select(case_file.c.waiting_since))).scalar_one() == before - BACK


async def test_a_service_that_starts_after_the_clock_was_set_back_notices_by_what_was_done_ahead(
    staffed: Store,
) -> None:
    """A step cannot have been done after now; one that is only planned can lie ahead."""
    await opened(staffed, 4)
    await climbed(staffed, NOW)
    async with staffed.data.connect() as conn:
        assert await done_ahead(conn, NOW) == timedelta()
        assert await done_ahead(conn, THEN) == BACK


async def test_a_service_that_starts_again_soon_afterwards_brings_nothing_back_twice(staffed: Store) -> None:
    """What was done is brought back as well: whoever looks next finds nothing ahead, and nobody is called early."""
    await opened(staffed, 4)
    await climbed(staffed, NOW)
    async with staffed.data.begin() as conn:
        await bring_back(staffed, conn)
        assert await done_ahead(conn, THEN) == timedelta()
