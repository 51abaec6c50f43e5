"""What the flow tells about a case as codes, kept readable beside its sealed line: the desk must act on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases import service as cases
from store.cases.service import case_file

MARKS = {("need", "shelter"): "shelter"}
"""Answers that ask for a skill of whoever is called (`needs:` in content/data/escalation.yaml)."""

NO_PLACE = ("where", "unknown")


async def note(conn: AsyncConnection, now: datetime, person_id: UUID, key: str, value: str) -> None:
    """Note where she is, how she may be written to, and when staff answered elsewhere or she was told of nobody.

    That she does not know where she is, or skips it, is no place: what she said before stands.
    """
    known: dict[str, dict[str, Any]] = {
        "where": {"place": value},
        "contact": {"contact": value},
        "console": {"console_at": now},
        "told": {"told_at": now},
    }
    if flag := MARKS.get((key, value)):
        await cases.add_flags(conn, now, person_id, [flag])
    if key in known and (key, value) != NO_PLACE:
        hers = case_file.c.person_id == person_id, case_file.c.closed_at.is_(None)
        await conn.execute(update(case_file).where(*hers).values(known[key]))
