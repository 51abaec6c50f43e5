"""Assignment of a case: who takes it, who hands it on.

A new owner gets its past, the old one nothing that is written afterwards (safety rule 11).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import update

from content.escalation.loader import escalation_policy
from store.cases import readers as case_readers
from store.cases import rekey
from store.cases import service as cases
from store.cases.impartiality import ReadingMember, neighbourhood
from store.cases.keys import new_epoch, newest_key
from store.cases.models import CaseRow, case_file
from store.cases.opening import open_case_keys
from store.casework import drafts, takes
from store.casework.takes import Take
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.escalation import escalations
from store.refusals import Refusal
from store.staff.models import SHIFT_LEAD, Member, member
from store.unit_of_work import UnitOfWork

REASONS = ("absent", "shift_ends", "language", "skill", "place", "too_near", "her_wish", "too_many")
"""Why a case may be handed on; only the code goes into the audit."""


def candidates(
    case: CaseRow, staff_id: UUID, readers: Sequence[ReadingMember], near: Collection[UUID]
) -> list[ReadingMember]:
    """Whoever a case may be handed to by a member, by alias; nobody when she may not hand it on."""
    who = next((one for one in readers if one.id == staff_id), None)
    if not _may_hand_on(case, who, near):
        return []
    fit = [one for one in readers if one.id != case.acked_by and one.id not in near]
    return sorted(fit, key=lambda one: one.alias)


def _may_hand_on(case: CaseRow, who: Member | ReadingMember | None, near: Collection[UUID]) -> bool:
    """Whoever has it; for one who is not there the shift lead, who reads the case herself."""
    if case.closed_at is not None or case.acked_by is None or who is None:
        return False
    lead = SHIFT_LEAD in who.roles and who.id not in near
    return case.acked_by == who.id or lead


def _may_take(who: Member | None, near: Collection[UUID]) -> bool:
    return who is not None and who.reads_cases and who.id not in near


async def transfer(work: UnitOfWork, case_id: UUID, to: UUID | None, reason: str) -> None:
    """Hand a case from whoever has it to somebody else; a shift lead does it for an owner who is not there.

    Raises Refused, Sealed, Forgotten; then nothing has changed.
    """
    if reason not in REASONS:
        raise Refused(Refusal.TRANSFER_REASON_UNKNOWN)
    case = await cases.load_case(work.conn, case_id, lock=True)
    near = (await neighbourhood(work.conn)).near(case)
    if not _may_hand_on(case, await member(work.conn, work.staff_id), near):
        raise Refused(Refusal.TRANSFER_NOT_YOURS)
    if to is None or to == case.acked_by or not _may_take(await member(work.conn, to), near):
        raise Refused(Refusal.TRANSFER_NOT_TO)
    await _reseal(work, case, to)
    await work.conn.execute(update(case_file).where(case_file.c.id == case_id).values(acked_by=to, acked_at=work.now))
    await drafts.drop(work.conn, case_id, case.acked_by)
    if case.waiting_since is not None:
        await escalations.begin_for_case(work, escalation_policy().promised(case.level, work.now), case)
    by_another = {} if case.acked_by == work.staff_id else {"from": str(case.acked_by)}
    work.record("case.transferred", case_id, reason=reason, to=str(to), **by_another)
    work.notify(NotifyChannel.CASE, case_id)


async def _reseal(work: UnitOfWork, case: CaseRow, new: UUID) -> None:
    """Give the readers of from now on the past, and begin an epoch that whoever had the case does not hold."""
    opened = await open_case_keys(work, case)
    if not opened.copies.opened or case.acked_by is None:
        raise Refused(Refusal.CASE_NOT_SEALED)
    await case_readers.let_in(work.conn, case.id, new)
    await case_readers.shut_out(work.conn, work.now, case.id, case.acked_by)
    hers = await case_readers.of(work.conn, work.now, case)
    await rekey.hand_on(work.conn, opened.owner, opened.copies, hers)
    newest, _ = await newest_key(work.conn, case.id)
    await new_epoch(work, opened.owner, newest + 1, hers)


async def acknowledge(work: UnitOfWork, case_id: UUID) -> None:
    """Take a case that nobody has, or for which somebody is being paged; of two who try at once exactly one has it.

    The paging stops here, and only here or when whoever has the case answers or closes it; who has it already says so
    by taking it. Raises Refused for who came second, and for somebody who may not read what is written in it.
    """
    case = await cases.load_case(work.conn, case_id, lock=True)
    if case.closed_at is not None:
        raise Refused(Refusal.CASE_CLOSED)
    if work.staff_id not in {reader.staff_id for reader in await case_readers.of(work.conn, work.now, case)}:
        raise Refused(Refusal.CASE_NOT_SEALED)
    others = case.acked_by not in (None, work.staff_id)
    stopped = await escalations.stop(work, case_id, called=others)
    if stopped is None and others:
        raise Refused(Refusal.CASE_TAKEN)
    if stopped is None and case.acked_by == work.staff_id:
        return  # pressed twice: it is hers already, and nobody is being paged
    if case.acked_by != work.staff_id:
        await takes.keep(work, Take(case_id, work.staff_id, work.now, case.acked_by, case.acked_at, stopped))
    hers = {"acked_by": work.staff_id, "acked_at": work.now}
    await work.conn.execute(update(case_file).where(case_file.c.id == case_id).values(hers))
    work.record("case.acknowledged", case_id)
    work.notify(NotifyChannel.CASE, case_id)


async def take_drill(work: UnitOfWork, drill: int) -> None:
    """Take a drill as a case is taken. Raises Refused for who came second."""
    if not await escalations.stop_drill(work, drill):
        raise Refused(Refusal.DRILL_TAKEN)
    work.record("drill.acknowledged", f"drill-{drill}")
    work.notify(NotifyChannel.CASE, "drill")
