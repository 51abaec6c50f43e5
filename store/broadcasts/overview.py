"""Overview of broadcasts: those of an area, the exact words of one, and what became of its messages."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.areas.scopes import within
from store.broadcasts.models import ByChannel, broadcast, texts
from store.errors import Refused, Sealed
from store.groups.models import subscription, village_group
from store.messages.models import Cause, Status, ledger
from store.refusals import Refusal


class Proposal(msgspec.Struct, frozen=True):
    """A broadcast as staff see it; counts are whole here and rounded where they are shown."""

    id: int
    card: str
    group_id: int
    state: str
    digest: bytes
    author_staff: UUID | None
    proposed_at: datetime
    decided_at: datetime | None
    title: str
    audience: int


class Results(msgspec.Struct, frozen=True):
    """What became of a broadcast. Who must stay apart counts as reached: a count is an oracle (safety rule 13)."""

    planned: int
    sent: int
    waiting: int
    failed: int


async def proposals(
    conn: AsyncConnection, broadcast_id: int | None = None, most: int = 50, *, scope: str
) -> list[Proposal]:
    """Broadcasts to groups that a scope covers, the newest first; one alone when named."""
    listens = select(func.count()).where(subscription.c.group_id == broadcast.c.group_id).scalar_subquery()
    columns = [broadcast.c[name] for name in Proposal.__struct_fields__ if name in broadcast.c]
    query = (
        select(*[*columns, village_group.c.title, listens])
        .join(village_group, village_group.c.id == broadcast.c.group_id)
        .where(within(village_group.c.area, scope))
        .order_by(broadcast.c.id.desc())
        .limit(most)
    )
    if broadcast_id is not None:
        query = query.where(broadcast.c.id == broadcast_id)
    return [Proposal(*row) for row in await conn.execute(query)]


async def times_of_card(conn: AsyncConnection, card: str) -> int:
    """How often a card was proposed to a group, whatever became of it."""
    query = select(func.count()).select_from(broadcast).where(broadcast.c.card == card)
    return int((await conn.execute(query)).scalar_one())


async def words_of(conn: AsyncConnection, broadcast_id: int) -> ByChannel:
    """What a broadcast shows on each channel in each language. Raises Refused when a word was changed since."""
    try:
        return (await texts(conn, broadcast_id)).shown
    except Sealed:
        raise Refused(Refusal.BROADCAST_CHANGED) from None


async def results(conn: AsyncConnection, broadcast_id: int) -> Results:
    """Count what became of a broadcast's messages to people; the group's own chat is not counted."""
    query = (
        select(ledger.c.status, ledger.c.reason, func.count())
        .where(ledger.c.cause_kind == Cause.BROADCAST, ledger.c.cause == broadcast_id, ledger.c.person_id.is_not(None))
        .group_by(ledger.c.status, ledger.c.reason)
    )
    counted: Counter[str] = Counter()
    for status, reason, n in await conn.execute(query):
        counted[_outcome(status, reason)] += n
    return Results(counted.total(), counted["sent"], counted["waiting"], counted["failed"])


def _outcome(status: int, reason: str | None) -> str:
    if status == Status.SENT or reason == "apart":
        return "sent"
    return "waiting" if status in (Status.READY, Status.SENDING, Status.DEFERRED) else "failed"
