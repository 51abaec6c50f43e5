"""Operations on recordings: receive a speaker's voice note, fetch and keep its sound, end it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from content.media.clip import Clip
from content.recording_scripts import wanted, words
from flows.model.effects import RecordConsent
from store.crypto.fields import decrypt, encrypt, place
from store.people.service import record_consent
from store.recordings.models import FETCHING, LIVING, RECORDED, RETIRED, recording, seal_sound
from store.recordings.speakers import CONSENT, Speaker, speaker
from store.unit_of_work import UnitOfWork


class VoiceNote(msgspec.Struct, frozen=True):
    """A voice note for a card, as its speaker sent it at a time; `media` is the channel's reference to it."""

    card: str
    media: str
    account: int
    sent_at: datetime


class WaitingRecording(msgspec.Struct, frozen=True):
    """A voice note that is still to be fetched; `media_ct` is the channel's reference to it."""

    id: int
    card: str
    person_id: UUID
    account: int
    tries: int
    sent_at: datetime
    media_ct: bytes


async def receive(work: UnitOfWork, library: Library, reader: Speaker, key: AESGCM, note: VoiceNote) -> None:
    """Note that a speaker sent a voice note for a card; it is fetched in a moment. What is no card's is let go.

    A recording of hers that still waits for review is replaced.
    """
    if note.card not in wanted(library) or not note.media:
        return
    mine = recording.c.person_id == reader.person_id
    same = mine & (recording.c.card == note.card) & recording.c.state.in_((FETCHING, RECORDED))
    await work.conn.execute(update(recording).where(same).values(_ended(work, RETIRED, "again")))
    values = {
        "card": note.card, "lang": reader.lang, "words": words(library, note.card, reader.lang),
        "person_id": reader.person_id, "speaker": reader.alias, "invited_by": reader.invited_by,
        "account": note.account, "state": FETCHING,
        "media_ct": encrypt(key, note.media.encode(), _media_place(reader.person_id)),
        "sent_at": note.sent_at, "changed_at": work.now,
    }  # fmt: skip
    await work.conn.execute(insert(recording).values(values))


async def fetching(conn: AsyncConnection, tried_before: datetime, most: int) -> list[WaitingRecording]:
    """Voice notes that were not tried yet, or last tried before a time; what was tried least comes first."""
    due = (recording.c.tries == 0) | (recording.c.changed_at < tried_before)
    columns = (recording.c[name] for name in WaitingRecording.__struct_fields__)
    query = select(*columns).where(recording.c.state == FETCHING, due).order_by(recording.c.tries, recording.c.id)
    return [WaitingRecording(*row) for row in await conn.execute(query.limit(most))]


async def begin_tries(work: UnitOfWork, tried_before: datetime, most: int) -> list[WaitingRecording]:
    """Voice notes to be fetched now, each counted before any work on it begins: whatever ends it, others come next."""
    rows = await fetching(work.conn, tried_before, most)
    tried = {"tries": recording.c.tries + 1, "changed_at": work.now}
    await work.conn.execute(update(recording).where(recording.c.id.in_([row.id for row in rows])).values(tried))
    return rows


def open_media(key: AESGCM, row: WaitingRecording) -> str:
    """The channel's reference to a voice note. Raises Sealed."""
    return decrypt(key, row.media_ct, _media_place(row.person_id)).decode()


async def keep(work: UnitOfWork, key: AESGCM, row: WaitingRecording, clip: Clip) -> None:
    """Keep the sound that was fetched, sealed under its speaker's key; now people can review it."""
    values = {
        "state": RECORDED, "media_ct": None, "sound_ct": seal_sound(key, row.id, row.person_id, clip.data),
        "format": clip.format, "milliseconds": clip.milliseconds, "bytes": len(clip.data), "changed_at": work.now,
    }  # fmt: skip
    waits = recording.c.id == row.id, recording.c.state == FETCHING
    await work.conn.execute(update(recording).where(*waits).values(values))


async def end(work: UnitOfWork, recording_id: int, state: str, reason: str) -> bool:
    """Refuse or retire a recording: its sound is removed at once. False when it had ended already."""
    living = (recording.c.id == recording_id) & recording.c.state.in_(LIVING)
    done = await work.conn.execute(update(recording).where(living).values(_ended(work, state, reason)))
    return bool(done.rowcount)


async def take_voice_back(work: UnitOfWork, person_id: UUID, version: str) -> None:
    """A speaker takes her voice back: her recordings fall silent at once, and her yes is taken back."""
    hers = (recording.c.person_id == person_id) & recording.c.state.in_(LIVING)
    await work.conn.execute(update(recording).where(hers).values(_ended(work, RETIRED, "taken_back")))
    await work.conn.execute(delete(speaker).where(speaker.c.person_id == person_id))
    await record_consent(work, person_id, RecordConsent(CONSENT, version, False))


def _ended(work: UnitOfWork, state: str, reason: str) -> dict[str, object]:
    return {"state": state, "reason": reason, "media_ct": None, "sound_ct": None, "changed_at": work.now}


def _media_place(person_id: UUID) -> bytes:
    return place("recording", "media", "", person_id)
