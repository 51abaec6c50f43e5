"""Chat clean-up: deletes the talk on her phone where the channel can, when she asks or staff close the case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from flows.model.effects import HELP
from flows.model.messages import Shown
from store.cases import service as cases
from store.cases.lines import NewLine, add_line
from store.cases.models import CaseRow
from store.errors import Forgotten
from store.messages.ledger import LedgerMessage, enqueue
from store.messages.models import Cause, Content, Status, ledger
from store.people.models import account, open_session, session
from store.unit_of_work import UnitOfWork

LAST = 99
"""The place of a clean-up in the numbering of what one cause sends: after all of it."""


async def ours(conn: AsyncConnection, now: datetime, library: Library, person_id: UUID) -> Sequence[str]:
    """The channel's ids of what we sent her lately."""
    query = select(ledger.c.message_id).where(
        ledger.c.person_id == person_id,
        ledger.c.status == Status.SENT,
        ledger.c.message_id.is_not(None),
        ledger.c.changed_at > now - library.deletable,
    )
    return (await conn.execute(query)).scalars().all()


async def after_closing(work: UnitOfWork, library: Library, case: CaseRow) -> bool:
    """Let the talk of a case that staff close be deleted, as it is when she asks; False where it cannot be.

    Of a channel that takes nothing back we say that it cannot (safety rule 8).
    """
    query = (
        select(account.c.channel, session.c.version, session.c.state_ct)
        .join(session, session.c.person_id == case.person_id)
        .where(account.c.id == case.account)
    )
    conn, now = work.conn, work.now
    her = (await conn.execute(query)).one_or_none()
    if her is None or not library.limits[her.channel].delete_hours:
        return False
    try:
        key = await cases.person_key(work.store, case)
    except Forgotten:
        return False
    written = open_session(key, case.person_id, her.version, her.state_ct).written
    hers = [one.id for one in written if now - one.at < library.deletable]
    ids = [*await ours(conn, now, library, case.person_id), *hers]
    line = await _note(work, case.id) if ids else None
    if line is not None:
        made = message(now, case.person_id, case.account, Cause.CASE, line)
        await enqueue(work, made.sealed(key, Shown(",".join(ids)), first=LAST))
    return line is not None


async def _note(work: UnitOfWork, case_id: UUID) -> int | None:
    """Say in the case that its talk was deleted on her phone; once for a closing."""
    cause = f"closed.{work.now.isoformat()}"  # a case that was opened again is closed more than once
    return await add_line(work, case_id, NewLine("note", "talk=cleaned", Cause.CASE, cause))


def message(
    now: datetime, person_id: UUID, account: int, kind: Cause, cause: int, answers_at: datetime | None = None
) -> LedgerMessage:
    """The clean-up that one cause asks for; it is worth nothing later than an hour."""
    return LedgerMessage(
        person_id=person_id,
        account=account,
        cause_kind=kind,
        cause=cause,
        content=Content.CLEAN,
        priority=HELP,
        not_before=now,
        not_after=now + timedelta(hours=1),
        answers_at=answers_at,
    )
