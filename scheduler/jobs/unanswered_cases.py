"""Job of unanswered cases: tells her in time that nobody has taken her case, and who answers where she is now.

It is an answer to her latest message, within the ten minutes in which the bot's own talk may show anything (safety
rules 6 and 23), and again only when she has written since. Where it may not be shown now, nothing leaves, and her next
message is answered with it (`flows/features/messages.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from flows.context import STAFF_HOLD
from flows.features.own_words import COVERS_AFTER
from flows.features.situations import DESPAIR
from flows.model.effects import HELP
from flows.model.messages import Shown
from flows.model.session import Session
from flows.rendering.phrasing import asking_nothing, outgoing
from flows.rendering.render import render
from scheduler.jobs.registry import Run, due_job
from store.cases.lines import NewLine, add_line
from store.cases.models import case_file
from store.casework.reachability import ONLY_WHEN_PERSON_WRITES
from store.db.engine import raw
from store.errors import Forgotten
from store.escalation.escalations import TELL_PERSON_DUE, climb
from store.jobs import scheduled
from store.jobs.scheduled import DueItem
from store.messages.ledger import LedgerMessage, enqueue
from store.messages.models import Cause, Content
from store.people.models import account, open_session, person, session
from store.unit_of_work import UnitOfWork

AGAIN = 100
"""The first number of what she is told the second time by one escalation."""
HIDDEN = ("duress", "watched")
"""Marks of a case on whose phone nothing may appear by itself."""


class CaseSituation(msgspec.Struct, frozen=True):
    """What decides whether she may be told now; times are aware, UTC."""

    taken: bool
    told_at: datetime | None
    flags: Sequence[str]
    contact: str
    reachable: bool
    stopped: bool
    quiet_until: datetime | None
    last_in_at: datetime | None
    console_at: datetime | None


def why_not(standing: CaseSituation, hers: Session, now: datetime, due: datetime) -> str:
    """Say why she is not told now what fell due at `due`, as a code; "" when she may be (docs/adr/0048)."""
    last, quiet, spoke = standing.last_in_at, standing.quiet_until, standing.console_at
    reasons = (
        ("taken", standing.taken),
        ("told", _knows(standing, due)),
        ("unreachable", not standing.reachable),
        ("stopped", standing.stopped),
        ("quiet", quiet is not None and now < quiet),
        ("hidden", not set(HIDDEN).isdisjoint(standing.flags) or hers.state.startswith(("SilentCall:", "Exit:"))),
        (ONLY_WHEN_PERSON_WRITES, standing.contact == ONLY_WHEN_PERSON_WRITES),
        ("silent", last is None or now - last > COVERS_AFTER),
        ("covered", hers.words.covered),
        ("console", spoke is not None and now - spoke < STAFF_HOLD),
    )
    return next((code for code, holds in reasons if holds), "")


def _knows(standing: CaseSituation, due: datetime) -> bool:
    """Say whether she was told already, and has not written since or was answered with it since then."""
    told, last = standing.told_at, standing.last_in_at
    return told is not None and (told >= due or last is None or last <= told)


class EscalatedCase(msgspec.Struct, frozen=True):
    """The case of an escalation, whose it is, and what decides whether she may be told now."""

    situation: CaseSituation
    id: UUID
    person_id: UUID
    account: int
    channel: str
    version: int
    state_ct: bytes | None
    level: int
    since: datetime


@due_job(TELL_PERSON_DUE, relative=True)
async def tell_when_due(run: Run, item: DueItem) -> bool:
    """Tell the woman of an escalation, if she may be told; a case that is not told now is answered when she writes."""
    case = await _escalated_case(run.work.conn, item.subject)
    if case is None:
        return True
    await _tell(run, item, case)
    following = [at for at in escalation_policy().tells_person(case.level, case.since) if at > item.due_at]
    if case.situation.taken or not following:
        return True
    its = scheduled.due_item.c.id == item.id
    await run.work.conn.execute(update(scheduled.due_item).where(its).values(due_at=following[0]))
    return False


async def _tell(run: Run, item: DueItem, case: EscalatedCase) -> None:
    work = run.work
    try:
        async with raw(work.store.keyring) as keyring_pg:
            key = await work.store.ring.key_of(keyring_pg, case.person_id)
    except Forgotten:
        return
    hers = open_session(key, case.person_id, case.version, case.state_ct)
    wrote = case.situation.last_in_at
    if wrote is None or why_not(case.situation, hers, work.now, item.due_at) or not await _is_first(work, case):
        return
    again = case.situation.told_at is not None
    answer = _answer(work, case, item.subject, wrote)
    await enqueue(work, answer.sealed(key, *_words(run, case, hers), first=AGAIN if again else 0))
    cause = f"{item.subject}.{AGAIN}" if again else str(item.subject)
    await add_line(work, case.id, NewLine("note", "told=hotline", Cause.TOLD, cause))  # whoever takes it sees that


async def _escalated_case(conn: AsyncConnection, climb_id: int) -> EscalatedCase | None:
    taken = case_file.c.acked_by.is_not(None) | case_file.c.closed_at.is_not(None) | climb.c.ended_at.is_not(None)
    query = (
        select(case_file.c.id, case_file.c.person_id, case_file.c.account, account.c.channel)
        .add_columns(session.c.version, session.c.state_ct, climb.c.level, climb.c.since)
        .add_columns(taken, case_file.c.told_at, case_file.c.flags, case_file.c.contact)
        .add_columns(person.c.reachable, session.c.stopped, session.c.quiet_until, session.c.last_in_at)
        .add_columns(case_file.c.console_at)
        .select_from(climb)
        .join(case_file, case_file.c.id == climb.c.case_id)
        .join(account, account.c.id == case_file.c.account)
        .join(person, person.c.id == case_file.c.person_id)
        .join(session, session.c.person_id == case_file.c.person_id)
    )
    row = (await conn.execute(query.where(climb.c.id == climb_id))).one_or_none()
    return None if row is None else EscalatedCase(CaseSituation(*row[8:]), *row[:8])


async def _is_first(work: UnitOfWork, case: EscalatedCase) -> bool:
    """Mark the case as told, unless somebody took it or told her meanwhile."""
    same = case_file.c.told_at.is_not_distinct_from(case.situation.told_at)
    free = case_file.c.acked_by.is_(None), case_file.c.closed_at.is_(None), same
    query = update(case_file).where(case_file.c.id == case.id, *free).values(told_at=work.now)
    return (await work.conn.execute(query.returning(case_file.c.id))).first() is not None


def _words(run: Run, case: EscalatedCase, hers: Session) -> Sequence[Shown]:
    """What she is told; where she is she said in this talk, or nobody knows: a case's place may be of another day.

    The second time it is one line: the numbers are on her screen.
    """
    library = run.library
    if case.situation.told_at is not None:
        still = asking_nothing(outgoing(library.say("unanswered_still", hers.lang)))
        return render(still, library.limits[case.channel], 0)
    wrote = hers.situation or (DESPAIR if "suicidal" in case.situation.flags else "")
    told = asking_nothing(outgoing(library.unanswered(hers.place, hers.lang, run.work.now, wrote)))
    return render(told, library.limits[case.channel], 0)


def _answer(work: UnitOfWork, case: EscalatedCase, climb_id: int, wrote: datetime) -> LedgerMessage:
    return LedgerMessage(
        person_id=case.person_id,
        account=case.account,
        cause_kind=Cause.TOLD,
        cause=climb_id,
        content=Content.REPLY,
        priority=HELP,
        not_before=work.now,
        not_after=wrote + COVERS_AFTER,
        answers_at=wrote,
    )
