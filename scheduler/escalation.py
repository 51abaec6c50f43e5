"""The ladder's tick: do every rung that has fallen due, in one transaction with what it leads to.

It calls whoever the rung names, notes it in the audit, and plans the next rung. Nothing here ends a climb.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.ladder import ladder
from content.library import BASE, Library
from flows.effects import HELP
from flows.messages import Outgoing
from flows.render import render
from scheduler.calling import called
from store import audit, calls, climbs, contacts, due, roster, tasks
from store.calls import TOO_OLD, Fate
from store.contacts import CHAT, Contact
from store.database import Store, is_outage, raw
from store.due import Due
from store.messages import Cause, Content, Recipient, ledger, seal_body
from store.roster import Standing

MOST = 50
"""Rungs of one round: other writers of the audit wait while it lasts."""


class Round(msgspec.Struct):
    """What every rung of one round needs: the roster of the moment, the ways to its people, their keys."""

    conn: AsyncConnection
    store: Store
    library: Library
    now: datetime
    standing: Sequence[Standing]
    ways: Mapping[UUID, Sequence[Contact]]
    keys: Mapping[Any, AESGCM]


async def climb_once(store: Store, library: Library, now: datetime, most: int = MOST) -> int:
    """Do the rungs that have fallen due; returns how many were looked at. Two processes never do the same one."""
    async with store.data.begin() as conn:
        items = await due.claim(conn, now, most, calling=True)
        if not items:
            return 0
        await audit.wait_turn(
            conn
        )  # before any climb is locked: whoever takes a case locks it first and the audit last
        rungs, there = await climbs.due_rungs(conn, [item.subject for item in items if item.kind == Due.RUNG])
        this = await _round(conn, store, library, now, [row for row in rungs if row.ended_at is None])
        done = {row.id for row in rungs if row.ended_at is not None or await _do_alone(this, row)}
        drills = [item for item in items if item.kind == Due.DRILL]
        for item in drills:
            await begin_drill(conn, store, now, late=now - item.due_at)
        gone = [i.id for i in items if i.kind == Due.RUNG and (i.subject in done or i.subject not in there)]
        await due.done(conn, now, [*gone, *(item.id for item in drills)])
    return len(gone) + len(drills)


async def _round(conn: AsyncConnection, store: Store, library: Library, now: datetime, rungs: Sequence[Any]) -> Round:
    """Look at the roster and the ways to its people once for all rungs."""
    if not rungs:
        return Round(conn, store, library, now, (), {}, {})
    standing = await roster.standing(conn, now)
    ways: dict[UUID, list[Contact]] = {}
    for contact in await contacts.ways_to(conn, [one.staff_id for one in standing]):
        ways.setdefault(contact.staff_id, []).append(contact)
    bound = [c.person_id for found in ways.values() for c in found if c.person_id is not None]
    keys: Mapping[Any, AESGCM] = {}
    if bound:
        async with raw(store.keyring) as ring:
            keys = await store.ring.load(ring, bound)
    return Round(conn, store, library, now, standing, ways, keys)


async def _do_alone(this: Round, row: Any) -> bool:
    """Do one rung so that its failure harms no other, and ends no climb: what cannot be called is a human's task."""
    try:
        async with this.conn.begin_nested():
            await _do(this, row)
    except Exception as error:
        if is_outage(error):
            raise
        reason = type(error).__name__
        await tasks.open_task(
            this.conn, this.now, kind="due", subject=f"rung.{row.id}", person_id=None, alias="", reason=reason
        )
        await climbs.reach(this.conn, this.now, row, 0)
        await _tell_consoles(this, row)
    return True


async def _do(this: Round, row: Any) -> None:
    people = called(ladder(), row.level, row.n, this.standing, row.needs, row.province)
    ways = ladder().ways(row.level, row.n)
    for staff_id in people:
        for contact in this.ways.get(staff_id, ()):
            if contact.way in ways:
                await _call(this, row, contact)
    await climbs.reach(this.conn, this.now, row, len(people))
    await _tell_consoles(this, row)
    await _note(this, row, len(people))


async def _call(this: Round, row: Any, contact: Contact) -> None:
    """Let one call leave: by the ledger for a chat, else from its own row."""
    if contact.way != CHAT:
        await calls.add(this.conn, this.now, row.id, contact.staff_id, contact.way, Fate.READY)
        return
    key = this.keys.get(contact.person_id)
    if key is None or contact.person_id is None or contact.channel is None:
        return  # she was forgotten a moment ago, and her chat with her
    call_id = await calls.add(this.conn, this.now, row.id, contact.staff_id, CHAT, Fate.HANDED)
    text = words(this.library, row.code, drill=row.case_id is None)
    shown = render(Outgoing(text, neutral=True), this.library.limits[contact.channel], 0)[0]
    body = seal_body(key, contact.person_id, Cause.CALL, call_id, 0, shown)
    await this.conn.execute(insert(ledger).values(_row(this.now, contact, call_id, body)))
    await this.conn.execute(select(func.pg_notify("ledger", str(contact.account))))


def words(library: Library, code: str, *, drill: bool) -> str:
    """What a call says: that something waits, under which code, and nothing else (safety rules 3, 7, 10)."""
    return library.say("call.drill" if drill else "call.waiting", BASE, code=code).text


def _row(now: datetime, contact: Contact, call_id: int, body: bytes) -> dict[str, Any]:
    return {
        "cause_kind": Cause.CALL,
        "cause": call_id,
        "n": 0,
        "account": contact.account,
        "recipient": Recipient.STAFF,
        "person_id": contact.person_id,
        "content": Content.PAGE,
        "priority": HELP,
        "answers_at": None,
        "not_before": now,
        "not_after": now + TOO_OLD,
        "body_ct": body,
        "created_at": now,
        "changed_at": now,
    }


async def _tell_consoles(this: Round, row: Any) -> None:
    """Every open console looks again, and sounds."""
    about = str(row.case_id) if row.case_id is not None else "drill"
    await this.conn.execute(select(func.pg_notify("case", about)))


async def _note(this: Round, row: Any, people: int) -> None:
    meta: dict[str, audit.Code] = {"level": row.level, "rung": row.n, "people": people}
    about = str(row.case_id) if row.case_id is not None else f"drill-{row.climb_id}"
    key = this.store.house.audit
    await audit.record(this.conn, this.now, key, actor="clock", action="ladder.rung", object=about, meta=meta)


async def begin_drill(conn: AsyncConnection, store: Store, now: datetime, late: timedelta = timedelta()) -> int | None:
    """Try the ladder with nobody behind it; a drill more than a day late is left out. Returns its climb."""
    if late > timedelta(days=1):
        return None
    made = await climbs.begin(conn, now, level=ladder().drill.level, code=climbs.drill_code())
    if made is not None:
        key = store.house.audit
        await audit.record(conn, now, key, actor="clock", action="drill.began", object=f"drill-{made}")
    return made


async def plan_drill(conn: AsyncConnection, now: datetime) -> None:
    """Let this week's drill, or when its moment has passed the next one, fall due; planned once however often asked."""
    at = ladder().drill_in(now.date())
    if at <= now:
        at = ladder().drill_in(now.date() + timedelta(days=7))
    week = at.date().toordinal() // 7
    await due.plan(conn, Due.DRILL, week, at, at + timedelta(days=1))
