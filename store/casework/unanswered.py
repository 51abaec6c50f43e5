"""Unanswered: who asked for help, or was asked about danger, and has not written since; never a word of hers.

The fact is kept for a day, so that a human can look. What she writes on ends it, whatever it is. Nothing leaves for
her phone: whoever takes it opens a case that waits for her.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    SmallInteger,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from content.cards.languages import BASE
from store.cases import aliases, bot_answers
from store.cases import service as cases
from store.cases.impartiality import neighbourhood
from store.cases.inbound import inbound_case
from store.cases.models import CaseRow, case_file
from store.db.engine import raw
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.escalation import escalations
from store.metadata import metadata
from store.people.models import account, open_session, person, session
from store.refusals import Refusal
from store.staff import roster
from store.unit_of_work import UnitOfWork

AFTER = timedelta(minutes=10)
"""How long nothing has come before a human looks."""
KEPT = timedelta(hours=24)
"""How long the fact is kept."""
MOST = 30
"""Rows that are shown; of the rest the number."""
LEVEL = 2
"""The danger level of the case that whoever takes it opens."""
REASON = "unanswered"

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("account", SmallInteger, ForeignKey("account.id"), nullable=False),
    Column("alias", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)


class Unanswered(msgspec.Struct, frozen=True):
    """Somebody who has not written since: an alias, the channel, the minute (aware, UTC), her language.

    `asked` is "help" (she asked for a person), "danger" (she was asked about danger) or "silent" (the silent call).
    """

    id: int
    alias: str
    account: str
    channel: str
    at: datetime
    lang: str
    asked: str

    @property
    def key(self) -> str:
        """What it is called among the rows of the desk."""
        return f"u{self.id}"


class UnansweredList(msgspec.Struct, frozen=True):
    """The latest of them, and how many there are besides."""

    rows: tuple[Unanswered, ...]
    more: int = 0


class _Communes(msgspec.Struct, frozen=True):
    """What tells whether a reader may know her; without a case she has allowed nobody of her commune."""

    communes: list[str]
    commune_ok: bool = False


async def keep(work: UnitOfWork, person_id: UUID, account_id: int, at: datetime, asked: str, lang: str) -> None:
    """Keep that she was asked something, in place of what she was asked before."""
    await drop(work, person_id)
    values = {"person_id": person_id, "account": account_id, "at": at, "asked": asked, "lang": lang}
    await work.conn.execute(insert(unanswered).values(alias=await _free_alias(work.conn), **values))


async def _free_alias(conn: AsyncConnection) -> str:
    """Draw a name that no case and nobody else here is called by; a longer one where the short ones are taken."""
    for _ in range(aliases.DRAWS):
        alias = aliases.draw()
        held = select(aliases.alias_in_use.c.alias).where(aliases.alias_in_use.c.alias == alias)
        if not (await conn.execute(held.union(select(unanswered.c.alias).where(unanswered.c.alias == alias)))).first():
            return alias
    return f"{aliases.draw()} {aliases.draw()}"


async def drop(work: UnitOfWork, person_id: UUID) -> None:
    """Let it go: she wrote on, left, or has a case."""
    await work.conn.execute(delete(unanswered).where(unanswered.c.person_id == person_id))


async def list_unanswered(conn: AsyncConnection, now: datetime, staff_id: UUID | None = None) -> UnansweredList:
    """List who has not written for ten minutes, the latest first; for a member only whom she may read."""
    open_case = select(case_file.c.id).where(
        case_file.c.person_id == unanswered.c.person_id, case_file.c.closed_at.is_(None)
    )
    query = (
        select(unanswered, account.c.name, account.c.channel, person.c.tied)
        .join(account, account.c.id == unanswered.c.account)
        .join(person, person.c.id == unanswered.c.person_id)
        .where(unanswered.c.at <= now - AFTER, unanswered.c.at > now - KEPT, ~open_case.exists())
        .order_by(unanswered.c.at.desc(), unanswered.c.id.desc())
    )
    found = (await conn.execute(query)).all()
    near = await _too_near(conn, staff_id, [row.person_id for row in found if row.tied])
    rows = [
        Unanswered(row.id, row.alias, row.name, row.channel, _minute(row.at), row.lang, row.asked)
        for row in found
        if row.person_id not in near
    ]
    return UnansweredList(tuple(rows[:MOST]), max(0, len(rows) - MOST))


async def _too_near(conn: AsyncConnection, staff_id: UUID | None, people: Sequence[UUID]) -> set[UUID]:
    """Find whom a member may not read, because she works for their commune."""
    if staff_id is None or not people:
        return set()
    around = await neighbourhood(conn)
    return {one for one in people if staff_id in around.near(_Communes(await cases.communes_of(conn, one)))}


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


async def take_unanswered(work: UnitOfWork, number: int) -> CaseRow:
    """Open a case that waits for her and is in the hands of whoever acts; nobody is paged, and nothing leaves.

    Raises Refused when she has written on or somebody else was first, and for a member who may not read her.
    """
    gone = delete(unanswered).where(unanswered.c.id == number).returning(unanswered)
    row = (await work.conn.execute(gone)).one_or_none()
    if row is None or row.at <= work.now - KEPT or await cases.find_open(work.conn, row.person_id) is not None:
        raise Refused(Refusal.UNANSWERED_GONE)
    readers = await roster.new_case_readers(work.conn, work.now)
    near = await _too_near(work.conn, work.staff_id, [row.person_id])
    if near or work.staff_id not in {reader.staff_id for reader in readers}:
        raise Refused(Refusal.CASE_NOT_SEALED)
    async with raw(work.store.keyring) as keyring_pg:
        key = await work.store.ring.key_of(keyring_pg, row.person_id)
    flags = () if row.lang == BASE else (f"lang:{row.lang}",)
    cry = cases.Cry(
        person_id=row.person_id, key=key, account=row.account, level=LEVEL, reason=REASON, place="", flags=flags,
        readers=readers, alias=row.alias,
    )  # fmt: skip
    case = await cases.open_case(work, cry)
    await _show_talk(work, row.person_id, key)
    return await _held(work, case)


async def _show_talk(work: UnitOfWork, person_id: UUID, key: AESGCM) -> None:
    """Show the people of the case what the bot has said in this talk, so that she is asked nothing twice."""
    found = (await work.conn.execute(select(session).where(session.c.person_id == person_id))).one_or_none()
    case = await inbound_case(work, person_id)
    if found is not None and found.state_ct and case is not None:
        talk = open_session(key, person_id, found.version, found.state_ct).bot_answers
        await bot_answers.show(work, case, talk)


async def _held(work: UnitOfWork, case: CaseRow) -> CaseRow:
    """Leave a case with whoever opened it, waiting for her words."""
    await escalations.stop(work, case.id)
    hers = {"acked_by": work.staff_id, "acked_at": work.now, "waiting_since": None}
    await work.conn.execute(update(case_file).where(case_file.c.id == case.id).values(hers))
    work.record("case.opened", case.id, level=case.level, reason=REASON)
    work.record("case.acknowledged", case.id)
    work.notify(NotifyChannel.CASE, case.id)
    return await cases.load_case(work.conn, case.id)
