"""Review of recordings: listen, approve as one of two, refuse, retire. Each is done once, whoever calls it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Uuid, func, select, update
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from content.recording_scripts import words
from store.errors import Refused
from store.recordings.models import APPROVED, LIVING, RECORDED, REFUSED, RETIRED, recording, recording_approval
from store.recordings.service import end
from store.refusals import Refusal
from store.staff import review_languages
from store.unit_of_work import UnitOfWork

NEEDED = 2
"""Different people who must say yes before anybody hears a recording (safety rule 14)."""
REASONS = ("words", "noise", "intro", "voice")
"""Why a recording may be refused; the code goes to the speaker as a sentence of the content."""


class ReviewedRecording(msgspec.Struct, frozen=True):
    """What a review is about: the words of a card, spoken in one language."""

    id: int
    card: str
    lang: str
    words: bytes
    state: str

    def is_stale(self, library: Library) -> bool:
        """Whether the card was recalled, or its words are not those that were spoken any more."""
        return not library.has(self.card) or words(library, self.card, self.lang) != self.words


class RecordingInReview(ReviewedRecording, frozen=True):
    """A recording as staff see it. `approvals` are those who said yes already."""

    speaker: str
    milliseconds: int
    bytes: int
    format: str | None
    tone: bool
    sent_at: datetime
    approvals: Sequence[UUID]


async def listed(conn: AsyncConnection, most: int = 200) -> list[RecordingInReview]:
    """Recordings that wait for review, then those that are heard; the newest first."""
    who = select(func.coalesce(func.array_agg(recording_approval.c.staff_id), array([], type_=Uuid)))
    approvals = who.where(recording_approval.c.recording_id == recording.c.id).scalar_subquery()
    columns = [recording.c[name] for name in RecordingInReview.__struct_fields__ if name in recording.c]
    query = (
        select(*[*columns, approvals])
        .where(recording.c.state.in_((RECORDED, APPROVED)))
        .order_by(recording.c.state.desc(), recording.c.id.desc())
        .limit(most)
    )
    return [RecordingInReview(*row) for row in await conn.execute(query)]


async def approve(work: UnitOfWork, library: Library, recording_id: int) -> bool:
    """Say yes as one person; with the second the card speaks. Returns whether it does now. Raises Refused.

    Nobody counts twice, in whatever roles; so who invited the speaker can be one of the two and never both.
    """
    row = await _locked(work, recording_id, (RECORDED,))
    if row is None:
        raise Refused(Refusal.RECORDING_NOT_WAITING)
    if row.is_stale(library):
        raise Refused(Refusal.RECORDING_CARD_CHANGED)
    await review_languages.require(work.conn, work.staff_id, {row.lang})
    said = {"recording_id": row.id, "staff_id": work.staff_id, "at": work.now}
    first = insert(recording_approval).values(said).on_conflict_do_nothing()
    if not (await work.conn.execute(first)).rowcount:
        raise Refused(Refusal.RECORDING_SECOND_PERSON)
    work.record("recording.approved", row.id)
    mine = recording_approval.c.recording_id == row.id
    if (await work.conn.execute(select(func.count()).where(mine))).scalar_one() < NEEDED:
        return False
    await _publish(work, row)
    work.record("recording.published", row.id)
    return True


async def _publish(work: UnitOfWork, row: ReviewedRecording) -> None:
    """Let a recording be heard instead of an older one of the same card and language."""
    same = (recording.c.card == row.card) & (recording.c.lang == row.lang) & (recording.c.state == APPROVED)
    for older in (await work.conn.execute(select(recording.c.id).where(same))).scalars().all():
        await end(work, older, RETIRED, "replaced")
    published = {"state": APPROVED, "changed_at": work.now}
    await work.conn.execute(update(recording).where(recording.c.id == row.id).values(published))


async def refuse(work: UnitOfWork, recording_id: int, reason: str) -> None:
    """Refuse a recording that waits; its card waits for a voice again. Raises Refused."""
    if reason not in REASONS:
        raise Refused(Refusal.RECORDING_REASON_UNKNOWN)
    row = await _locked(work, recording_id, (RECORDED,))
    if row is None:
        raise Refused(Refusal.RECORDING_SETTLED)
    await review_languages.require(work.conn, work.staff_id, {row.lang})
    await end(work, row.id, REFUSED, reason)
    work.record("recording.refused", row.id, reason=reason)


async def retire(work: UnitOfWork, recording_id: int) -> None:
    """Silence a recording at once; one person may do that, of any language. Links to it end with it. Raises Refused."""
    if await _locked(work, recording_id, LIVING) is None:
        raise Refused(Refusal.RECORDING_SETTLED)
    await end(work, recording_id, RETIRED, "staff")
    work.record("recording.retired", recording_id)


async def _locked(work: UnitOfWork, recording_id: int, states: tuple[str, ...]) -> ReviewedRecording | None:
    columns = [recording.c[name] for name in ReviewedRecording.__struct_fields__]
    mine = recording.c.id == recording_id, recording.c.state.in_(states)
    found = (await work.conn.execute(select(*columns).where(*mine).with_for_update())).one_or_none()
    return None if found is None else ReviewedRecording(*found)
