"""Closing a case, and opening it again while its keys live; neither sends anything to her."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from content.library import Library
from store.cases import chat_cleanup, rekey
from store.cases import readers as case_readers
from store.cases import service as cases
from store.cases.keys import new_epoch, newest_key
from store.cases.models import CaseRow, case_file, case_line
from store.cases.opening import OpenedCase, open_case_keys
from store.casework import drafts
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.escalation import escalations
from store.jobs import human_tasks
from store.jobs.human_tasks import NOTICE
from store.people.forget_requests import asked_to_be_forgotten
from store.people.models import person
from store.refusals import Refusal
from store.staff.models import staff
from store.unit_of_work import UnitOfWork

CLOSING_REASONS = ("answered", "referred", "safe", "no_answer", "mistake")
"""Why a case may be closed."""


async def close(work: UnitOfWork, case_id: UUID, reason: str, library: Library, waiting: int = 0) -> None:
    """Close a case, and let its talk be deleted from the phone where the channel can. Raises Refused.

    While she waits for an answer it is closed only for whoever says it twice: `waiting` is how many lines of hers
    the second saying named; where another has come since, it is asked again. The case of a child whom nobody has told
    the line of stays open, and so does that of somebody who is to be told of help that was called without her yes.
    """
    if reason not in CLOSING_REASONS:
        raise Refused(Refusal.CLOSING_REASON_UNKNOWN)
    case = await cases.owned_case(work, case_id)
    if case.waiting_since is not None and waiting != (lines := max(1, await waiting_lines(work.conn, case_id))):
        raise Refused(Refusal.CASE_WAITS, lines=lines)
    if case.child_at is not None and case.reported_at is None and reason != "mistake":
        raise Refused(Refusal.REPORT_MISSING)
    if await human_tasks.is_open(work.conn, NOTICE, case.person_id):
        raise Refused(Refusal.NOTICE_OPEN)
    closed = {"closed_at": work.now, "state": "closed", "closed_in": case.state}
    ended = {"waiting_since": None, "next_step": "", "next_day": None}
    await work.conn.execute(update(case_file).where(case_file.c.id == case_id).values(closed | ended))
    await note_who_left(work, case)
    await chat_cleanup.after_closing(work, library, case)
    await escalations.stop(work, case_id)
    await drafts.drop(work.conn, case_id)
    left = {} if case.waiting_since is None else {"waiting": waiting}
    work.record("case.closed", case_id, reason=reason, **left)
    work.notify(NotifyChannel.CASE, case_id)


async def waiting_lines(conn: AsyncConnection, case_id: UUID) -> int:
    """How many lines of hers nobody has answered; a cry by a button, which has no line, counts as one."""
    told = case_line.c.case_id == case_id, case_line.c.direction == "out"
    last = (await conn.execute(select(func.max(case_line.c.id)).where(*told))).scalar_one()
    hers = case_line.c.case_id == case_id, case_line.c.direction == "in", case_line.c.id > (last or 0)
    count = (await conn.execute(select(func.count()).where(*hers))).scalar_one()
    return count if last is not None else max(1, count)


async def note_who_left(work: UnitOfWork, case: CaseRow) -> None:
    """Remember by alias who wrote to her last, for the first line of the answer to her next message."""
    answers = select(staff.c.alias).join(case_line, case_line.c.author == staff.c.id)
    hers = answers.where(case_line.c.case_id == case.id, case_line.c.direction == "out")
    alias = (await work.conn.execute(hers.order_by(case_line.c.id.desc()).limit(1))).scalar_one_or_none()
    if alias is not None:
        await work.conn.execute(update(person).where(person.c.id == case.person_id).values(left_by=alias))


async def reopen(work: UnitOfWork, case_id: UUID) -> None:
    """Open a closed case again, in the hands of whoever does it; nothing is sent to her.

    Only while its keys live, and never after she asked to be forgotten. What she wrote without an answer waits again,
    and people are called for it. Raises Refused, Forgotten, Sealed.
    """
    case = await cases.load_case(work.conn, case_id, lock=True)
    if case.closed_at is None:
        raise Refused(Refusal.CASE_OPEN)
    opened = await open_case_keys(work, case)
    await _refuse_reopening(work.conn, case)
    waits = await waiting_lines(work.conn, case_id) > 0
    again = {"closed_at": None, "state": case.closed_in, "closed_in": "", "acked_by": work.staff_id}
    times = {"acked_at": work.now, "waiting_since": work.now if waits else None}
    await work.conn.execute(update(case_file).where(case_file.c.id == case_id).values(again | times))
    await work.conn.execute(update(person).where(person.c.id == case.person_id).values(left_by=""))
    await _reseal(work, case, opened)
    if waits:
        await escalations.begin_for_case(work, escalation_policy().promised(case.level, work.now), case)
    work.record("case.reopened", case_id)
    work.notify(NotifyChannel.CASE, case_id)


async def _refuse_reopening(conn: AsyncConnection, case: CaseRow) -> None:
    """Look what stands against it. Her row is held first: no case and no wish of hers comes in between."""
    await conn.execute(select(person.c.id).where(person.c.id == case.person_id).with_for_update())
    if await asked_to_be_forgotten(conn, case.person_id):
        raise Refused(Refusal.REOPEN_FORGET)
    if await cases.find_open(conn, case.person_id) is not None:
        raise Refused(Refusal.REOPEN_NOT_NOW)


async def _reseal(work: UnitOfWork, case: CaseRow, opened: OpenedCase) -> None:
    """Give today's readers the past, and begin an epoch of theirs. Raises Refused for who is none of them."""
    hers = await case_readers.of(work.conn, work.now, case)
    if not opened.copies.opened or work.staff_id not in {reader.staff_id for reader in hers}:
        raise Refused(Refusal.CASE_NOT_SEALED)
    await rekey.hand_on(work.conn, opened.owner, opened.copies, hers)
    newest, _ = await newest_key(work.conn, case.id)
    await new_epoch(work, opened.owner, newest + 1, hers)
