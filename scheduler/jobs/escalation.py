"""Job of escalations: does every step that has fallen due, in one transaction with what it leads to.

It pages whoever the step names, records it in the audit, and plans the next step. Nothing here ends an escalation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ARRAY, Text, cast, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from content.library import BASE, Library
from flows.model.effects import HELP
from flows.model.messages import Outgoing
from flows.rendering.render import render
from scheduler.jobs import drills
from scheduler.jobs.on_call import called
from scheduler.jobs.registry import ESCALATION_JOBS, DueItem, Run, escalation_job, escalation_kinds
from store import audit
from store.cases import readers as case_readers
from store.db.engine import Store, is_outage, raw
from store.escalation import escalations, pages
from store.escalation.escalations import STEP_DUE, EscalationStep
from store.escalation.pages import TOO_OLD, PageState
from store.jobs import human_tasks, scheduled
from store.messages.models import Cause, Content, Recipient, ledger, seal_body
from store.staff import contacts, roster
from store.staff.contacts import CHAT, Contact
from store.staff.roster import StaffOnCall

MOST = 200
"""Steps of one round: other writers of the audit wait while it lasts."""


class OnCall(msgspec.Struct):
    """What every step of one round needs: the roster of the moment, contacts of its people, their keys."""

    conn: AsyncConnection
    store: Store
    library: Library
    now: datetime
    standing: Sequence[StaffOnCall]
    ways: Mapping[UUID, Sequence[Contact]]
    keys: Mapping[Any, AESGCM]


async def escalate_once(store: Store, library: Library, now: datetime, most: int = MOST) -> int:
    """Do the steps that have fallen due; returns how many were looked at. Two processes never do the same one."""
    async with store.data.begin() as conn:
        items = await scheduled.claim(conn, now, most, escalation_kinds())
        if not items:
            return 0
        # Before any escalation is locked: whoever takes a case locks it first and the audit last.
        await audit.wait_turn(conn)
        run, done = Run(conn, store, library, now), list[int]()
        for number in sorted({item.kind for item in items}):  # steps before drills: a case is paged for first
            its = [DueItem(i.id, i.subject, i.due_at, i.not_after) for i in items if i.kind == number]
            done += await ESCALATION_JOBS[number].do(run, its)
        await scheduled.done(conn, now, done)
    return len(done)


@escalation_job(STEP_DUE)
async def do_steps(run: Run, items: Sequence[DueItem]) -> Sequence[int]:
    """Do steps together; what ended meanwhile, or is gone, is done with nothing."""
    rungs, there = await escalations.due_steps(run.conn, [item.subject for item in items])
    climbing = [
        row for row in rungs if row.ended_at is None and not await drills.end_if_old(run.conn, run.store, run.now, row)
    ]
    if climbing:
        await _do_all(await _on_call(run), climbing)
    done = {row.id for row in rungs}
    return [item.id for item in items if item.subject in done or item.subject not in there]


async def _on_call(run: Run) -> OnCall:
    """Look at the roster and the contacts of its people once for all steps."""
    conn, store, library, now = run.conn, run.store, run.library, run.now
    standing = await roster.staff_on_call(conn, now)
    ways: dict[UUID, list[Contact]] = {}
    for contact in await contacts.contacts_of(conn, [one.staff_id for one in standing]):
        ways.setdefault(contact.staff_id, []).append(contact)
    bound = [c.person_id for found in ways.values() for c in found if c.person_id is not None]
    keys: Mapping[Any, AESGCM] = {}
    if bound:
        async with raw(store.keyring) as ring:
            keys = await store.ring.load(ring, bound)
    return OnCall(conn, store, library, now, standing, ways, keys)


async def _do_all(on_call: OnCall, rows: Sequence[EscalationStep]) -> None:
    """Do steps together; when one cannot be done, each alone, so that it harms no other."""
    try:
        async with on_call.conn.begin_nested():
            await _do(on_call, rows)
    except Exception as error:
        if is_outage(error):
            raise
        if len(rows) == 1:
            await _only_tell(on_call, rows[0], type(error).__name__)
            return
        for row in rows:
            await _do_all(on_call, [row])


async def _only_tell(on_call: OnCall, row: EscalationStep, reason: str) -> None:
    """Where nobody can be paged, the consoles sound, the escalation goes on, and a human looks into it."""
    await human_tasks.open_task(
        on_call.conn, on_call.now, kind="due", subject=f"rung.{row.id}", person_id=None, alias="", reason=reason
    )
    await escalations.reach(on_call.conn, on_call.now, [(row, 0)])
    await _tell_consoles(on_call, [row])


async def _do(on_call: OnCall, rows: Sequence[EscalationStep]) -> None:
    """Page whoever each step names, record it, plan the next steps."""
    away = await case_readers.kept_away(on_call.conn, [row.case_id for row in rows if row.case_id is not None])
    people = []
    for row in rows:
        fit = [one for one in on_call.standing if row.case_id is None or one.staff_id not in away.get(row.case_id, ())]
        people.append(called(escalation_policy(), row.level, row.n, fit, row.needs, row.province))
    await _call(
        on_call, [(row, contact) for row, who in zip(rows, people, strict=True) for contact in _ways(on_call, row, who)]
    )
    await escalations.reach(on_call.conn, on_call.now, [(row, len(who)) for row, who in zip(rows, people, strict=True)])
    await _tell_consoles(on_call, rows)
    acts = [
        audit.AuditEvent("clock", "ladder.rung", _about(row), {"level": row.level, "rung": row.n, "people": len(who)})
        for row, who in zip(rows, people, strict=True)
    ]
    await audit.record_all(on_call.conn, on_call.now, on_call.store.keys.audit, acts)


def _ways(on_call: OnCall, row: EscalationStep, people: Sequence[UUID]) -> list[Contact]:
    """The contacts of these people that a step uses; a chat whose person was forgotten a moment ago is none."""
    used = escalation_policy().transports(row.level, row.n)
    found = [contact for staff_id in people for contact in on_call.ways.get(staff_id, ()) if contact.way in used]
    return [contact for contact in found if contact.way != CHAT or contact.person_id in on_call.keys]


async def _call(on_call: OnCall, made: Sequence[tuple[EscalationStep, Contact]]) -> None:
    """Let pages leave: by the ledger for a chat, else from their own rows."""
    fates = [PageState.HANDED if contact.way == CHAT else PageState.READY for _, contact in made]
    new = [(row.id, one.staff_id, one.way, fate) for (row, one), fate in zip(made, fates, strict=True)]
    ids = await pages.add(on_call.conn, on_call.now, new)
    letters = [_letter(on_call, row, one, n) for (row, one), n in zip(made, ids, strict=True) if one.way == CHAT]
    if letters:
        await on_call.conn.execute(insert(ledger), letters)
    for account in {letter["account"] for letter in letters}:
        await on_call.conn.execute(select(func.pg_notify("ledger", str(account))))


def _letter(on_call: OnCall, row: EscalationStep, contact: Contact, call_id: int) -> dict[str, Any]:
    """The row of the ledger that takes a page to her chat."""
    person_id, channel = contact.person_id, contact.channel
    if person_id is None or channel is None:
        raise ValueError("a chat has a person and a channel: this contact has not")
    text = words(on_call.library, row.code, drill=row.case_id is None)
    shown = render(Outgoing(text, neutral=True), on_call.library.limits[channel], 0)[0]
    body = seal_body(on_call.keys[person_id], person_id, Cause.CALL, call_id, 0, shown)
    return _row(on_call.now, contact, call_id, body)


def words(library: Library, code: str, *, drill: bool) -> str:
    """What a page says: that something waits, under which code, and nothing else (safety rules 3, 7, 10)."""
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


async def _tell_consoles(on_call: OnCall, rows: Sequence[EscalationStep]) -> None:
    """Every open console looks again, and sounds."""
    about = ["drill" if row.case_id is None else str(row.case_id) for row in rows]
    notices = select(func.pg_notify("case", func.unnest(cast(about, ARRAY(Text)))))
    await on_call.conn.execute(notices)


def _about(row: EscalationStep) -> str:
    return str(row.case_id) if row.case_id is not None else f"drill-{row.climb_id}"
