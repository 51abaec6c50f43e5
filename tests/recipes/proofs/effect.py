"""Proof of the recipe of an effect: her check-ins have the new hours, and her word is still the old one."""

from __future__ import annotations

from sqlalchemy import select

from flows.model import effects
from store.checkins import service as checkins
from store.checkins.models import check_in_plan
from store.db.engine import Store, raw
from store.effects.apply import apply_effects
from store.effects.base import EffectRequest
from tests.flows.standings import NOW
from tests.recipes.proofs.databases import prove, somebody
from tests.support.content import library


async def proof(store: Store) -> str:
    """Let her agree to check-ins, and then choose other hours."""
    person = await somebody(store)
    async with raw(store.keyring) as ring:
        key = await store.ring.key_of(ring, person)
    plan = select(check_in_plan.c.hours, check_in_plan.c.code_tag)
    async with store.data.begin() as conn:
        await checkins.agree(conn, NOW, store.keys.index, person_id=person, hours=(540, 660), code="bí đỏ", lang="vi")
        _, word = (await conn.execute(plan)).one()
        request = EffectRequest(1, 0, person, key, 1, NOW, effects.ChangeHours((840, 960)), (), library())
        await apply_effects(conn, NOW, store, [request])
        assert (await conn.execute(plan)).one() == ([840, 960], word)
    return "her hours are 14:00 to 16:00"


prove(proof)
