"""The roster of a week: its turns, where a post stands empty, and copying the week before.."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.staff.models import READING, staff
from store.staff.roster import Shift, roster
from store.unit_of_work import UnitOfWork

WEEK = timedelta(days=7)


async def turns_between(conn: AsyncConnection, start: datetime, end: datetime) -> list[Shift]:
    """Turns that touch a span of time, soonest first; of whoever reads cases now."""
    here = roster.c.starts_at < end, roster.c.ends_at > start, staff.c.active, staff.c.roles.overlap(READING)
    query = select(roster, staff.c.alias).join(staff, staff.c.id == roster.c.staff_id).where(*here)
    rows = await conn.execute(query.order_by(roster.c.starts_at, roster.c.rung, roster.c.id))
    return [
        Shift(row.id, row.staff_id, row.alias, row.starts_at, row.ends_at, row.rung, row.province, tuple(row.skills))
        for row in rows
    ]


def gaps(turns: Iterable[Shift], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The spans between two moments in which none of these turns runs."""
    found, until = [], start
    for turn in sorted(turns, key=lambda one: one.starts_at):
        if turn.starts_at > until:
            found.append((until, min(turn.starts_at, end)))
        until = max(until, turn.ends_at)
        if until >= end:
            return found
    return [*found, (until, end)]


async def left_empty(conn: AsyncConnection, duty: int, now: datetime) -> list[tuple[datetime, datetime]]:
    """The spans from now on in which nobody would be on call without this turn; none for a turn at another post."""
    query = select(roster.c.starts_at, roster.c.ends_at).where(roster.c.id == duty, roster.c.rung == 0)
    turn = (await conn.execute(query.where(roster.c.ends_at > now))).one_or_none()
    if turn is None:
        return []
    start = max(turn.starts_at, now)
    others = [one for one in await turns_between(conn, start, turn.ends_at) if one.position == 0 and one.id != duty]
    return gaps(others, start, turn.ends_at)


async def copy_week(work: UnitOfWork, monday: datetime) -> int:
    """Put the turns of the week before on the week that begins at `monday`; one that is there already is not doubled.

    Returns how many were put. Of two who copy at once the second finds the turns of the first.
    """
    await work.conn.execute(text("LOCK TABLE roster IN SHARE ROW EXCLUSIVE MODE"))
    starts, ends = roster.c.starts_at + WEEK, roster.c.ends_at + WEEK
    there = roster.alias()
    same = (
        (there.c.staff_id == roster.c.staff_id)
        & (there.c.starts_at == starts)
        & (there.c.ends_at == ends)
        & (there.c.rung == roster.c.rung)
        & (there.c.province == roster.c.province)
    )
    before = roster.c.starts_at >= monday - WEEK, roster.c.starts_at < monday
    reading = staff.c.active, staff.c.roles.overlap(READING), ~select(literal(1)).where(same).correlate(roster).exists()
    turns = select(roster.c.staff_id, starts, ends, roster.c.rung, roster.c.province, roster.c.skills)
    query = turns.join(staff, staff.c.id == roster.c.staff_id).where(*before, *reading).distinct()
    names = ["staff_id", "starts_at", "ends_at", "rung", "province", "skills"]
    made = (await work.conn.execute(insert(roster).from_select(names, query).returning(roster.c.id))).all()
    work.record("roster.copied", work.staff_id, count=len(made))
    return len(made)
