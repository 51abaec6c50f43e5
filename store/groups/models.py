"""Tables of communication groups: invitations, members, listeners, a group chat."""

from __future__ import annotations

import hmac
from datetime import datetime

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
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.crypto.fields import decrypt, encrypt, place
from store.crypto.invite_codes import code_tag
from store.crypto.keyring import MasterKeys
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


def seal_address(keys: MasterKeys, account: int, address: str) -> bytes:
    """Seal the address of a group's chat; it is nobody's own, so it lies under a master key."""
    return encrypt(_chat_key(keys), address.encode(), place("group_chat", "address", str(account), None))


def open_address(keys: MasterKeys, account: int, sealed: bytes) -> str:
    """Open a group chat's address. Raises Sealed."""
    return decrypt(_chat_key(keys), sealed, place("group_chat", "address", str(account), None)).decode()


def _chat_key(keys: MasterKeys) -> AESGCM:
    return AESGCM(hmac.digest(keys.kek, b"addresses of group chats", "sha256"))


async def bind_chat(
    conn: AsyncConnection, now: datetime, keys: MasterKeys, *, account: int, address: str, code: str
) -> bool:
    """Bind a chat to the group that its code invites; False when the code is unknown, spent, expired or no chat's.

    One use is spent. A chat bound before moves to the group of its newest code.
    """
    group = await _redeem(conn, now, CHAT, code_tag(keys.index, code))
    if group is None:
        return False
    chat = insert(group_chat).values(
        group_id=group,
        account=account,
        bidx=keys.blind(f"group:{account}", address),
        address_ct=seal_address(keys, account, address),
        active=True,
        bound_at=now,
    )
    again = {"group_id": group, "active": True, "bound_at": now}
    await conn.execute(chat.on_conflict_do_update(index_elements=[group_chat.c.bidx], set_=again))
    await audit.record(conn, now, keys.audit, actor="bot", action="group.chat_bound", object=str(group))
    return True


async def _redeem(conn: AsyncConnection, now: datetime, kind: str, tag: bytes) -> int | None:
    """Spend one use of a valid invitation and return its group; of two at once the second sees what is left."""
    usable = (
        invitation.c.kind == kind,
        invitation.c.code_tag == tag,
        invitation.c.expires_at > now,
        or_(invitation.c.uses_left.is_(None), invitation.c.uses_left > 0),
    )
    found = (await conn.execute(select(invitation).where(*usable).with_for_update())).one_or_none()
    if found is None:
        return None
    if found.uses_left is not None:
        left = invitation.update().where(invitation.c.id == found.id).values(uses_left=found.uses_left - 1)
        await conn.execute(left)
    return int(found.group_id)
