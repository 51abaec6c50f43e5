"""Progress of a case: its stage, what she needs, the next step with a day, notes for colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.cases import keys as case_keys
from store.cases import rekey
from store.cases import service as cases
from store.cases.models import case_file
from store.db.engine import Store
from store.errors import Refused
from store.messages.models import Cause
from store.refusals import Refusal

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


async def move(store: Store, now: datetime, case_id: UUID, staff_id: UUID, stage: str, seen: str) -> None:
    """Move a case one stage on, or back to any earlier one. Raises Refused.

    `seen` is the stage the page showed: a page that is out of date moves nothing.
    """
    if stage not in STAGES or seen not in STAGES or STAGES.index(stage) > STAGES.index(seen) + 1:
        raise Refused(Refusal.STAGE_SKIPPED)
    async with store.data.begin() as conn:
        case = await _held(conn, case_id, staff_id)
        if case.state != seen:
            raise Refused(Refusal.STAGE_MOVED)
        meta: dict[str, audit.Code] = {"from": seen, "stage": stage}
        await _change(conn, store, now, case_id, staff_id, "case.moved", meta, {"state": stage})


async def set_needs(store: Store, now: datetime, case_id: UUID, staff_id: UUID, needs: Sequence[str]) -> None:
    """Write down what she needs, as codes. Raises Refused."""
    if not set(needs) <= set(NEEDS):
        raise Refused(Refusal.NEED_UNKNOWN)
    chosen = [need for need in NEEDS if need in needs]
    async with store.data.begin() as conn:
        await _held(conn, case_id, staff_id)
        meta: dict[str, audit.Code] = {"needs": len(chosen)}
        await _change(conn, store, now, case_id, staff_id, "case.needs", meta, {"needs": chosen})


async def plan_next(store: Store, now: datetime, case_id: UUID, staff_id: UUID, step: str, day: date | None) -> None:
    """Write down the next step and its day; an empty step takes it away. Raises Refused."""
    today = now.date()
    if step and (step not in NEXT_STEPS or day is None or not today <= day <= today + FARTHEST):
        raise Refused(Refusal.NEXT_STEP_INVALID)
    async with store.data.begin() as conn:
        await _held(conn, case_id, staff_id)
        values = {"next_step": step, "next_day": day if step else None}
        await _change(conn, store, now, case_id, staff_id, "case.next_step", {"step": step or "none"}, values)


async def allow_commune(store: Store, now: datetime, case_id: UUID, staff_id: UUID, allowed: bool) -> None:
    """Write down whether she lets staff of her own commune know of her. Raises Refused."""
    async with store.data.begin() as conn:
        await _held(conn, case_id, staff_id)
        meta: dict[str, audit.Code] = {"allowed": allowed}
        await _change(conn, store, now, case_id, staff_id, "case.commune", meta, {"commune_ok": allowed})
    await rekey.follow_roster(store, now)


async def note(store: Store, now: datetime, case_id: UUID, staff_id: UUID, words: str, request_key: UUID) -> None:
    """Write a private note: sealed to the readers of the case like her lines, never sent. Raises Refused.

    The same `request_key` twice is one note.
    """
    words = words.strip()
    if not 0 < len(words) <= LONGEST_NOTE:
        raise Refused(Refusal.NOTE_LENGTH, longest=LONGEST_NOTE)
    async with store.data.begin() as conn:
        await _held(conn, case_id, staff_id)
        epoch, public = await case_keys.newest_key(conn, case_id)
        made = await cases.add_line(
            conn,
            now,
            case_id=case_id,
            epoch=epoch,
            public=public,
            direction="private",
            text_=words,
            cause_kind=Cause.CASE,
            cause=f"note.{request_key.hex}",
            author=staff_id,
        )
        if made is not None:
            await _record(conn, store, now, case_id, staff_id, "case.noted", None)


async def _held(conn: AsyncConnection, case_id: UUID, staff_id: UUID) -> Any:
    """The open case, locked. Raises Refused when it is not in these hands."""
    case = await cases.found(conn, case_id, lock=True)
    if case.closed_at is not None or case.acked_by != staff_id:
        raise Refused(Refusal.CASE_NOT_YOURS)
    return case


async def _change(
    conn: AsyncConnection,
    store: Store,
    now: datetime,
    case_id: UUID,
    staff_id: UUID,
    action: str,
    meta: dict[str, audit.Code],
    values: dict[str, Any],
) -> None:
    await conn.execute(update(case_file).where(case_file.c.id == case_id).values(values))
    await _record(conn, store, now, case_id, staff_id, action, meta)
    await cases.announce(conn, case_id)


async def _record(
    conn: AsyncConnection,
    store: Store,
    now: datetime,
    case_id: UUID,
    staff_id: UUID,
    action: str,
    meta: dict[str, audit.Code] | None,
) -> None:
    key, who, about = store.keys.audit, str(staff_id), str(case_id)
    await audit.record(conn, now, key, actor=who, action=action, object=about, meta=meta)
