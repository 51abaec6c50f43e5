"""Communication groups of a village: invitations, members, the audience that agreed to hear from them, a group chat."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    true,
)

from store.envelope import decrypt, encrypt, place
from store.keys import HouseKeys
from store.schema import metadata

MEMBER, AUDIENCE, CHAT = "member", "audience", "chat"
"""What an invitation code binds: a member of the group, a listener of the village, the group's own chat."""

village_group = Table(
    "village_group",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("title", Text, nullable=False),
    Column("area", Text, ForeignKey("area.code"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Uuid, nullable=True),
)
invitation = Table(
    "invitation",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("group_id", Integer, ForeignKey("village_group.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("code_tag", LargeBinary, nullable=False, unique=True),
    Column("uses_left", Integer, nullable=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Uuid, nullable=True),
)
membership = Table(
    "membership",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", Integer, ForeignKey("village_group.id", ondelete="CASCADE"), primary_key=True),
    Column("invited_by", Uuid, nullable=True),
    Column("bound_at", DateTime(timezone=True), nullable=False),
)
subscription = Table(
    "subscription",
    metadata,
    Column("group_id", Integer, ForeignKey("village_group.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("lang", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
)
group_chat = Table(
    "group_chat",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("group_id", Integer, ForeignKey("village_group.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("account", SmallInteger, ForeignKey("account.id"), nullable=False),
    Column("bidx", LargeBinary, nullable=False, unique=True),
    Column("address_ct", LargeBinary, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("bound_at", DateTime(timezone=True), nullable=False),
)


def code_tag(index_key: bytes, code: str) -> bytes:
    """The keyed hash of an invitation code; the code itself is shown once and kept nowhere."""
    return hmac.digest(index_key, f"invitation|{code}".encode(), "sha256")[:16]


def seal_address(house: HouseKeys, account: int, address: str) -> bytes:
    """Seal the address of a group's chat; it is nobody's own, so it lies under a key of the house."""
    return encrypt(_chat_key(house), address.encode(), place("group_chat", "address", str(account), None))


def open_address(house: HouseKeys, account: int, sealed: bytes) -> str:
    """Open a group chat's address. Raises Sealed."""
    return decrypt(_chat_key(house), sealed, place("group_chat", "address", str(account), None)).decode()


def _chat_key(house: HouseKeys) -> AESGCM:
    return AESGCM(hmac.digest(house.kek, b"addresses of group chats", "sha256"))
