"""Chat clean-up: deletes the talk on her phone where the channel can, when she asks or staff close the case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from flows.model.effects import HELP
from flows.model.messages import Shown
from store.cases import keys as case_keys
from store.cases import service as cases
from store.db.engine import Store
from store.errors import Forgotten
from store.messages.models import Cause, Content, Recipient, Status, ledger, seal_body
from store.people.models import account, open_session, session

LAST = 99
"""The place of a clean-up in the numbering of what one cause sends: after all of it."""


async def ours(conn: AsyncConnection, now: datetime, library: Library, person_id: Any) -> Sequence[str]:
    """The channel's ids of what we sent her lately."""
    query = select(ledger.c.message_id).where(
        ledger.c.person_id == person_id,
        ledger.c.status == Status.SENT,
        ledger.c.message_id.is_not(None),
        ledger.c.changed_at > now - library.deletable,
    )
    return (await conn.execute(query)).scalars().all()


async def after_closing(conn: AsyncConnection, store: Store, now: datetime, library: Library, case: Any) -> bool:
    """Let the talk of a case that staff close be deleted, as it is when she asks; False where it cannot be.

    Of a channel that takes nothing back we say that it cannot (safety rule 8).
    """
    query = (
        select(account.c.channel, session.c.version, session.c.state_ct)
        .join(session, session.c.person_id == case.person_id)
        .where(account.c.id == case.account)
    )
    her = (await conn.execute(query)).one_or_none()
    if her is None or not library.limits[her.channel].delete_hours:
        return False
    try:
        key = await cases.person_key(store, case)
    except Forgotten:
        return False
    written = open_session(key, case.person_id, her.version, her.state_ct).written
    hers = [one.id for one in written if now - one.at < library.deletable]
    ids = [*await ours(conn, now, library, case.person_id), *hers]
    line = await _note(conn, now, case.id) if ids else None
    if line is not None:
        body = seal_body(key, case.person_id, Cause.CASE, line, LAST, Shown(",".join(ids)))
        await conn.execute(insert(ledger).values(_row(now, case, line, body)))
        await conn.execute(select(func.pg_notify("ledger", str(case.account))))
    return line is not None


async def _note(conn: AsyncConnection, now: datetime, case_id: Any) -> int | None:
    """Say in the case that its talk was deleted on her phone; once for a closing."""
    epoch, public = await case_keys.newest_key(conn, case_id)
    where: dict[str, Any] = {"case_id": case_id, "epoch": epoch, "public": public}
    what: dict[str, Any] = {
        "direction": "note",
        "text_": "talk=cleaned",
        "cause_kind": Cause.CASE,
        "cause": "closed.clean",
    }
    return await cases.add_line(conn, now, **where, **what)


def _row(now: datetime, case: Any, line: int, body: bytes) -> dict[str, Any]:
    return {
        "cause_kind": Cause.CASE,
        "cause": line,
        "n": LAST,
        "account": case.account,
        "recipient": Recipient.PERSON,
        "person_id": case.person_id,
        "content": Content.CLEAN,
        "priority": HELP,
        "answers_at": None,
        "not_before": now,
        "not_after": now + timedelta(hours=1),
        "body_ct": body,
        "created_at": now,
        "changed_at": now,
    }
