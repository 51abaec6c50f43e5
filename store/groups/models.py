"""Tables of communication groups: invitations, members, listeners, a group chat."""

from __future__ import annotations

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

from store.metadata import metadata

MEMBER, AUDIENCE, CHAT = "member", "audience", "chat"
"""What an invitation code binds: a member of the group, a listener, the group's own chat."""

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
