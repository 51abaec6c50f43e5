"""Aliases: of two words, and never alike for two people whom staff may speak of at the same time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Connection, insert, select, update

from content.directory.aliases import FEWEST, aliases, read_aliases
from content.findings import Finding
from content.strict_yaml import parse
from store.cases.aliases import alias_in_use, hold
from store.cases.models import case_file
from store.db.engine import Store
from store.migrations.revisions import config
from store.privacy import retention
from tests.console.conftest import library, room
from tests.store.privacy.test_retention import add_case, add_people
from tests.support.console_room import Room

__all__ = ["library", "room"]
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


async def test_one_alias_is_held_once_however_many_ask_at_the_same_time(store: Store) -> None:
    """Two cries of one moment draw the same name: one waits for the other, and is called otherwise."""

    async def ask(number: int) -> str:
        async with store.data.begin() as conn:
            return await hold(conn, "Suối Trong", {"number": str(number)})

    held = await asyncio.gather(*(ask(number) for number in range(8)))
    assert "Suối Trong" in held
    assert len(set(held)) == 8


async def test_a_cry_opens_a_case_when_every_name_of_two_words_is_taken(room: Room) -> None:
    """Nobody waits for a name: the next ones have four words, and are as different."""
    await room.hire("hoaban")
    async with room.store.data.begin() as conn:
        await conn.execute(insert(alias_in_use), [{"alias": alias, "number": "1"} for alias in aliases()])
    cases = [await room.person() for _ in range(3)]
    async with room.store.data.connect() as conn:
        query = select(case_file.c.alias).where(case_file.c.id.in_(cases))
        names = set((await conn.execute(query)).scalars())
        held = set(
            (await conn.execute(select(alias_in_use.c.alias).where(alias_in_use.c.case_id.in_(cases)))).scalars()
        )
    assert len(names) == 3
    assert names == held
    assert names.isdisjoint(aliases())


async def test_a_name_is_free_again_when_its_case_can_be_opened_no_more(store: Store) -> None:
    """Thirty days after closing, with the keys; a case that is open keeps its name."""
    one, other = await add_people(store, 2, NOW)
    for person, closed in ((one, NOW), (other, None)):
        await add_case(store, person, closed)
    [kept] = [one for one in retention.CLASSES if one.name == "case_alias"]
    for days, left in ((29, 2), (31, 1)):
        await retention.sweep(store, NOW + timedelta(days=days), kept)
        async with store.data.connect() as conn:
            assert len((await conn.execute(select(alias_in_use.c.alias))).all()) == left


async def test_people_called_alike_before_are_called_differently_afterwards(store: Store) -> None:
    """What an older version kept: the second of one name has its number in its name."""
    for person in await add_people(store, 2, NOW):
        await add_case(store, person, None)
    async with store.data.begin() as conn:
        await conn.execute(update(case_file).values(alias="Hoa Lê"))

        def down_and_up(conn: Connection) -> None:
            settings = config("data")
            settings.attributes["connection"] = conn
            command.downgrade(settings, "data_0005")
            command.upgrade(settings, "head")

        await conn.run_sync(down_and_up)
        found = {row.alias: row.number for row in await conn.execute(select(case_file.c.alias, case_file.c.number))}
        held = {row.alias: row.number for row in await conn.execute(select(alias_in_use))}
    assert len(found) == 2
    assert "Hoa Lê" in found
    assert found == held


def test_there_are_enough_names() -> None:
    """More than people who are known at once, and each of a thing and how it is."""
    assert len(set(aliases())) == len(aliases()) >= FEWEST


@pytest.mark.parametrize(
    ("things", "qualities", "said"),
    [
        (["Suối"], ["Trong"], "there are 1 names"),
        (["Suối", "Suôi"], ["Trong"], '"Suôi Trong" and "Suối Trong" are the same without marks'),
        (["Suối", "Suối Trong"], ["Trong Xanh", "Xanh"], "are the same without marks"),
    ],
)
def test_names_that_could_be_mistaken_are_found(things: list[str], qualities: list[str], said: str) -> None:
    """Over a telephone marks are lost first."""
    words = [f"{key}:\n" + "".join(f'  - "{word}"\n' for word in given) for key, given in
             (("things", things), ("qualities", qualities))]  # fmt: skip
    findings: list[Finding] = []
    assert read_aliases(parse("".join(words).encode(), "aliases.yaml"), findings) is None
    assert any(said in one.message for one in findings)
