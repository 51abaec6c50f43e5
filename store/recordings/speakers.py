"""Speakers: whom staff invited to lend her voice to one language, and what she agreed to."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.cards.languages import spoken
from content.library import Library
from flows.text.invitation_codes import ALPHABET, LETTERS, written
from store import audit
from store.crypto.invite_codes import code_tag
from store.errors import Refused
from store.metadata import metadata
from store.people.models import consent, person
from store.recordings import service as recordings
from store.recordings.service import LIVING, RETIRED, recording
from store.refusals import Refusal

CONSENT = "C8"
SPEAKER = "speaker"
"""The kind of code that makes a speaker; it stays hers afterwards and opens the scripts again."""
LIVES = timedelta(days=14)
_ALIAS = re.compile(r"[\w .-]{2,40}")

speaker_invitation = Table(
    "speaker_invitation",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("lang", Text, nullable=False),
    Column("alias", Text, nullable=False),
    Column("code_tag", LargeBinary, nullable=False, unique=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Uuid, nullable=True),
)
speaker = Table(
    "speaker",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("lang", Text, nullable=False),
    Column("alias", Text, nullable=False),
    Column("code_tag", LargeBinary, nullable=False),
    Column("invited_by", Uuid, nullable=True),
    Column("bound_at", DateTime(timezone=True), nullable=False),
)


async def invite(
    conn: AsyncConnection,
    now: datetime,
    house_index: bytes,
    key: bytes,
    library: Library,
    *,
    staff_id: UUID | None,
    lang: str,
    alias: str,
) -> str:
    """Make a speaker's code and return it: shown once, kept as a keyed hash, good for one person and two weeks.

    `alias` is what colleagues and reviewers call her. Raises Refused with one sentence.
    """
    alias = " ".join(alias.split())
    if lang not in spoken(library.languages):
        raise Refused(Refusal.SPEAKER_LANGUAGE)
    if not _ALIAS.fullmatch(alias):
        raise Refused(Refusal.SPEAKER_ALIAS)
    code = written("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)))
    values = {
        "lang": lang, "alias": alias, "code_tag": code_tag(house_index, code), "expires_at": now + LIVES,
        "created_at": now, "created_by": staff_id,
    }  # fmt: skip
    await conn.execute(insert(speaker_invitation).values(values))
    actor = str(staff_id) if staff_id else "demo"
    await audit.record(conn, now, key, actor=actor, action="speaker.invited", object=lang)
    return code


async def find(conn: AsyncConnection, now: datetime, tags: Sequence[bytes]) -> dict[bytes, tuple[str, bytes | None]]:
    """The speakers' codes among these: tag to language, and for a used one the blind index of whose it is."""
    fresh = select(speaker_invitation.c.code_tag, speaker_invitation.c.lang).where(
        speaker_invitation.c.code_tag.in_(tags),
        speaker_invitation.c.used_at.is_(None),
        speaker_invitation.c.expires_at > now,
    )
    hers = (
        select(speaker.c.code_tag, speaker.c.lang, person.c.bidx)
        .join(person, person.c.id == speaker.c.person_id)
        .where(speaker.c.code_tag.in_(tags))
    )
    found: dict[bytes, tuple[str, bytes | None]] = {r.code_tag: (r.lang, None) for r in await conn.execute(fresh)}
    return found | {row.code_tag: (row.lang, row.bidx) for row in await conn.execute(hers)}


async def become(
    conn: AsyncConnection, now: datetime, house_index: bytes, *, person_id: UUID, code: str, version: str
) -> None:
    """She said yes: she is a speaker of the code's language (C8 recorded). A code used meanwhile is nothing."""
    tag = code_tag(house_index, code)
    use = (
        update(speaker_invitation)
        .where(
            speaker_invitation.c.code_tag == tag,
            speaker_invitation.c.used_at.is_(None),
            speaker_invitation.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(speaker_invitation.c.lang, speaker_invitation.c.alias, speaker_invitation.c.created_by)
    )
    used = (await conn.execute(use)).one_or_none()
    if used is None:
        return
    bound = {
        "lang": used.lang, "alias": used.alias, "code_tag": tag, "invited_by": used.created_by, "bound_at": now,
    }  # fmt: skip
    made = pg_insert(speaker).values(person_id=person_id, **bound)
    await conn.execute(made.on_conflict_do_update(index_elements=[speaker.c.person_id], set_=bound))
    said = {"person_id": person_id, "purpose": CONSENT, "version": version, "given": True, "at": now}
    await conn.execute(insert(consent).values(said))


async def of(conn: AsyncConnection, person_id: UUID) -> Any | None:
    """The speaker somebody is; None when she is none."""
    return (await conn.execute(select(speaker).where(speaker.c.person_id == person_id))).one_or_none()


async def leave(conn: AsyncConnection, now: datetime, *, person_id: UUID, version: str) -> None:
    """She takes her voice back: her recordings fall silent at once, and her yes is taken back."""
    hers = select(recording.c.id).where(recording.c.person_id == person_id, recording.c.state.in_(LIVING))
    for recording_id in (await conn.execute(hers)).scalars().all():
        await recordings.end(conn, now, recording_id, RETIRED, "taken_back")
    await conn.execute(speaker.delete().where(speaker.c.person_id == person_id))
    said = {"person_id": person_id, "purpose": CONSENT, "version": version, "given": False, "at": now}
    await conn.execute(insert(consent).values(said))
