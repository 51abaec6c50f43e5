"""Tables of staff: who works here, under which alias and in which role."""

from __future__ import annotations

import asyncio
import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar
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
    Select,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
    text,
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
from store.unit_of_work import UnitOfWork

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
    Column("skills", ARRAY(Text), nullable=False, server_default=text("'{}'")),
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
    skills: frozenset[str] = frozenset()
    """What she is trained for, words of `content/data/escalation.yaml`."""

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


async def stretched(work: Callable[..., _T], *args: object, where: ThreadPoolExecutor = KNOWN) -> _T:
    """Run Argon2 off the loop, at most three at once: each takes 64 MiB and a third of a second."""
    return await asyncio.get_running_loop().run_in_executor(where, work, *args)


def login_name(typed: str) -> str:
    """Bring a typed login to the one form it is stored in."""
    return typed.strip().casefold()


class NewMember(msgspec.Struct, frozen=True):
    """Whom to add. `alias` is what people in need and colleagues see, never a real name.

    `scope` is written as in `store/areas/scopes.py`.
    """

    login: str
    alias: str
    roles: Sequence[str]
    scope: str = NATION


async def create_staff(
    work: UnitOfWork, new: NewMember, passphrase: str, made: tuple[bytes, bytes] | None = None
) -> UUID:
    """Add a staff member with a key pair of her own. Raises Refused.

    `made`: what `vault.create` made of the passphrase, when that has been done beside something else.
    """
    login = login_name(new.login)
    _check(login, new.roles)
    if made is None:
        check_passphrase(login, passphrase)
    area_code = await parse_scope(work.conn, new.scope)
    public, locked = await stretched(vault.create, passphrase) if made is None else made
    staff_id = uuid4()
    values = {
        "id": staff_id,
        "login": login,
        "alias": new.alias,
        "roles": sorted(set(new.roles)),
        "scope": area_code,
        "public_key": public,
        "vault": locked,
        "created_at": work.now,
    }
    try:
        async with work.savepoint():
            await work.conn.execute(insert(staff).values(values))
    except IntegrityError:
        raise Refused(Refusal.LOGIN_TAKEN, login=login) from None
    work.record("staff.created", staff_id, **dict.fromkeys(new.roles, True))
    return staff_id


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


class StaffRow(msgspec.Struct, frozen=True):
    """A row of `staff`: a member, suspended or not; `created_at` is aware, UTC."""

    id: UUID
    login: str
    alias: str
    roles: list[str]
    scope: str
    langs: list[str] | None
    skills: list[str]
    public_key: bytes
    vault: bytes
    active: bool
    created_at: datetime

    def member(self) -> Member:
        """What the rest of the application knows of her."""
        langs = None if self.langs is None else frozenset(self.langs)
        mark, roles = hashlib.sha256(self.vault).digest()[:8], frozenset(self.roles)
        skills = frozenset(self.skills)
        return Member(self.id, self.login, self.alias, roles, self.scope, self.public_key, langs, mark, skills)


async def _rows(conn: AsyncConnection, query: Select[*tuple[object, ...]]) -> list[StaffRow]:
    return [StaffRow(**row._mapping) for row in await conn.execute(query)]


async def by_login(conn: AsyncConnection, login: str) -> StaffRow | None:
    """Find an active member by login."""
    rows = await _rows(conn, select(staff).where(staff.c.login == login_name(login), staff.c.active))
    return rows[0] if rows else None


async def row_of(conn: AsyncConnection, login: str) -> StaffRow:
    """The row of a member by login, suspended or not. Raises Refused when there is none."""
    rows = await _rows(conn, select(staff).where(staff.c.login == login_name(login)))
    if not rows:
        raise Refused(Refusal.LOGIN_UNKNOWN, login=login_name(login))
    return rows[0]


async def last_seen(conn: AsyncConnection) -> list[tuple[StaffRow, datetime | None]]:
    """Everybody by login, suspended or not, with her last sign-in as the audit has it."""
    entered = select(audit.audit.c.actor, func.max(audit.audit.c.at)).where(audit.audit.c.action == "staff.signed_in")
    last = {actor: at for actor, at in await conn.execute(entered.group_by(audit.audit.c.actor))}
    return [(row, last.get(str(row.id))) for row in await _rows(conn, select(staff).order_by(staff.c.login))]


async def member(conn: AsyncConnection, staff_id: UUID) -> Member | None:
    """Find an active member by id; None once she was disabled."""
    rows = await _rows(conn, select(staff).where(staff.c.id == staff_id, staff.c.active))
    return rows[0].member() if rows else None


async def members(conn: AsyncConnection) -> list[Member]:
    """List active staff by alias."""
    return [row.member() for row in await _rows(conn, select(staff).where(staff.c.active).order_by(staff.c.alias))]


async def aliases(conn: AsyncConnection) -> dict[UUID, str]:
    """Every alias by staff id, of those who left too."""
    return {row.id: row.alias for row in await conn.execute(select(staff.c.id, staff.c.alias))}
