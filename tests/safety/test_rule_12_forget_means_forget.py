"""Safety rule 12: without her key nothing of hers can be read, in the database or in any dump of it."""

from __future__ import annotations

import pytest

from store import desk
from store.errors import Forgotten


async def test_destroying_a_key_makes_her_unreadable(bridge) -> None:
    """One row of the keyring gone: her session, her ledger and her case stay shut for everybody."""
    await bridge.talk("telegram", "lan", "cuu em voi")
    await bridge.talk("telegram", "mai", "cuu em voi")
    one, other = await bridge.cases()
    async with bridge.store.data.connect() as conn:
        query = "SELECT person_id FROM case_file WHERE id = '%s'"
        person = (await conn.exec_driver_sql(query % one.id)).scalar_one()
    async with bridge.store.keyring.begin() as ring:
        await ring.exec_driver_sql("DELETE FROM contact_key WHERE person_id = $1", (person,))
    bridge.store.ring.forget_cached(person)
    staff_id, private = await bridge.counsellor()
    now = bridge.house.clock.now()
    with pytest.raises(Forgotten):
        await desk.read(bridge.store, now, one.id, staff_id, private)
    assert (await desk.read(bridge.store, now, other.id, staff_id, private)).lines
