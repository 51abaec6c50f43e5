"""Aliases in use: of cases and check-in plans together none is called like another.

An alias is held as long as its case is open or can be opened again, and as long as its plan is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.aliases import aliases
from store.metadata import metadata

alias_in_use = Table(
    "alias_in_use",
    metadata,
    Column("alias", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("plan_id", BigInteger, ForeignKey("check_in_plan.id", ondelete="CASCADE"), nullable=True, index=True),
)
"""Each with the number of the case or plan that is called so."""
DRAWS = 4
"""After so many that were in use a name of four words is drawn: nobody waits because all of two words are taken."""


def draw() -> str:
    """Draw a name that may be in use."""
    return secrets.choice(aliases())


async def hold(conn: AsyncConnection, alias: str, owner: Mapping[str, object]) -> str:
    """Hold an alias for `owner` (its number, case or plan), or another one where it is in use; returns the one held."""
    for n in range(4 * DRAWS):
        held = insert(alias_in_use).values(alias=alias, **owner).on_conflict_do_nothing()
        if (await conn.execute(held)).rowcount:
            return alias
        alias = draw() if n < DRAWS else f"{draw()} {draw()}"
    raise RuntimeError("no free alias was found: are there a million people?")
