"""Playback of recordings: what speaks today, and the sound of one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from content.media.clip import Clip, Format
from content.recording_scripts import wanted, words
from flows.model.messages import Sound
from store.db.engine import Store, raw
from store.recordings.models import APPROVED, LIVING, REFUSED, may_be_heard, open_sound, recording, shipped_key


class PlayableRecordings(msgspec.Struct, frozen=True):
    """What there is to hear now: approved sounds by `card.lang`, and by language the cards that need no voice.

    `refused` holds by language why the last recording of a card was not taken.
    """

    sounds: Mapping[str, Sound] = {}
    taken: Mapping[str, frozenset[str]] = {}
    refused: Mapping[str, Mapping[str, str]] = {}

    def voices(self) -> dict[str, set[str]]:
        """The cards that a person has read aloud, by language."""
        found: dict[str, set[str]] = {}
        for name in (name for name, sound in self.sounds.items() if not sound.tone):
            card, _, lang = name.rpartition(".")
            found.setdefault(lang, set()).add(card)
        return found


class _SpokenCard(msgspec.Struct, frozen=True):
    """A recording of a card's words that lives or was refused last."""

    id: int
    card: str
    lang: str
    words: bytes
    state: str
    reason: str | None
    milliseconds: int
    tone: bool


async def heard(conn: AsyncConnection, library: Library) -> PlayableRecordings:
    """Read what speaks today; a recording of words that have changed since is silent, and its card waits again."""
    sounds: dict[str, Sound] = {}
    taken: dict[str, set[str]] = {}
    refused: dict[str, dict[str, str]] = {}
    for row in await _of_present_words(conn, library):
        if row.state == REFUSED:
            refused.setdefault(row.lang, {})[row.card] = row.reason or ""
            continue
        if not row.tone:
            taken.setdefault(row.lang, set()).add(row.card)
        if row.state == APPROVED:
            sounds[f"{row.card}.{row.lang}"] = Sound(row.id, row.milliseconds, row.tone)
    return PlayableRecordings(sounds, {lang: frozenset(cards) for lang, cards in taken.items()}, refused)


async def _of_present_words(conn: AsyncConnection, library: Library) -> list[_SpokenCard]:
    columns = (recording.c[name] for name in _SpokenCard.__struct_fields__)
    query = select(*columns).where(recording.c.state.in_((*LIVING, REFUSED))).order_by(recording.c.id)
    cards = frozenset(wanted(library))
    rows = [_SpokenCard(*row) for row in await conn.execute(query)]
    return [row for row in rows if row.card in cards and words(library, row.card, row.lang) == row.words]


class _SealedSound(msgspec.Struct, frozen=True):
    person_id: UUID | None
    state: str
    format: str | None
    milliseconds: int
    sound_ct: bytes | None


async def clip_of(store: Store, recording_id: int, *, approved: bool = True) -> Clip | None:
    """Open a recording; None when there is none, it is not `approved` (where that is asked), or she was forgotten."""
    columns = (recording.c[name] for name in _SealedSound.__struct_fields__)
    async with store.data.connect() as conn:
        found = (await conn.execute(select(*columns).where(recording.c.id == recording_id))).one_or_none()
    row = None if found is None else _SealedSound(*found)
    if row is None or row.sound_ct is None or (approved and row.state != APPROVED):
        return None
    key = await _key_of(store, row.person_id)
    if key is None:
        return None
    kind: Format = "opus" if row.format == "opus" else "aac"
    return Clip(kind, row.milliseconds, open_sound(key, recording_id, row.person_id, row.sound_ct))


async def _key_of(store: Store, person_id: UUID | None) -> AESGCM | None:
    """The key of a speaker, or of what ships; None when she was forgotten."""
    if person_id is None:
        return shipped_key(store.keys)
    async with raw(store.keyring) as keyring_pg:
        return (await store.ring.load(keyring_pg, [person_id])).get(person_id)


async def is_approved(conn: AsyncConnection, library: Library, recording_id: int) -> bool:
    """Whether a recording may be heard now."""
    query = select(recording.c.id).where(recording.c.id == recording_id, may_be_heard(library))
    return (await conn.execute(query)).first() is not None
