"""Progress of a case: its stage, what she needs, the next step with a day, notes for colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import update

from store.cases.lines import NewLine, add_line
from store.cases.models import case_file
from store.cases.service import owned_case
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.messages.models import Cause
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

STAGES = ("receive", "verify", "identify", "protect", "reintegrate")
"""The way of a case; "closed" is reached by closing it, with a reason, and by nothing else.

Source: Law 53/2024/QH15 and the safe conversation protocol (2026-11-22): receive, verify, identify, protect,
reintegrate.
"""
NEEDS = ("safe_place", "way_home", "health", "somebody_who_listens", "legal", "papers", "money_work")
NEXT_STEPS = ("ask_how_she_is", "talk_to_service", "go_along", "papers", "look_at_safety", "agree_check_ins", "close")
FARTHEST = timedelta(days=366)
LONGEST_NOTE = 2000
"""Characters of one private note."""


async def move(work: UnitOfWork, case_id: UUID, stage: str, seen: str) -> None:
    """Move a case one stage on, or back to any earlier one. Raises Refused.

    `seen` is the stage the page showed: a page that is out of date moves nothing.
    """
    if stage not in STAGES or seen not in STAGES or STAGES.index(stage) > STAGES.index(seen) + 1:
        raise Refused(Refusal.STAGE_SKIPPED)
    case = await owned_case(work, case_id)
    if case.state != seen:
        raise Refused(Refusal.STAGE_MOVED)
    work.record("case.moved", case_id, **{"from": seen, "stage": stage})
    await _change(work, case_id, state=stage)


async def set_needs(work: UnitOfWork, case_id: UUID, needs: Sequence[str]) -> None:
    """Write down what she needs, as codes. Raises Refused."""
    if not set(needs) <= set(NEEDS):
        raise Refused(Refusal.NEED_UNKNOWN)
    chosen = [need for need in NEEDS if need in needs]
    await owned_case(work, case_id)
    work.record("case.needs", case_id, needs=len(chosen))
    await _change(work, case_id, needs=chosen)


async def plan_next(work: UnitOfWork, case_id: UUID, step: str, day: date | None) -> None:
    """Write down the next step and its day; an empty step takes it away. Raises Refused."""
    today = work.now.date()
    if step and (step not in NEXT_STEPS or day is None or not today <= day <= today + FARTHEST):
        raise Refused(Refusal.NEXT_STEP_INVALID)
    await owned_case(work, case_id)
    work.record("case.next_step", case_id, step=step or "none")
    await _change(work, case_id, next_step=step, next_day=day if step else None)


async def allow_commune(work: UnitOfWork, case_id: UUID, *, allowed: bool) -> None:
    """Write down whether she lets staff of her own commune know of her. Raises Refused.

    The keys of open cases follow when this is committed: the caller calls `rekey.follow_roster`.
    """
    await owned_case(work, case_id)
    work.record("case.commune", case_id, allowed=allowed)
    await _change(work, case_id, commune_ok=allowed)


async def note(work: UnitOfWork, case_id: UUID, words: str, request_key: UUID) -> None:
    """Write a private note: sealed to the readers of the case like her lines, never sent. Raises Refused.

    The same `request_key` twice is one note.
    """
    words = words.strip()
    if not 0 < len(words) <= LONGEST_NOTE:
        raise Refused(Refusal.NOTE_LENGTH, longest=LONGEST_NOTE)
    await owned_case(work, case_id)
    line = NewLine("private", words, Cause.CASE, f"note.{request_key.hex}", work.staff_id)
    if await add_line(work, case_id, line) is not None:
        work.record("case.noted", case_id)


async def _change(work: UnitOfWork, case_id: UUID, **values: object) -> None:
    await work.conn.execute(update(case_file).where(case_file.c.id == case_id).values(values))
    work.notify(NotifyChannel.CASE, case_id)
