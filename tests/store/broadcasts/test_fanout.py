"""A broadcast is planned slice by slice: everybody once, and a slice reads its own people and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text

from store.areas.models import sync_units
from store.broadcasts.fanout import plan_slice
from store.broadcasts.models import SENDING, broadcast
from store.db.engine import Store, raw
from store.groups.models import village_group
from store.messages.hot_path.fanout import IN_ORDER, PEOPLE
from store.people import models as people
from store.unit_of_work import SERVICE, unit_of_work
from tests.support.content import library

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
LISTENERS, SLICE = 3_000, 100
_PEOPLE = """
INSERT INTO person(id, account, bidx, address_ct, created_at)
SELECT gen_random_uuid(), $1, int4send(n), '', $3 FROM generate_series(1, $2::int) n"""
_LISTEN = "INSERT INTO subscription(group_id, person_id, lang, since) SELECT $1, id, 'vi', $2 FROM person"
_ROWS = """
SELECT count(DISTINCT person_id) AS people, count(*) AS planned, max(n) AS last FROM ledger WHERE cause_kind = 4"""


async def _broadcast(store: Store) -> int:
    """A broadcast on its way to a group to which 3,000 people listen."""
    async with store.data.begin() as conn:
        await sync_units(conn, library().areas)
        values: dict[str, Any] = {"title": "Na Sang", "area": "vn-11-03172", "created_at": NOW, "created_by": uuid4()}
        group = (await conn.execute(insert(village_group).values(values).returning(village_group.c.id))).scalar_one()
        sent = {"group_id": group, "card": "any", "digest": b"", "state": SENDING, "author_staff": uuid4()}
        made = insert(broadcast).values(**sent, proposed_at=NOW, not_after=NOW).returning(broadcast.c.id)
        number: int = (await conn.execute(made)).scalar_one()
    async with raw(store.data) as driver:
        account = await people.register_account(driver, "zalo", "zalo_oa")
        await driver.execute(_PEOPLE, account, LISTENERS, NOW)
        await driver.execute(_LISTEN, group, NOW)
    return number


async def test_everybody_is_planned_once(store: Store) -> None:
    """Slices of any size, the last one shorter: 3,000 people, 3,000 rows, numbered without a gap."""
    made = await _broadcast(store)
    sizes = []
    while not sizes or sizes[-1]:
        async with unit_of_work(store, NOW, SERVICE) as work:
            sizes.append(await plan_slice(work, made, 700))
    assert sizes == [700, 700, 700, 700, 200, 0]
    async with store.data.connect() as conn:
        assert tuple((await conn.execute(text(_ROWS))).one()) == (LISTENERS, LISTENERS, LISTENERS)


async def test_a_slice_in_the_middle_reads_its_own_people_only(store: Store) -> None:
    """The server says how many rows each step of it touched: a hundred, not the 1,500 who are still to come."""
    made = await _broadcast(store)
    middle = UUID(int=1 << 127)
    async with raw(store.data) as pg, pg.transaction():
        group = await pg.fetchval("SELECT id FROM village_group")
        await pg.execute(IN_ORDER)
        explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {PEOPLE}"
        [plan] = await pg.fetchval(explained, made, group, NOW, NOW, middle, 0, SLICE)
    touched = [step["Actual Rows"] * step["Actual Loops"] for step in _steps(plan["Plan"])]
    assert max(touched) == SLICE


def _steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for below in step.get("Plans", ()):
        yield from _steps(below)
