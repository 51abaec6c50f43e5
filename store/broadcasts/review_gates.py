"""Review gates of a broadcast: asked when a card is approved, proposed, decided on, resumed, and while it leaves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update

from content.library import Library
from content.review_gates import Gate, barring, open_gates
from content.zone import VIETNAM
from store.broadcasts import card_recalls
from store.broadcasts.models import PAUSED, SENDING, announce, broadcast
from store.errors import Refused
from store.jobs.human_tasks import NewTask, open_task
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

TASK, REASON = "broadcast", "gates"


def day(now: datetime) -> date:
    """The day in Viet Nam, by which reviews fall due."""
    return now.astimezone(VIETNAM).date()


def barred_by(library: Library, card: str, now: datetime, *, drafts: bool) -> tuple[Gate, ...]:
    """Return the open gates that forbid a broadcast of a card; `drafts` says that this is a trial."""
    return barring(open_gates(library, card, day(now)), drafts=drafts)


async def require(work: UnitOfWork, library: Library, card: str, *, drafts: bool) -> None:
    """Let a card be approved, proposed or sent. Raises Refused, naming the open gates.

    What other processes recalled counts too: this one may only serve pages, and look for recalls by itself never.
    """
    await card_recalls.apply(work.conn, library)
    if gates := barred_by(library, card, work.now, drafts=drafts):
        raise Refused(Refusal.CARD_GATES_OPEN, gates=gates)


async def pause_barred(work: UnitOfWork, library: Library, *, drafts: bool) -> None:
    """Pause every broadcast on its way whose card has an open gate by now, and hand it to a human."""
    moving = select(broadcast.c.id, broadcast.c.card).where(broadcast.c.state == SENDING)
    for broadcast_id, card in await work.conn.execute(moving):
        if barred_by(library, card, work.now, drafts=drafts):
            await _pause(work, broadcast_id)


async def _pause(work: UnitOfWork, broadcast_id: int) -> None:
    still = (broadcast.c.id == broadcast_id) & (broadcast.c.state == SENDING)
    paused = update(broadcast).where(still).values(state=PAUSED).returning(broadcast.c.id)
    if (await work.conn.execute(paused)).scalar_one_or_none() is None:
        return
    await open_task(work, NewTask(TASK, str(broadcast_id), REASON))
    announce(work, broadcast_id, PAUSED)
    work.record("broadcast.pause", broadcast_id, reason=REASON)
