"""Inbound lines and notes of a case, added in few round trips: a flood of cries keeps nobody waiting.

What the flow tells about a case as codes is kept readable beside its sealed line: staff must act on it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import case, update

from store.cases import service as cases
from store.cases.keys import key_info
from store.cases.lines import NewLine
from store.cases.models import case_file
from store.crypto import hpke
from store.crypto.fields import pad
from store.db.engine import driver_of
from store.db.notify import NotifyChannel
from store.unit_of_work import UnitOfWork

MARKS = {("need", "shelter"): "shelter"}
"""Answers that ask for a skill of whoever is paged (`needs:` in content/data/escalation.yaml)."""

NOTHING_SAID = {("where", "unknown"), ("age", "skip"), ("age", "unknown")}
_OPEN = """
SELECT id, person_id, flags, level, number, alias, place, communes FROM case_file
WHERE person_id = $1 AND closed_at IS NULL FOR KEY SHARE"""

_KEY = "SELECT epoch, public FROM case_key WHERE case_id = $1 ORDER BY epoch DESC LIMIT 1"

_LINE = """
INSERT INTO case_line (case_id, direction, at, epoch, sealed, cause_kind, cause)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id"""


class InboundCase(msgspec.Struct, frozen=True):
    """Her open case, and the epoch and public key that today's lines are sealed to."""

    id: UUID
    person_id: UUID
    flags: list[str]
    level: int
    number: str
    alias: str
    place: str
    communes: list[str]
    epoch: int
    public: bytes


async def inbound_case(work: UnitOfWork, person_id: UUID) -> InboundCase | None:
    """Find her open case; its keys stay what they are until the caller has committed. None without one.

    The key is asked for once the case is held: while waiting for that a new epoch may have begun.
    """
    pg = driver_of(work.conn)
    case = await pg.fetchrow(_OPEN, person_id)
    if case is None:
        return None
    key = await pg.fetchrow(_KEY, case["id"])
    return InboundCase(**case, **key)


async def add_inbound_line(work: UnitOfWork, at: datetime, case: InboundCase, line: NewLine) -> int | None:
    """Seal one line to the people of the case and tell every console; None when this cause already has its line."""
    sealed = hpke.seal(case.public, pad(line.text.encode("utf-8", "replace")), key_info(case.id, case.epoch))
    values = case.id, line.direction, at, case.epoch, sealed, int(line.cause_kind), line.cause
    made: int | None = await driver_of(work.conn).fetchval(_LINE, *values)
    if made is not None:
        work.notify(NotifyChannel.CASE, case.id)
    return made


async def note(work: UnitOfWork, person_id: UUID, key: str, value: str) -> None:
    """Note where she is, how she may be written to, and when staff answered elsewhere or she was told of nobody.

    That she does not know where she is, or skips it, is no place: what she said before stands, and so does what a
    member wrote down more exactly of the same place.
    """
    known: dict[str, dict[str, object]] = {
        "where": _place(value),
        "age": {"age": value},
        "contact": {"contact": value},
        "console": {"console_at": work.now},
        "told": {"told_at": work.now},
    }
    if flag := MARKS.get((key, value)):
        await cases.add_flags(work, person_id, [flag])
    if key in known and (key, value) not in NOTHING_SAID:
        hers = case_file.c.person_id == person_id, case_file.c.closed_at.is_(None)
        await work.conn.execute(update(case_file).where(*hers).values(known[key]))


def _place(value: str) -> dict[str, object]:
    same = (case_file.c.place == value) | case_file.c.place.startswith(f"{value}:", autoescape=True)
    return {
        "place": case((same, case_file.c.place), else_=value),
        "commune": case((same, case_file.c.commune), else_=""),
    }
