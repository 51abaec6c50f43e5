"""Keys of a case: a pair for each epoch, its private half sealed to every reader and to the recovery key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Uuid, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.models import case_file
from store.crypto import hpke
from store.crypto.fields import decrypt, encrypt, place
from store.metadata import metadata
from store.staff.roster import CaseReader

RECOVERY = UUID(int=0)
"""The reader id of the offline recovery key."""

case_key = Table(
    "case_key",
    metadata,
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("public", LargeBinary, nullable=False),
)
case_key_copy = Table(
    "case_key_copy",
    metadata,
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("reader_id", Uuid, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)


def key_info(case_id: UUID, epoch: int) -> bytes:
    """Name the one place a case line or a copy of a case key belongs to."""
    return f"nc1|case|{case_id.hex}|{epoch}".encode()


def _copy_place(case_id: UUID, epoch: int, reader: UUID, person: UUID) -> bytes:
    return place("case_key_copy", "wrapped", f"{case_id.hex}.{epoch}.{reader.hex}", person)


async def new_epoch(
    conn: AsyncConnection,
    case_id: UUID,
    person_id: UUID,
    key: AESGCM,
    epoch: int,
    readers: Sequence[CaseReader],
    recovery_public: bytes,
) -> None:
    """Make a new pair of keys for a case and hand the private half to exactly these readers and to recovery."""
    private, public = hpke.generate()
    await conn.execute(insert(case_key).values(case_id=case_id, epoch=epoch, public=public))
    await add_copies(
        conn, case_id, person_id, key, epoch, private, (CaseReader(RECOVERY, recovery_public, 0), *readers)
    )


async def add_copies(
    conn: AsyncConnection,
    case_id: UUID,
    person_id: UUID,
    key: AESGCM,
    epoch: int,
    private: bytes,
    readers: Sequence[CaseReader],
) -> None:
    """Give readers the private half of one epoch: sealed to each, wrapped once more under the person's key."""
    copies = []
    for reader in readers:
        sealed = hpke.seal(reader.public_key, private, key_info(case_id, epoch))
        wrapped = encrypt(key, sealed, _copy_place(case_id, epoch, reader.staff_id, person_id))
        copies.append({"case_id": case_id, "epoch": epoch, "reader_id": reader.staff_id, "wrapped": wrapped})
    await conn.execute(pg_insert(case_key_copy).on_conflict_do_nothing(), copies)


async def newest_key(conn: AsyncConnection, case_id: UUID) -> tuple[int, bytes]:
    """The epoch and public key that today's lines are sealed to; no newer one begins until the caller has committed."""
    held = select(case_file.c.id).where(case_file.c.id == case_id).with_for_update(read=True, key_share=True)
    await conn.execute(held)  # while this waits a new epoch may begin: the key is asked for afterwards
    query = select(case_key.c.epoch, case_key.c.public).where(case_key.c.case_id == case_id)
    row = (await conn.execute(query.order_by(case_key.c.epoch.desc()).limit(1))).one()
    return row.epoch, row.public


async def epoch_keys(
    conn: AsyncConnection, case: Any, key: AESGCM, reader_id: UUID, reader_private: bytes
) -> dict[int, bytes]:
    """Open every epoch of a case that this reader was given: epoch to private key."""
    query = select(case_key_copy).where(case_key_copy.c.case_id == case.id, case_key_copy.c.reader_id == reader_id)
    opened = {}
    for copy in (await conn.execute(query)).all():
        sealed = decrypt(key, copy.wrapped, _copy_place(case.id, copy.epoch, reader_id, case.person_id))
        opened[copy.epoch] = hpke.open_sealed(reader_private, sealed, key_info(case.id, copy.epoch))
    return opened
