"""The audit log: insert-only and chained by HMAC, so that a missing or changed row shows."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    DateTime,
    Identity,
    LargeBinary,
    Row,
    Table,
    Text,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from store.locks import lock_number
from store.metadata import metadata

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False, index=True),
    Column("meta", JSONB, nullable=False),
    Column("prev_mac", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

INSERT_ONLY = (
    "CREATE OR REPLACE FUNCTION audit_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit is insert-only: % refused', TG_OP; END $$",
    "CREATE OR REPLACE TRIGGER audit_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_insert_only()",
)
"""Make the table insert-only; a migration that does not use `metadata.create_all` runs these itself."""

for _statement in INSERT_ONLY:
    event.listen(audit, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]

SHEET_CONFIRMED = "static.confirmed"
Code = str | int | bool | None
_CODE = re.compile(r"[A-Za-z0-9_.:+\-]{0,64}")
_LOCK = lock_number("audit")
"""On which every writer of the chain waits its turn."""
GENESIS = bytes(32)


class AuditRecord(msgspec.Struct, frozen=True):
    """One event: who, what, on what, with small codes; `at` is aware, UTC."""

    seq: int
    at: datetime
    actor: str
    action: str
    object: str
    meta: dict[str, Any]


class ChainVerified(msgspec.Struct, frozen=True):
    """The chain is whole; `seq` and `mac` are its head, to be anchored outside this machine."""

    rows: int
    seq: int
    mac: bytes


class ChainBroken(msgspec.Struct, frozen=True):
    """The chain breaks at `seq`: that row, or the one before it, was changed, removed or put in."""

    seq: int


class AuditEvent(msgspec.Struct, frozen=True):
    """One event to be recorded.

    `meta` takes codes of at most 64 of `A-Za-z0-9_.:+-`, numbers and booleans; anything else, her words above all,
    is refused.
    """

    actor: str
    action: str
    object: str
    meta: Mapping[str, Code]


async def record(conn: AsyncConnection, now: datetime, key: bytes, acts: Sequence[AuditEvent]) -> list[int]:
    """Append events in their order and return their seqs; they stand or fall with the caller's transaction.

    Writers wait for one another until commit, so they are recorded last in it. Raises ValueError for words.
    """
    if not acts:
        return []
    for act in acts:
        texts = (value for value in act.meta.values() if isinstance(value, str))
        _refuse_words([act.actor, act.action, act.object, *act.meta, *texts])
    # a statement of its own: the next one must see what the previous holder of the lock committed
    await wait_turn(conn)
    drawn = (await conn.execute(_NEXT, {"n": len(acts)})).all()
    prev, seqs = drawn[0].head or GENESIS, sorted(row.seq for row in drawn)
    rows = []
    for seq, act in zip(seqs, acts, strict=True):
        entry = AuditRecord(seq, now, act.actor, act.action, act.object, dict(act.meta))
        rows.append(msgspec.structs.asdict(entry) | {"prev_mac": prev, "mac": (prev := _mac(key, prev, entry))})
    await conn.execute(insert(audit), rows)
    return seqs


async def wait_turn(conn: AsyncConnection) -> None:
    """Wait for the turn to write now, and keep it until commit: for whoever locks other rows before it records."""
    await conn.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def verify(
    conn: AsyncConnection, key: bytes, anchor: tuple[int, bytes] | None = None
) -> ChainVerified | ChainBroken:
    """Walk the whole chain in one transaction of the caller.

    `anchor` is an earlier head (seq, mac) kept elsewhere: without one a cut tail is invisible.
    """
    rows, prev, seq, anchored = 0, GENESIS, 0, anchor is None
    async with conn.stream(select(audit).order_by(audit.c.seq)) as result:
        async for row in result:
            entry = _entry(row)
            if row.prev_mac != prev or not hmac.compare_digest(row.mac, _mac(key, prev, entry)):
                return ChainBroken(entry.seq)
            rows, prev, seq = rows + 1, row.mac, entry.seq
            anchored = anchored or (seq, prev) == anchor
    return ChainVerified(rows, seq, prev) if anchored or not anchor else ChainBroken(anchor[0])


async def page(
    conn: AsyncConnection,
    *,
    before: int | None = None,
    limit: int = 50,
    actor: str | None = None,
    object: str | None = None,
) -> list[AuditRecord]:
    """List records, newest first, older than seq `before`; by one actor or on one object when named."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.seq < before)
    if actor is not None:
        query = query.where(audit.c.actor == actor)
    if object is not None:
        query = query.where(audit.c.object == object)
    return [_entry(row) for row in await conn.execute(query)]


async def done_since(conn: AsyncConnection, actor: str, action: str, object: str, since: datetime) -> bool:
    """Whether an actor is recorded to have done something on one object since a moment."""
    same = audit.c.actor == actor, audit.c.action == action, audit.c.object == object, audit.c.at >= since
    return (await conn.execute(select(audit.c.seq).where(*same).limit(1))).first() is not None


async def last_confirmed(conn: AsyncConnection, account: str) -> tuple[datetime, str] | None:
    """Return when the texts of an account were last confirmed and the digest of their sheet; None for never."""
    query = (
        select(audit.c.at, audit.c.meta)
        .where(audit.c.action == SHEET_CONFIRMED, audit.c.object == account)
        .order_by(audit.c.seq.desc())
        .limit(1)
    )
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else (row.at, str(row.meta.get("sheet", "")))


_NEXT = text(
    "SELECT nextval(pg_get_serial_sequence('audit', 'seq')) AS seq,"
    " (SELECT mac FROM audit ORDER BY seq DESC LIMIT 1) AS head FROM generate_series(1, :n)"
)
"""Numbers for new events, and the end of the chain they are appended to."""


def _entry(row: Row[*tuple[object, ...]]) -> AuditRecord:
    return AuditRecord(row.seq, row.at, row.actor, row.action, row.object, row.meta)


def _mac(key: bytes, prev: bytes, e: AuditRecord) -> bytes:
    at = e.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = json.dumps([e.seq, at, e.actor, e.action, e.object, e.meta], sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, prev + said.encode(), "sha256")


def _refuse_words(codes: list[str]) -> None:
    for code in codes:
        if not _CODE.fullmatch(code):
            raise ValueError(f"the audit takes codes only, not words: {len(code)} characters refused")
