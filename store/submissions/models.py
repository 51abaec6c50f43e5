"""Tables of submissions: tips in coded answers and questions for a meeting, from people nobody knows.

No row knows who wrote it: no person, no account, no hour, and a place only as the code of a commune or a province.
"""

from __future__ import annotations

import hmac
from datetime import datetime, time, timedelta

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, Column, DateTime, Identity, LargeBinary, Table, Text, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from content.zone import VIETNAM
from store.crypto.fields import decrypt, encrypt, place
from store.crypto.keyring import MasterKeys
from store.jobs.human_tasks import NewTask, open_task
from store.metadata import metadata
from store.unit_of_work import UnitOfWork

KEPT = timedelta(days=90)
"""How long a tip or a question is kept, as she was told before she sent it."""
WAITING, PASSED, REFUSED = "waiting", "passed", "refused"
"""A question before a human has read it, after it was let through without names, and one that was not."""
NEW, READ, PASSED_ON = "new", "read", "passed_on"
"""A tip before a human has read it, after that, and once those in charge have it."""
TIP, QUESTION = "tip", "question"
"""What the tasks are called that bring either before a human."""

tip = Table(
    "tip",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("day", DateTime(timezone=True), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("area", Text, nullable=False, server_default=text("''")),
    Column("state", Text, nullable=False, server_default=text("'new'")),
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


async def keep_tip(work: UnitOfWork, *, kind: str, seen: str, area: str) -> None:
    """Keep a tip: coded values, and the official code of a commune or province ("" when it is not known)."""
    await work.conn.execute(insert(tip).values(day=_day(work.now), kind=kind, seen=seen, area=area))
    await _hand_over(work, TIP)


async def keep_question(work: UnitOfWork, topic: str, words: str) -> None:
    """Keep a question under a master key, waiting to be read by staff."""
    body = encrypt(question_key(work.store.keys), words.encode("utf-8", "replace"), question_place(topic))
    await work.conn.execute(insert(dialogue_question).values(day=_day(work.now), topic=topic, body_ct=body))
    await _hand_over(work, QUESTION)


async def _hand_over(work: UnitOfWork, kind: str) -> None:
    """Bring it before a human: one task for all that waits, with the day and never the hour."""
    await open_task(work, NewTask(kind, kind, f"{kind}.waits", at=_day(work.now)))


async def questions(conn: AsyncConnection, keys: MasterKeys, state: str = WAITING) -> list[Question]:
    """Return the questions in one state, oldest first. Raises Sealed when a row was tampered with."""
    rows = await conn.execute(
        select(dialogue_question).where(dialogue_question.c.state == state).order_by(dialogue_question.c.id)
    )
    return [
        Question(
            row.id,
            row.day,
            row.topic,
            decrypt(question_key(keys), row.body_ct, question_place(row.topic)).decode(),
            row.state,
        )
        for row in rows
    ]


def _day(now: datetime) -> datetime:
    """The day in Viet Nam: an hour would lead back to the message it came with."""
    return datetime.combine(now.astimezone(VIETNAM).date(), time(), VIETNAM)


def question_key(keys: MasterKeys) -> AESGCM:
    """The master key under which questions lie."""
    return AESGCM(hmac.digest(keys.kek, b"questions for a dialogue", "sha256"))


def question_place(topic: str) -> bytes:
    """Where a question's text belongs: it opens nowhere else."""
    return place("dialogue_question", "body", topic, None)
