"""Review of recordings: listen, approve as one of two, refuse, retire. Each is done once, whoever calls it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from content.recording_scripts import words
from store import audit
from store.errors import Refused
from store.recordings import service as recordings
from store.recordings.service import APPROVED, LIVING, RECORDED, REFUSED, RETIRED, recording, recording_approval
from store.refusals import Refusal
from store.staff import review_languages

NEEDED = 2
"""Different people who must say yes before anybody hears a recording (safety rule 14)."""
REASONS = ("words", "noise", "intro", "voice")
"""Why a recording may be refused; the code goes to the speaker as a sentence of the content."""


class RecordingInReview(msgspec.Struct, frozen=True):
    """A recording as staff see it. `approvals` are those who said yes already; `stale`: the card's words changed."""

    id: int
    card: str
    lang: str
    speaker: str
    state: str
    milliseconds: int
    bytes: int
    format: str
    tone: bool
    sent_at: datetime
    approvals: tuple[UUID, ...]
    stale: bool


async def listed(conn: AsyncConnection, library: Library, most: int = 200) -> list[RecordingInReview]:
    """Recordings that wait for review, then those that are heard; the newest first."""
    yes = select(func.array_agg(recording_approval.c.staff_id)).where(
        recording_approval.c.recording_id == recording.c.id
    )
    query = (
        select(recording, yes.scalar_subquery().label("approvals"))
        .where(recording.c.state.in_((RECORDED, APPROVED)))
        .order_by(recording.c.state.desc(), recording.c.id.desc())
        .limit(most)
    )
    return [_waiting(row, library) for row in (await conn.execute(query)).all()]


def _waiting(row: Any, library: Library) -> RecordingInReview:
    stale = not library.has(row.card) or words(library, row.card, row.lang) != row.words
    facts = (row.id, row.card, row.lang, row.speaker, row.state, row.milliseconds, row.bytes, row.format or "")
    return RecordingInReview(*facts, row.tone, row.sent_at, tuple(row.approvals or ()), stale)


async def approve(
    conn: AsyncConnection, now: datetime, key: bytes, library: Library, *, recording_id: int, staff_id: UUID
) -> bool:
    """Say yes as one person; with the second the card speaks. Returns whether it does now. Raises Refused.

    Raises NotGiven when it is in a language that is not hers.

    Nobody counts twice, in whatever roles; so who invited the speaker can be one of the two and never both.
    """
    query = select(recording).where(recording.c.id == recording_id).with_for_update()
    row = (await conn.execute(query)).one_or_none()
    if row is None or row.state != RECORDED:
        raise Refused(Refusal.RECORDING_NOT_WAITING)
    if not library.has(row.card) or words(library, row.card, row.lang) != row.words:
        raise Refused(Refusal.RECORDING_CARD_CHANGED)
    await review_languages.require(conn, staff_id, {row.lang})
    try:
        async with conn.begin_nested():
            said = {"recording_id": recording_id, "staff_id": staff_id, "at": now}
            await conn.execute(insert(recording_approval).values(said))
    except IntegrityError:
        raise Refused(Refusal.RECORDING_SECOND_PERSON) from None
    await _note(conn, now, key, staff_id, "recording.approved", recording_id)
    mine = recording_approval.c.recording_id == recording_id
    if (await conn.execute(select(func.count()).where(mine))).scalar_one() < NEEDED:
        return False
    await _publish(conn, now, row)
    await _note(conn, now, key, staff_id, "recording.published", recording_id)
    return True


async def _publish(conn: AsyncConnection, now: datetime, row: Any) -> None:
    """Let a recording be heard instead of an older one of the same card and language."""
    same = (recording.c.card == row.card) & (recording.c.lang == row.lang) & (recording.c.state == APPROVED)
    for older in (await conn.execute(select(recording.c.id).where(same))).scalars().all():
        await recordings.end(conn, now, older, RETIRED, "replaced")
    await conn.execute(update(recording).where(recording.c.id == row.id).values(state=APPROVED, changed_at=now))


async def refuse(
    conn: AsyncConnection, now: datetime, key: bytes, *, recording_id: int, staff_id: UUID, reason: str
) -> Any:
    """Refuse a recording that waits; its card waits for a voice again. Returns its row. Raises Refused, NotGiven."""
    if reason not in REASONS:
        raise Refused(Refusal.RECORDING_REASON_UNKNOWN)
    row = await _living(conn, recording_id, (RECORDED,))
    await review_languages.require(conn, staff_id, {row.lang})
    await recordings.end(conn, now, recording_id, REFUSED, reason)
    await _note(conn, now, key, staff_id, "recording.refused", recording_id, reason=reason)
    return row


async def retire(conn: AsyncConnection, now: datetime, key: bytes, *, recording_id: int, staff_id: UUID) -> None:
    """Silence a recording at once; one person may do that, of any language. Links to it end with it. Raises Refused."""
    await _living(conn, recording_id, LIVING)
    await recordings.end(conn, now, recording_id, RETIRED, "staff")
    await _note(conn, now, key, staff_id, "recording.retired", recording_id)


async def _living(conn: AsyncConnection, recording_id: int, states: tuple[str, ...]) -> Any:
    query = select(recording).where(recording.c.id == recording_id, recording.c.state.in_(states)).with_for_update()
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        raise Refused(Refusal.RECORDING_SETTLED)
    return row


async def _note(
    conn: AsyncConnection, now: datetime, key: bytes, staff_id: UUID, action: str, recording_id: int, **meta: str
) -> None:
    await audit.record(conn, now, key, actor=str(staff_id), action=action, object=str(recording_id), meta=meta)
