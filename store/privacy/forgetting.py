"""Forget a person: one operation, whoever asks for it (safety rule 12).

Her key goes first. From that commit on nothing of hers opens, here, in any backup of the data, or by the recovery key;
what follows only clears away what can no longer be read, and may be repeated by anybody after a crash in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.models import case_file, case_line
from store.crypto.keyring import contact_key, tombstone
from store.db.engine import Store, raw
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.messages.models import InboxState, inbox, ledger
from store.people.models import account, person
from store.refusals import Refusal
from store.unit_of_work import SERVICE, Actor, UnitOfWork, unit_of_work

_BATCH = 1000


class Receipt(msgspec.Struct, frozen=True):
    """What was destroyed, in numbers: no id, no word, nothing to find her by."""

    at: datetime
    people: int = 0
    cases: int = 0
    lines: int = 0
    messages: int = 0


class FoundPerson(msgspec.Struct, frozen=True):
    """Somebody who may be forgotten; `open_case` warns that a counsellor is with her."""

    person_id: UUID
    open_case: bool


async def by_case(conn: AsyncConnection, number: str) -> FoundPerson:
    """Find whose case it is. Raises Refused."""
    query = select(case_file.c.person_id).where(case_file.c.number == number.strip())
    found = (await conn.execute(query)).scalar_one_or_none()
    if found is None:
        raise Refused(Refusal.FORGET_CASE_UNKNOWN)
    return await _found(conn, found)


async def by_address(store: Store, conn: AsyncConnection, account_name: str, address: str) -> FoundPerson:
    """Find who writes to one of our accounts from an address. Raises Refused."""
    number = (await conn.execute(select(account.c.id).where(account.c.name == account_name.strip()))).scalar()
    if number is None:
        raise Refused(Refusal.FORGET_ACCOUNT_UNKNOWN)
    index = store.keys.blind(str(number), address.strip())
    found = (await conn.execute(select(person.c.id).where(person.c.bidx == index))).scalar_one_or_none()
    if found is None:
        raise Refused(Refusal.FORGET_PERSON_UNKNOWN)
    return await _found(conn, found)


async def _found(conn: AsyncConnection, person_id: UUID) -> FoundPerson:
    query = select(case_file.c.id).where(case_file.c.person_id == person_id, case_file.c.closed_at.is_(None))
    return FoundPerson(person_id, (await conn.execute(query)).first() is not None)


async def forget(store: Store, now: datetime, actor: Actor, person_id: UUID) -> Receipt:
    """Destroy a person's key and remove every row of hers; that it was done is recorded, not for whom.

    Repeating it is harmless. The key is a transaction of its own, and the first: see above.
    """
    await destroy_keys(store, now, [person_id])
    async with unit_of_work(store, now, actor) as work:
        receipt = await clear(work, [person_id])
        work.record("person.forgotten", "person", cases=receipt.cases, messages=receipt.messages)
    await shred(store)
    return receipt


async def destroy_keys(store: Store, now: datetime, people: Sequence[UUID]) -> None:
    """Leave a tombstone and destroy the key of each of `people`, in one transaction of the keyring."""
    if not people:
        return
    stones = [{"tag": store.ring.tag(one), "at": now} for one in people]
    async with store.keyring.begin() as keyring_conn:
        await keyring_conn.execute(pg_insert(tombstone).on_conflict_do_nothing(), stones)
        await keyring_conn.execute(delete(contact_key).where(contact_key.c.person_id.in_(people)))
    for one in people:
        store.ring.forget_cached(one)


async def clear(work: UnitOfWork, people: Sequence[UUID]) -> Receipt:
    """Remove every row of people whose keys are destroyed; what hangs on `person` goes with it."""
    conn = work.conn
    cases = select(case_file.c.id).where(case_file.c.person_id.in_(people))
    known = (await conn.execute(cases)).scalars().all()
    lines = select(func.count()).where(case_line.c.case_id.in_(cases))
    messages = select(func.count()).where(ledger.c.person_id.in_(people))
    counted = [(await conn.execute(query)).scalar_one() for query in (lines, messages)]
    hers = select(person.c.bidx).where(person.c.id.in_(people))
    set_aside = inbox.c.bidx.in_(hers) & (inbox.c.state == InboxState.QUARANTINED)
    await conn.execute(update(inbox).where(set_aside).values(sealed=None, bidx=None))
    gone = await conn.execute(delete(person).where(person.c.id.in_(people)))
    for case_id in known:
        work.notify(NotifyChannel.CASE, case_id)
    for one in people:
        work.notify(NotifyChannel.FORGOTTEN, one)
    return Receipt(work.now, gone.rowcount, len(known), *counted)


async def shred(store: Store) -> bool:
    """Write the table of keys anew, so that its file holds no destroyed key.

    False when somebody else kept the table busy; PostgreSQL then uses the space again in its own time.
    """
    async with raw(store.keyring) as keyring_pg:
        await keyring_pg.execute("SET lock_timeout = '2s'")
        try:
            await keyring_pg.execute("VACUUM FULL contact_key")
        except asyncpg.LockNotAvailableError:
            await keyring_pg.execute("VACUUM contact_key")
            return False
        finally:
            await keyring_pg.execute("RESET lock_timeout")
    return True


async def finish(store: Store, now: datetime, *, keyless: bool = False, since: datetime | None = None) -> int:
    """Clear away whoever has a tombstone and still has rows: a forgetting that a crash or a restore cut in two.

    With `keyless` also whoever has no key at all, tombstone or not (a restored backup; safety rule 15). With `since`
    nothing is looked for unless a tombstone was set after it. Returns how many people were cleared away.
    """
    async with store.keyring.connect() as keyring_conn:
        newest = (await keyring_conn.execute(select(func.max(tombstone.c.at)))).scalar()
        if not keyless and (newest is None or (since is not None and newest < since)):
            return 0
        buried = set((await keyring_conn.execute(select(tombstone.c.tag))).scalars())
    cleared, after = 0, UUID(int=0)
    while batch := await _next(store, after):
        gone = [one for one in batch if store.ring.tag(one) in buried]
        if keyless:
            gone += await _without_key(store, set(batch) - set(gone))
        if gone:
            await destroy_keys(store, now, gone)
            async with unit_of_work(store, now, SERVICE) as work:
                cleared += (await clear(work, gone)).people
        after = batch[-1]
    return cleared


async def _next(store: Store, after: UUID) -> Sequence[UUID]:
    query = select(person.c.id).where(person.c.id > after).order_by(person.c.id).limit(_BATCH)
    async with store.data.connect() as conn:
        return (await conn.execute(query)).scalars().all()


async def _without_key(store: Store, people: set[UUID]) -> list[UUID]:
    async with store.keyring.connect() as keyring_conn:
        held = select(contact_key.c.person_id).where(contact_key.c.person_id.in_(people))
        return list(people - set((await keyring_conn.execute(held)).scalars()))


async def clear_buried(store: Store, now: datetime, keyring_pg: asyncpg.Connection, people: Sequence[UUID]) -> bool:
    """Clear away those of `people` who have a tombstone.

    Whoever has neither a key nor a tombstone stays: a keyring that was mixed up must not take people with it.
    """
    tags = {store.ring.tag(one): one for one in people}
    rows = await keyring_pg.fetch("SELECT tag FROM tombstone WHERE tag = ANY($1)", list(tags))
    if rows:
        async with unit_of_work(store, now, SERVICE) as work:
            await clear(work, [tags[row["tag"]] for row in rows])
    return bool(rows)
