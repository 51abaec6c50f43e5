"""Contacts of staff for paging: her own chat, bound by a code, an e-mail or a gateway address.

Each belongs to her alone: she gives it and takes it back herself, and it goes when she leaves.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text, Uuid, delete, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.crypto.fields import decrypt, encrypt, place
from store.crypto.invite_codes import code_tag, new_code
from store.crypto.keyring import MasterKeys
from store.errors import Refused
from store.metadata import metadata
from store.people.models import account, person
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

STAFF = "staff"
"""The kind of a code that binds a phone to a member of staff."""
WAYS = CHAT, MAIL, HOOK = "chat", "mail", "hook"
"""Transports by which a member is paged."""
CODE_LIVES = timedelta(minutes=30)
_SHAPES = {
    MAIL: re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,190}\.[A-Za-z]{2,24}"),
    HOOK: re.compile(r"[A-Za-z0-9+._\-]{3,64}"),
}

staff_contact = Table(
    "staff_contact",
    metadata,
    Column("staff_id", Uuid, ForeignKey("staff.id"), primary_key=True),
    Column("way", Text, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("address_ct", LargeBinary, nullable=True),
    Column("bound_at", DateTime(timezone=True), nullable=False),
)
"""`person_id` for the chat (its address lies with the person), `address_ct` for the others, sealed."""
staff_code = Table(
    "staff_code",
    metadata,
    Column("code_tag", LargeBinary, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=True),
)


class Contact(msgspec.Struct, frozen=True):
    """One contact of somebody; `person_id`, `account` and `channel` are set for her chat only."""

    staff_id: UUID
    way: str
    person_id: UUID | None
    account: int | None
    channel: str | None


async def invite(work: UnitOfWork) -> str:
    """Make the code with which a member binds her own phone: shown once, good for half an hour."""
    code = new_code()
    tag = code_tag(work.store.keys.index, code)
    values = {"code_tag": tag, "staff_id": work.staff_id, "expires_at": work.now + CODE_LIVES}
    await work.conn.execute(pg_insert(staff_code).values(values))
    work.record("contact.invited", work.staff_id, way=CHAT)
    return code


async def find(conn: AsyncConnection, now: datetime, tags: Sequence[bytes]) -> set[bytes]:
    """The codes among these that bind a phone now."""
    fresh = staff_code.c.used_at.is_(None), staff_code.c.expires_at > now
    return set(
        (await conn.execute(select(staff_code.c.code_tag).where(staff_code.c.code_tag.in_(tags), *fresh))).scalars()
    )


async def bind(work: UnitOfWork, person_id: UUID, code: str) -> bool:
    """She said yes on her phone: pages reach it from now on, and no other of hers. False when the code is used up."""
    query = (
        update(staff_code)
        .where(staff_code.c.code_tag == code_tag(work.store.keys.index, code))
        .where(staff_code.c.used_at.is_(None), staff_code.c.expires_at > work.now)
        .values(used_at=work.now)
        .returning(staff_code.c.staff_id)
    )
    staff_id = (await work.conn.execute(query)).scalar_one_or_none()
    if staff_id is None:
        return False
    await work.conn.execute(delete(staff_contact).where(staff_contact.c.person_id == person_id))
    await _keep(work.conn, work.now, staff_id, CHAT, {"person_id": person_id, "address_ct": None})
    work.record("contact.bound", staff_id, way=CHAT)
    return True


async def give(work: UnitOfWork, way: str, address: str) -> None:
    """Keep her address for e-mail or for the gateway, sealed. Raises Refused."""
    shape = _SHAPES.get(way)
    if shape is None or not shape.fullmatch(address.strip()):
        raise Refused(Refusal.CONTACT_ADDRESS)
    sealed = encrypt(_key(work.store.keys), address.strip().encode(), _place(work.staff_id, way))
    await _keep(work.conn, work.now, work.staff_id, way, {"person_id": None, "address_ct": sealed})
    work.record("contact.bound", work.staff_id, way=way)


async def take_back(work: UnitOfWork, way: str) -> bool:
    """Page her by this transport no more. False when there was none."""
    query = delete(staff_contact).where(staff_contact.c.staff_id == work.staff_id, staff_contact.c.way == way)
    if (await work.conn.execute(query.returning(staff_contact.c.way))).scalar_one_or_none() is None:
        return False
    work.record("contact.removed", work.staff_id, way=way)
    return True


async def contacts_of(conn: AsyncConnection, people: Sequence[UUID]) -> list[Contact]:
    """Every contact of these members."""
    query = (
        select(
            staff_contact.c.staff_id,
            staff_contact.c.way,
            staff_contact.c.person_id,
            person.c.account,
            account.c.channel,
        )
        .outerjoin(person, person.c.id == staff_contact.c.person_id)
        .outerjoin(account, account.c.id == person.c.account)
        .where(staff_contact.c.staff_id.in_(people))
        .order_by(staff_contact.c.staff_id, staff_contact.c.way)
    )
    return [Contact(r.staff_id, r.way, r.person_id, r.account, r.channel) for r in await conn.execute(query)]


def open_address(keys: MasterKeys, staff_id: UUID, way: str, sealed: bytes) -> str:
    """Open an address of a member. Raises Sealed when it belongs to somebody else or to another transport."""
    return decrypt(_key(keys), sealed, _place(staff_id, way)).decode()


async def _keep(conn: AsyncConnection, now: datetime, staff_id: UUID, way: str, values: dict[str, object]) -> None:
    values = values | {"bound_at": now}
    made = pg_insert(staff_contact).values(staff_id=staff_id, way=way, **values)
    await conn.execute(
        made.on_conflict_do_update(index_elements=[staff_contact.c.staff_id, staff_contact.c.way], set_=values)
    )


def _key(keys: MasterKeys) -> AESGCM:
    return AESGCM(hmac.digest(keys.kek, b"addresses of staff", "sha256"))


def _place(staff_id: UUID, way: str) -> bytes:
    return place("staff_contact", "address", f"{staff_id.hex}.{way}", None)
