"""Tables of staff: who works here, under which alias and in which role."""

from __future__ import annotations

import asyncio
import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    Row,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.areas.models import NATION
from store.areas.scopes import parse_scope
from store.errors import Refused
from store.metadata import keyring_metadata, metadata
from store.refusals import Refusal
from store.staff import vault

ADMIN, COUNSELLOR, SHIFT_LEAD = "admin", "counsellor", "shift_lead"
AUDITOR, COMMUNE_STAFF, CASE_WORKER = "auditor", "commune_staff", "case_worker"
CONTENT_REVIEWER, PROV_ADMIN = "content_reviewer", "prov_admin"
ROLES = (ADMIN, COUNSELLOR, SHIFT_LEAD, AUDITOR, COMMUNE_STAFF, CASE_WORKER, CONTENT_REVIEWER, PROV_ADMIN)
READING = (COUNSELLOR, SHIFT_LEAD)
"""The roles whose holders read cases. An administrator never does."""
SHORTEST = 15
"""Characters of the shortest passphrase. Source: OWASP ASVS 5.0, V6.2.1 (2025-05)."""
LONGEST = 256
"""Characters of the longest; the sign-in form takes no more."""
FEWEST = 5
"""Different characters, spaces aside."""

staff = Table(
    "staff",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("alias", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("scope", Text, nullable=False),
    Column("langs", ARRAY(Text), nullable=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("vault", LargeBinary, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
staff_session = Table(
    "staff_session",
    keyring_metadata,
    Column("sid_hash", LargeBinary, primary_key=True),
    Column("staff_id", Uuid, nullable=False, index=True),
    Column("vault_ct", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("agent", Text, nullable=False),
)
login_attempt = Table(
    "login_attempt",
    keyring_metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("tag", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("failed", Boolean, nullable=False, server_default=true()),
)
Index("ix_login_attempt", login_attempt.c.tag, login_attempt.c.at)


class Member(msgspec.Struct, frozen=True):
    """A staff member as the rest of the application knows her: an alias, roles, a scope, a public key.

    `langs` are the languages whose texts and recordings she may review; None: every one. `mark` changes with her
    passphrase and tells nothing of it.
    """

    id: UUID
    login: str
    alias: str
    roles: frozenset[str]
    scope: str
    public_key: bytes
    langs: frozenset[str] | None = None
    mark: bytes = b""

    def judges(self, lang: str) -> bool:
        """Whether she may review what is in a language."""
        return self.langs is None or lang in self.langs

    @property
    def reads_cases(self) -> bool:
        """Whether any of her roles reads cases."""
        return not self.roles.isdisjoint(READING)


_T = TypeVar("_T")
KNOWN = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passphrase")
STRANGERS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stranger")
"""Where passphrases from unknown devices are tried, so that nobody else queues behind them."""


async def stretched(work: Callable[..., _T], *args: Any, where: ThreadPoolExecutor = KNOWN) -> _T:
    """Run Argon2 off the loop, at most three at once: each takes 64 MiB and a third of a second."""
    return await asyncio.get_running_loop().run_in_executor(where, work, *args)


def login_name(typed: str) -> str:
    """Bring a typed login to the one form it is stored in."""
    return typed.strip().casefold()


async def create_staff(
    conn: AsyncConnection,
    now: datetime,
    key: bytes,
    *,
    actor: str,
    login: str,
    alias: str,
    roles: Sequence[str],
    passphrase: str,
    scope: str = NATION,
    made: tuple[bytes, bytes] | None = None,
) -> UUID:
    """Add a staff member with a key pair of her own, and record it. Raises Refused with one sentence.

    `alias` is what people in need and colleagues see; never a real name. `scope` is written as in
    `store/areas/scopes.py`. `key` is the audit key. `made`: what `vault.create` made of the passphrase, when that has
    been done beside something else.
    """
    _check(login_name(login), roles)
    if made is None:
        check_passphrase(login, passphrase)
    area_code = await parse_scope(conn, scope)
    public, locked = await stretched(vault.create, passphrase) if made is None else made
    values = {
        "id": uuid4(),
        "login": login_name(login),
        "alias": alias,
        "roles": sorted(set(roles)),
        "scope": area_code,
        "public_key": public,
        "vault": locked,
        "created_at": now,
    }
    try:
        async with conn.begin_nested():
            await conn.execute(insert(staff).values(values))
    except IntegrityError:
        raise Refused(Refusal.LOGIN_TAKEN, login=login_name(login)) from None
    target = str(values["id"])
    meta: dict[str, audit.Code] = dict.fromkeys(roles, True)
    await audit.record(conn, now, key, actor=actor, action="staff.created", object=target, meta=meta)
    return UUID(str(values["id"]))


def _check(login: str, roles: Sequence[str]) -> None:
    unknown = sorted(set(roles) - set(ROLES))
    if not login.isprintable() or not 2 <= len(login) <= 64:
        raise Refused(Refusal.LOGIN_LENGTH)
    if unknown or not roles:
        raise Refused(Refusal.ROLE_UNKNOWN, roles=unknown or "(none)", known=ROLES)
    if ADMIN in roles and not set(roles).isdisjoint(READING):
        raise Refused(Refusal.ROLE_ADMIN_READS)


def check_passphrase(login: str, passphrase: str) -> None:
    """Refuse a passphrase that is easily guessed, whoever gives it. Raises Refused with one sentence."""
    if len(passphrase) < SHORTEST:
        raise Refused(Refusal.PASSPHRASE_SHORT, shortest=SHORTEST)
    if len(passphrase) > LONGEST:
        raise Refused(Refusal.PASSPHRASE_LONG, longest=LONGEST)
    written = unicodedata.normalize("NFKC", passphrase).casefold()
    if len(set(written) - {" "}) < FEWEST:
        raise Refused(Refusal.PASSPHRASE_SIMPLE, fewest=FEWEST)
    if unicodedata.normalize("NFKC", login_name(login)) in written:
        raise Refused(Refusal.PASSPHRASE_LOGIN)


async def by_login(conn: AsyncConnection, login: str) -> tuple[Member, bytes] | None:
    """Find an active member by login, with her locked vault."""
    row = (await conn.execute(select(staff).where(staff.c.login == login_name(login), staff.c.active))).one_or_none()
    return (_member(row), row.vault) if row else None


async def row_of(conn: AsyncConnection, login: str) -> Row[Any]:
    """The row of a member by login, suspended or not. Raises Refused when there is none."""
    row = (await conn.execute(select(staff).where(staff.c.login == login_name(login)))).one_or_none()
    if row is None:
        raise Refused(Refusal.LOGIN_UNKNOWN, login=login_name(login))
    return row


async def last_seen(conn: AsyncConnection) -> list[tuple[Row[Any], datetime | None]]:
    """Everybody by login, suspended or not, with her last sign-in as the audit has it."""
    entered = select(audit.audit.c.actor, func.max(audit.audit.c.at)).where(audit.audit.c.action == "staff.signed_in")
    last = {actor: at for actor, at in await conn.execute(entered.group_by(audit.audit.c.actor))}
    rows = (await conn.execute(select(staff).order_by(staff.c.login))).all()
    return [(row, last.get(str(row.id))) for row in rows]


async def member(conn: AsyncConnection, staff_id: UUID) -> Member | None:
    """Find an active member by id; None once she was disabled."""
    row = (await conn.execute(select(staff).where(staff.c.id == staff_id, staff.c.active))).one_or_none()
    return _member(row) if row else None


async def members(conn: AsyncConnection) -> list[Member]:
    """List active staff by alias."""
    query = select(staff).where(staff.c.active).order_by(staff.c.alias)
    return [_member(row) for row in await conn.execute(query)]


async def aliases(conn: AsyncConnection) -> dict[UUID, str]:
    """Every alias by staff id, of those who left too."""
    return {row.id: row.alias for row in await conn.execute(select(staff.c.id, staff.c.alias))}


def _member(row: Row[Any]) -> Member:
    langs = None if row.langs is None else frozenset(row.langs)
    mark = hashlib.sha256(row.vault).digest()[:8]
    return Member(row.id, row.login, row.alias, frozenset(row.roles), row.scope, row.public_key, langs, mark)
