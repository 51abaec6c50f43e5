"""A text reaches the phone it was written for, or none: rows swapped behind our back are not sent."""

from __future__ import annotations

from uuid import uuid4

import pytest

from store.errors import Sealed
from tests.support import casework
from tests.support.stage import until

PEOPLE = 50
SWAPS = {
    "bodies": "UPDATE ledger l SET body_ct = o.body_ct FROM ledger o, pairs p WHERE l.id = p.a AND o.id = p.b",
    "people of rows": "UPDATE ledger l SET person_id = o.person_id FROM ledger o, pairs p "
    "WHERE l.id = p.a AND o.id = p.b",
    "bodies and people": "UPDATE ledger l SET person_id = o.person_id, body_ct = o.body_ct FROM ledger o, pairs p "
    "WHERE l.id = p.a AND o.id = p.b",
    "addresses": "UPDATE person n SET address_ct = m.address_ct FROM person m, pairs p, ledger l, ledger o "
    "WHERE l.id = p.a AND o.id = p.b AND n.id = l.person_id AND m.id = o.person_id",
}
PAIRS = (
    "CREATE TABLE pairs AS WITH x AS (SELECT min(id) AS id FROM ledger WHERE status IN (0, 4) GROUP BY person_id) "
    "SELECT id AS a, coalesce(lead(id) OVER (ORDER BY id), (SELECT min(id) FROM x)) AS b FROM x"
)


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS.keys())
async def test_swapped_rows_are_not_sent(system, swap: str) -> None:
    """The rows of fifty people are handed round; not one of them is sent to anybody."""
    async with system.http.post(
        f"{system.base}/__sim/faults",
        json=[{"channel": "telegram", "method": "sendMessage", "kind": "429", "times": 10_000, "retry_after": 60}],
    ) as answer:
        answer.raise_for_status()
    for n in range(PEOPLE):
        await system.do("telegram", f"p{n}", "say", text="xin chào")

    async def all_wait() -> bool:
        waiting = "SELECT count(DISTINCT person_id) FROM ledger WHERE status IN (0, 4)"
        return await system.count(waiting) == PEOPLE and not await system.count(
            "SELECT (SELECT count(*) FROM inbox WHERE state = 0) + (SELECT count(*) FROM ledger WHERE status = 1)"
        )

    await until(all_wait, 20)  # after a few refusals the account itself waits, with rows not yet tried
    async with system.store.data.begin() as conn:
        await conn.exec_driver_sql("UPDATE ledger SET not_before = not_before + interval '1 hour'")
        await conn.exec_driver_sql(PAIRS)
        assert (await conn.exec_driver_sql("SELECT count(*) FROM pairs")).scalar_one() == PEOPLE
        await conn.exec_driver_sql(swap)
        # rows that were left whole must not confuse the count
        await conn.exec_driver_sql("DELETE FROM ledger WHERE id NOT IN (SELECT a FROM pairs)")
        await conn.exec_driver_sql("UPDATE ledger SET not_before = not_before - interval '2 hours'")
    async with system.http.post(f"{system.base}/__sim/faults", json=[]) as answer:
        answer.raise_for_status()
    await system.advance(61)
    await system.quiet()
    assert sum([len(await system.inbox("telegram", f"p{n}")) for n in range(PEOPLE)]) == 0
    assert await system.count("SELECT count(*) FROM ledger WHERE status = 6 AND reason = 'sealed'") == PEOPLE


async def test_a_swapped_index_answers_nobody(system) -> None:
    """When the blind indexes of two people are exchanged, neither reads the other's conversation."""
    await system.talk("telegram", "an", "xin chào")
    await system.talk("telegram", "binh", "xin chào")
    before = [await system.inbox("telegram", user) for user in ("an", "binh")]
    async with system.store.data.begin() as conn:
        await conn.exec_driver_sql("CREATE TABLE old AS SELECT id, bidx FROM person")
        await conn.exec_driver_sql("UPDATE person SET bidx = sha256(bidx)")
        await conn.exec_driver_sql("UPDATE person p SET bidx = o.bidx FROM old o WHERE o.id <> p.id")
    await system.do("telegram", "an", "say", text="menu")
    await system.quiet()
    assert [await system.inbox("telegram", user) for user in ("an", "binh")] == before
    assert await system.count("SELECT count(*) FROM inbox WHERE state = 2") == 1


async def test_an_answer_to_a_swapped_case_is_refused(system) -> None:
    """A case row that was moved to another person cannot be read or answered."""
    for user in ("an", "binh"):
        await system.talk("telegram", user, "cuu em voi")
    staff_id, private = await system.counsellor()
    now = system.runtime.clock.now()
    one, _ = await system.cases()
    await casework.acknowledge(system.store, now, one.id, staff_id)
    async with system.store.data.begin() as conn:
        await conn.exec_driver_sql("DROP INDEX uq_case_file_open")
        await conn.exec_driver_sql("UPDATE case_file c SET person_id = o.person_id FROM case_file o WHERE o.id <> c.id")
    with pytest.raises(Sealed):
        await casework.read(system.store, now, one.id, staff_id, private)
    with pytest.raises(Sealed):
        await casework.reply(system.store, now, one.id, staff_id, "Chị đây.", uuid4(), system.runtime.library)
