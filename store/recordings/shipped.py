"""Recordings that ship with the content: taken in once, and never instead of one that somebody made here."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from content.library import Library
from content.media.read_clip import read_clip
from content.recording_scripts import words
from content.recordings.index import ShippedRecording
from store.recordings.models import APPROVED, recording, seal_sound, shipped_key
from store.unit_of_work import UnitOfWork


async def take_in(work: UnitOfWork, library: Library, *, tones: bool) -> int:
    """Import the approved recordings that ship, each once; tones only where a trial wants them. Returns how many."""
    wanted = [one for one in library.audio.recordings if one.status == "approved" and library.has(one.card)]
    spoken = [one for one in wanted if (one.synthetic == "tone") is tones]
    new = [one for one in spoken if not await _speaks_already(work, one)]
    for one in new:
        await _take_in_one(work, library, one)
    return len(new)


async def _speaks_already(work: UnitOfWork, one: ShippedRecording) -> bool:
    same = (recording.c.card == one.card) & (recording.c.lang == one.lang) & (recording.c.state == APPROVED)
    return (await work.conn.execute(select(recording.c.id).where(same))).first() is not None


async def _take_in_one(work: UnitOfWork, library: Library, one: ShippedRecording) -> None:
    clip = read_clip(library.audio.files[one.file])
    values = {
        "card": one.card, "lang": one.lang, "words": words(library, one.card, one.lang), "speaker": one.speaker,
        "state": APPROVED, "format": clip.format, "milliseconds": clip.milliseconds, "bytes": len(clip.data),
        "tone": one.synthetic == "tone", "sent_at": work.now, "changed_at": work.now,
    }  # fmt: skip
    kept = await work.conn.execute(insert(recording).values(values).returning(recording.c.id))
    made: int = kept.scalar_one()
    sealed = seal_sound(shipped_key(work.store.keys), made, None, clip.data)
    await work.conn.execute(update(recording).where(recording.c.id == made).values(sound_ct=sealed))
