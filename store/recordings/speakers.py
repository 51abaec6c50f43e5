"""Speakers: whom staff invited to lend her voice to one language, and what she agreed to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    Table,
    Text,
    Uuid,
    and_,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.cards.languages import spoken
from content.library import Library
from flows.model.effects import BecomeSpeaker, RecordConsent
from store.crypto.invite_codes import code_tag, new_code
from store.errors import Refused
from store.metadata import metadata
from store.people.models import person
from store.people.service import record_consent
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

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


class Speaker(msgspec.Struct, frozen=True):
    """Who lends her voice to a language; `alias` is what staff call her, `invited_by` the member who invited her."""

    person_id: UUID
    lang: str
    alias: str
    invited_by: UUID | None


async def invite(work: UnitOfWork, library: Library, lang: str, alias: str) -> str:
    """Make a speaker's code and return it: shown once, kept as a keyed hash, good for one person and two weeks.

    `alias` is what colleagues and reviewers call her. Raises Refused with one sentence.
    """
    alias = " ".join(alias.split())
    if lang not in spoken(library.languages):
        raise Refused(Refusal.SPEAKER_LANGUAGE)
    if not _ALIAS.fullmatch(alias):
        raise Refused(Refusal.SPEAKER_ALIAS)
    code = new_code()
    values = {
        "lang": lang, "alias": alias, "code_tag": code_tag(work.store.keys.index, code),
        "expires_at": work.now + LIVES, "created_at": work.now, "created_by": work.actor.staff_id,
    }  # fmt: skip
    await work.conn.execute(insert(speaker_invitation).values(values))
    work.record("speaker.invited", lang)
    return code


async def find(conn: AsyncConnection, now: datetime, tags: Sequence[bytes]) -> dict[bytes, tuple[str, bytes | None]]:
    """The speakers' codes among these: tag to language, and for a used one the blind index of whose it is."""
    fresh = select(speaker_invitation.c.code_tag, speaker_invitation.c.lang)
    fresh = fresh.where(speaker_invitation.c.code_tag.in_(tags), _works(now))
    hers = (
        select(speaker.c.code_tag, speaker.c.lang, person.c.bidx)
        .join(person, person.c.id == speaker.c.person_id)
        .where(speaker.c.code_tag.in_(tags))
    )
    found: dict[bytes, tuple[str, bytes | None]] = {tag: (lang, None) for tag, lang in (await conn.execute(fresh))}
    return found | {tag: (lang, index) for tag, lang, index in (await conn.execute(hers))}


async def become(work: UnitOfWork, person_id: UUID, agreed: BecomeSpeaker) -> None:
    """She said yes: she is a speaker of the code's language (C8 recorded). A code used meanwhile is nothing."""
    tag = code_tag(work.store.keys.index, agreed.code)
    mine = speaker_invitation.c.code_tag == tag, _works(work.now)
    use = update(speaker_invitation).where(*mine).values(used_at=work.now)
    used = await work.conn.execute(
        use.returning(speaker_invitation.c.lang, speaker_invitation.c.alias, speaker_invitation.c.created_by)
    )
    invited = used.one_or_none()
    if invited is None:
        return
    lang, alias, invited_by = invited
    bound = {"lang": lang, "alias": alias, "code_tag": tag, "invited_by": invited_by, "bound_at": work.now}
    made = pg_insert(speaker).values(person_id=person_id, **bound)
    await work.conn.execute(made.on_conflict_do_update(index_elements=[speaker.c.person_id], set_=bound))
    await record_consent(work, person_id, RecordConsent(CONSENT, agreed.version, True))


def _works(now: datetime) -> ColumnElement[bool]:
    """An invitation that is neither used nor expired."""
    return and_(speaker_invitation.c.used_at.is_(None), speaker_invitation.c.expires_at > now)


async def of(conn: AsyncConnection, person_id: UUID) -> Speaker | None:
    """The speaker somebody is; None when she is none."""
    columns = (speaker.c[name] for name in Speaker.__struct_fields__)
    found = (await conn.execute(select(*columns).where(speaker.c.person_id == person_id))).one_or_none()
    return None if found is None else Speaker(*found)
