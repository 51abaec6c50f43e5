"""Keys of a case: a pair for each epoch, its private half sealed to every reader and to the recovery key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Uuid, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.models import case_file
from store.crypto import hpke
from store.crypto.fields import decrypt, encrypt, place
from store.metadata import metadata
from store.staff.roster import CaseReader
from store.unit_of_work import UnitOfWork

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


class CaseOwner(msgspec.Struct, frozen=True):
    """Whose case it is: its id, its person, and the key of that person."""

    case_id: UUID
    person_id: UUID
    key: AESGCM


async def new_epoch(work: UnitOfWork, owner: CaseOwner, epoch: int, readers: Sequence[CaseReader]) -> None:
    """Make a new pair of keys for a case and hand the private half to exactly these readers and to recovery."""
    private, public = hpke.generate()
    await work.conn.execute(insert(case_key).values(case_id=owner.case_id, epoch=epoch, public=public))
    recovery = CaseReader(RECOVERY, work.store.keys.recovery_public, 0)
    await add_copies(work.conn, owner, {epoch: private}, (recovery, *readers))


async def add_copies(
    conn: AsyncConnection, owner: CaseOwner, epochs: Mapping[int, bytes], readers: Iterable[CaseReader]
) -> None:
    """Give readers the private halves of epochs: sealed to each, wrapped once more under the person's key."""
    copies = []
    for reader, (epoch, private) in product(readers, epochs.items()):
        sealed = hpke.seal(reader.public_key, private, key_info(owner.case_id, epoch))
        wrapped = encrypt(owner.key, sealed, _copy_place(owner.case_id, epoch, reader.staff_id, owner.person_id))
        copies.append({"case_id": owner.case_id, "epoch": epoch, "reader_id": reader.staff_id, "wrapped": wrapped})
    await conn.execute(pg_insert(case_key_copy).on_conflict_do_nothing(), copies)


async def newest_key(conn: AsyncConnection, case_id: UUID) -> tuple[int, bytes]:
    """The epoch and public key that today's lines are sealed to; no newer one begins until the caller has committed."""
    held = select(case_file.c.id).where(case_file.c.id == case_id).with_for_update(read=True, key_share=True)
    await conn.execute(held)  # while this waits a new epoch may begin: the key is asked for afterwards
    query = select(case_key.c.epoch, case_key.c.public).where(case_key.c.case_id == case_id)
    row = (await conn.execute(query.order_by(case_key.c.epoch.desc()).limit(1))).one()
    return row.epoch, row.public


class KeyCopies(msgspec.Struct, frozen=True):
    """The copies of a case's keys: who holds which epoch, and the epochs that whoever acts could open."""

    held: frozenset[tuple[int, UUID]]
    opened: Mapping[int, bytes]


async def open_copies(work: UnitOfWork, owner: CaseOwner) -> KeyCopies:
    """Look at every copy of a case's keys, and open those that whoever acts was given. Raises Sealed."""
    copies = (await work.conn.execute(select(case_key_copy).where(case_key_copy.c.case_id == owner.case_id))).all()
    mine, opened = work.staff_id, {}
    for copy in (one for one in copies if one.reader_id == mine):
        sealed = decrypt(owner.key, copy.wrapped, _copy_place(owner.case_id, copy.epoch, mine, owner.person_id))
        opened[copy.epoch] = hpke.open_sealed(work.actor.private_key, sealed, key_info(owner.case_id, copy.epoch))
    return KeyCopies(frozenset((copy.epoch, copy.reader_id) for copy in copies), opened)
