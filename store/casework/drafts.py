"""Drafts of answers: sealed to who writes them, so that no lost line, tab or browser takes one away.

It is sealed to her own public key and opens only while she is signed in; the seal is wrapped under the key of the
person it is for, so that forgetting her reaches it (safety rule 12).
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases import service as cases
from store.cases.keys import CaseOwner
from store.cases.models import case_line
from store.crypto import hpke
from store.crypto.fields import decrypt, encrypt, pad, place, unpad
from store.errors import Refused, Sealed
from store.metadata import metadata
from store.refusals import Refusal
from store.staff.models import member
from store.unit_of_work import Actor, UnitOfWork

case_draft = Table(
    "case_draft",
    metadata,
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


def _info(case_id: UUID, staff_id: UUID) -> bytes:
    return f"nc1|draft|{case_id.hex}|{staff_id.hex}".encode()


def _place(case_id: UUID, staff_id: UUID, person: UUID) -> bytes:
    return place("case_draft", "wrapped", f"{case_id.hex}.{staff_id.hex}", person)


class Piece(msgspec.Struct, frozen=True):
    """A piece of what is typed, with the request key of the answer it becomes, None for what is not sent yet."""

    text: str
    request_key: UUID | None = None


async def keep(work: UnitOfWork, case_id: UUID, typed: Sequence[Piece], longest: int) -> None:
    """Keep what she has typed so far in place of what was kept; nothing typed keeps nothing.

    A piece that has been sent meanwhile is left out. At most `longest` characters are kept. Raises Refused for
    somebody who may not read cases, Forgotten.
    """
    if not any(piece.text.strip() for piece in typed):
        await drop(work.conn, case_id, work.staff_id)
        return
    case = await cases.load_case(work.conn, case_id, lock=True)
    sent = await _sent(work, case_id, [piece.request_key for piece in typed if piece.request_key is not None])
    unsent = [piece.text for piece in typed if piece.request_key not in sent]
    words = "\n".join(text for text in unsent if text.strip())[:longest]
    if not words:
        return
    who = await member(work.conn, work.staff_id)
    if who is None or not who.reads_cases or case.closed_at is not None:
        raise Refused(Refusal.DRAFT_NOT_KEPT)
    sealed = hpke.seal(who.public_key, pad(words.encode("utf-8", "replace")), _info(case_id, who.id))
    key = await cases.person_key(work.store, case)
    again = {"wrapped": encrypt(key, sealed, _place(case_id, who.id, case.person_id)), "at": work.now}
    made = insert(case_draft).values(case_id=case_id, staff_id=who.id, **again)
    await work.conn.execute(made.on_conflict_do_update(index_elements=["case_id", "staff_id"], set_=again))


async def _sent(work: UnitOfWork, case_id: UUID, keys: Sequence[UUID]) -> set[UUID]:
    """Those of these answers that have become lines of the case."""
    if not keys:
        return set()
    causes = [key.hex for key in keys]
    query = select(case_line.c.cause).where(case_line.c.case_id == case_id, case_line.c.cause.in_(causes))
    return {UUID(cause) for cause in (await work.conn.execute(query)).scalars()}


def open_draft(actor: Actor, owner: CaseOwner, wrapped: bytes | None) -> str:
    """What she had typed in a case and not sent; "" when nothing, or nothing that opens any more."""
    if wrapped is None or actor.staff_id is None:
        return ""
    try:
        sealed = decrypt(owner.key, wrapped, _place(owner.case_id, actor.staff_id, owner.person_id))
        return unpad(hpke.open_sealed(actor.private_key, sealed, _info(owner.case_id, actor.staff_id))).decode()
    except Sealed:
        return ""


async def drop(conn: AsyncConnection, case_id: UUID, staff_id: UUID | None = None) -> None:
    """Take one draft of a case away, or all of them."""
    gone = delete(case_draft).where(case_draft.c.case_id == case_id)
    await conn.execute(gone if staff_id is None else gone.where(case_draft.c.staff_id == staff_id))
