"""First answers: for cases of a day, when a human first answered, measured against what their first level promises."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.models import case_file, case_line
from store.escalation.escalations import climb


class FirstAnswer(msgspec.Struct, frozen=True):
    """A case by the level it was opened with, and when it was first answered; `communes` tell who may know of it."""

    level: int
    opened_at: datetime
    answered_at: datetime | None
    communes: list[str]
    commune_ok: bool


async def first_answers(conn: AsyncConnection, since: datetime) -> list[FirstAnswer]:
    """Every case that was opened since a moment, closed or not."""
    of_case = case_line.c.case_id == case_file.c.id
    answer = select(func.min(case_line.c.at)).where(of_case, case_line.c.direction == "out").correlate(case_file)
    began = select(climb.c.level).where(climb.c.case_id == case_file.c.id).order_by(climb.c.id).limit(1)
    level = func.coalesce(began.correlate(case_file).scalar_subquery(), case_file.c.level)
    query = select(level, case_file.c.opened_at, answer.scalar_subquery(), case_file.c.communes, case_file.c.commune_ok)
    return [FirstAnswer(*row) for row in await conn.execute(query.where(case_file.c.opened_at >= since))]
