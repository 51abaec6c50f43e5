"""Call for a case: with what its marks and its place ask of whoever comes, and anew when a mark asks for more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.numbers import province_of
from content.escalation.loader import escalation_policy
from store.escalation import escalations
from store.escalation.escalations import climb


async def begin(conn: AsyncConnection, since: datetime, case: Any) -> None:
    """Begin to climb for a case (id, level, number, flags, place, communes) at `since`; a climb that runs goes on."""
    needs = escalation_policy().needed(case.flags)
    where = province_near(case.place, case.communes)
    await escalations.begin(
        conn, since, level=case.level, code=case.number, needs=needs, province=where, case_id=case.id
    )


def province_near(place: str, communes: Sequence[str]) -> str:
    """The province somebody is in, by her word, else that of her groups (`vn-11-03127`); "" when it is not known."""
    groups = {code.split("-")[1] for code in communes if code.count("-") == 2}
    return province_of(place) or (groups.pop() if len(groups) == 1 and place == "vn" else "")


async def anew(conn: AsyncConnection, now: datetime, case: Any) -> None:
    """Call again for a case that nobody has, when a mark asks for a skill that nobody was called for.

    The climb begins at the moment of the old one: rungs that have passed are done again at once, by who has the skill,
    and none comes later than it would have.
    """
    running = climb.c.case_id == case.id, climb.c.ended_at.is_(None)
    query = select(climb.c.id, climb.c.since, climb.c.needs).where(*running).with_for_update()
    old = (await conn.execute(query)).one_or_none()
    if old is None or case.acked_by is not None or set(escalation_policy().needed(case.flags)) <= set(old.needs):
        return
    await conn.execute(update(climb).where(climb.c.id == old.id).values(ended_at=now))
    await begin(conn, old.since, case)
