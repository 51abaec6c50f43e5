"""Operations on tips and questions: how many wait, what a human does with each, and a record of who did it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.areas.models import NATION, area
from store.areas.scopes import covers, within
from store.crypto.fields import encrypt
from store.errors import Refused
from store.jobs import human_tasks
from store.refusals import Refusal
from store.staff import authorization
from store.submissions.models import (
    NEW,
    PASSED,
    PASSED_ON,
    QUESTION,
    READ,
    REFUSED,
    TIP,
    WAITING,
    dialogue_question,
    question_key,
    question_place,
    tip,
)
from store.unit_of_work import UnitOfWork

LONGEST = 300
"""Characters of a question, as she was told before she wrote it."""
_MARKS = {READ: (NEW,), PASSED_ON: (NEW, READ)}
"""A mark, and the states it may follow: one that was passed on stays so."""


class Tip(msgspec.Struct, frozen=True):
    """One tip: the day it came, what, when, the official code of a place or "", and what became of it."""

    id: int
    day: datetime
    kind: str
    seen: str
    area: str
    state: str


class UnreadCounts(msgspec.Struct, frozen=True):
    """Where the tips lie that no human has read yet, one area for each, and how many questions wait."""

    areas: tuple[str, ...] = ()
    questions: int = 0

    def tips(self, scope: str) -> int:
        """Count the unread tips that a scope covers."""
        return sum(covers(scope, code) for code in self.areas)


_province = literal(f"{NATION}-") + tip.c.area
_WHERE = case(
    (func.length(tip.c.area) == 2, _province),
    else_=func.coalesce(
        select(area.c.code)
        .where(area.c.level == "commune", area.c.code.like(literal(f"{NATION}-__-") + tip.c.area))
        .limit(1)
        .scalar_subquery(),
        NATION,
    ),
)
"""The area of a tip; one whose place is not known, or is no more, is the nation's to read."""


async def unread(conn: AsyncConnection) -> UnreadCounts:
    """Find what waits to be read."""
    new = select(func.array_agg(_WHERE)).where(tip.c.state == NEW).scalar_subquery()
    asked = select(func.count()).select_from(dialogue_question).where(dialogue_question.c.state == WAITING)
    areas, questions = (await conn.execute(select(new, asked.scalar_subquery()))).one()
    return UnreadCounts(tuple(areas or ()), questions)


async def tips(conn: AsyncConnection, most: int = 300, *, scope: str) -> list[Tip]:
    """Return the tips that are kept and that a scope covers, the newest first."""
    query = select(tip.c.id, tip.c.day, tip.c.kind, tip.c.seen, tip.c.area, tip.c.state).where(within(_WHERE, scope))
    return [Tip(*row) for row in await conn.execute(query.order_by(tip.c.id.desc()).limit(most))]


async def mark(work: UnitOfWork, tip_id: int, state: str) -> None:
    """Say that a tip was read or passed on, and record who says so.

    Raises Refused when it was said already, and for a tip of another area.
    """
    if state not in _MARKS:
        raise Refused(Refusal.TIP_STATE_UNKNOWN)
    where = (await work.conn.execute(select(_WHERE).where(tip.c.id == tip_id))).scalar_one_or_none()
    if where is not None:
        await authorization.require(work.conn, work.staff_id, where)
    query = update(tip).where(tip.c.id == tip_id, tip.c.state.in_(_MARKS[state])).values(state=state)
    if not (await work.conn.execute(query)).rowcount:
        raise Refused(Refusal.TIP_MOVED)
    if not (await unread(work.conn)).areas:
        await human_tasks.finish_all(work, TIP)
    work.record(f"tip.{state}", tip_id)


async def moderate(work: UnitOfWork, question_id: int, *, passed: bool, words: str = "") -> None:
    """Let a waiting question through to the meeting, or refuse it, and record who did.

    `words` are the question without names, as the meeting reads it. Raises Refused when it does not wait, and for a
    question without words or with too many.
    """
    said = " ".join(words.split())
    if passed and not 1 <= len(said) <= LONGEST:
        raise Refused(Refusal.QUESTION_LENGTH, longest=LONGEST)
    waiting = (dialogue_question.c.id == question_id) & (dialogue_question.c.state == WAITING)
    found = await work.conn.execute(select(dialogue_question.c.topic).where(waiting).with_for_update())
    topic = found.scalar_one_or_none()
    if topic is None:
        raise Refused(Refusal.QUESTION_MOVED)
    state = PASSED if passed else REFUSED
    values: dict[str, object] = {"state": state}
    if passed:
        values["body_ct"] = encrypt(question_key(work.store.keys), said.encode(), question_place(topic))
    await work.conn.execute(update(dialogue_question).where(waiting).values(values))
    if not (await unread(work.conn)).questions:
        await human_tasks.finish_all(work, QUESTION)
    work.record(f"question.{state}", question_id)
