"""An escalation ends only at a human: taking, raising, drills, a step that cannot be done, and what the audit holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from bot.cli.demo_data import seed
from scheduler.clock import Clock
from scheduler.jobs import drills
from scheduler.jobs.escalation import escalate_once
from store import audit
from store.cases import service as cases
from store.cases.models import case_file
from store.casework import queue
from store.casework.task_list import open_tasks
from store.crypto.keyring import open_keys
from store.db.engine import Store, open_store
from store.escalation import pages
from store.escalation.drills import open_drills, past_drills
from store.escalation.escalations import climb, rung
from store.jobs.scheduled import due_item
from store.messages.models import ledger
from store.staff import contacts
from store.staff.contacts import staff_contact
from store.staff.models import staff
from store.unit_of_work import BOT, CLOCK, member_actor, unit_of_work
from tests.chaos.escalation_judge import open_cases
from tests.support import casework
from tests.support.content import library

NOW = Clock().now()
MINUTE = timedelta(minutes=1)


class FixedChoice:
    """Throws the level it was made with."""

    def __init__(self, level: int) -> None:
        self.level = level

    def choice(self, _: Any) -> int:
        """The level."""
        return self.level


@pytest.fixture
async def staffed(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[Store]:
    """A store with the demo's staff and roster."""
    opened = open_store(*databases, open_keys(tmp_path / "keys", None))
    await seed(opened, NOW, library())
    yield opened
    await opened.close()


async def opened(store: Store, level: int) -> UUID:
    """One case of a level, opened now."""
    [case_id] = await open_cases(store, 1, NOW, FixedChoice(level))  # type: ignore[arg-type]
    return case_id


async def climbed(store: Store, now: datetime) -> None:
    """Do all that has fallen due."""
    while await escalate_once(store, library(), now):
        pass


async def member(store: Store, login: str) -> UUID:
    """The id of a member."""
    async with store.data.connect() as conn:
        return (await conn.execute(select(staff.c.id).where(staff.c.login == login))).scalar_one()


async def steps_of(store: Store) -> list[tuple[int, int, bool]]:
    """Every step: level, number, done."""
    query = select(climb.c.level, rung.c.n, rung.c.done_at.is_not(None)).join(climb).order_by(rung.c.id)
    async with store.data.connect() as conn:
        return [tuple(row) for row in await conn.execute(query)]


async def test_one_owner_of_two_who_try_and_nobody_is_paged_afterwards(staffed: Store) -> None:
    """Two readers at the same moment: one has it; the step that was planned is never done."""
    case_id = await opened(staffed, 4)
    await climbed(staffed, NOW)
    hoaban, hoasen = await member(staffed, "hoaban"), await member(staffed, "hoasen")
    took = await asyncio.gather(*(casework.acknowledge(staffed, NOW, case_id, who) for who in (hoaban, hoasen)))
    assert sorted(took) == [False, True]
    await climbed(staffed, NOW + 6 * MINUTE)
    assert await steps_of(staffed) == [(4, 0, True), (4, 1, False)]
    assert not await casework.acknowledge(staffed, NOW, case_id, hoasen if took[0] else hoaban)


async def test_a_raised_case_pages_anew_and_whoever_answers_the_page_has_it(staffed: Store) -> None:
    """She who took it at level 2 may be asleep at level 4: the escalation begins again, and another may take it."""
    case_id = await opened(staffed, 2)
    hoaban, hoasen = await member(staffed, "hoaban"), await member(staffed, "hoasen")
    assert await casework.acknowledge(staffed, NOW, case_id, hoaban)
    assert not await casework.acknowledge(staffed, NOW, case_id, hoasen)
    async with unit_of_work(staffed, NOW + MINUTE, BOT) as work:
        conn = work.conn
        person = (await conn.execute(select(case_file.c.person_id))).scalar_one()
        assert await cases.raise_level(work, person, 4)
        assert not await cases.raise_level(work, person, 3)
    await climbed(staffed, NOW + 7 * MINUTE)
    assert [(level, n) for level, n, done in await steps_of(staffed) if done][-2:] == [(4, 0), (4, 1)]
    assert await casework.acknowledge(staffed, NOW + 8 * MINUTE, case_id, hoasen)
    async with staffed.data.connect() as conn:
        assert (await conn.execute(select(case_file.c.acked_by))).scalar_one() == hoasen
    before = await steps_of(staffed)
    await climbed(staffed, NOW + 60 * MINUTE)
    assert await steps_of(staffed) == before


async def test_an_answer_that_does_not_come_in_time_pages_again_and_an_answer_stops_it(staffed: Store) -> None:
    """She who took the case is asleep when its woman writes: five minutes later the escalation begins again."""
    case_id = await opened(staffed, 4)
    hoaban, hoasen = await member(staffed, "hoaban"), await member(staffed, "hoasen")
    assert await casework.acknowledge(staffed, NOW, case_id, hoaban)
    await answer(staffed, NOW, case_id, hoaban)
    async with unit_of_work(staffed, NOW + MINUTE, BOT) as work:
        await cases.person_wrote(work, case_id)
    await climbed(staffed, NOW + 5 * MINUTE)
    assert not await casework.acknowledge(staffed, NOW + 5 * MINUTE, case_id, hoasen), "her time is not over"
    await climbed(staffed, NOW + 6 * MINUTE)
    assert [done for _, _, done in await steps_of(staffed)] == [False, True, False]
    await answer(staffed, NOW + 7 * MINUTE, case_id, hoaban)
    await climbed(staffed, NOW + 60 * MINUTE)
    assert [done for _, _, done in await steps_of(staffed)] == [False, True, False]
    async with unit_of_work(staffed, NOW + 61 * MINUTE, BOT) as work:
        await cases.person_wrote(work, case_id)
    await climbed(staffed, NOW + 66 * MINUTE)
    assert await casework.acknowledge(staffed, NOW + 67 * MINUTE, case_id, hoasen)


async def answer(store: Store, now: datetime, case_id: UUID, who: UUID) -> None:
    """Answer her."""
    await casework.reply(store, now, case_id, who, "Chị đây.", uuid4(), library())


async def test_every_step_is_in_the_audit_in_codes_only(staffed: Store) -> None:
    """Steps with level, number and how many people; who took it; the chain holds."""
    case_id = await opened(staffed, 4)
    for minutes in (0, 5, 10):
        await climbed(staffed, NOW + minutes * MINUTE)
    await casework.acknowledge(staffed, NOW + 11 * MINUTE, case_id, await member(staffed, "hoadao"))
    async with staffed.data.connect() as conn:
        told = [(one.action, one.meta) for one in reversed(await audit.page(conn, object=str(case_id)))]
        assert isinstance(await audit.verify(conn, staffed.keys.audit), audit.ChainVerified)
    assert told == [
        *(("ladder.rung", {"level": 4, "rung": n, "people": 1}) for n in range(3)),
        ("case.acknowledged", {}),
    ]


async def test_a_step_that_cannot_page_ends_no_escalation_and_harms_no_other(staffed: Store) -> None:
    """A chat on a channel that nobody knows: a human looks into it, the next step stands, the other case is called."""
    await opened(staffed, 4)
    await open_cases(staffed, 1, NOW, FixedChoice(3))  # type: ignore[arg-type]
    async with staffed.data.begin() as conn:
        person = (await conn.execute(select(case_file.c.person_id).limit(1))).scalar_one()
        who = await member(staffed, "hoaban")
        values = {"staff_id": who, "way": "chat", "person_id": person, "bound_at": NOW}
        await conn.execute(staff_contact.insert().values(values))
        await conn.exec_driver_sql("UPDATE account SET channel = 'pigeon'")
    await climbed(staffed, NOW)
    assert sorted(await steps_of(staffed)) == [(3, 0, True), (3, 1, False), (4, 0, True), (4, 1, False)]
    async with staffed.data.connect() as conn:
        assert [task.kind for task in await open_tasks(conn)] == ["due", "due"]


async def began(store: Store) -> datetime:
    """Live through the days until this week's drill has begun; returns when it did."""
    async with unit_of_work(store, NOW, CLOCK) as work:
        for _ in range(3):
            await drills.plan(work)
        planned = select(due_item.c.due_at).where(due_item.c.kind == drills.DRILL_DUE.number)
        [at] = (await work.conn.execute(planned)).scalars()
    await climbed(store, at - MINUTE)
    assert await steps_of(store) == []
    await climbed(store, at)
    return at


async def test_the_weekly_drill_pages_by_the_same_policy_for_nobody(staffed: Store) -> None:
    """Planned once a week; steps as for a case; no case, no person, no message; taken once."""
    at = await began(staffed)
    for minutes in (1, 5, 10, 15, 25):
        await climbed(staffed, at + minutes * MINUTE)
    async with staffed.data.connect() as conn:
        [drill] = await open_drills(conn)
        [row] = await queue.drills(conn)
        empty = [await conn.scalar(select(table.c.id).limit(1)) for table in (case_file, ledger)]
    assert (row.drill, row.level, row.free, empty) == (drill.id, 4, True, [None, None])
    assert [n for _, n, done in await steps_of(staffed) if done] == [0, 1, 2, 3, 4]
    tries = [casework.take_drill(staffed, at, drill.id, await member(staffed, who)) for who in ("hoaban", "hoasen")]
    assert sorted(await asyncio.gather(*tries)) == [False, True]
    assert not await casework.acknowledge(staffed, at, UUID(int=drill.id), await member(staffed, "hoaban"))


async def test_a_drill_that_nobody_takes_ends_and_is_written_down(staffed: Store) -> None:
    """Unlike a case it does not call into the night: after two hours the board says that nobody took it."""
    at = await began(staffed)
    for minutes in range(0, 200, 5):
        await climbed(staffed, at + minutes * MINUTE)
    async with staffed.data.connect() as conn:
        assert await open_drills(conn) == []
        [missed] = await past_drills(conn, 1)
        assert (await audit.page(conn))[0].action == "drill.missed"
    assert missed is not None
    assert (missed.since, missed.ended_by) == (at, None)
    before = await steps_of(staffed)
    await climbed(staffed, at + 300 * MINUTE)
    assert await steps_of(staffed) == before


async def test_a_page_that_its_process_never_settled_is_made_again_and_a_taken_one_never(staffed: Store) -> None:
    """The lease runs out and another process calls; once somebody has the case nothing leaves any more."""
    case_id = await opened(staffed, 4)
    who = await member(staffed, "hoaban")
    async with unit_of_work(staffed, NOW, member_actor(who)) as work:
        await contacts.give(work, "mail", "hoaban@example.org")
    await climbed(staffed, NOW)
    async with unit_of_work(staffed, NOW, CLOCK) as work:
        assert len(await pages.claim(work, "mail", 9)) == 1
        assert await pages.claim(work, "mail", 9) == []
    async with unit_of_work(staffed, NOW + pages.LEASE, CLOCK) as work:
        [again] = await pages.claim(work, "mail", 9)
        assert again.tries == 2
        await pages.failed(work, again, "down", for_good=False)
    assert await casework.acknowledge(staffed, NOW + MINUTE, case_id, who)
    async with unit_of_work(staffed, NOW + 2 * MINUTE, CLOCK) as work:
        conn = work.conn
        assert await pages.claim(work, "mail", 9) == []
        await conn.execute(update(pages.call).values(fate=pages.PageState.READY, tries=pages.DEAD_AFTER))
        assert await pages.dead_transports(conn, NOW + 2 * MINUTE, ["mail"]) == {"mail"}
