"""Proof of the recipe of an effect: her check-ins have the new hours, and her word is still the old one."""

from __future__ import annotations

from sqlalchemy import select

from flows.model import effects
from store.checkins import service as checkins
from store.checkins.models import check_in_plan
from store.db.engine import Store, raw
from store.effects.apply import apply_effects
from store.effects.base import EffectRequest
from store.messages.hot_path.inbound import load_people
from store.people import models as people
from store.unit_of_work import BOT, unit_of_work
from tests.flows.standings import NOW
from tests.support.content import library


async def test_her_check_ins_have_other_hours(lent_store: Store) -> None:
    """Somebody agrees to check-ins from 9 to 11, and then chooses 14 to 16 o'clock."""
    store = lent_store
    async with raw(store.data) as conn, raw(store.keyring) as ring:
        account = await people.register_account(conn, "telegram", "telegram")
        await people.add(conn, ring, store.ring, [(account, b"index", "4711")], NOW)
        person = (await load_people(conn, [b"index"]))[b"index"].id
        key = await store.ring.key_of(ring, person)
    plan = select(check_in_plan.c.hours, check_in_plan.c.code_tag)
    async with unit_of_work(store, NOW, BOT) as work:
        await checkins.agree(work, person, effects.Agree((540, 660), "bí đỏ", "vi"))
        _, word = (await work.conn.execute(plan)).one()
        chosen = EffectRequest(1, 0, person, key, account, NOW, effects.ChangeHours((840, 960)), (), library())
        await apply_effects(work, [chosen])
        assert (await work.conn.execute(plan)).one() == ([840, 960], word)
