"""Clock reset: when the wall clock was set back, due times move with it, so that nobody waits longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from content.escalation.policy import LEVELS
from store.attachments.service import State, case_attachment
from store.cases.models import case_file
from store.corrections.level_requests import ASKED, level_request
from store.escalation.escalations import STEP_DUE, climb, rung
from store.escalation.pages import PageState, call
from store.jobs.scheduled import DueKind, due_item
from store.referrals.models import referral
from store.unit_of_work import UnitOfWork

_WAITING: Sequence[tuple[tuple[Column[Any], ...], ColumnElement[bool]]] = (
    ((call.c.not_before, call.c.not_after), call.c.fate.in_((PageState.READY, PageState.CLAIMED))),
    ((case_file.c.waiting_since,), case_file.c.waiting_since.is_not(None)),
    ((level_request.c.due_at,), level_request.c.state == ASKED),
    ((referral.c.not_before,), referral.c.body_ct.is_not(None)),
    ((case_attachment.c.next_try,), case_attachment.c.state == State.WAITING),
)
"""Moments until which rows wait, and which rows still do. Rows of the ledger are their sender's concern."""


async def bring_back(work: UnitOfWork, back: timedelta, relative: Sequence[DueKind]) -> int:
    """Move open escalations, and what waits for so many minutes, back with the clock; returns how many steps.

    `relative` are the kinds that fall due so long after something happened; others keep to the hours people mean.
    An escalation due in minutes comes too; one that begins when its hours open, or a drill, keeps its hour.

    The work begins after the clock was set back by `back`. Once for each setting; `done_ahead` is 0 afterwards.
    """
    conn, now = work.conn, work.now
    its_time = due_item.c.kind.in_([kind.number for kind in relative]) & due_item.c.done_at.is_(None)
    for moments, waits in (((due_item.c.due_at, due_item.c.not_after), its_time), *_WAITING):
        earlier = {moment.name: moment - back for moment in moments}
        await conn.execute(update(moments[0].table).where(waits).values(earlier))  # cases first, as everywhere
    at_once = [level for level in LEVELS if escalation_policy().level(level).hours.always]
    in_minutes = climb.c.level.in_(at_once) & climb.c.case_id.is_not(None)
    moving = climb.c.ended_at.is_(None), or_(in_minutes, climb.c.since <= now + back)
    moved = update(climb).where(*moving).values(since=climb.c.since - back).returning(climb.c.id)
    ids = (await conn.execute(moved)).scalars().all()
    planned = select(rung.c.id, rung.c.n, climb.c.level, climb.c.since).join(climb, climb.c.id == rung.c.climb_id)
    waiting = planned.where(climb.c.id.in_(ids), rung.c.done_at.is_(None))
    steps = [_OpenStep(*row) for row in await conn.execute(waiting)]
    await _replan(conn, steps)
    done = rung.c.climb_id.in_(ids), rung.c.done_at.is_not(None)
    await conn.execute(update(rung).where(*done).values(done_at=rung.c.done_at - back))
    return len(steps)


async def done_ahead(conn: AsyncConnection, now: datetime) -> timedelta:
    """By how much, at least, the clock was set back while nobody ran: a step was done after `now`."""
    done = select(func.max(rung.c.done_at)).join(climb, climb.c.id == rung.c.climb_id)
    latest = (await conn.execute(done.where(climb.c.ended_at.is_(None)))).scalar_one()
    return max(timedelta(), latest - now) if latest else timedelta()


class _OpenStep(msgspec.Struct, frozen=True):
    """A step that has not been done, of an escalation at a level since a moment."""

    id: int
    n: int
    level: int
    since: datetime


async def _replan(conn: AsyncConnection, steps: Sequence[_OpenStep]) -> None:
    """Let steps fall due at the moments that follow from when their escalations now began."""
    if not steps:
        return
    moments = [{"of": step.id, "at": escalation_policy().moment(step.level, step.since, step.n)} for step in steps]
    await conn.execute(update(rung).where(rung.c.id == bindparam("of")).values(due_at=bindparam("at")), moments)
    its_item = due_item.c.kind == STEP_DUE.number, due_item.c.subject == bindparam("of"), due_item.c.done_at.is_(None)
    await conn.execute(update(due_item).where(*its_item).values(due_at=bindparam("at")), moments)
