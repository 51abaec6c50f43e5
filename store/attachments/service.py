"""Attachments of a case's lines: fetched once, cleaned, sealed to the case like her words, and kept for days.

An attachment of hers first waits with the channel's reference to it, under her key; as soon as it is fetched only the
sealed file is left. One of ours is kept under her key until it has left, because it goes to her; then that copy ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    case,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from content.media.attachment import Kind, Reason, SanitizedFile
from store.cases import keys as case_keys
from store.cases import service as cases
from store.cases.keys import CaseOwner
from store.cases.models import case_file
from store.crypto import hpke
from store.crypto.fields import decrypt, encrypt, pad, place, unpad
from store.db.notify import NotifyChannel
from store.errors import Sealed
from store.metadata import metadata
from store.unit_of_work import UnitOfWork

KEPT_FOR = timedelta(days=30)
"""How long an attachment is kept, whatever becomes of its case."""
COPY_KEPT_FOR = timedelta(days=9)
"""How long the copy that is to be sent is kept at most: an answer waits a week for her."""
TRIES = 40
"""Tries after which a file that cannot be fetched is given up: some seven hours."""
AGAIN = timedelta(seconds=30)
"""How much longer the pause becomes with every try."""
MOST_A_DAY = 60
"""Attachments of one case in a day that are fetched; a phone in strange hands must not fill the disk."""


class State(IntEnum):
    """Where an attachment stands; an expired one is `KEPT` without its bytes."""

    WAITING = 0
    KEPT = 1
    REFUSED = 2
    UPLOADED = 3


case_attachment = Table(
    "case_attachment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("line_id", BigInteger, ForeignKey("case_line.id", ondelete="CASCADE"), nullable=True, unique=True),
    Column("kind", Text, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("account", SmallInteger, ForeignKey("account.id"), nullable=False),
    Column("author", Uuid, nullable=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("next_try", DateTime(timezone=True), nullable=True),
    Column("reference_ct", LargeBinary, nullable=True),
    Column("epoch", Integer, nullable=True),
    Column("sealed", LargeBinary, nullable=True),
    Column("copy_ct", LargeBinary, nullable=True),
    Column("link_hash", LargeBinary, nullable=True, unique=True),
    Column("link_until", DateTime(timezone=True), nullable=True),
)
"""`reference_ct`, `copy_ct`: under her key. `sealed`: to the case's key of `epoch`. `author`: whoever uploaded it."""
Index(
    "ix_case_attachment_waiting", case_attachment.c.next_try, postgresql_where=case_attachment.c.state == State.WAITING
)


class Attached(msgspec.Struct, frozen=True):
    """An attachment as a line shows it. `state`: waiting, here, refused or over; `until` is the end of being kept."""

    id: UUID
    kind: Kind
    state: str
    reason: str
    until: datetime


class WaitingAttachment(msgspec.Struct, frozen=True):
    """An attachment that is still to be fetched; `person_id` is whose case it belongs to."""

    id: UUID
    case_id: UUID
    line_id: int | None
    account: int
    tries: int
    reference_ct: bytes
    person_id: UUID


class _Packed(msgspec.Struct, array_like=True):
    format: str
    clean: bool
    data: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Packed).decode


def packed(taken: SanitizedFile) -> bytes:
    """A file as bytes that say what it is; padded, so that its length says little."""
    return pad(_encode(_Packed(taken.format, taken.clean, taken.data)))


def unpacked(plain: bytes) -> SanitizedFile:
    """Undo `packed`."""
    found = _decode(unpad(plain))
    return msgspec.convert({"format": found.format, "data": found.data, "clean": found.clean}, SanitizedFile)


def _info(case_id: UUID, epoch: int, attachment: UUID) -> bytes:
    return case_keys.key_info(case_id, epoch) + b"|attached|" + attachment.hex.encode()


def place_of(column: str, attachment: UUID, person: UUID) -> bytes:
    """The one place of a field under her key."""
    return place("case_attachment", column, attachment.hex, person)


class SentAlong(msgspec.Struct, frozen=True):
    """Something that came with a line of hers: what is expected in it, and the channel's reference to it."""

    line: int
    account: int
    kind: Kind
    reference: str


async def receive(work: UnitOfWork, owner: CaseOwner, sent: SentAlong) -> None:
    """Note that something came with a line of hers, and where it can be fetched."""
    made, at, table = uuid4(), work.now, case_attachment.c
    today = select(func.count()).where(table.case_id == owner.case_id, table.at > at - timedelta(days=1))
    many = (await work.conn.execute(today)).scalar_one() >= MOST_A_DAY
    where = place_of("reference", made, owner.person_id)
    values = {
        "id": made, "case_id": owner.case_id, "line_id": sent.line, "kind": sent.kind, "account": sent.account,
        "at": at, "next_try": at,
        "state": State.REFUSED if many else State.WAITING, "reason": "many" if many else "",
        "reference_ct": None if many else encrypt(owner.key, pad(sent.reference.encode("utf-8", "replace")), where),
    }  # fmt: skip
    await work.conn.execute(insert(case_attachment).values(values))


async def to_fetch(conn: AsyncConnection, now: datetime, most: int) -> list[WaitingAttachment]:
    """What waits to be fetched and may be tried now.

    What was tried least comes first: what fails again and again stands in front of nobody.
    """
    table = case_attachment.c
    columns = table.id, table.case_id, table.line_id, table.account, table.tries, table.reference_ct
    query = (
        select(*columns, case_file.c.person_id)
        .join(case_file, case_file.c.id == table.case_id)
        .where(table.state == State.WAITING, table.next_try <= now)
        .order_by(table.tries, table.next_try)
    )
    return [WaitingAttachment(*row) for row in await conn.execute(query.limit(most))]


async def begin_tries(work: UnitOfWork, most: int) -> list[WaitingAttachment]:
    """What is to be fetched now. Each is counted and postponed before any work on it begins.

    So nothing that ends the work, nor the process that does it, brings the same file at once again; what was begun
    often enough is given up.
    """
    rows = await to_fetch(work.conn, work.now, most)
    for row in rows:
        if row.tries >= TRIES:
            await refuse(work, row, "lost")
        else:
            later = {"tries": row.tries + 1, "next_try": work.now + AGAIN * (row.tries + 1)}
            await work.conn.execute(update(case_attachment).where(case_attachment.c.id == row.id).values(later))
    return [row for row in rows if row.tries < TRIES]


def open_reference(key: AESGCM, row: WaitingAttachment) -> str:
    """The channel's reference of what is to be fetched. Raises Sealed."""
    return unpad(decrypt(key, row.reference_ct, place_of("reference", row.id, row.person_id))).decode()


async def keep(work: UnitOfWork, row: WaitingAttachment, taken: SanitizedFile) -> None:
    """Keep what was fetched, sealed to whoever may read the case today."""
    await _settle(work, row, await sealed_values(work.conn, row.case_id, row.id, taken))


async def sealed_values(
    conn: AsyncConnection, case_id: UUID, attachment: UUID, taken: SanitizedFile
) -> dict[str, object]:
    """The columns of an attachment that is kept: sealed to the newest key of its case, in its own place."""
    await cases.load_case(conn, case_id, lock=True)  # its keys stay what they are until this is committed
    epoch, public = await case_keys.newest_key(conn, case_id)
    sealed = hpke.seal(public, packed(taken), _info(case_id, epoch, attachment))
    return {"state": State.KEPT, "kind": taken.kind, "epoch": epoch, "sealed": sealed}


async def refuse(work: UnitOfWork, row: WaitingAttachment, reason: Reason) -> None:
    """Note why nothing is kept of it; its line stays."""
    await _settle(work, row, {"state": State.REFUSED, "reason": reason})


async def _settle(work: UnitOfWork, row: WaitingAttachment, values: dict[str, object]) -> None:
    waiting = (case_attachment.c.id == row.id) & (case_attachment.c.state == State.WAITING)
    await work.conn.execute(update(case_attachment).where(waiting).values(reference_ct=None, next_try=None, **values))
    work.notify(NotifyChannel.CASE, row.case_id)


async def not_fetched(work: UnitOfWork, row: WaitingAttachment) -> None:
    """Leave a row of `begin_tries` for its next try, which is planned already; after the last one give up."""
    if row.tries + 1 >= TRIES:
        await refuse(work, row, "lost")


_HERE = case_attachment.c.sealed.is_not(None)
SHOWN = (
    case_attachment.c.id,
    case_attachment.c.kind,
    case(
        ((case_attachment.c.state == State.KEPT) & _HERE, "here"),
        (case_attachment.c.state == State.KEPT, "over"),
        (case_attachment.c.state == State.WAITING, "waiting"),
        else_="refused",
    ).label("state"),
    case_attachment.c.reason,
    (case_attachment.c.at + KEPT_FOR).label("until"),
)
"""The columns of `Attached`, in its order."""


class SealedAttachment(msgspec.Struct, frozen=True):
    """An attachment whose bytes are kept, sealed to an epoch of its case."""

    id: UUID
    case_id: UUID
    epoch: int
    sealed: bytes


async def sealed_row(conn: AsyncConnection, case_id: UUID, attachment: UUID) -> SealedAttachment | None:
    """An attachment of this case whose bytes are still kept; None when there is none."""
    table = case_attachment.c
    query = select(table.id, table.case_id, table.epoch, table.sealed).where(
        table.id == attachment, table.case_id == case_id, table.sealed.is_not(None)
    )
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else SealedAttachment(*row)


def open_file(private: bytes, row: SealedAttachment) -> SanitizedFile:
    """Open an attachment with the private key of its epoch. Raises Sealed."""
    return unpacked(hpke.open_sealed(private, row.sealed, _info(row.case_id, row.epoch, row.id)))


class AttachmentCopy(msgspec.Struct, frozen=True):
    """A file that goes with an answer of a case, under her key; None when its copy has ended."""

    id: UUID
    case_id: UUID
    copy_ct: bytes | None


def open_copy(key: AESGCM, row: AttachmentCopy, person: UUID) -> SanitizedFile:
    """Open the copy that is to be sent to exactly this person. Raises Sealed."""
    if row.copy_ct is None:
        raise Sealed("there is no copy to send any more")
    return unpacked(decrypt(key, row.copy_ct, place_of("copy", row.id, person)))
