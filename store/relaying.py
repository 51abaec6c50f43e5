"""What comes with her events, put on her open case in few round trips: a flood of cries keeps nobody waiting."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from store import sealing
from store.case_keys import key_info
from store.envelope import pad
from store.messages import Cause

_OPEN = """
SELECT c.id, c.person_id, k.epoch, k.public FROM case_file c
CROSS JOIN LATERAL (SELECT epoch, public FROM case_key WHERE case_id = c.id ORDER BY epoch DESC LIMIT 1) k
WHERE c.person_id = $1 AND c.closed_at IS NULL"""

_LINE = """
WITH line AS (
  INSERT INTO case_line (case_id, direction, at, epoch, sealed, cause_kind, cause)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id, case_id)
SELECT id, pg_notify('case', case_id::text) FROM line"""


async def open_case_of(conn: asyncpg.Connection, person_id: UUID) -> Any | None:
    """Her open case: id, person_id, and the epoch and public key that today's lines are sealed to; None without one."""
    return await conn.fetchrow(_OPEN, person_id)


async def add_line(
    conn: asyncpg.Connection, at: datetime, *, case: Any, direction: str, text: str, cause: str
) -> int | None:
    """Seal one line to the people of the case and tell every console; None when this cause already has its line."""
    sealed = sealing.seal(case["public"], pad(text.encode("utf-8", "replace")), key_info(case["id"], case["epoch"]))
    line: int | None = await conn.fetchval(
        _LINE, case["id"], direction, at, case["epoch"], sealed, int(Cause.INBOX), cause
    )
    return line
