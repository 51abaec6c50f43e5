"""Recordings: a voice note a trusted speaker sent, two people's yes to it, and the card that speaks from then on."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    exists,
    false,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from content.media.clip import Clip, Format
from content.media.read_clip import read_clip
from content.recording_scripts import wanted, words
from flows.model.messages import Sound
from store.broadcasts.card_recalls import card_recall
from store.crypto.fields import decrypt, encrypt, place
from store.crypto.keyring import MasterKeys
from store.db.engine import Store, raw
from store.metadata import metadata

FETCHING, RECORDED, APPROVED, REFUSED, RETIRED = "fetching", "recorded", "approved", "refused", "retired"
LIVING = (FETCHING, RECORDED, APPROVED)
"""States in which a card needs no other recording."""

recording = Table(
    "recording",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("card", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("speaker", Text, nullable=False),
    Column("invited_by", Uuid, nullable=True),
    Column("account", SmallInteger, ForeignKey("account.id"), nullable=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=True),
    Column("media_ct", LargeBinary, nullable=True),
    Column("sound_ct", LargeBinary, nullable=True),
    Column("format", Text, nullable=True),
    Column("milliseconds", Integer, nullable=False, server_default=text("0")),
    Column("bytes", Integer, nullable=False, server_default=text("0")),
    Column("tone", Boolean, nullable=False, server_default=false()),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
Index("ix_recording_fetching", recording.c.id, postgresql_where=text("state = 'fetching'"))
Index(
    "uq_recording_approved",
    recording.c.card,
    recording.c.lang,
    unique=True,
    postgresql_where=text("state = 'approved'"),
)
recording_approval = Table(
    "recording_approval",
    metadata,
    Column("recording_id", BigInteger, ForeignKey("recording.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)


def may_be_heard(library: Library) -> ColumnElement[bool]:
    """Approved, and its card is recalled neither here nor in its file: what is off every screen is out of every ear."""
    recalled = exists().where(card_recall.c.card == recording.c.card)
    return (recording.c.state == APPROVED) & ~recalled & recording.c.card.not_in(sorted(library.withdrawn))


class PlayableRecordings(msgspec.Struct, frozen=True):
    """What there is to hear now: approved sounds by `card.lang`, and by language the cards that need no voice.

    `refused` holds by language why the last recording of a card was not taken.
    """

    sounds: Mapping[str, Sound] = {}
    taken: Mapping[str, frozenset[str]] = {}
    refused: Mapping[str, Mapping[str, str]] = {}


class WaitingRecording(msgspec.Struct, frozen=True):
    """A voice note that is still to be fetched; `media_ct` is the channel's reference to it."""

    id: int
    card: str
    person_id: UUID
    account: int
    tries: int
    sent_at: datetime
    media_ct: bytes


async def heard(conn: AsyncConnection, library: Library) -> PlayableRecordings:
    """Read what speaks today; a recording of words that have changed since is silent, and its card waits again."""
    names = ("id", "card", "lang", "words", "state", "reason", "milliseconds", "tone")
    query = select(*(recording.c[name] for name in names)).where(recording.c.state.in_((*LIVING, REFUSED)))
    sounds: dict[str, Sound] = {}
    taken: dict[str, set[str]] = {}
    refused: dict[str, dict[str, str]] = {}
    cards = frozenset(wanted(library))
    for row in (await conn.execute(query.order_by(recording.c.id))).all():
        if row.card not in cards or words(library, row.card, row.lang) != row.words:
            continue
        if row.state == REFUSED:
            refused.setdefault(row.lang, {})[row.card] = row.reason
            continue
        if not row.tone:
            taken.setdefault(row.lang, set()).add(row.card)
        if row.state == APPROVED:
            sounds[f"{row.card}.{row.lang}"] = Sound(row.id, row.milliseconds, row.tone)
    return PlayableRecordings(sounds, {lang: frozenset(cards) for lang, cards in taken.items()}, refused)


async def receive(
    conn: AsyncConnection,
    now: datetime,
    library: Library,
    *,
    person: Any,
    key: AESGCM,
    account: int,
    card: str,
    media: str,
) -> None:
    """Note that a speaker sent a voice note for a card; it is fetched in a moment. What is no card's is let go.

    `person` is a row of `speaker`. A recording of hers that still waits for review is replaced.
    """
    if card not in wanted(library) or not media:
        return
    mine = recording.c.person_id == person.person_id
    same = mine & (recording.c.card == card) & recording.c.state.in_((FETCHING, RECORDED))
    await conn.execute(update(recording).where(same).values(**_ended(RETIRED, "again", now)))
    values = {
        "card": card, "lang": person.lang, "words": words(library, card, person.lang), "person_id": person.person_id,
        "speaker": person.alias, "invited_by": person.invited_by, "account": account, "state": FETCHING,
        "media_ct": encrypt(key, media.encode(), _media_place(person.person_id)), "sent_at": now, "changed_at": now,
    }  # fmt: skip
    await conn.execute(insert(recording).values(values))


async def fetching(conn: AsyncConnection, tried_before: datetime, most: int) -> list[WaitingRecording]:
    """Voice notes that were not tried yet, or last tried before a time; what was tried least comes first."""
    due = (recording.c.tries == 0) | (recording.c.changed_at < tried_before)
    columns = (recording.c[name] for name in WaitingRecording.__struct_fields__)
    query = select(*columns).where(recording.c.state == FETCHING, due).order_by(recording.c.tries, recording.c.id)
    return [WaitingRecording(*row) for row in await conn.execute(query.limit(most))]


async def begin_tries(
    conn: AsyncConnection, now: datetime, tried_before: datetime, most: int
) -> list[WaitingRecording]:
    """Voice notes to be fetched now, each counted before any work on it begins: whatever ends it, others come next."""
    rows = await fetching(conn, tried_before, most)
    tried = {"tries": recording.c.tries + 1, "changed_at": now}
    await conn.execute(update(recording).where(recording.c.id.in_([row.id for row in rows])).values(tried))
    return rows


def open_media(key: AESGCM, row: WaitingRecording) -> str:
    """The channel's reference to a voice note. Raises Sealed."""
    return decrypt(key, row.media_ct, _media_place(row.person_id)).decode()


async def keep(conn: AsyncConnection, now: datetime, key: AESGCM, row: WaitingRecording, clip: Clip) -> None:
    """Keep the sound that was fetched, sealed under its speaker's key; now people can review it."""
    sealed = encrypt(key, clip.data, _sound_place(row.id, row.person_id))
    values = {
        "state": RECORDED, "media_ct": None, "sound_ct": sealed, "format": clip.format,
        "milliseconds": clip.milliseconds, "bytes": len(clip.data), "changed_at": now,
    }  # fmt: skip
    await conn.execute(update(recording).where(recording.c.id == row.id, recording.c.state == FETCHING).values(values))


async def end(conn: AsyncConnection, now: datetime, recording_id: int, state: str, reason: str) -> bool:
    """Refuse or retire a recording: its sound is removed at once. False when it had ended already."""
    living = (recording.c.id == recording_id) & recording.c.state.in_(LIVING)
    done = await conn.execute(update(recording).where(living).values(**_ended(state, reason, now)))
    return bool(done.rowcount)


def _ended(state: str, reason: str, now: datetime) -> dict[str, Any]:
    return {"state": state, "reason": reason, "media_ct": None, "sound_ct": None, "changed_at": now}


async def clip_of(store: Store, recording_id: int, *, approved: bool = True) -> Clip | None:
    """Open a recording; None when there is none, it is not `approved` (where that is asked), or she was forgotten."""
    async with store.data.connect() as conn:
        row = (await conn.execute(select(recording).where(recording.c.id == recording_id))).one_or_none()
    if row is None or row.sound_ct is None or (approved and row.state != APPROVED):
        return None
    if row.person_id is None:
        key = _recording_key(store.keys)
    else:
        async with raw(store.keyring) as ring:
            found = (await store.ring.load(ring, [row.person_id])).get(row.person_id)
        if found is None:
            return None
        key = found
    kind: Format = "opus" if row.format == "opus" else "aac"
    return Clip(kind, row.milliseconds, decrypt(key, row.sound_ct, _sound_place(row.id, row.person_id)))


async def is_approved(conn: AsyncConnection, library: Library, recording_id: int) -> bool:
    """Whether a recording may be heard now."""
    query = select(recording.c.id).where(recording.c.id == recording_id, may_be_heard(library))
    return (await conn.execute(query)).first() is not None


async def take_in(conn: AsyncConnection, now: datetime, keys: MasterKeys, library: Library, *, tones: bool) -> int:
    """Import the approved recordings that ship, each once; tones only where a trial wants them.

    A recording that somebody made here is never replaced by one that ships.
    """
    done = 0
    for one in library.audio.recordings:
        if one.status != "approved" or (one.synthetic == "tone") is not tones or not library.has(one.card):
            continue
        spoken = words(library, one.card, one.lang)
        same = (recording.c.card == one.card) & (recording.c.lang == one.lang) & (recording.c.state == APPROVED)
        if (await conn.execute(select(recording.c.id).where(same))).first() is not None:
            continue
        clip = read_clip(library.audio.files[one.file])
        values = {
            "card": one.card, "lang": one.lang, "words": spoken, "speaker": one.speaker, "state": APPROVED,
            "format": clip.format, "milliseconds": clip.milliseconds, "bytes": len(clip.data), "tone": tones,
            "sent_at": now, "changed_at": now,
        }  # fmt: skip
        made: int = (await conn.execute(insert(recording).values(values).returning(recording.c.id))).scalar_one()
        sealed = encrypt(_recording_key(keys), clip.data, _sound_place(made, None))
        await conn.execute(update(recording).where(recording.c.id == made).values(sound_ct=sealed))
        done += 1
    return done


def _recording_key(keys: MasterKeys) -> AESGCM:
    """The key of recordings that are nobody's own."""
    return AESGCM(hmac.digest(keys.kek, b"recordings that ship", "sha256"))


def _media_place(person_id: UUID) -> bytes:
    return place("recording", "media", "", person_id)


def _sound_place(recording_id: int, person_id: UUID | None) -> bytes:
    return place("recording", "sound", str(recording_id), person_id)
