"""Tables of recordings: a voice note a trusted speaker sent, two people's yes to it, its sealed sound."""

from __future__ import annotations

import hmac
from uuid import UUID

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
    text,
)

from content.library import Library
from store.broadcasts.card_recalls import card_recall
from store.crypto.fields import decrypt, encrypt, place
from store.crypto.keyring import MasterKeys
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


def seal_sound(key: AESGCM, recording_id: int, person_id: UUID | None, sound: bytes) -> bytes:
    """Seal the sound of a recording; `person_id` is its speaker, None for one that ships."""
    return encrypt(key, sound, _sound_place(recording_id, person_id))


def open_sound(key: AESGCM, recording_id: int, person_id: UUID | None, sealed: bytes) -> bytes:
    """Open the sound of a recording. Raises Sealed."""
    return decrypt(key, sealed, _sound_place(recording_id, person_id))


def shipped_key(keys: MasterKeys) -> AESGCM:
    """The key of recordings that are nobody's own."""
    return AESGCM(hmac.digest(keys.kek, b"recordings that ship", "sha256"))


def _sound_place(recording_id: int, person_id: UUID | None) -> bytes:
    return place("recording", "sound", str(recording_id), person_id)
