"""Tips and questions belong to nobody; a forget request is done after its answer has left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, insert, select

from flows.model import effects
from store.areas import models as areas
from store.casework import task_list
from store.db.engine import Store, raw
from store.effects.apply import apply_effects
from store.effects.base import EffectRequest
from store.errors import Refused
from store.groups.models import subscription, village_group
from store.messages import hold
from store.people.forget_requests import forget_wish
from store.people.models import person
from store.privacy import forget_requests
from store.submissions import models as submissions_models
from store.submissions import service as submissions
from store.submissions.models import dialogue_question, tip
from store.unit_of_work import BOT, UnitOfWork, member_actor, unit_of_work
from tests.store.privacy.test_retention import add_case, add_people
from tests.support.content import library

NOW = datetime(2026, 11, 25, 9, 41, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def alive(store: Store, person_id: UUID) -> bool:
    """Whether a row of this person is left."""
    async with store.data.connect() as conn:
        query = select(func.count()).select_from(person).where(person.c.id == person_id)
        return bool((await conn.execute(query)).scalar_one())


async def test_what_is_told_knows_nobody_and_no_hour(store: Store) -> None:
    """Carried out in the step's own transaction: codes, a place, a day; words lie under a master key."""
    [her] = await add_people(store, 1, NOW)
    async with raw(store.keyring) as ring:
        key = await store.ring.key_of(ring, her)
    asked = (
        effects.SendTip("lure", "today", "19204"),
        effects.AskInDialogue("work", "bao giờ mở lớp may"),
    )
    async with unit_of_work(store, NOW, BOT) as work:
        conn, acts = work.conn, [EffectRequest(1, n, her, key, 1, NOW, one, (), None) for n, one in enumerate(asked)]  # type: ignore[arg-type]
        await apply_effects(work, acts)
        kept = (await conn.execute(select(tip))).one()
        row = (await conn.execute(select(dialogue_question))).one()
        assert (kept.kind, kept.seen, kept.area) == ("lure", "today", "19204")
        assert {"person_id", "account"}.isdisjoint({*tip.c.keys(), *dialogue_question.c.keys()})
        assert {kept.day, row.day} == {datetime(2026, 11, 24, 17, tzinfo=UTC)}
        assert b"may" not in row.body_ct
        assert await submissions.tips(conn, scope="vn") == [
            submissions.Tip(1, kept.day, "lure", "today", "19204", submissions_models.NEW)
        ]
        assert {one.opened_at for one in await task_list.open_tasks(conn)} == {kept.day}, (
            "nor does a task know the hour"
        )
        [waiting] = await submissions_models.questions(conn, store.keys)
        assert waiting.text == "bao giờ mở lớp may"
        work = UnitOfWork(store, conn, NOW, member_actor(uuid4()))
        await submissions.moderate(work, waiting.id, passed=True, words="bao giờ mở lớp")
        assert await submissions_models.questions(conn, store.keys) == []
        [passed] = await submissions_models.questions(conn, store.keys, submissions_models.PASSED)
        assert (passed.id, passed.text) == (waiting.id, "bao giờ mở lớp")
        with pytest.raises(Refused, match="looked at this question already"):
            await submissions.moderate(work, waiting.id, passed=False)


async def test_she_is_forgotten_after_the_answer_has_left(store: Store) -> None:
    """Minutes after the step that heard her, not during a hold, and never with a case opened meanwhile."""
    her, crying = await add_people(store, 2, NOW)
    async with unit_of_work(store, NOW, BOT) as work:
        await forget_requests.request(work, her, 24)
        await forget_requests.request(work, her, 0)
        await forget_requests.request(work, crying, 0)
        await work.conn.execute(insert(hold.hold).values(since=NOW, reason=hold.RESTORED))
    assert await forget_requests.fulfil_once(store, NOW + HOUR) == 0
    async with store.data.begin() as conn:
        await conn.execute(delete(hold.hold))
    assert await forget_requests.fulfil_once(store, NOW + timedelta(minutes=1)) == 0
    await add_case(store, crying, None)
    assert await forget_requests.fulfil_once(store, NOW + timedelta(minutes=3)) == 1
    assert [await alive(store, one) for one in (her, crying)] == [False, True]
    assert await forget_requests.fulfil_once(store, NOW + timedelta(minutes=4)) == 0
    async with store.data.connect() as conn:
        assert (await conn.execute(select(forget_wish))).all() == []


async def test_the_young_peoples_corner_forgets_after_a_silent_day_whom_nothing_else_keeps(store: Store) -> None:
    """Safety rule 16. Whoever wrote within the day stays, and whoever hears from a group."""
    silent, listening = await add_people(store, 2, NOW)
    [awake] = await add_people(store, 1, NOW + 20 * HOUR)
    async with unit_of_work(store, NOW, BOT) as work:
        conn = work.conn
        await areas.sync_units(conn, library().areas)
        group = insert(village_group).values(title="Tổ", area="vn-44-19204", created_at=NOW)
        number = (await conn.execute(group.returning(village_group.c.id))).scalar_one()
        await conn.execute(insert(subscription).values(group_id=number, person_id=listening, lang="vi", since=NOW))
        for one in (silent, listening, awake):
            await forget_requests.request(work, one, 24)
    assert await forget_requests.fulfil_once(store, NOW + 23 * HOUR) == 0
    assert await forget_requests.fulfil_once(store, NOW + 25 * HOUR) == 1
    assert [await alive(store, one) for one in (silent, listening, awake)] == [False, True, True]
