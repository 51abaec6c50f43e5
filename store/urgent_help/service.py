"""Operations on urgent help: one member asks with a reason, a second one confirms, then the service may be told.

Nobody does it alone. That she is told of it afterwards is a task that stays open until it was done, or until two people
say that it is not safe. What they write is sealed to the readers of the case; the audit holds codes.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import update

from content.directory.children import CHILD, UNDER_16, Reason, children
from content.directory.referrals import FIELDS
from store.cases import service as cases
from store.cases.changes import Change, checked_words, note_change, readable_case
from store.cases.models import CaseRow
from store.cases.second_person import may_decide
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.jobs import human_tasks
from store.jobs.human_tasks import NOTICE, NewTask
from store.referrals import models as referral_models
from store.referrals.models import NewReferral, referral
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork
from store.urgent_help import models
from store.urgent_help.models import (
    ASKED,
    CONFIRMED,
    DECLINED,
    DUE,
    TAKEN_BACK,
    TOLD,
    UNSAFE,
    UNSAFE_ASKED,
    NewUrgentHelp,
    UrgentHelp,
)

NO_CONSENT = "no_consent"
"""The basis of a referral that two people agreed on without her."""


async def ask(work: UnitOfWork, case_id: UUID, new: NewUrgentHelp) -> None:
    """Ask a second person whether a service may be told without her yes. Raises Refused."""
    rules = children().without_consent
    reason = rules.reason(new.reason)
    if reason is None or new.service not in rules.services or new.told not in {one.key for one in rules.told}:
        raise Refused(Refusal.HELP_CHOICE)
    why, said = checked_words(new.why), checked_words(new.said)
    if not why or not said:
        raise Refused(Refusal.HELP_WORDS)
    case = await readable_case(work, case_id)
    _check_reason(case, reason)
    if any(one.service == new.service and one.state == ASKED for one in await models.of_case(work.conn, case_id)):
        raise Refused(Refusal.HELP_ASKED)
    await models.add(work, case_id, new)
    await note_change(work, case_id, Change("help_asked", new.told, new.service, new.reason, f"{why}\n{said}"))
    _record(work, case_id, "asked", service=new.service, reason=new.reason, told=new.told)


def _check_reason(case: CaseRow, reason: Reason) -> None:
    """Look whether a reason fits the case as it stands. Raises Refused."""
    if case.level < reason.level:
        raise Refused(Refusal.HELP_LEVEL, level=reason.level)
    if reason.child and {CHILD, UNDER_16}.isdisjoint(case.flags):
        raise Refused(Refusal.HELP_NOT_CHILD)


async def confirm(work: UnitOfWork, case_id: UUID, help_id: int) -> None:
    """Agree as a second person: the service may be told, and she is to be told of it. Raises Refused."""
    case, one = await _decided(work, case_id, help_id)
    if one.asked_by == work.staff_id:
        raise Refused(Refusal.HELP_SECOND_PERSON)
    due = children().without_consent.notice_due(work.now)
    decided = {"decided_by": work.staff_id, "decided_at": work.now}
    await models.change(work, one.id, state=CONFIRMED, notice=DUE, notice_due=due, **decided)
    await _prepare_referral(work, case_id, one)
    task = NewTask(NOTICE, _task(one), "notice_due", case.person_id, case.alias, due_at=due)
    await human_tasks.open_task(work, task)
    await note_change(work, case_id, Change("help_confirmed", "", one.service), f"help.{one.id}.confirmed")
    _record(work, case_id, "confirmed", service=one.service, reason=one.reason)


async def decline(work: UnitOfWork, case_id: UUID, help_id: int) -> None:
    """Say as a second person that it is not called, or take back what one asked for oneself. Raises Refused."""
    _, one = await _decided(work, case_id, help_id)
    state = TAKEN_BACK if one.asked_by == work.staff_id else DECLINED
    await models.change(work, one.id, state=state, decided_by=work.staff_id, decided_at=work.now)
    await note_change(work, case_id, Change(f"help_{state}", "", one.service), f"help.{one.id}.{state}")
    _record(work, case_id, state, service=one.service)


async def note_told(work: UnitOfWork, case_id: UUID, help_id: int, words: str) -> None:
    """Write down that she was told of it, and how. Raises Refused."""
    one = await _with_notice(work, case_id, help_id)
    if not (said := checked_words(words)):
        raise Refused(Refusal.HELP_WORDS)
    await models.change(work, one.id, notice=TOLD, notice_by=work.staff_id, notice_at=work.now)
    await _end_notice(work, one, Change("notice_told", "", one.service, words=said))


async def say_unsafe(work: UnitOfWork, case_id: UUID, help_id: int, words: str) -> None:
    """Say, with the reason, that it is not safe to tell her; a second person has to agree. Raises Refused."""
    one = await _with_notice(work, case_id, help_id)
    if not (why := checked_words(words)):
        raise Refused(Refusal.HELP_WORDS)
    if one.notice == UNSAFE_ASKED:
        raise Refused(Refusal.NOTICE_ASKED)
    await models.change(work, one.id, notice=UNSAFE_ASKED, notice_by=work.staff_id, notice_at=work.now)
    await note_change(work, case_id, Change("notice_unsafe_asked", "", one.service, words=why))
    _record(work, case_id, "notice_unsafe_asked", service=one.service)


async def decide_unsafe(work: UnitOfWork, case_id: UUID, help_id: int, *, unsafe: bool) -> None:
    """Agree as a second person that she is not told; or let her be told, which anybody may. Raises Refused."""
    one = await _with_notice(work, case_id, help_id)
    if one.notice != UNSAFE_ASKED:
        raise Refused(Refusal.NOTICE_OVER)
    if not unsafe:
        await models.change(work, one.id, notice=DUE, notice_by=None, notice_at=None)
        await note_change(work, case_id, Change("notice_goes_on", "", one.service))
        _record(work, case_id, "notice_goes_on", service=one.service)
        return
    if one.notice_by == work.staff_id:
        raise Refused(Refusal.NOTICE_SECOND_PERSON)
    await models.change(work, one.id, notice=UNSAFE)
    await _end_notice(work, one, Change("notice_unsafe", "", one.service))


async def _end_notice(work: UnitOfWork, one: UrgentHelp, noted: Change) -> None:
    await human_tasks.finish_one(work, NOTICE, _task(one))
    await note_change(work, one.case_id, noted)
    _record(work, one.case_id, noted.fact, service=one.service)


async def _decided(work: UnitOfWork, case_id: UUID, help_id: int) -> tuple[CaseRow, UrgentHelp]:
    """The case and what is asked for, when both are open and whoever acts may decide on it. Raises Refused."""
    case = await cases.load_case(work.conn, case_id, lock=True)
    one = await models.found(work.conn, case_id, help_id)
    if one is None or one.state != ASKED:
        raise Refused(Refusal.HELP_OVER)
    if case.closed_at is not None:
        raise Refused(Refusal.CASE_CLOSED)
    if not await may_decide(work, case):
        raise Refused(Refusal.CASE_NOT_SEALED)
    return case, one


async def _with_notice(work: UnitOfWork, case_id: UUID, help_id: int) -> UrgentHelp:
    """What she has still to be told of, for whoever may decide on it. Raises Refused."""
    case = await cases.load_case(work.conn, case_id, lock=True)
    one = await models.found(work.conn, case_id, help_id)
    if one is None or not one.notice_open:
        raise Refused(Refusal.NOTICE_OVER)
    if not await may_decide(work, case):
        raise Refused(Refusal.CASE_NOT_SEALED)
    return one


async def _prepare_referral(work: UnitOfWork, case_id: UUID, one: UrgentHelp) -> None:
    """Let whoever has the case hand it over in writing too: two people have agreed, never with her number."""
    told = [field for field in FIELDS if field != "number"]
    new = NewReferral(
        key=uuid4(), purpose="C6", service=one.service, fields=told, basis=NO_CONSENT,
        version=f"help.{one.reason}", state=CONFIRMED,
    )  # fmt: skip
    row = await referral_models.add(work, case_id, new)
    if row is not None:
        by = {"asked_by": one.asked_by, "confirmed_by": work.staff_id, "confirmed_at": work.now}
        await work.conn.execute(update(referral).where(referral.c.id == row.id).values(by))


def _task(one: UrgentHelp) -> str:
    return f"{one.case_id}.{one.id}"


def _record(work: UnitOfWork, case_id: UUID, action: str, **codes: str) -> None:
    work.record(f"help.{action}", case_id, **codes)
    work.notify(NotifyChannel.CASE, case_id)
