"""Closing answers: how many women said, after a talk with a human, that it helped or did not; nobody's row, no order.

One number a month and answer: no row of it stands for anybody, and none can be led back to a case.
"""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import Column, Date, Integer, Table, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.zone import VIETNAM
from store.metadata import metadata
from store.unit_of_work import UnitOfWork

HELPED, NOT_HELPED = "yes", "no"
MONTHS = 12
"""How many months are told."""

closing_answer = Table(
    "closing_answer",
    metadata,
    Column("month", Date, primary_key=True),
    Column("answer", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)


class MonthOfAnswers(msgspec.Struct, frozen=True):
    """How many said in one month (its first day) that it helped, and that it did not; rounded where it is shown."""

    month: date
    helped: int
    not_helped: int


async def count(work: UnitOfWork, answer: str) -> None:
    """Add one to what was answered this month; anything but a yes or a no is not counted."""
    if answer not in (HELPED, NOT_HELPED):
        return
    month = work.now.astimezone(VIETNAM).date().replace(day=1)
    first = insert(closing_answer).values(month=month, answer=answer, number=1)
    more = {"number": closing_answer.c.number + 1}
    await work.conn.execute(first.on_conflict_do_update(index_elements=["month", "answer"], set_=more))


async def by_month(conn: AsyncConnection) -> list[MonthOfAnswers]:
    """Return the numbers of the latest months, the newest first."""
    numbers: dict[date, dict[str, int]] = {}
    for month, answer, number in await conn.execute(select(closing_answer)):
        numbers.setdefault(month, {})[answer] = number
    newest = sorted(numbers, reverse=True)[:MONTHS]
    return [MonthOfAnswers(one, numbers[one].get(HELPED, 0), numbers[one].get(NOT_HELPED, 0)) for one in newest]
