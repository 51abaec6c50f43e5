"""What people tell us without being anybody: tips in coded answers, and questions for a meeting with the commune.

No row knows who wrote it: no person, no account, no hour, and a place only as the code of a commune or a province.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, Column, DateTime, Identity, LargeBinary, Table, Text, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.envelope import decrypt, encrypt, place
from store.errors import Refused
from store.keys import HouseKeys
from store.schema import metadata

KEPT = timedelta(days=90)
"""How long a tip or a question is kept, as she was told before she sent it."""
WAITING, PASSED, REFUSED = "waiting", "passed", "refused"
"""A question before a human has read it, after it was let through without names, and one that was not."""
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")

tip = Table(
    "tip",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("day", DateTime(timezone=True), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("area", Text, nullable=False, server_default=text("''")),
)
dialogue_question = Table(
    "dialogue_question",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("day", DateTime(timezone=True), nullable=False, index=True),
    Column("topic", Text, nullable=False),
    Column("body_ct", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'waiting'")),
)


class Question(msgspec.Struct, frozen=True):
    """One question for a meeting; `day` is the day it came (midnight in Viet Nam), `text` as she wrote it."""

    id: int
    day: datetime
    topic: str
    text: str
    state: str


async def keep_tip(conn: AsyncConnection, now: datetime, *, kind: str, seen: str, area: str) -> None:
    """Keep a tip: coded values, and the official code of a commune or province ("" when it is not known)."""
    await conn.execute(insert(tip).values(day=_day(now), kind=kind, seen=seen, area=area))


async def keep_question(conn: AsyncConnection, now: datetime, house: HouseKeys, *, topic: str, text_: str) -> None:
    """Keep a question under a key of the house, waiting to be read by staff."""
    body = encrypt(_key(house), text_.encode("utf-8", "replace"), _where(topic))
    await conn.execute(insert(dialogue_question).values(day=_day(now), topic=topic, body_ct=body))


async def questions(conn: AsyncConnection, house: HouseKeys, state: str = WAITING) -> list[Question]:
    """Return the questions in one state, oldest first. Raises Sealed when a row was tampered with."""
    rows = await conn.execute(
        select(dialogue_question).where(dialogue_question.c.state == state).order_by(dialogue_question.c.id)
    )
    return [
        Question(row.id, row.day, row.topic, decrypt(_key(house), row.body_ct, _where(row.topic)).decode(), row.state)
        for row in rows
    ]


async def moderate(conn: AsyncConnection, question_id: int, *, passed: bool) -> None:
    """Let a waiting question through to the meeting, or refuse it. Raises Refused when it does not wait."""
    waiting = (dialogue_question.c.id == question_id) & (dialogue_question.c.state == WAITING)
    moved = await conn.execute(update(dialogue_question).where(waiting).values(state=PASSED if passed else REFUSED))
    if not moved.rowcount:
        raise Refused("somebody has looked at this question already, or it has grown too old")


async def tips(conn: AsyncConnection, areas: Sequence[str] = ()) -> list[tuple[datetime, str, str, str]]:
    """Return tips as (day, kind, when, area code), newest first; only of `areas` (codes) when some are given."""
    query = select(tip.c.day, tip.c.kind, tip.c.seen, tip.c.area).order_by(tip.c.id.desc())
    found = await conn.execute(query.where(tip.c.area.in_(areas)) if areas else query)
    return [(row.day, row.kind, row.seen, row.area) for row in found]


def _day(now: datetime) -> datetime:
    """The day in Viet Nam: an hour would lead back to the message it came with."""
    return datetime.combine(now.astimezone(_HERE).date(), time(), _HERE)


def _key(house: HouseKeys) -> AESGCM:
    return AESGCM(hmac.digest(house.kek, b"questions for a dialogue", "sha256"))


def _where(topic: str) -> bytes:
    return place("dialogue_question", "body", topic, None)
