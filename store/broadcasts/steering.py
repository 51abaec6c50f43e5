"""Steering of a broadcast that is on its way: pause it, let it go on, stop it."""

from __future__ import annotations

from sqlalchemy import select, update

from store.broadcasts.models import PAUSED, SENDING, STOPPED, announce, broadcast
from store.errors import Refused
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

PAUSE, RESUME, STOP = "pause", "resume", "stop"
AFTER = {PAUSE: PAUSED, RESUME: SENDING, STOP: STOPPED}
"""The state a broadcast is in after each."""
MOVING = (SENDING, PAUSED)


async def steer(work: UnitOfWork, broadcast_id: int, act: str) -> None:
    """Pause, resume or stop a broadcast wherever it goes; who may, and what, was asked before. Raises Refused."""
    to = AFTER[act]
    ended = {"ended_at": work.now, "ended_by": work.staff_id} if to == STOPPED else {}
    query = (
        update(broadcast)
        .where(broadcast.c.id == broadcast_id, broadcast.c.state.in_(MOVING), broadcast.c.state != to)
        .values(state=to, **ended)
        .returning(broadcast.c.id)
    )
    if (await work.conn.execute(query)).scalar_one_or_none() is None:
        raise Refused(Refusal.BROADCAST_NOT_UNDER_WAY)
    work.record(f"broadcast.{act}", broadcast_id)
    announce(work, broadcast_id, to)


async def stop_all(work: UnitOfWork, card: str) -> None:
    """Stop every broadcast that carries a card, wherever it goes."""
    carrying = select(broadcast.c.id).where(broadcast.c.card == card, broadcast.c.state.in_(MOVING))
    for broadcast_id in (await work.conn.execute(carrying)).scalars().all():
        await steer(work, broadcast_id, STOP)
