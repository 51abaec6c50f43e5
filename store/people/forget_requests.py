"""Forget requests that are not fulfilled yet, and whether somebody has made one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, SmallInteger, Table, Uuid, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.jobs.human_tasks import WITHDRAWAL, task
from store.metadata import metadata

forget_wish = Table(
    "forget_wish",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("silent_hours", SmallInteger, nullable=False),
    Column("withdrawn_at", DateTime(timezone=True), nullable=True),
)
"""`withdrawn_at`: when a platform reported that she takes back its permission; `withdrawals` does those."""


async def asked_to_be_forgotten(conn: AsyncConnection, person_id: UUID) -> bool:
    """Whether somebody asked for it, or a platform said so for her: it will be done, or a person decided or decides."""
    wish = exists().where(forget_wish.c.person_id == person_id)
    decision = exists().where(task.c.kind == WITHDRAWAL, task.c.person_id == person_id)
    return bool((await conn.execute(select(wish | decision))).scalar_one())
