"""Release of a case: a take undone within ten seconds, or a case put back; whoever is on duty is paged for it again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, func, select, update

from store.cases import service as cases
from store.cases.changes import Change, note_change
from store.cases.models import CaseRow, case_file, case_line
from store.casework import takes
from store.casework.closing import note_who_left
from store.casework.takes import ON_ITS_WAY, UNDO_WITHIN, Take
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.escalation import escalations
from store.escalation.escalations import climb
from store.escalation.resuming import resume
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork


async def undo_take(work: UnitOfWork, case_id: UUID) -> None:
    """Undo a take: whoever had the case before has it, and the escalation goes on as if it had not been stopped.

    Raises Refused when it is too late, or something was done in the case since.
    """
    case = await cases.owned_case(work, case_id)
    take = await takes.last(work.conn, case_id, work.staff_id, case.acked_at)
    if take is None or work.now - take.at > UNDO_WITHIN + ON_ITS_WAY or await _answered(work, case, take):
        raise Refused(Refusal.TAKE_OVER)
    before = {"acked_by": take.before_by, "acked_at": take.before_at}
    await work.conn.execute(update(case_file).where(case_file.c.id == case_id).values(before))
    if not await _resume(work, case, take) and take.before_by is None:
        await escalations.begin_for_case(work, case.waiting_since or work.now, case)
    await takes.drop(work, case_id)
    work.record("case.take_undone", case_id)
    work.notify(NotifyChannel.CASE, case_id)


async def put_back(work: UnitOfWork, case_id: UUID) -> None:
    """Put a case back for whoever takes it. Nothing is sent.

    One that was not answered since it was taken is paged for as if it had not been taken: what is late by now, at
    once. For any other she waits from now, or since she wrote, and paging begins anew. Raises Refused.
    """
    case = await cases.owned_case(work, case_id)
    take = await takes.last(work.conn, case_id, work.staff_id, case.acked_at)
    answered = take is None or await _answered(work, case, take)
    waits = func.coalesce(case_file.c.waiting_since, work.now)
    free = {"acked_by": None, "acked_at": None, "waiting_since": waits}
    await work.conn.execute(update(case_file).where(case_file.c.id == case_id).values(free))
    if take is None or answered or not await _resume(work, case, take):
        await escalations.supersede(work, case_id)
        await escalations.begin_for_case(work, case.waiting_since or work.now, case)
    await note_who_left(work, case)
    await note_change(work, case_id, Change("put_back", "", ""))
    await takes.drop(work, case_id)
    work.record("case.put_back", case_id)
    work.notify(NotifyChannel.CASE, case_id)


async def _answered(work: UnitOfWork, case: CaseRow, take: Take) -> bool:
    """Whether she was answered since a take."""
    since = case_line.c.case_id == case.id, case_line.c.direction == "out", case_line.c.at >= take.at
    return bool(await work.conn.scalar(select(exists().where(*since))))


async def _resume(work: UnitOfWork, case: CaseRow, take: Take) -> bool:
    """Let the escalation go on that a take stopped; False when there was none, or the level has changed since."""
    same = climb.c.id == take.climb_id, climb.c.level == case.level
    if take.climb_id is None or (await work.conn.execute(select(climb.c.id).where(*same))).first() is None:
        return False
    await escalations.supersede(work, case.id)
    return await resume(work, take.climb_id)
