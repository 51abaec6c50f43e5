"""The inbox and the ledger: every message in and every message out is a row here before anything else happens."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from flows.model.effects import BROADCAST, CHECK_IN, HELP, REPLY
from flows.model.messages import Shown
from store.crypto.fields import decrypt, encrypt, pad, place, unpad
from store.metadata import metadata


class InboxState(IntEnum):
    """Where a message in stands."""

    PENDING = 0
    DONE = 1
    QUARANTINED = 2


class Status(IntEnum):
    """Where a message out stands."""

    READY = 0
    SENDING = 1
    SENT = 2
    UNKNOWN = 3
    DEFERRED = 4
    DEAD = 5
    WITHHELD = 6


class Recipient(IntEnum):
    """What kind of receiver a ledger row has."""

    PERSON = 1
    STAFF = 2
    GROUP = 3
    ENDPOINT = 4


class Cause(IntEnum):
    """What made a ledger row or a case line: (cause_kind, cause, n) is its identity for ever."""

    INBOX = 1
    CASE = 2
    CHECK_IN = 3
    BROADCAST = 4
    CALL = 5
    RECORDING = 6
    KNOCK = 7
    TOLD = 8
    BENCH = 9
    REFERRAL = 10


class Content(IntEnum):
    """What the gate needs to know of a message's content."""

    REPLY = 1
    RELAY = 2
    KNOCK = 3
    CHECK_IN = 4
    BROADCAST = 5
    PAGE = 6
    CLEAN = 7


def with_codes(statement: str) -> str:
    """SQL text in which every code stands as its number: `{Status.READY}` becomes 0.

    Only the enums and priorities of messages can be put into a statement, and only when its module is loaded.
    """
    codes = {enum.__name__: enum for enum in (InboxState, Status, Recipient, Cause, Content)}
    return statement.format(**codes, HELP=HELP, REPLY=REPLY, CHECK_IN=CHECK_IN, BROADCAST=BROADCAST)


inbox_key = Table(
    "inbox_key",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", SmallInteger, ForeignKey("account.id"), nullable=False),
    Column("ext", LargeBinary, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("key_id", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("state", SmallInteger, nullable=False, server_default=text("0")),
    Column("reason", Text, nullable=True),
    Column("bidx", LargeBinary, nullable=True),
    UniqueConstraint("account", "ext"),
)
Index("ix_inbox_pending", inbox.c.lane, inbox.c.id, postgresql_where=inbox.c.state == InboxState.PENDING)
Index("ix_inbox_quarantined", inbox.c.id, postgresql_where=inbox.c.state == InboxState.QUARANTINED)

ledger = Table(
    "ledger",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("cause_kind", SmallInteger, nullable=False),
    Column("cause", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
    Column("account", SmallInteger, ForeignKey("account.id"), nullable=False),
    Column("recipient", SmallInteger, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("chat_id", Integer, ForeignKey("group_chat.id", ondelete="CASCADE"), nullable=True),
    Column("content", SmallInteger, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("status", SmallInteger, nullable=False, server_default=text("0")),
    Column("reason", Text, nullable=True),
    Column("answers_at", DateTime(timezone=True), nullable=True),
    Column("not_before", DateTime(timezone=True), nullable=False),
    Column("not_after", DateTime(timezone=True), nullable=False),
    Column("body_ct", LargeBinary, nullable=True),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("epoch", Integer, nullable=False, server_default=text("0")),
    Column("message_id", Text, nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("cause_kind", "cause", "n"),
)
Index(
    "ix_ledger_open",
    ledger.c.account,
    ledger.c.priority,
    ledger.c.id,
    ledger.c.not_before,
    postgresql_where=ledger.c.status.in_((Status.READY, Status.DEFERRED)),
)
Index(
    "uq_ledger_broadcast",
    ledger.c.cause,
    ledger.c.person_id,
    unique=True,
    postgresql_where=ledger.c.cause_kind == Cause.BROADCAST,
)
Index("ix_ledger_sending", ledger.c.account, ledger.c.epoch, postgresql_where=ledger.c.status == Status.SENDING)

_shown = msgspec.msgpack.Encoder()
_shown_back = msgspec.msgpack.Decoder(Shown)


class LedgerEntry(msgspec.Struct):
    """A ledger row about to be written, its body already sealed."""

    cause_kind: int
    cause: int
    n: int
    account: int
    person_id: UUID
    content: int
    priority: int
    answers_at: datetime | None
    not_before: datetime
    not_after: datetime
    body_ct: bytes
    recipient: int = Recipient.PERSON


def seal_body(key: AESGCM, person_id: UUID, cause_kind: int, cause: int, n: int, shown: Shown) -> bytes:
    """Seal a message for exactly this person and this ledger row."""
    return encrypt(key, pad(_shown.encode(shown)), _body_place(person_id, cause_kind, cause, n))


def open_body(key: AESGCM, person_id: UUID, cause_kind: int, cause: int, n: int, sealed: bytes) -> Shown:
    """Open the message of a ledger row. Raises Sealed when row, person and text do not belong together."""
    return _shown_back.decode(unpad(decrypt(key, sealed, _body_place(person_id, cause_kind, cause, n))))


def _body_place(person_id: UUID, cause_kind: int, cause: int, n: int) -> bytes:
    return place("ledger", "body", f"{cause_kind}.{cause}.{n}", person_id)
