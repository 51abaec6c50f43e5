"""Forget requests: written with the step that heard them, fulfilled by a job after the answer has left.

Two kinds: she asked (done a few minutes later), and the young people's corner (done after a day of silence, when
nothing else of that person is kept; safety rule 16). An open case is never forgotten by a request: a human does it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert

from store.cases.models import case_file
from store.db.engine import Store
from store.messages import hold
from store.people.forget_requests import forget_wish
from store.people.models import session
from store.privacy import forgetting
from store.privacy.sweeps import KEEPERS
from store.unit_of_work import BOT, UnitOfWork

ANSWER_FIRST = timedelta(minutes=2)
"""How long the answer to her request has to leave; it lies in a row that is forgotten with her."""
_BATCH = 50


async def request(work: UnitOfWork, person_id: UUID, silent_hours: int) -> None:
    """Note a request; the stronger one counts (0 hours of silence: she asked)."""
    asked = insert(forget_wish).values(person_id=person_id, asked_at=work.now, silent_hours=silent_hours)
    await work.conn.execute(
        asked.on_conflict_do_update(
            index_elements=[forget_wish.c.person_id],
            set_={
                "asked_at": asked.excluded.asked_at,
                "silent_hours": func.least(forget_wish.c.silent_hours, asked.excluded.silent_hours),
            },
        )
    )


async def fulfil_once(store: Store, now: datetime) -> int:
    """Forget everybody whose request is due; returns how many. Idempotent; on hold nothing is done."""
    async with store.data.connect() as conn:
        if await hold.find(conn) is not None:
            return 0
        due = list((await conn.execute(_due(now).limit(_BATCH))).scalars())
    for person_id in due:
        await forgetting.forget(store, now, BOT, person_id)
    async with store.data.begin() as conn:
        await conn.execute(delete(forget_wish).where(forget_wish.c.withdrawn_at.is_(None), has_case()))
    return len(due)


def _due(now: datetime) -> Select[UUID]:
    hours = forget_wish.c.silent_hours * literal_column("interval '1 hour'")
    asked = and_(forget_wish.c.silent_hours == 0, forget_wish.c.asked_at < now - ANSWER_FIRST)
    kept = or_(*(forget_wish.c.person_id.in_(keeper) for keeper in KEEPERS))
    only_silent = and_(forget_wish.c.silent_hours > 0, forget_wish.c.withdrawn_at.is_(None))
    silent = and_(only_silent, session.c.last_in_at + hours < now, ~kept)
    joined = select(forget_wish.c.person_id).join(session, session.c.person_id == forget_wish.c.person_id)
    return joined.where(or_(asked, silent), ~has_case())


def has_case() -> ColumnElement[bool]:
    """Whether somebody with a wish has an open case: then a human decides."""
    return exists().where(case_file.c.person_id == forget_wish.c.person_id, case_file.c.closed_at.is_(None))
