"""Sweeps: how a class of old data is removed, in small batches, again and again without harm, and counted.

Every sweep returns how many were removed, and how many are left that should not be there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from store.attachments.service import COPY_KEPT_FOR, State, case_attachment
from store.cases.models import case_file
from store.checkins.models import LIVING, check_in_plan
from store.crypto.keyring import contact_key
from store.db.engine import Store
from store.escalation.escalations import climb
from store.groups.models import membership, subscription
from store.messages.models import Cause, InboxState, Status, inbox, inbox_key, ledger
from store.people.models import person, session
from store.privacy import forgetting
from store.recordings.models import LIVING as SPOKEN
from store.recordings.models import recording
from store.recordings.speakers import speaker
from store.staff.contacts import staff_contact
from store.unit_of_work import SERVICE, unit_of_work

BATCH = 500
"""Rows removed in one transaction."""
PEOPLE = 100
"""People forgotten in one transaction: they are locked while it lasts."""
MOST = 20
"""Batches of one class in one sweep; the next sweep goes on."""
KEEPERS: list[Select[tuple[UUID]]] = [
    select(case_file.c.person_id),
    select(check_in_plan.c.person_id).where(check_in_plan.c.state.in_(LIVING)),
    select(membership.c.person_id),
    select(subscription.c.person_id),
    select(speaker.c.person_id),
    select(staff_contact.c.person_id).where(staff_contact.c.person_id.is_not(None)),
]
"""Queries of the people who are kept however long they are silent; a slice with people of its own adds its query."""
_FINAL = (Status.SENT, Status.UNKNOWN, Status.DEAD, Status.WITHHELD)

Old = Callable[[datetime], ColumnElement[bool]]
"""Given the time before which things are old: which rows are."""
Sweep = Callable[[Store, datetime, datetime], Awaitable[tuple[int, int]]]
"""Given the store, now, and the time before which things are old: removed, left."""


def rows(table: Table, old: Old, *, keyring: bool = False, blank: Sequence[str] = ()) -> Sweep:
    """Sweep the rows of one table that are old: delete them, or `blank` some of their columns."""
    key = next(iter(table.primary_key.columns))

    async def sweep(store: Store, _: datetime, before: datetime) -> tuple[int, int]:
        engine: AsyncEngine = store.keyring if keyring else store.data
        batch = key.in_(select(key).where(old(before)).limit(BATCH)) & old(before)
        act = update(table).where(batch).values(dict.fromkeys(blank)) if blank else delete(table).where(batch)
        removed = 0
        for _batch in range(MOST):
            async with engine.begin() as conn:
                found = (await conn.execute(act)).rowcount
            removed += found
            if not found:
                break
        async with engine.connect() as conn:
            left = (await conn.execute(select(func.count()).select_from(table).where(old(before)))).scalar_one()
        return removed, left

    return sweep


def older(column: ColumnElement[datetime] | ColumnElement[date]) -> Old:
    """Rows whose time in `column` is old."""
    return lambda before: column < before


def received(state: InboxState) -> Old:
    """Messages in of one state that came long ago."""
    return lambda before: (inbox.c.state == state) & (inbox.c.received_at < before)


def of_closed_cases(column: ColumnElement[UUID]) -> Old:
    """Rows whose case, named by `column`, was closed long ago."""
    return lambda before: column.in_(select(case_file.c.id).where(case_file.c.closed_at < before))


def attached(before: datetime) -> ColumnElement[bool]:
    """Attachments that came or left long ago and still hold anything."""
    holds = case_attachment.c.sealed.is_not(None) | case_attachment.c.reference_ct.is_not(None)
    return (case_attachment.c.at < before) & holds


def unsent_uploads(before: datetime) -> ColumnElement[bool]:
    """Files somebody chose for an answer long ago that was never sent."""
    return (case_attachment.c.state == State.UPLOADED) & (case_attachment.c.at < before)


def sent_copies(before: datetime) -> ColumnElement[bool]:
    """Copies of what has left, or will not; and those that are too old whatever became of them."""
    of_its_line = (ledger.c.cause_kind == Cause.CASE) & (ledger.c.cause == case_attachment.c.line_id)
    left = exists().where(of_its_line) & ~exists().where(
        of_its_line, ledger.c.status.not_in(_FINAL) | (ledger.c.changed_at >= before)
    )
    old = case_attachment.c.at < before - COPY_KEPT_FOR
    return case_attachment.c.copy_ct.is_not(None) & (left | old)


def final(before: datetime) -> ColumnElement[bool]:
    """Messages out of which nothing more will become."""
    return ledger.c.status.in_(_FINAL) & (ledger.c.changed_at < before)


def final_with_text(before: datetime) -> ColumnElement[bool]:
    """Messages out of which nothing more will become, and that still hold their text."""
    return final(before) & ledger.c.body_ct.is_not(None)


def unused_hours(before: datetime) -> ColumnElement[bool]:
    """Keys of the hour that open nothing any more."""
    used = exists().where(inbox.c.key_id == inbox_key.c.id, inbox.c.sealed.is_not(None))
    return (inbox_key.c.created_at < before) & ~used


def ended(before: datetime) -> ColumnElement[bool]:
    """Recordings that were refused, replaced or taken back long ago; their sound went at once."""
    return recording.c.state.not_in(SPOKEN) & (recording.c.changed_at < before)


def ended_drills(before: datetime) -> ColumnElement[bool]:
    """Drills that were taken long ago, with their steps and pages."""
    return climb.c.case_id.is_(None) & (climb.c.ended_at < before)


async def idle_people(store: Store, now: datetime, before: datetime) -> tuple[int, int]:
    """Forget people who have long been silent and whom nothing keeps, as if each had asked for it."""
    silent = func.coalesce(session.c.last_in_at, person.c.created_at) < before
    kept = or_(*(person.c.id.in_(keeper) for keeper in KEEPERS))
    found = select(person.c.id).join(session, session.c.person_id == person.c.id).where(silent, ~kept)
    removed = 0
    for _ in range(MOST):
        async with unit_of_work(store, now, SERVICE) as work:
            # locked, so that whoever writes at this moment is either no longer silent or begins anew
            batch = (await work.conn.execute(found.limit(PEOPLE).with_for_update())).scalars().all()
            await forgetting.destroy_keys(store, now, batch)
            removed += (await forgetting.clear(work, batch)).people
        if not batch:
            break
    if removed:
        await forgetting.shred(store)
    async with store.data.connect() as conn:
        left = (await conn.execute(select(func.count()).select_from(found.subquery()))).scalar_one()
    return removed, left


async def forgotten(store: Store, now: datetime, _: datetime) -> tuple[int, int]:
    """Finish every forgetting that a crash cut in two; a tombstone older than a day has been followed already."""
    since = now - timedelta(days=1)
    cleared = await forgetting.finish(store, now, since=since)
    return cleared, await forgetting.finish(store, now, since=since) if cleared else 0


async def keys_of_nobody(store: Store, _: datetime, before: datetime) -> tuple[int, int]:
    """Destroy old keys that belong to no person: a key is made before its person, and a crash may come in between.

    When there is nobody at all in the data the wrong database is open, and nothing is destroyed.
    """
    removed, left, after = 0, 0, UUID(int=0)
    while batch := await _old_keys(store, before, after):
        async with store.data.connect() as conn:
            anybody = (await conn.execute(select(person.c.id).limit(1))).first() is not None
            alive = set((await conn.execute(select(person.c.id).where(person.c.id.in_(batch)))).scalars())
        gone = [one for one in batch if one not in alive]
        if anybody and gone:
            async with store.keyring.begin() as keyring_conn:
                removed += (
                    await keyring_conn.execute(delete(contact_key).where(contact_key.c.person_id.in_(gone)))
                ).rowcount
        left += 0 if anybody else len(gone)
        after = batch[-1]
    return removed, left


async def _old_keys(store: Store, before: datetime, after: UUID) -> Sequence[UUID]:
    query = select(contact_key.c.person_id).where(contact_key.c.created_at < before, contact_key.c.person_id > after)
    async with store.keyring.connect() as keyring_conn:
        return (await keyring_conn.execute(query.order_by(contact_key.c.person_id).limit(BATCH))).scalars().all()
