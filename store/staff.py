"""Staff: who works here under which alias and role, who is on duty, who may read a new case."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Row,
    SmallInteger,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit, vault
from store.errors import Refused
from store.schema import keyring_metadata, metadata

ADMIN, COUNSELLOR, SHIFT_LEAD = "admin", "counsellor", "shift_lead"
AUDITOR, COMMUNE_STAFF, CASE_WORKER = "auditor", "commune_staff", "case_worker"
CONTENT_REVIEWER, PROV_ADMIN = "content_reviewer", "prov_admin"
ROLES = (ADMIN, COUNSELLOR, SHIFT_LEAD, AUDITOR, COMMUNE_STAFF, CASE_WORKER, CONTENT_REVIEWER, PROV_ADMIN)
READING = (COUNSELLOR, SHIFT_LEAD)
"""The roles whose holders read cases. An administrator never does."""
SHORTEST = 15
"""Characters of the shortest passphrase. Source: OWASP ASVS 5.0, V6.2.1 (2025-05)."""
OFF_DUTY = 100
"""The rung of a reader who is on nobody's roster now: reached last, after every rung of the roster."""

staff = Table(
    "staff",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("alias", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("scope", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("vault", LargeBinary, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
roster = Table(
    "roster",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("rung", SmallInteger, nullable=False),
    Column("province", Text, nullable=False),
    CheckConstraint("starts_at < ends_at", name="forward"),
    CheckConstraint(f"rung BETWEEN 0 AND {OFF_DUTY - 1}", name="rung"),
)
Index("ix_roster_ends", roster.c.ends_at)
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
    """A staff member as the rest of the house knows her: an alias, roles, a scope, a public key."""

    id: UUID
    login: str
    alias: str
    roles: frozenset[str]
    scope: str
    public_key: bytes

    @property
    def reads_cases(self) -> bool:
        """Whether any of her roles reads cases."""
        return not self.roles.isdisjoint(READING)


class Reader(msgspec.Struct, frozen=True):
    """Somebody a new case is sealed to, and when she is reached: rung 0 first, `OFF_DUTY` last."""

    staff_id: UUID
    public_key: bytes
    rung: int


class Duty(msgspec.Struct, frozen=True):
    """One turn on the roster; times are aware, UTC, `ends_at` excluded."""

    id: int
    staff_id: UUID
    alias: str
    starts_at: datetime
    ends_at: datetime
    rung: int
    province: str


_T = TypeVar("_T")
_stretching = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passphrase")


async def stretched(work: Callable[..., _T], *args: Any) -> _T:
    """Run Argon2 off the loop, at most two at once: each takes 64 MiB and a third of a second."""
    return await asyncio.get_running_loop().run_in_executor(_stretching, work, *args)


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
    scope: str = "",
) -> UUID:
    """Add a staff member with a key pair of her own, and record it. Raises Refused with one sentence.

    `alias` is what people in need and colleagues see; never a real name. `key` is the audit key.
    """
    _check(login_name(login), roles, passphrase)
    public, locked = await stretched(vault.create, passphrase)
    values = {
        "id": uuid4(),
        "login": login_name(login),
        "alias": alias,
        "roles": sorted(set(roles)),
        "scope": scope,
        "public_key": public,
        "vault": locked,
        "created_at": now,
    }
    try:
        async with conn.begin_nested():
            await conn.execute(insert(staff).values(values))
    except IntegrityError:
        raise Refused(f"the login {login_name(login)} is taken: choose another") from None
    target = str(values["id"])
    meta: dict[str, audit.Code] = dict.fromkeys(roles, True)
    await audit.record(conn, now, key, actor=actor, action="staff.created", object=target, meta=meta)
    return UUID(str(values["id"]))


def _check(login: str, roles: Sequence[str], passphrase: str) -> None:
    unknown = sorted(set(roles) - set(ROLES))
    if not login.isprintable() or not 2 <= len(login) <= 64:
        raise Refused("a login has 2 to 64 printable characters")
    if unknown or not roles:
        raise Refused(f"unknown role {', '.join(unknown) or '(none)'}: choose from {', '.join(ROLES)}")
    if ADMIN in roles and not set(roles).isdisjoint(READING):
        raise Refused("an administrator never reads cases: give counsellor or shift_lead to somebody else")
    if len(passphrase) < SHORTEST:
        raise Refused(f"the passphrase is shorter than {SHORTEST} characters: take four or five words")


async def by_login(conn: AsyncConnection, login: str) -> tuple[Member, bytes] | None:
    """Find an active member by login, with her locked vault."""
    row = (await conn.execute(select(staff).where(staff.c.login == login_name(login), staff.c.active))).one_or_none()
    return (_member(row), row.vault) if row else None


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


async def disable(
    conn: AsyncConnection,
    ring_conn: AsyncConnection,
    now: datetime,
    key: bytes,
    *,
    actor: str,
    staff_id: UUID,
) -> bool:
    """Shut a member out: no login, no duty, every web session of hers ends. False when she was out already.

    Cases she could read must get a new key epoch; that is the caller's next act.
    """
    shut = update(staff).where(staff.c.id == staff_id, staff.c.active).values(active=False)
    done = (await conn.execute(shut.returning(staff.c.id))).scalar_one_or_none() is not None
    await conn.execute(delete(roster).where(roster.c.staff_id == staff_id, roster.c.ends_at > now))
    await ring_conn.execute(delete(staff_session).where(staff_session.c.staff_id == staff_id))
    if done:
        target = str(staff_id)
        await audit.record(conn, now, key, actor=actor, action="staff.disabled", object=target)
    return done


async def ladder(conn: AsyncConnection, now: datetime) -> list[Reader]:
    """Everybody who may read a new case, in the order they are reached.

    That is every active counsellor and shift lead, on duty or not: the case of 02:00 must open for who comes
    at 02:05, and with an empty roster for whoever comes first.
    """
    on = _now(now)
    rung = func.coalesce(func.min(roster.c.rung), OFF_DUTY).label("rung")
    query = (
        select(staff.c.id, staff.c.public_key, rung)
        .select_from(staff.outerjoin(roster, (roster.c.staff_id == staff.c.id) & on))
        .where(staff.c.active, staff.c.roles.overlap(READING))
        .group_by(staff.c.id)
        .order_by(rung, staff.c.created_at, staff.c.id)
    )
    return [Reader(row.id, row.public_key, row.rung) for row in await conn.execute(query)]


async def on_duty(conn: AsyncConnection, now: datetime) -> bool:
    """Whether at this moment anybody who reads cases stands on the roster."""
    query = (
        select(roster.c.id)
        .join(staff, staff.c.id == roster.c.staff_id)
        .where(_now(now), staff.c.active, staff.c.roles.overlap(READING))
    )
    return (await conn.execute(query.limit(1))).first() is not None


async def add_duty(
    conn: AsyncConnection,
    now: datetime,
    key: bytes,
    *,
    actor: str,
    staff_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    rung: int = 0,
    province: str = "",
) -> int:
    """Put a member on the roster and record it; return the turn's id. Raises Refused."""
    who = await member(conn, staff_id)
    if who is None or not who.reads_cases:
        raise Refused("only an active counsellor or shift lead can be on the roster")
    if not starts_at < ends_at or not 0 <= rung < OFF_DUTY:
        raise Refused(f"a turn ends after it starts, on a rung from 0 to {OFF_DUTY - 1}")
    turn = insert(roster).values(staff_id=staff_id, starts_at=starts_at, ends_at=ends_at, rung=rung, province=province)
    duty: int = (await conn.execute(turn.returning(roster.c.id))).scalar_one()
    target, meta = str(staff_id), {"duty": duty, "rung": rung}
    await audit.record(conn, now, key, actor=actor, action="roster.added", object=target, meta=meta)
    return duty


async def remove_duty(conn: AsyncConnection, now: datetime, key: bytes, *, actor: str, duty: int) -> bool:
    """Take a turn off the roster and record it. False when it was gone already."""
    gone = delete(roster).where(roster.c.id == duty).returning(roster.c.staff_id)
    staff_id = (await conn.execute(gone)).scalar_one_or_none()
    if staff_id is None:
        return False
    target, meta = str(staff_id), {"duty": duty}
    await audit.record(conn, now, key, actor=actor, action="roster.removed", object=target, meta=meta)
    return True


async def duties(conn: AsyncConnection, now: datetime) -> list[Duty]:
    """List turns that have not ended, soonest first."""
    query = (
        select(roster, staff.c.alias)
        .join(staff, staff.c.id == roster.c.staff_id)
        .where(roster.c.ends_at > now)
        .order_by(roster.c.starts_at, roster.c.rung, roster.c.id)
    )
    return [
        Duty(row.id, row.staff_id, row.alias, row.starts_at, row.ends_at, row.rung, row.province)
        for row in await conn.execute(query)
    ]


def _now(now: datetime) -> Any:
    return (roster.c.starts_at <= now) & (roster.c.ends_at > now)


def _member(row: Row[Any]) -> Member:
    return Member(row.id, row.login, row.alias, frozenset(row.roles), row.scope, row.public_key)
