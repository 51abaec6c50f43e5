"""Review gates of a broadcast: asked when a card is approved, proposed, decided on, resumed, and while it leaves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from content.review_gates import Gate, barring, open_gates
from content.zone import VIETNAM
from store import audit
from store.broadcasts.models import PAUSED, SENDING, announce, broadcast
from store.errors import Refused
from store.jobs import human_tasks
from store.refusals import Refusal

TASK, REASON = "broadcast", "gates"


def day(now: datetime) -> date:
    """The day in Viet Nam, by which reviews fall due."""
    return now.astimezone(VIETNAM).date()


def barred_by(library: Library, card: str, now: datetime, *, drafts: bool) -> tuple[Gate, ...]:
    """Return the open gates that forbid a broadcast of a card; `drafts` says that this is a trial."""
    return barring(open_gates(library, card, day(now)), drafts=drafts)


def require(library: Library, card: str, now: datetime, *, drafts: bool) -> None:
    """Let a card be approved, proposed or sent. Raises Refused, naming the open gates."""
    if gates := barred_by(library, card, now, drafts=drafts):
        raise Refused(Refusal.CARD_GATES_OPEN, gates=gates)


async def pause_barred(conn: AsyncConnection, now: datetime, key: bytes, library: Library, *, drafts: bool) -> None:
    """Pause every broadcast on its way whose card has an open gate by now, and hand it to a human."""
    moving = select(broadcast.c.id, broadcast.c.card).where(broadcast.c.state == SENDING)
    for row in (await conn.execute(moving)).all():
        if barred_by(library, row.card, now, drafts=drafts):
            await _pause(conn, now, key, row.id)


async def _pause(conn: AsyncConnection, now: datetime, key: bytes, broadcast_id: int) -> None:
    still = (broadcast.c.id == broadcast_id) & (broadcast.c.state == SENDING)
    paused = update(broadcast).where(still).values(state=PAUSED).returning(broadcast.c.id)
    if (await conn.execute(paused)).scalar_one_or_none() is None:
        return
    await human_tasks.open_task(
        conn, now, kind=TASK, subject=str(broadcast_id), person_id=None, alias="", reason=REASON
    )
    await announce(conn, broadcast_id, PAUSED)
    await audit.record(
        conn, now, key, actor="house", action="broadcast.pause", object=str(broadcast_id), meta={"reason": REASON}
    )
