"""That a human has put texts where no API reaches: a row of the audit chain, so that it cannot be made up later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.audit import audit, record

ACTION = "static.confirmed"


async def confirm(conn: AsyncConnection, now: datetime, key: bytes, *, account: str, by: str, digest: str) -> None:
    """Record that `by` (a login) has pasted and read back the sheet with this digest (hex). Raises ValueError."""
    if not by:
        raise ValueError("a confirmation needs the name of the person who read the texts: --by LOGIN")
    await record(conn, now, key, actor=by, action=ACTION, object=account, meta={"sheet": digest})


async def last_confirmed(conn: AsyncConnection, account: str) -> tuple[datetime, str] | None:
    """Return when the texts of an account were last confirmed and the digest of their sheet; None for never."""
    query = (
        select(audit.c.at, audit.c.meta)
        .where(audit.c.action == ACTION, audit.c.object == account)
        .order_by(audit.c.seq.desc())
        .limit(1)
    )
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else (row.at, str(row.meta.get("sheet", "")))
