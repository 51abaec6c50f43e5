"""Job of unanswered cases: tells her in time that nobody has taken her case, and who answers where she is now.

It is an answer to her latest message, within the fifteen minutes in which an answer may leave (safety rule 6). Where
it may not be shown now, nothing leaves, and her next message is answered with it (`flows/features/messages.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from flows.context import STAFF_HOLD
from flows.features.own_words import COVERS_AFTER
from flows.features.situations import DESPAIR
from flows.model.effects import HELP
from flows.model.session import Session
from flows.rendering.phrasing import asking_nothing, outgoing
from flows.rendering.render import render
from scheduler.jobs.registry import DueItem, Run, due_job
from store.cases import keys as case_keys
from store.cases import service as cases
from store.cases.models import case_file
from store.casework.reachability import ONLY_WHEN_PERSON_WRITES, SILENCE_AFTER
from store.db.engine import Store, raw
from store.errors import Forgotten
from store.escalation.escalations import TELL_PERSON_DUE, climb
from store.messages.models import Cause, Content, Recipient, ledger, seal_body
from store.people.models import account, open_session, person, session

HIDDEN = ("duress", "watched")
"""Marks of a case on whose phone nothing may appear by itself."""


class CaseSituation(msgspec.Struct, frozen=True):
    """What decides whether she may be told now; times are aware, UTC."""

    taken: bool
    told: bool
    flags: tuple[str, ...]
    contact: str
    reachable: bool
    stopped: bool
    quiet_until: datetime | None
    last_in_at: datetime | None
    console_at: datetime | None


def why_not(standing: CaseSituation, hers: Session, now: datetime) -> str:
    """Say why she is not told now, as a code; "" when she may be (docs/adr/0048)."""
    last, quiet, spoke = standing.last_in_at, standing.quiet_until, standing.console_at
    reasons = (
        ("taken", standing.taken),
        ("told", standing.told),
        ("unreachable", not standing.reachable),
        ("stopped", standing.stopped),
        ("quiet", quiet is not None and now < quiet),
        ("hidden", not set(HIDDEN).isdisjoint(standing.flags) or hers.state.startswith(("SilentCall:", "Exit:"))),
        (ONLY_WHEN_PERSON_WRITES, standing.contact == ONLY_WHEN_PERSON_WRITES),
        ("silent", last is None or now - last > SILENCE_AFTER),
        ("covered", hers.words.covered or bool(hers.words.own and last and now - last > COVERS_AFTER)),
        ("console", spoke is not None and now - spoke < STAFF_HOLD),
    )
    return next((code for code, holds in reasons if holds), "")


@due_job(TELL_PERSON_DUE, relative=True)
async def tell_when_due(run: Run, item: DueItem) -> bool:
    """Tell the woman of an escalation, if she may be told; a case that is not told now is answered when she writes."""
    await tell_person(run.conn, run.store, run.library, run.now, item.subject)
    return True


async def tell_person(conn: AsyncConnection, store: Store, library: Library, now: datetime, climb_id: int) -> str:
    """Tell the woman of an escalation the truth, if nobody has taken her case; returns why not, "" when she is told."""
    row = (await conn.execute(_QUERY.where(climb.c.id == climb_id))).one_or_none()
    if row is None:
        return "gone"
    try:
        async with raw(store.keyring) as ring:
            key = await store.ring.key_of(ring, row.person_id)
    except Forgotten:
        return "gone"
    hers = open_session(key, row.person_id, row.version, row.state_ct)
    standing = CaseSituation(
        row.acked_by is not None or row.closed_at is not None or row.ended_at is not None,
        row.told_at is not None,
        tuple(row.flags),
        *(row.contact, row.reachable, row.stopped, row.quiet_until, row.last_in_at, row.console_at),
    )
    code = why_not(standing, hers, now)
    if not code and await _is_first(conn, now, row):
        await _say(conn, library, now, climb_id, row, key, hers)
    return code


_QUERY = (
    select(case_file.c.id.label("case_id"), case_file.c.person_id, case_file.c.account, case_file.c.acked_by)
    .add_columns(case_file.c.closed_at, case_file.c.told_at, case_file.c.flags, case_file.c.contact)
    .add_columns(case_file.c.console_at, climb.c.ended_at, account.c.channel, person.c.reachable)
    .add_columns(session.c.version, session.c.state_ct, session.c.last_in_at, session.c.stopped, session.c.quiet_until)
    .select_from(climb)
    .join(case_file, case_file.c.id == climb.c.case_id)
    .join(account, account.c.id == case_file.c.account)
    .join(person, person.c.id == case_file.c.person_id)
    .join(session, session.c.person_id == case_file.c.person_id)
)


async def _is_first(conn: AsyncConnection, now: datetime, row: Any) -> bool:
    """Mark the case as told, unless somebody took it or told her meanwhile."""
    free = case_file.c.acked_by.is_(None), case_file.c.closed_at.is_(None), case_file.c.told_at.is_(None)
    query = update(case_file).where(case_file.c.id == row.case_id, *free).values(told_at=now)
    return (await conn.execute(query.returning(case_file.c.id))).first() is not None


async def _say(
    conn: AsyncConnection, library: Library, now: datetime, climb_id: int, row: Any, key: AESGCM, hers: Session
) -> None:
    """Put the words into the ledger and a note beside her case; whoever takes it sees what she was told.

    Where she is she said in this talk, or it is unknown: the place of a case may be of an earlier day.
    """
    wrote = hers.situation or (DESPAIR if "suicidal" in row.flags else "")
    words = asking_nothing(outgoing(library.unanswered(hers.place, hers.lang, now, wrote)))
    rows = []
    for n, shown in enumerate(render(words, library.limits[row.channel], 0)):
        body = seal_body(key, row.person_id, Cause.TOLD, climb_id, n, shown)
        rows.append(_row(now, row, climb_id, n) | {"body_ct": body})
    await conn.execute(insert(ledger), rows)
    epoch, public = await case_keys.newest_key(conn, row.case_id)
    where: dict[str, Any] = {"case_id": row.case_id, "epoch": epoch, "public": public}
    what: dict[str, Any] = {
        "direction": "note",
        "text_": "told=hotline",
        "cause_kind": Cause.TOLD,
        "cause": str(climb_id),
    }
    await cases.add_line(conn, now, **where, **what)
    await conn.execute(select(func.pg_notify("ledger", str(row.account))))


def _row(now: datetime, row: Any, climb_id: int, n: int) -> dict[str, Any]:
    return {
        "cause_kind": Cause.TOLD,
        "cause": climb_id,
        "n": n,
        "account": row.account,
        "recipient": Recipient.PERSON,
        "person_id": row.person_id,
        "content": Content.REPLY,
        "priority": HELP,
        "answers_at": row.last_in_at,
        "not_before": now,
        "not_after": row.last_in_at + SILENCE_AFTER,
        "created_at": now,
        "changed_at": now,
    }
