"""What each member has in hand: open cases that are hers, and the lines in them that wait for her answer."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.models import case_file
from store.casework.queue import UNREAD


class InHand(msgspec.Struct, frozen=True):
    """How many open cases somebody has, and how many lines wait in them."""

    cases: int = 0
    lines: int = 0


async def in_hand(conn: AsyncConnection) -> Mapping[UUID, InHand]:
    """What everybody has who has anything."""
    columns = case_file.c.acked_by.label("who"), UNREAD.label("lines")
    held = select(*columns).where(case_file.c.closed_at.is_(None), case_file.c.acked_by.is_not(None)).subquery()
    query = select(held.c.who, func.count(), func.sum(held.c.lines)).group_by(held.c.who)
    return {who: InHand(cases, int(lines)) for who, cases, lines in await conn.execute(query)}
