"""Replies of a counsellor: sealed for her, sealed to the case, put into the ledger; sent when the gate agrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from flows.model.effects import HELP
from flows.model.messages import Outgoing, Shown
from flows.rendering.render import render
from store import audit
from store.attachments import outgoing
from store.cases import keys as case_keys
from store.cases import service as cases
from store.cases.models import case_file, case_line
from store.casework import drafts
from store.db.engine import Store
from store.errors import Refused
from store.escalation import escalations
from store.jobs import scheduled
from store.jobs.scheduled import due_kind
from store.messages.models import Cause, Content, Recipient, ledger, seal_body
from store.people.models import account, open_session, session
from store.refusals import Refusal
from store.staff.models import staff
from store.unit_of_work import member_actor, unit_of_work

KEPT_ANSWER_DUE = due_kind(4, "kept_answer")
"""An answer had time to leave."""
KEPT_FOR = timedelta(days=7)
"""How long an answer waits for her next message before it becomes a task for a human."""
PREVIEW_AFTER = timedelta(minutes=2)


async def reply(
    store: Store,
    now: datetime,
    case_id: UUID,
    staff_id: UUID,
    words: str,
    request_key: UUID,
    library: Library,
    attached: UUID | None = None,
) -> None:
    """Answer her under the alias: sealed for her, sealed to the case, sent by the sender when the gate agrees.

    `attached` names a file that was chosen for this answer; it goes after the words. The same `request_key` twice is
    one answer. Raises Refused with a sentence, Forgotten, Sealed.
    """
    words = words.strip()
    if not words and attached is None:
        raise Refused(Refusal.ANSWER_EMPTY)
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        conn = work.conn
        case = await cases.found(conn, case_id, lock=True)
        if case.closed_at is not None:
            raise Refused(Refusal.CASE_CLOSED)
        if case.acked_by != staff_id:
            raise Refused(Refusal.CASE_NOT_YOURS)
        key = await cases.person_key(store, case)
        epoch, public = await case_keys.newest_key(conn, case_id)
        line = await cases.add_line(
            conn,
            now,
            case_id=case_id,
            epoch=epoch,
            public=public,
            direction="out",
            text_=words,
            cause_kind=Cause.CASE,
            cause=request_key.hex,
            author=staff_id,
        )
        if line is None:
            return
        her = await _correspondent(conn, case, key)
        alias = await _alias_if_new(conn, case_id, staff_id, line)
        shown = _shape(words, alias, library, her, now)
        if attached is not None:
            file = await outgoing.take_along(conn, now, case, key, staff_id, attached, line)
            shown = (*shown, msgspec.structs.replace(file, quiet=bool(shown)))
        await _put_in_ledger(conn, now, case, key, line, shown, her.last_in_at)
        await scheduled.plan(conn, KEPT_ANSWER_DUE, line, now + KEPT_FOR, now + KEPT_FOR)
        await conn.execute(update(case_file).where(case_file.c.id == case_id).values(waiting_since=None))
        await escalations.stop(work, case_id)
        await drafts.drop(conn, case_id, staff_id)
        await conn.execute(select(func.pg_notify("ledger", str(case.account))))
        who, on = str(staff_id), str(case_id)
        await audit.record(conn, now, store.keys.audit, actor=who, action="case.answered", object=on)


class _Correspondent(msgspec.Struct, frozen=True):
    """What an answer must fit: her channel, her language, and when she last wrote."""

    last_in_at: datetime | None
    channel: str
    lang: str


async def _correspondent(conn: AsyncConnection, case: Any, key: AESGCM) -> _Correspondent:
    query = (
        select(session.c.last_in_at, session.c.version, session.c.state_ct, account.c.channel)
        .join(account, account.c.id == case.account)
        .where(session.c.person_id == case.person_id)
    )
    found = (await conn.execute(query)).one()
    lang = open_session(key, case.person_id, found.version, found.state_ct).lang
    return _Correspondent(found.last_in_at, found.channel, lang)


async def language(conn: AsyncConnection, case: Any, key: AESGCM) -> str:
    """The language she reads."""
    return (await _correspondent(conn, case, key)).lang


class Preview(msgspec.Struct, frozen=True):
    """How an answer arrives: its messages in order; `cut` when it does not fit one."""

    texts: tuple[str, ...]
    cut: bool


async def preview(store: Store, now: datetime, case_id: UUID, staff_id: UUID, words: str, library: Library) -> Preview:
    """The messages an answer would be cut into, as she would see them now; nothing is written.

    Raises Refused, Forgotten. The line that says who writes comes first where she has not been told yet.
    """
    async with store.data.connect() as conn:
        case = await cases.found(conn, case_id)
        her = await _correspondent(conn, case, await cases.person_key(store, case))
        alias = await _alias_if_new(conn, case_id, staff_id, _NEXT)
        texts = tuple(one.text for one in _shape(words.strip(), alias, library, her, now))
        return Preview(texts, cut=len(texts) - bool(alias) > 1)


_NEXT = 2**62
"""The number of a line that is not written yet: after all others."""


async def _alias_if_new(conn: AsyncConnection, case_id: UUID, staff_id: UUID, line: int) -> str:
    """The alias of a counsellor who writes in this case for the first time; nothing later on."""
    earlier = select(case_line.c.id).where(
        case_line.c.case_id == case_id,
        case_line.c.author == staff_id,
        case_line.c.direction == "out",
        case_line.c.id < line,
    )
    if (await conn.execute(earlier.limit(1))).first() is not None:
        return ""
    return str((await conn.execute(select(staff.c.alias).where(staff.c.id == staff_id))).scalar_one())


def _shape(words: str, alias: str, library: Library, her: _Correspondent, now: datetime) -> Sequence[Shown]:
    """Render an answer for her channel.

    Who writes, and that it is a person, comes first (safety rule 8). When her screen may be dark, a neutral line
    goes in front of a telling one (safety rule 7).
    """
    dark = her.last_in_at is None or now - her.last_in_at > PREVIEW_AFTER
    if words and dark and not library.is_neutral(words):
        words = f"{library.say('relay.opener', her.lang).text}\n\n{words}"
    limits = library.limits[her.channel]
    joined = library.say("relay.joined", her.lang, alias=alias).text if alias else ""
    first = render(Outgoing(joined, neutral=True), limits, 0) if joined else ()
    return (*first, *(render(Outgoing(words, protect=True), limits, 0) if words else ()))


async def _put_in_ledger(
    conn: AsyncConnection,
    now: datetime,
    case: Any,
    key: Any,
    line: int,
    shown: Sequence[Shown],
    last_in: datetime | None,
) -> None:
    rows = [
        {
            "cause_kind": Cause.CASE,
            "cause": line,
            "n": n,
            "account": case.account,
            "recipient": Recipient.PERSON,
            "person_id": case.person_id,
            "content": Content.RELAY,
            "priority": HELP,
            "answers_at": last_in,
            "not_before": now,
            "not_after": now + KEPT_FOR,
            "body_ct": seal_body(key, case.person_id, Cause.CASE, line, n, one),
            "created_at": now,
            "changed_at": now,
        }
        for n, one in enumerate(shown)
    ]
    await conn.execute(insert(ledger), rows)
