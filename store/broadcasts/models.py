"""Tables of broadcasts: a card somebody proposed, a second person approved, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.model.messages import Shown
from store.db.notify import NotifyChannel
from store.errors import Sealed
from store.metadata import metadata
from store.unit_of_work import UnitOfWork

PROPOSED, SENDING, PAUSED, STOPPED, REFUSED, DONE = "proposed", "sending", "paused", "stopped", "refused", "done"
IN_A_CHAT = "chat"
"""Where a channel is named: what the group's own chat shows, whatever its channel."""

card_approval = Table(
    "card_approval",
    metadata,
    Column("card", Text, primary_key=True),
    Column("lang", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("approved_by", Uuid, nullable=True),
    Column("at", DateTime(timezone=True), nullable=False),
)
broadcast = Table(
    "broadcast",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("group_id", Integer, ForeignKey("village_group.id"), nullable=False),
    Column("card", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'proposed'")),
    Column("author_person", Uuid, nullable=True),
    Column("author_staff", Uuid, nullable=True),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Uuid, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("not_after", DateTime(timezone=True), nullable=True),
    Column("cursor", Uuid, nullable=True),
    Column("planned", Integer, nullable=False, server_default=text("0")),
    Column("planned_at", DateTime(timezone=True), nullable=True),
    Column("ended_at", DateTime(timezone=True), nullable=True),
    Column("ended_by", Uuid, nullable=True),
    CheckConstraint("(author_person IS NULL) <> (author_staff IS NULL)", name="one_author"),
)
Index("ix_broadcast_moving", broadcast.c.id, postgresql_where=text("state IN ('sending', 'paused')"))
Index("ix_broadcast_author", broadcast.c.author_person, broadcast.c.id)
broadcast_text = Table(
    "broadcast_text",
    metadata,
    Column("broadcast_id", BigInteger, ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("lang", Text, primary_key=True),
    Column("shown", LargeBinary, nullable=False),
)


class BroadcastRow(msgspec.Struct, frozen=True):
    """A broadcast; `cursor` is the last person planned, all of them at `planned_at`."""

    id: int
    group_id: int
    card: str
    digest: bytes
    state: str
    author_person: UUID | None
    author_staff: UUID | None
    proposed_at: datetime
    not_after: datetime | None
    cursor: UUID | None
    planned: int
    planned_at: datetime | None


BROADCAST_COLUMNS = [broadcast.c[name] for name in BroadcastRow.__struct_fields__]

pack = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Shown).decode

ByChannel = Mapping[tuple[str, str], Shown]
"""What each channel and language would show."""


class Texts(msgspec.Struct, frozen=True):
    """The exact messages of a broadcast and the digest that was approved."""

    digest: bytes
    shown: ByChannel


def digest_of(card: str, group_id: int, shown: ByChannel) -> bytes:
    """Bind an approval to the card, its audience and every word on every channel: SHA-256."""
    parts = [pack((card, group_id)), *(pack((*where, pack(shown[where]))) for where in sorted(shown))]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def announce(work: UnitOfWork, broadcast_id: int, state: str) -> None:
    """Tell senders and pages of a new state at once, when the work commits."""
    work.notify(NotifyChannel.BROADCAST, f"{broadcast_id}:{state}")
    work.notify(NotifyChannel.CASE, "broadcasts")


async def texts(conn: AsyncConnection, broadcast_id: int) -> Texts:
    """The texts of a broadcast. Raises Sealed when a word is not the one that its digest names."""
    row = (await conn.execute(select(broadcast).where(broadcast.c.id == broadcast_id))).one()
    found = await conn.execute(select(broadcast_text).where(broadcast_text.c.broadcast_id == broadcast_id))
    try:
        shown = {(one.channel, one.lang): _decode(one.shown) for one in found}
    except msgspec.MsgspecError:
        raise Sealed("the texts of a broadcast were changed") from None
    if digest_of(row.card, row.group_id, shown) != row.digest:
        raise Sealed("the texts of a broadcast were changed")
    return Texts(row.digest, shown)
