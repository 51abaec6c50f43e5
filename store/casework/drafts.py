"""Drafts of answers: sealed to who writes them, so that no lost line, tab or browser takes one away.

It is sealed to her own public key and opens only while she is signed in; the seal is wrapped under the key of the
person it is for, so that forgetting her reaches it (safety rule 12).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases import service as cases
from store.cases.models import case_line
from store.crypto import hpke
from store.crypto.fields import decrypt, encrypt, pad, place, unpad
from store.db.engine import Store
from store.errors import Refused
from store.metadata import metadata
from store.refusals import Refusal
from store.staff.models import member

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


async def keep(
    store: Store, now: datetime, case_id: UUID, staff_id: UUID, typed: Sequence[tuple[str, UUID | None]], longest: int
) -> None:
    """Keep what she has typed so far in place of what was kept; nothing typed keeps nothing.

    `typed` are pieces in order, each with the request key of the answer it becomes: a piece that has been sent
    meanwhile is left out. At most `longest` characters are kept. Raises Refused for somebody who may not read cases,
    Forgotten.
    """
    async with store.data.begin() as conn:
        if not any(text.strip() for text, _ in typed):
            await drop(conn, case_id, staff_id)
            return
        case = await cases.found(conn, case_id, lock=True)
        unsent = [text for text, key in typed if key is None or not await _sent(conn, case_id, key)]
        words = "\n".join(text for text in unsent if text.strip())[:longest]
        if not words:
            return
        who = await member(conn, staff_id)
        if who is None or not who.reads_cases or case.closed_at is not None:
            raise Refused(Refusal.DRAFT_NOT_KEPT)
        sealed = hpke.seal(who.public_key, pad(words.encode("utf-8", "replace")), _info(case_id, staff_id))
        wrapped = encrypt(await cases.person_key(store, case), sealed, _place(case_id, staff_id, case.person_id))
        made = insert(case_draft).values(case_id=case_id, staff_id=staff_id, wrapped=wrapped, at=now)
        again = {"wrapped": wrapped, "at": now}
        await conn.execute(made.on_conflict_do_update(index_elements=["case_id", "staff_id"], set_=again))


async def _sent(conn: AsyncConnection, case_id: UUID, request_key: UUID) -> bool:
    answer = select(case_line.c.id).where(case_line.c.case_id == case_id, case_line.c.cause == request_key.hex)
    return (await conn.execute(answer)).first() is not None


async def kept(store: Store, case_id: UUID, staff_id: UUID, private_key: bytes) -> str:
    """What she had typed in a case; "" when nothing. Raises Sealed, Forgotten."""
    async with store.data.connect() as conn:
        mine = case_draft.c.case_id == case_id, case_draft.c.staff_id == staff_id
        wrapped = (await conn.execute(select(case_draft.c.wrapped).where(*mine))).scalar_one_or_none()
        if wrapped is None:
            return ""
        case = await cases.found(conn, case_id)
    sealed = decrypt(await cases.person_key(store, case), wrapped, _place(case_id, staff_id, case.person_id))
    return unpad(hpke.open_sealed(private_key, sealed, _info(case_id, staff_id))).decode()


async def drop(conn: AsyncConnection, case_id: UUID, staff_id: UUID | None = None) -> None:
    """Take one draft of a case away, or all of them."""
    gone = delete(case_draft).where(case_draft.c.case_id == case_id)
    await conn.execute(gone if staff_id is None else gone.where(case_draft.c.staff_id == staff_id))
