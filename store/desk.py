"""What a counsellor does at the desk: see the queue, acknowledge, read, answer, close.

Each act is one operation with its checks and its audit record, whoever calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import BASE, Library
from flows.effects import HELP
from flows.messages import Outgoing, Shown
from flows.render import render
from flows.session import Session
from store import audit, cases, delivery, due, reseal
from store.case_media import Voice, parted
from store.cases import case_file, case_line
from store.database import Store, raw
from store.due import Due
from store.envelope import decrypt
from store.errors import Refused
from store.messages import Cause, Content, Recipient, ledger, seal_body
from store.people import account, open_session, session
from store.staff import ladder, staff

KEPT_FOR = timedelta(days=7)
"""How long an answer waits for her next message before it becomes a task for a human."""
PREVIEW_AFTER = timedelta(minutes=2)


class QueueRow(msgspec.Struct, frozen=True):
    """A case as the queue shows it: no word of hers, no name, no account."""

    id: UUID
    number: str
    alias: str
    level: int
    state: str
    opened_at: datetime
    waiting_since: datetime | None
    acked_by: UUID | None
    acked_alias: str | None
    channel: str
    place: str
    flags: tuple[str, ...]


class Line(msgspec.Struct, frozen=True):
    """One line of a case, opened for a reader. `status` is the ledger's for lines that went out."""

    seq: int
    direction: str
    at: datetime
    text: str
    author_alias: str | None = None
    status: str | None = None
    voice: Voice | None = None


class CaseView(msgspec.Struct, frozen=True):
    """A case opened for one reader. `unread` counts lines sealed to epochs she was not given."""

    row: QueueRow
    lines: tuple[Line, ...]
    can_write: bool
    unread: int
    she_is_there: bool


_ROW = (
    select(
        case_file.c.id,
        case_file.c.number,
        case_file.c.alias,
        case_file.c.level,
        case_file.c.state,
        case_file.c.opened_at,
        case_file.c.waiting_since,
        case_file.c.acked_by,
        staff.c.alias.label("acked_alias"),
        account.c.channel,
        case_file.c.place,
        case_file.c.flags,
    )
    .join(account, account.c.id == case_file.c.account)
    .outerjoin(staff, staff.c.id == case_file.c.acked_by)
)


def _row(found: Any) -> QueueRow:
    values = found._asdict()
    values["flags"] = tuple(values["flags"])
    return QueueRow(**values)


async def queue(conn: AsyncConnection) -> list[QueueRow]:
    """Open cases, the most dangerous first, then the longest waiting."""
    query = _ROW.where(case_file.c.closed_at.is_(None)).order_by(
        case_file.c.level.desc(), case_file.c.acked_by.is_not(None), case_file.c.opened_at
    )
    return [_row(found) for found in await conn.execute(query)]


async def queue_row(conn: AsyncConnection, case_id: UUID) -> QueueRow:
    """One case as the queue shows it. Raises Refused when there is none."""
    found = (await conn.execute(_ROW.where(case_file.c.id == case_id))).one_or_none()
    if found is None:
        raise Refused("there is no such case")
    return _row(found)


async def _case(conn: AsyncConnection, case_id: UUID, *, lock: bool = False) -> Any:
    query = select(case_file).where(case_file.c.id == case_id)
    found = (await conn.execute(query.with_for_update() if lock else query)).one_or_none()
    if found is None:
        raise Refused("there is no such case")
    return found


async def _her_key(store: Store, case: Any) -> Any:
    """The data key of the person of a case, after proof that the case is hers. Raises Forgotten, Sealed."""
    async with raw(store.keyring) as ring:
        key = await store.ring.key_of(ring, case.person_id)
    decrypt(key, case.binding_ct, cases.binding_place(case.id, case.person_id))
    return key


async def read(
    store: Store, now: datetime, case_id: UUID, staff_id: UUID, private_key: bytes, after: int = 0
) -> CaseView:
    """Open a case for a reader; that she read it is recorded.

    Lines with `seq` up to `after` are left out. Raises Refused, Forgotten, Sealed.
    """
    async with store.data.begin() as conn:
        case = await _case(conn, case_id)
        her_key = await _her_key(store, case)
        keys = await cases.epoch_keys(conn, case, her_key, staff_id, private_key)
        if not keys:
            raise Refused("this case is not sealed to you")
        await reseal.hand_on(conn, case, her_key, keys, await ladder(conn, now))
        lines, unread = await _lines(conn, case_id, keys, after)
        row = await queue_row(conn, case_id)
        last_in = (
            await conn.execute(select(session.c.last_in_at).where(session.c.person_id == case.person_id))
        ).scalar_one()
        await _note(conn, now, store, staff_id, "case.read", case_id)
    return CaseView(
        row,
        lines,
        can_write=case.closed_at is None and case.acked_by == staff_id,
        unread=unread,
        she_is_there=last_in is not None and now - last_in <= timedelta(minutes=15),
    )


async def _lines(
    conn: AsyncConnection, case_id: UUID, keys: dict[int, bytes], after: int
) -> tuple[tuple[Line, ...], int]:
    sent = await delivery.statuses(conn, case_id)
    query = (
        select(case_line, staff.c.alias)
        .outerjoin(staff, staff.c.id == case_line.c.author)
        .where(case_line.c.case_id == case_id, case_line.c.id > after)
        .order_by(case_line.c.id)
    )
    found = (await conn.execute(query)).all()
    lines = [_line(row, cases.open_line(keys[row.epoch], row), sent.get(row.id)) for row in found if row.epoch in keys]
    return tuple(lines), len(found) - len(lines)


def _line(row: Any, text: str, status: str | None) -> Line:
    """A line as its reader sees it; a voice of hers is parted from the words beside it."""
    words, voice = parted(text) if row.direction == "in" else (text, None)
    return Line(row.id, row.direction, row.at, words, row.alias, status, voice)


async def acknowledge(store: Store, now: datetime, case_id: UUID, staff_id: UUID) -> bool:
    """Take a case; of two who try at once exactly one gets True."""
    async with store.data.begin() as conn:
        query = (
            update(case_file)
            .where(case_file.c.id == case_id, case_file.c.acked_by.is_(None), case_file.c.closed_at.is_(None))
            .values(acked_by=staff_id, acked_at=now)
            .returning(case_file.c.id)
        )
        taken = (await conn.execute(query)).scalar_one_or_none() is not None
        if taken:
            await _note(conn, now, store, staff_id, "case.acknowledged", case_id)
            await cases.announce(conn, case_id)
        return taken


async def reply(
    store: Store,
    now: datetime,
    case_id: UUID,
    staff_id: UUID,
    words: str,
    request_key: UUID,
    library: Library,
) -> None:
    """Answer her under the alias: sealed for her, sealed to the case, sent by the sender when the gate agrees.

    The same `request_key` twice is one answer. Raises Refused with a sentence, Forgotten, Sealed.
    """
    words = words.strip()
    if not words:
        raise Refused("the answer is empty")
    async with store.data.begin() as conn:
        case = await _case(conn, case_id, lock=True)
        if case.closed_at is not None:
            raise Refused("the case is closed; nothing was sent")
        if case.acked_by != staff_id:
            raise Refused("somebody else has this case; nothing was sent")
        key = await _her_key(store, case)
        epoch, public = await cases.newest_key(conn, case_id)
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
        her = await _her_side(conn, case, key)
        alias = await _alias_if_new(conn, case_id, staff_id, line)
        shown = _shape(words, alias, library, her, now)
        await _put_in_ledger(conn, now, case, key, line, shown, her.last_in_at)
        await due.plan(conn, Due.KEPT_ANSWER, line, now + KEPT_FOR, now + KEPT_FOR)
        await conn.execute(update(case_file).where(case_file.c.id == case_id).values(waiting_since=None))
        await _note(conn, now, store, staff_id, "case.answered", case_id)
        await conn.execute(select(func.pg_notify("ledger", str(case.account))))


class _HerSide(msgspec.Struct, frozen=True):
    """What an answer must fit: her channel, her language, and when she last wrote."""

    last_in_at: datetime | None
    channel: str
    lang: str


async def _her_side(conn: AsyncConnection, case: Any, key: AESGCM) -> _HerSide:
    query = (
        select(session.c.last_in_at, session.c.version, session.c.state_ct, account.c.channel)
        .join(account, account.c.id == case.account)
        .where(session.c.person_id == case.person_id)
    )
    found = (await conn.execute(query)).one()
    state = open_session(key, case.person_id, found.version, found.state_ct) if found.state_ct else b""
    lang = msgspec.msgpack.decode(state, type=Session).lang if state else BASE
    return _HerSide(found.last_in_at, found.channel, lang)


async def _alias_if_new(conn: AsyncConnection, case_id: UUID, staff_id: UUID, line: int) -> str:
    """The alias of a counsellor who writes in this case for the first time; nothing later on."""
    earlier = select(case_line.c.id).where(
        case_line.c.case_id == case_id, case_line.c.author == staff_id, case_line.c.id < line
    )
    if (await conn.execute(earlier.limit(1))).first() is not None:
        return ""
    return str((await conn.execute(select(staff.c.alias).where(staff.c.id == staff_id))).scalar_one())


def _shape(words: str, alias: str, library: Library, her: _HerSide, now: datetime) -> Sequence[Shown]:
    """Render an answer for her channel.

    Who writes, and that it is a person, comes first (safety rule 8). When her screen may be dark, a neutral line
    goes in front of a telling one (safety rule 7).
    """
    dark = her.last_in_at is None or now - her.last_in_at > PREVIEW_AFTER
    if dark and not library.is_neutral(words):
        words = f"{library.say('relay.opener', her.lang).text}\n\n{words}"
    limits = library.limits[her.channel]
    joined = library.say("relay.joined", her.lang, alias=alias).text if alias else ""
    first = render(Outgoing(joined, neutral=True), limits, 0) if joined else ()
    return (*first, *render(Outgoing(words, protect=True), limits, 0))


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


async def close(store: Store, now: datetime, case_id: UUID, staff_id: UUID, reason: str) -> None:
    """Close a case. Raises Refused when it is not hers to close or is closed already."""
    async with store.data.begin() as conn:
        query = (
            update(case_file)
            .where(case_file.c.id == case_id, case_file.c.closed_at.is_(None), case_file.c.acked_by == staff_id)
            .values(closed_at=now, state="closed", waiting_since=None)
            .returning(case_file.c.id)
        )
        if (await conn.execute(query)).scalar_one_or_none() is None:
            raise Refused("only the person who has an open case can close it")
        await _note(conn, now, store, staff_id, "case.closed", case_id, {"reason": reason})
        await cases.announce(conn, case_id)


async def _note(
    conn: AsyncConnection,
    now: datetime,
    store: Store,
    staff_id: UUID,
    action: str,
    case_id: UUID,
    meta: dict[str, Any] | None = None,
) -> None:
    await audit.record(conn, now, store.house.audit, actor=str(staff_id), action=action, object=str(case_id), meta=meta)


__all__ = [
    "CaseView",
    "Line",
    "QueueRow",
    "acknowledge",
    "close",
    "queue",
    "queue_row",
    "read",
    "reply",
]
