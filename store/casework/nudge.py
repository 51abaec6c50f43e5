"""The nudge: one neutral line without content when she has been silent and an answer waits for her (safety rule 6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from flows.model.effects import HELP
from flows.model.messages import Outgoing
from flows.rendering.render import render
from store import audit
from store.cases import keys as case_keys
from store.cases import service as cases
from store.casework import reachability, replies
from store.casework.reachability import ONLY_WHEN_PERSON_WRITES, Reachability
from store.db.engine import Store
from store.errors import Refused
from store.messages.models import Cause, Content, Recipient, ledger, seal_body
from store.refusals import Refusal

GOOD_FOR = timedelta(minutes=30)
"""How long a nudge may be late; after that it stays, and the answer goes on waiting for her."""
CARD = "relay.knock"


def why_not(reach: Reachability, now: datetime) -> Refusal | None:
    """Why nobody may nudge now; None when she may be nudged."""
    reasons = (
        (Refusal.NUDGE_UNREACHABLE, not reach.reachable),
        (Refusal.NUDGE_STOPPED, reach.stopped),
        (Refusal.NUDGE_FORCED, reach.forced),
        (Refusal.NUDGE_ONLY_WHEN_SHE_WRITES, reach.contact == ONLY_WHEN_PERSON_WRITES),
        (Refusal.NUDGE_THERE, reach.is_there(now)),
        (Refusal.NUDGE_QUIET, reach.is_quiet(now)),
        (Refusal.NUDGE_NOTHING_WAITS, not reach.waiting),
        (Refusal.NUDGE_KNOCKED, reach.knocked),
    )
    return next((refusal for refusal, holds in reasons if holds), None)


async def send_nudge(store: Store, now: datetime, case_id: UUID, staff_id: UUID, library: Library) -> None:
    """Nudge once for somebody whose answer is kept. Raises Refused as `why_not` says, Forgotten.

    The gate asks again when it leaves: outside her hours it stays.
    """
    async with store.data.begin() as conn:
        case = await cases.found(conn, case_id, lock=True)
        if case.closed_at is not None or case.acked_by != staff_id:
            raise Refused(Refusal.CASE_NOT_YOURS)
        reach = await reachability.of(conn, case_id)
        if refusal := why_not(reach, now):
            raise Refused(refusal)
        line = await _note(conn, now, case_id, staff_id, reach)
        if line is None:
            raise Refused(Refusal.NUDGE_KNOCKED)
        await _put_in_ledger(conn, store, now, case, line, library, reach)
        who, about = str(staff_id), str(case_id)
        await audit.record(conn, now, store.keys.audit, actor=who, action="case.knocked", object=about)


async def _note(conn: AsyncConnection, now: datetime, case_id: UUID, staff_id: UUID, reach: Reachability) -> int | None:
    """Write the nudge into the case; of two in one silence only the first gets a line."""
    epoch, public = await case_keys.newest_key(conn, case_id)
    return await cases.add_line(
        conn,
        now,
        case_id=case_id,
        epoch=epoch,
        public=public,
        direction="note",
        text_="knock=sent",
        cause_kind=Cause.KNOCK,
        cause=reach.silence,
        author=staff_id,
    )


async def _put_in_ledger(
    conn: AsyncConnection, store: Store, now: datetime, case: Any, line: int, library: Library, reach: Reachability
) -> None:
    key = await cases.person_key(store, case)
    lang = await replies.language(conn, case, key)
    said = library.say(CARD, lang)
    [shown] = render(Outgoing(said.text, neutral=True), library.limits[reach.channel], 0)
    person_id, number = case.person_id, case.account
    row = {
        "cause_kind": Cause.KNOCK,
        "cause": line,
        "n": 0,
        "account": number,
        "recipient": Recipient.PERSON,
        "person_id": person_id,
        "content": Content.KNOCK,
        "priority": HELP,
        "answers_at": None,
        "not_before": now,
        "not_after": now + GOOD_FOR,
        "body_ct": seal_body(key, person_id, Cause.KNOCK, line, 0, shown),
        "created_at": now,
        "changed_at": now,
    }
    await conn.execute(insert(ledger).values(row))
    await conn.execute(select(func.pg_notify("ledger", str(number))))
