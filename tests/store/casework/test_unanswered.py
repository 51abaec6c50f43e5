"""Who asked for help and has not written since is listed after ten minutes, for a day, and one member takes her."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select

from content.directory.aliases import aliases
from flows.model.effects import AwaitAnswer
from store.cases import service as cases
from store.casework import unanswered
from store.casework.unanswered import MOST, Unanswered, UnansweredList, list_unanswered, take_unanswered
from store.db.engine import Store, raw
from store.errors import Refused
from store.escalation.escalations import climb
from store.messages.models import ledger
from store.privacy import forgetting
from store.privacy.retention import CLASSES, sweep
from store.refusals import Refusal
from store.unit_of_work import BOT, CLOCK, member_actor, unit_of_work
from tests.store.privacy.test_retention import add_case, add_people
from tests.support.staff import hire

NOW = datetime(2026, 11, 25, 9, 41, 7, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)


async def asks(store: Store, person_id: UUID, at: datetime = NOW, asked: str = "help", lang: str = "vi") -> None:
    """Let her be asked something on the way to help."""
    async with unit_of_work(store, at, BOT) as work:
        await unanswered.keep(work, person_id, 1, at, asked, lang)


async def writes_on(store: Store, person_id: UUID) -> None:
    """Let her write on."""
    async with unit_of_work(store, NOW, BOT) as work:
        await unanswered.drop(work, person_id)


async def listed(store: Store, at: datetime, staff_id: UUID | None = None) -> UnansweredList:
    """What the desk is shown at a moment."""
    async with store.data.connect() as conn:
        return await list_unanswered(conn, at, staff_id)


async def take(store: Store, at: datetime, staff_id: UUID, number: int) -> UUID:
    """Let a member take one of them; the id of the case."""
    async with unit_of_work(store, at, member_actor(staff_id)) as work:
        return (await take_unanswered(work, number)).id


async def test_after_ten_minutes_the_fact_is_listed_and_after_a_day_no_more(store: Store) -> None:
    """An alias, the channel, the minute, the language and what she was asked; nothing else, and no id of hers."""
    [her] = await add_people(store, 1, NOW)
    await asks(store, her, asked="danger", lang="en")
    assert await listed(store, NOW + 9 * MINUTE) == UnansweredList(())
    [row] = (await listed(store, NOW + 10 * MINUTE)).rows
    assert row == Unanswered(row.id, row.alias, "zalo", "zalo_oa", NOW.replace(second=0), "en", "danger")
    assert row.alias in aliases()
    assert str(her) not in repr(msgspec.structs.asdict(row))
    assert len((await listed(store, NOW + DAY - MINUTE)).rows) == 1
    assert await listed(store, NOW + DAY) == UnansweredList(())


async def test_asked_again_she_is_listed_once_and_anew(store: Store) -> None:
    """The ten minutes begin with the latest question."""
    [her] = await add_people(store, 1, NOW)
    await asks(store, her)
    await asks(store, her, NOW + 8 * MINUTE, "danger")
    assert (await listed(store, NOW + 12 * MINUTE)).rows == ()
    assert [row.asked for row in (await listed(store, NOW + 18 * MINUTE)).rows] == ["danger"]


async def test_who_writes_on_is_listed_no_more(store: Store) -> None:
    """Whatever she writes; the others stay."""
    her, other = await add_people(store, 2, NOW)
    for one in (her, other):
        await asks(store, one)
    await writes_on(store, her)
    assert len((await listed(store, NOW + DAY / 2)).rows) == 1


async def test_thirty_are_shown_and_the_rest_is_a_number(store: Store) -> None:
    """The latest first."""
    for n, one in enumerate(await add_people(store, MOST + 3, NOW)):
        await asks(store, one, NOW + n * timedelta(seconds=1))
    shown = await listed(store, NOW + 11 * MINUTE)
    assert (len(shown.rows), shown.more) == (MOST, 3)
    assert [row.id for row in shown.rows] == sorted((row.id for row in shown.rows), reverse=True)


async def test_whoever_takes_it_has_a_silent_case_that_waits_for_her(store: Store) -> None:
    """Level 2, under the same alias; nobody is paged, nothing leaves, and it is on no list any more."""
    [her] = await add_people(store, 1, NOW)
    staff_id = await hire(store, NOW, "hoaban", "counsellor")
    await asks(store, her, lang="en")
    at = NOW + 11 * MINUTE
    [row] = (await listed(store, at)).rows
    case_id = await take(store, at, staff_id, row.id)
    async with store.data.connect() as conn:
        case = await cases.load_case(conn, case_id)
        running = select(func.count()).select_from(climb).where(climb.c.ended_at.is_(None))
        assert await conn.scalar(running) == 0
        assert await conn.scalar(select(func.count()).select_from(ledger)) == 0
    assert (case.level, case.alias, case.acked_by, case.waiting_since) == (2, row.alias, staff_id, None)
    assert (case.person_id, tuple(case.flags)) == (her, ("lang:en",))
    assert await listed(store, at) == UnansweredList(())


async def test_of_two_who_take_it_one_has_it(store: Store) -> None:
    """The second is told why not."""
    [her] = await add_people(store, 1, NOW)
    first, second = [await hire(store, NOW, login, "counsellor") for login in ("hoaban", "hoamo")]
    await asks(store, her)
    [row] = (await listed(store, NOW + 11 * MINUTE)).rows
    await take(store, NOW + 11 * MINUTE, first, row.id)
    with pytest.raises(Refused) as refused:
        await take(store, NOW + 11 * MINUTE, second, row.id)
    assert refused.value.refusal is Refusal.UNANSWERED_GONE


@pytest.mark.parametrize("how", ["wrote on", "a day later", "has a case", "forgotten"])
async def test_what_is_gone_opens_nothing(store: Store, how: str) -> None:
    """She wrote on, a day has passed, a case was opened, or she was forgotten meanwhile."""
    [her] = await add_people(store, 1, NOW)
    staff_id = await hire(store, NOW, "hoaban", "counsellor")
    await asks(store, her)
    [row] = (await listed(store, NOW + 11 * MINUTE)).rows
    if how == "wrote on":
        await writes_on(store, her)
    if how == "has a case":
        await add_case(store, her, None)
    if how == "forgotten":
        await forgetting.forget(store, NOW + 11 * MINUTE, CLOCK, her)
    at = NOW + (DAY if how == "a day later" else 12 * MINUTE)
    with pytest.raises(Refused):
        await take(store, at, staff_id, row.id)
    assert await listed(store, at) == UnansweredList(())


async def test_who_reads_no_cases_takes_nobody(store: Store) -> None:
    """A reviewer of texts may not, and it stays for those who may."""
    [her] = await add_people(store, 1, NOW)
    reviewer = await hire(store, NOW, "hoamo", "content_reviewer")
    await asks(store, her)
    [row] = (await listed(store, NOW + 11 * MINUTE)).rows
    with pytest.raises(Refused) as refused:
        await take(store, NOW + 11 * MINUTE, reviewer, row.id)
    assert refused.value.refusal is Refusal.CASE_NOT_SEALED
    assert len((await listed(store, NOW + 11 * MINUTE)).rows) == 1


async def test_staff_of_her_commune_neither_see_nor_take_her(store: Store) -> None:
    """Whoever works for the commune of her group may know her."""
    [her] = await add_people(store, 1, NOW)
    near = await hire(store, NOW, "hoaban", "counsellor", scope="vn-11-03172")
    away = await hire(store, NOW, "hoamo", "counsellor")
    async with raw(store.data) as pg:
        await pg.execute("INSERT INTO area(code, name, level) VALUES ('vn-11-03172', 'Na Sang', 'commune')")
        await pg.execute("INSERT INTO village_group(area, title, created_at) VALUES ('vn-11-03172', 'Tổ', now())")
        joins = "INSERT INTO membership(person_id, group_id, bound_at) SELECT $1, id, now() FROM village_group"
        await pg.execute(joins, her)
    await asks(store, her)
    at = NOW + 11 * MINUTE
    assert (await listed(store, at, near)).rows == ()
    [row] = (await listed(store, at, away)).rows
    with pytest.raises(Refused):
        await take(store, at, near, row.id)
    assert await take(store, at, away, row.id)


async def test_the_sweep_removes_it_after_a_day(store: Store) -> None:
    """And nothing of the younger ones."""
    old, young = await add_people(store, 2, NOW)
    await asks(store, old)
    await asks(store, young, NOW + MINUTE)
    [kept] = [one for one in CLASSES if one.name == "unanswered"]
    assert (await sweep(store, NOW + DAY + timedelta(seconds=1), kept)).removed == 1


def test_the_effect_has_no_room_for_words() -> None:
    """A code and a language."""
    assert AwaitAnswer.__struct_fields__ == ("asked", "lang")
