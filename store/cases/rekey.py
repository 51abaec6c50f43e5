"""Rekey open cases when their readers change: who joins can read on, who leaves reads nothing new (safety rule 11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases import readers as case_readers
from store.cases import service as cases
from store.cases.impartiality import neighbourhood
from store.cases.keys import RECOVERY, CaseOwner, KeyCopies, add_copies, case_key_copy, new_epoch, newest_key
from store.cases.models import case_file, case_line, case_row
from store.db.engine import Store, raw
from store.db.notify import NotifyChannel
from store.errors import Forgotten, Refused
from store.locks import lock_number
from store.refusals import Refusal
from store.staff.roster import CaseReader, new_case_readers
from store.unit_of_work import SERVICE, unit_of_work

_LOCK = lock_number("rekey")


async def follow_roster(store: Store, now: datetime) -> int:
    """Begin a new epoch in every open case whose readers are not today's; returns how many.

    Idempotent, and done by one process at a time, so every process may call it as often as it likes. Each case is a
    transaction of its own and waits for lines that are being written with the key of before: once an epoch is there,
    nothing is sealed to an older one.
    """
    async with store.data.begin() as conn:
        if not await conn.scalar(text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": _LOCK}):
            return 0
        everybody, shut = await new_case_readers(conn, now), await case_readers.shut(conn)
        around = await neighbourhood(conn)
        stale = 0
        for row in [_NewestCopies(**one._mapping) for one in await conn.execute(_newest_copies())]:
            hers = case_readers.allowed(around.near(row), everybody, shut.get(row.id, ()))
            if set(row.readers) != {RECOVERY} | {reader.staff_id for reader in hers}:
                stale += await _begin_epoch(store, now, row, hers)
        return stale


def _newest_copies() -> Select[*tuple[object, ...]]:
    """Open cases with their newest epoch and the readers who hold it."""
    newest = (
        select(case_key_copy.c.case_id, func.max(case_key_copy.c.epoch).label("epoch"))
        .group_by(case_key_copy.c.case_id)
        .subquery()
    )
    return (
        select(
            case_file.c.id,
            case_file.c.person_id,
            case_file.c.communes,
            case_file.c.commune_ok,
            newest.c.epoch,
            func.array_agg(case_key_copy.c.reader_id).label("readers"),
        )
        .join(newest, newest.c.case_id == case_file.c.id)
        .join(case_key_copy, (case_key_copy.c.case_id == case_file.c.id) & (case_key_copy.c.epoch == newest.c.epoch))
        .where(case_file.c.closed_at.is_(None))
        .group_by(case_file.c.id, newest.c.epoch)
    )


class _NewestCopies(msgspec.Struct, frozen=True):
    """An open case with its newest epoch and the readers who hold it."""

    id: UUID
    person_id: UUID
    communes: list[str]
    commune_ok: bool
    epoch: int
    readers: list[UUID]


async def _begin_epoch(store: Store, now: datetime, row: _NewestCopies, hers: list[CaseReader]) -> bool:
    """Begin the next epoch of a case; False when she was forgotten, or somebody else has begun one meanwhile."""
    async with raw(store.keyring) as ring:
        try:
            key = await store.ring.key_of(ring, row.person_id)
        except Forgotten:
            return False  # nothing of hers can be read any more, by anybody
    async with unit_of_work(store, now, SERVICE) as work:
        await cases.load_case(work.conn, row.id, lock=True)
        newest, _ = await newest_key(work.conn, row.id)
        if newest == row.epoch:
            await new_epoch(work, CaseOwner(row.id, row.person_id, key), newest + 1, hers)
            work.notify(NotifyChannel.CASE, row.id)
        return newest == row.epoch


async def hold_roster(conn: AsyncConnection) -> None:
    """Let no process rekey cases until this transaction ends."""
    await conn.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})


async def unreadable(conn: AsyncConnection, now: datetime) -> set[str]:
    """Numbers of open cases with a line that none of today's readers holds a key to; "" when it has no reader."""
    written = select(case_line.c.case_id, case_line.c.epoch).distinct().subquery()
    copies = (
        select(case_key_copy.c.case_id, func.array_agg(case_key_copy.c.reader_id).label("readers"))
        .join(written, (written.c.case_id == case_key_copy.c.case_id) & (written.c.epoch == case_key_copy.c.epoch))
        .group_by(case_key_copy.c.case_id, case_key_copy.c.epoch)
    )
    held: dict[UUID, list[set[UUID]]] = {}
    for row in await conn.execute(copies):
        held.setdefault(row.case_id, []).append(set(row.readers))
    found = set() if await new_case_readers(conn, now) else {""}
    for case in map(case_row, await conn.execute(select(case_file).where(case_file.c.closed_at.is_(None)))):
        hers = {reader.staff_id for reader in await case_readers.of(conn, now, case)}
        if not hers or any(hers.isdisjoint(holders) for holders in held.get(case.id, ())):
            found.add(case.number)
    return found


def refuse_loss(before: set[str], after: set[str]) -> None:
    """Refuse what leaves more unreadable than before. Raises Refused, naming the cases and the way out."""
    lost = sorted(after - before - {""})
    if lost:
        raise Refused(Refusal.CASES_UNREADABLE, cases=lost)
    if "" in after - before:
        raise Refused(Refusal.NO_READER_LEFT)


async def hand_on(conn: AsyncConnection, owner: CaseOwner, copies: KeyCopies, hers: Iterable[CaseReader]) -> None:
    """Seal the epochs that one reader has just opened to every reader who does not hold them yet."""
    for reader in hers:
        opened = copies.opened.items()
        missing = {epoch: private for epoch, private in opened if (epoch, reader.staff_id) not in copies.held}
        if missing:
            await add_copies(conn, owner, missing, [reader])
