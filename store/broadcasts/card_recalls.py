"""Card recalls: cards that somebody at the console has taken off every screen, and what is shown instead.

A row is the truth; every process reads the rows every few seconds (`bot/jobs.py`), and before anything is done for a
broadcast, and withdraws the cards from its library. A broadcast of a recalled card is stopped with it.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Column, DateTime, Table, Text, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.cards.recalls import needed
from content.library import Library
from store.broadcasts import steering
from store.errors import Refused
from store.metadata import metadata
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

REASON = range(3, 201)
"""Characters of a reason: nobody takes a card away without a word, and nobody writes a story here."""

card_recall = Table(
    "card_recall",
    metadata,
    Column("card", Text, primary_key=True),
    Column("instead", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("staff_id", Uuid, nullable=False),
)


class Recall(msgspec.Struct, frozen=True):
    """One recalled card: `instead` is shown in its place ("" = a calm sentence), since when (aware, UTC) and why."""

    card: str
    instead: str
    because: str
    since: datetime


async def find(conn: AsyncConnection) -> tuple[Recall, ...]:
    """Return what is recalled now, the newest first."""
    columns = (card_recall.c[name] for name in Recall.__struct_fields__)
    rows = await conn.execute(select(*columns).order_by(card_recall.c.since.desc(), card_recall.c.card))
    return tuple(Recall(*row) for row in rows)


async def recall(work: UnitOfWork, library: Library, card: str, because: str, instead: str = "") -> None:
    """Recall a card from now on, and stop the broadcasts that carry it. One person may: it only takes away.

    This process follows at once, every other within seconds. Raises Refused for a card nobody knows or the service
    needs, for a bad replacement, and without a reason.
    """
    if card not in library.cards:
        raise Refused(Refusal.CARD_NOT_FOUND)
    if needed(card):
        raise Refused(Refusal.CARD_NEEDED)
    if len(because.strip()) not in REASON:
        raise Refused(Refusal.CARD_RECALL_REASON)
    if instead and (instead == card or not library.has(instead)):
        raise Refused(Refusal.CARD_INSTEAD)
    values = {
        "card": card, "instead": instead, "because": because.strip(), "since": work.now, "staff_id": work.staff_id,
    }  # fmt: skip
    statement = insert(card_recall).values(values)
    await work.conn.execute(statement.on_conflict_do_update(index_elements=["card"], set_=values))
    work.record("card.recalled", card[:64])
    await steering.stop_all(work, card)
    await apply(work.conn, library)


async def put_back(work: UnitOfWork, library: Library, card: str) -> None:
    """Show a card again. Raises Refused when it is not recalled."""
    query = delete(card_recall).where(card_recall.c.card == card).returning(card_recall.c.card)
    if (await work.conn.execute(query)).scalar_one_or_none() is None:
        raise Refused(Refusal.CARD_NOT_RECALLED)
    work.record("card.put_back", card[:64])
    await apply(work.conn, library)


async def apply(conn: AsyncConnection, library: Library) -> None:
    """Withdraw from a library what is recalled now; the same recalls again change nothing."""
    library.withdraw({one.card: one.instead for one in await find(conn)})
