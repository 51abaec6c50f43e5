"""Job of escalations: does every step that has fallen due, in one transaction with what it leads to.

It pages whoever the step names, records it in the audit, and plans the next step. Nothing here ends an escalation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from content.escalation.loader import escalation_policy
from content.library import BASE, Library
from flows.model.effects import HELP
from flows.model.messages import Outgoing
from flows.rendering.render import render
from scheduler.jobs import drills
from scheduler.jobs.on_call import called
from scheduler.jobs.registry import ESCALATION_JOBS, Run, escalation_job, escalation_kinds
from store import audit
from store.cases import readers as case_readers
from store.db.engine import Store, is_outage, raw
from store.db.notify import NotifyChannel
from store.escalation import escalations, pages
from store.escalation.escalations import STEP_DUE, EscalationStep
from store.escalation.pages import TOO_OLD, PageState
from store.jobs import human_tasks, scheduled
from store.jobs.human_tasks import NewTask
from store.jobs.scheduled import DueItem
from store.messages.ledger import LedgerMessage, enqueue
from store.messages.models import Cause, Content, LedgerEntry, Recipient
from store.staff import contacts, roster
from store.staff.contacts import CHAT, Contact
from store.staff.roster import StaffOnCall
from store.unit_of_work import CLOCK, UnitOfWork, unit_of_work

MOST = 200
"""Steps of one round: other writers of the audit wait while it lasts."""


class OnCall(msgspec.Struct, frozen=True):
    """What every step of one round needs: the roster of the moment, contacts of its people, their keys."""

    work: UnitOfWork
    library: Library
    standing: Sequence[StaffOnCall]
    ways: Mapping[UUID, Sequence[Contact]]
    keys: Mapping[UUID, AESGCM]


async def escalate_once(store: Store, library: Library, now: datetime, most: int = MOST) -> int:
    """Do the steps that have fallen due; returns how many were looked at. Two processes never do the same one."""
    async with unit_of_work(store, now, CLOCK) as work:
        items = await scheduled.claim(work.conn, now, most, escalation_kinds())
        if not items:
            return 0
        # Before any escalation is locked: whoever takes a case locks it first and the audit last.
        await audit.wait_turn(work.conn)
        run, done = Run(work, library), list[int]()
        for number in sorted({item.kind for item in items}):  # steps before drills: a case is paged for first
            done += await ESCALATION_JOBS[number].do(run, [item for item in items if item.kind == number])
        await scheduled.done(work.conn, now, done)
    return len(done)


@escalation_job(STEP_DUE)
async def do_steps(run: Run, items: Sequence[DueItem]) -> Sequence[int]:
    """Do steps together; what ended meanwhile, or is gone, is done with nothing."""
    steps, there = await escalations.due_steps(run.work.conn, [item.subject for item in items])
    running = [step for step in steps if step.ended_at is None and not await drills.end_if_old(run.work, step)]
    if running:
        await _do_all(await _on_call(run), running)
    done = {step.id for step in steps}
    return [item.id for item in items if item.subject in done or item.subject not in there]


async def _on_call(run: Run) -> OnCall:
    """Look at the roster and the contacts of its people once for all steps."""
    work = run.work
    standing = await roster.staff_on_call(work.conn, work.now)
    ways: dict[UUID, list[Contact]] = {}
    for contact in await contacts.contacts_of(work.conn, [one.staff_id for one in standing]):
        ways.setdefault(contact.staff_id, []).append(contact)
    bound = [c.person_id for found in ways.values() for c in found if c.person_id is not None]
    keys: Mapping[UUID, AESGCM] = {}
    if bound:
        async with raw(work.store.keyring) as keyring_pg:
            keys = await work.store.ring.load(keyring_pg, bound)
    return OnCall(work, run.library, standing, ways, keys)


async def _do_all(on_call: OnCall, steps: Sequence[EscalationStep]) -> None:
    """Do steps together; when one cannot be done, each alone, so that it harms no other."""
    try:
        async with on_call.work.savepoint():
            await _do(on_call, steps)
    except Exception as error:
        if is_outage(error):
            raise
        if len(steps) == 1:
            await _only_tell(on_call.work, steps[0], type(error).__name__)
            return
        for step in steps:
            await _do_all(on_call, [step])


async def _only_tell(work: UnitOfWork, step: EscalationStep, reason: str) -> None:
    """Where nobody can be paged, the consoles sound, the escalation goes on, and a human looks into it."""
    await human_tasks.open_task(work, NewTask("due", f"rung.{step.id}", reason))
    await escalations.reach(work, [(step, 0)])
    _tell_consoles(work, step)


async def _do(on_call: OnCall, steps: Sequence[EscalationStep]) -> None:
    """Page whoever each step names, record it, plan the next steps."""
    work = on_call.work
    away = await case_readers.kept_away(work.conn, [step.case_id for step in steps if step.case_id is not None])
    paged = [(step, _people(on_call, step, away)) for step in steps]
    await _call(on_call, [(step, contact) for step, who in paged for contact in _ways(on_call, step, who)])
    await escalations.reach(work, [(step, len(who)) for step, who in paged])
    for step, who in paged:
        _tell_consoles(work, step)
        work.record("ladder.rung", step.about, level=step.level, rung=step.n, people=len(who))


def _people(on_call: OnCall, step: EscalationStep, away: Mapping[UUID, set[UUID]]) -> Sequence[UUID]:
    """Whom a step pages: nobody who is kept away from its case."""
    kept = away.get(step.case_id, set()) if step.case_id is not None else set()
    fit = [one for one in on_call.standing if one.staff_id not in kept]
    return called(escalation_policy(), step.level, step.n, fit, step.needs, step.province)


def _ways(on_call: OnCall, step: EscalationStep, people: Sequence[UUID]) -> list[Contact]:
    """The contacts of these people that a step uses; a chat whose person was forgotten a moment ago is none."""
    used = escalation_policy().transports(step.level, step.n)
    found = [contact for staff_id in people for contact in on_call.ways.get(staff_id, ()) if contact.way in used]
    return [contact for contact in found if contact.way != CHAT or contact.person_id in on_call.keys]


async def _call(on_call: OnCall, made: Sequence[tuple[EscalationStep, Contact]]) -> None:
    """Let pages leave: by the ledger for a chat, else from their own rows."""
    fates = [PageState.HANDED if contact.way == CHAT else PageState.READY for _, contact in made]
    new = [(step.id, one.staff_id, one.way, fate) for (step, one), fate in zip(made, fates, strict=True)]
    ids = await pages.add(on_call.work, new)
    chats = [(step, one, n) for (step, one), n in zip(made, ids, strict=True) if one.way == CHAT]
    await enqueue(on_call.work, [_letter(on_call, step, one, n) for step, one, n in chats])


def _letter(on_call: OnCall, step: EscalationStep, contact: Contact, call_id: int) -> LedgerEntry:
    """The message that takes a page to her chat."""
    person_id, account, channel = contact.person_id, contact.account, contact.channel
    if person_id is None or account is None or channel is None:
        raise ValueError("a chat has a person, an account and a channel: this contact has not")
    text = words(on_call.library, step.code, drill=step.case_id is None)
    shown = render(Outgoing(text, neutral=True), on_call.library.limits[channel], 0)[0]
    page = LedgerMessage(
        person_id=person_id,
        account=account,
        cause_kind=Cause.CALL,
        cause=call_id,
        content=Content.PAGE,
        priority=HELP,
        not_before=on_call.work.now,
        not_after=on_call.work.now + TOO_OLD,
        recipient=Recipient.STAFF,
    )
    return page.sealed(on_call.keys[person_id], shown)[0]


def words(library: Library, code: str, *, drill: bool) -> str:
    """What a page says: that something waits, under which code, and nothing else (safety rules 3, 7, 10)."""
    return library.say("call.drill" if drill else "call.waiting", BASE, code=code).text


def _tell_consoles(work: UnitOfWork, step: EscalationStep) -> None:
    """Every open console looks again, and sounds."""
    work.notify(NotifyChannel.CASE, "drill" if step.case_id is None else step.case_id)
