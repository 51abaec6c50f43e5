"""Danger levels changed by hand: raised at once by any reader of the case, lowered from 4 or 3 only by two people.

Until a second person has confirmed that a level is lower everybody goes on being paged, and without her in time it
stays (safety rule 3). Nothing of it reaches her phone.
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from content.escalation.policy import LEVELS
from store.audit import Code
from store.cases import service as cases
from store.cases.changes import Change, checked_words, note_change, readable_case
from store.cases.models import CaseRow, case_file, case_line
from store.cases.second_person import may_decide
from store.corrections import level_requests
from store.corrections.level_requests import ASKED, CONFIRMED, DECLINED, OVER, LevelRequest, NewLevelRequest
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.escalation import escalations
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

GRAVE = 3
"""From this level on it takes two people to lower it."""
RAISE_REASONS = ("violence", "self_harm", "held", "taken_away", "child", "other")
LOWER_REASONS = ("says_safe", "helped", "misheard", "past")


class LevelChange(msgspec.Struct, frozen=True):
    """A level chosen by a member: from the one her page showed, to which, why (a code), and in her own words."""

    seen: int
    to: int
    reason: str
    words: str = ""


async def change_level(work: UnitOfWork, case_id: UUID, change: LevelChange) -> None:
    """Raise a level, or lower it; from a grave level that is only asked, for a second person. Raises Refused."""
    words = checked_words(change.words)
    reasons = RAISE_REASONS if change.to > change.seen else LOWER_REASONS
    if change.to not in LEVELS or change.to == change.seen or change.reason not in reasons:
        raise Refused(Refusal.LEVEL_CHOICE)
    case = await readable_case(work, case_id)
    if case.level != change.seen:
        raise Refused(Refusal.LEVEL_MOVED)
    noted = Change("level", str(case.level), str(change.to), change.reason, words)
    if change.to > case.level:
        await _raise(work, case, noted)
    elif case.level < GRAVE:
        await note_change(work, case.id, noted)
        await _lower(work, case, change.to, change.reason)
    else:
        await _ask(work, case, msgspec.structs.replace(noted, fact="lower"))


async def _raise(work: UnitOfWork, case: CaseRow, noted: Change) -> None:
    """Page from the first step of the new level. What the old level would have told her herself goes on, no more."""
    level = int(noted.new)
    await _end_request(work, case, OVER)
    await note_change(work, case.id, noted)
    raised = await _set(work, case, level)
    await escalations.supersede(work, case.id)
    told = bool(escalation_policy().level(case.level).told)
    await escalations.begin_for_case(work, work.now, raised, tells_person=told)
    work.record("case.raised", case.id, **_meta(case.level, level, noted.reason))


async def _lower(work: UnitOfWork, case: CaseRow, level: int, reason: str) -> None:
    """Set a lower level, and page by it whoever is still to be paged: its steps count from when she began to wait."""
    lowered = await _set(work, case, level)
    await escalations.supersede(work, case.id)
    waits = case.waiting_since
    if case.acked_by is None:
        await escalations.begin_for_case(work, waits or case.opened_at, lowered)
    elif waits is not None:
        await escalations.begin_for_case(work, escalation_policy().promised(level, waits), lowered)
    work.record("case.lowered", case.id, **_meta(case.level, level, reason))


async def _set(work: UnitOfWork, case: CaseRow, level: int) -> CaseRow:
    values = {"level": level, "level_at": work.now}
    await work.conn.execute(update(case_file).where(case_file.c.id == case.id).values(values))
    work.notify(NotifyChannel.CASE, case.id)
    return msgspec.structs.replace(case, level=level, level_at=work.now)


async def _ask(work: UnitOfWork, case: CaseRow, noted: Change) -> None:
    """Ask a second person, as long as the ladder of this level takes from its first step to the next one."""
    if await level_requests.waiting(work.conn, case.id) is not None:
        raise Refused(Refusal.LEVEL_ASKED)
    until = escalation_policy().moment(case.level, work.now, 1)
    new = NewLevelRequest(case_id=case.id, level=case.level, to_level=int(noted.new), reason=noted.reason, due_at=until)
    await level_requests.ask(work, new)
    await note_change(work, case.id, noted)
    work.record("case.lowering_asked", case.id, **_meta(case.level, new.to_level, noted.reason))
    work.notify(NotifyChannel.CASE, case.id)


async def confirm(work: UnitOfWork, case_id: UUID, request_id: int, seen: int) -> None:
    """Confirm as a second person that a level is lower. Raises Refused.

    `seen` is the newest line of hers on the page that was confirmed on: with a newer one it is looked at again.
    """
    case, request = await _decided(work, case_id, request_id)
    if request.asked_by == work.staff_id:
        raise Refused(Refusal.LEVEL_SECOND_PERSON)
    if case.level != request.level:
        raise Refused(Refusal.LEVEL_MOVED)
    if await newest_line(work.conn, case_id) > seen:
        raise Refused(Refusal.LEVEL_NEW_LINE)
    await level_requests.settle(work, request.id, CONFIRMED)
    await note_change(work, case_id, _outcome(request, "lowered"), f"lowered.{request.id}")
    await _lower(work, case, request.to_level, request.reason)


async def decline(work: UnitOfWork, case_id: UUID, request_id: int) -> None:
    """Let the level stand: a second person says no, or whoever asked takes it back. Raises Refused."""
    case, request = await _decided(work, case_id, request_id)
    await _end(work, case, request, DECLINED)


async def lapse(work: UnitOfWork, request_id: int) -> None:
    """End a request that nobody has confirmed in time: the level stays, and the thread says so."""
    request = await level_requests.found(work.conn, request_id)
    if request is None or request.state != ASKED:
        return
    case = await cases.load_case(work.conn, request.case_id, lock=True)
    if case.closed_at is None:
        await _end(work, case, request, OVER)
    else:
        await level_requests.settle(work, request_id, OVER)


async def _decided(work: UnitOfWork, case_id: UUID, request_id: int) -> tuple[CaseRow, LevelRequest]:
    """The case and its request, when both are open and whoever acts may decide on it. Raises Refused."""
    case = await cases.load_case(work.conn, case_id, lock=True)
    request = await level_requests.found(work.conn, request_id)
    if request is None or request.case_id != case_id or request.state != ASKED or request.due_at <= work.now:
        raise Refused(Refusal.LEVEL_REQUEST_OVER)
    if case.closed_at is not None:
        raise Refused(Refusal.CASE_CLOSED)
    if not await may_decide(work, case):
        raise Refused(Refusal.CASE_NOT_SEALED)
    return case, request


async def _end_request(work: UnitOfWork, case: CaseRow, state: str) -> None:
    request = await level_requests.waiting(work.conn, case.id)
    if request is not None:
        await _end(work, case, request, state)


async def _end(work: UnitOfWork, case: CaseRow, request: LevelRequest, state: str) -> None:
    """End a request and leave the level as it is."""
    if not await level_requests.settle(work, request.id, state):
        return
    await note_change(work, case.id, _outcome(request, f"lower_{state}"), f"{state}.{request.id}")
    work.record(f"case.lowering_{state}", case.id, **{"from": request.level, "to": request.to_level})
    work.notify(NotifyChannel.CASE, case.id)


def _meta(level: int, to_level: int, reason: str) -> dict[str, Code]:
    return {"from": level, "to": to_level, "reason": reason}


def _outcome(request: LevelRequest, fact: str) -> Change:
    return Change(fact, str(request.level), str(request.to_level))


async def newest_line(conn: AsyncConnection, case_id: UUID) -> int:
    """Her newest line in a case; 0 for none."""
    hers = case_line.c.case_id == case_id, case_line.c.direction == "in"
    found: int | None = await conn.scalar(select(func.max(case_line.c.id)).where(*hers))
    return found or 0
