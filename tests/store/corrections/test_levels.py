"""A level changed by hand: up at once, down from 4 or 3 by two people only, and nobody's page stops meanwhile."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.cli.demo_data import LOGINS, seed
from content.escalation.loader import escalation_policy
from content.zone import VIETNAM
from scheduler.clock import Clock
from scheduler.jobs.dispatch import due_once
from store import audit
from store.cases import readers as case_readers
from store.cases import service as cases
from store.cases.models import case_file
from store.corrections import levels
from store.corrections.level_requests import level_request
from store.corrections.levels import LevelChange
from store.crypto.keyring import open_keys
from store.db.engine import Store, open_store
from store.errors import Refused
from store.escalation.escalations import climb, rung
from store.messages.models import ledger
from store.refusals import Refusal
from store.staff import vault
from store.staff.models import staff
from store.unit_of_work import BOT, UnitOfWork, member_actor, unit_of_work
from tests.chaos.escalation_judge import open_cases
from tests.scheduler.jobs.test_escalation import FixedChoice, answer, climbed, member
from tests.support import casework
from tests.support.content import library

TODAY = Clock().now().astimezone(VIETNAM).date()
NOW = datetime.combine(TODAY + timedelta(days=8 - TODAY.isoweekday() + 2), time(10), VIETNAM).astimezone(UTC)
"""A Wednesday to come, at ten in the morning in Viet Nam: the demo's staff are on duty, and every level is open."""
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def staffed(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[Store]:
    """A store with the demo's staff and roster, in the morning."""
    opened = open_store(*databases, open_keys(tmp_path / "keys", None))
    await seed(opened, NOW, library())
    yield opened
    await opened.close()


async def opened(store: Store, level: int, count: int = 1) -> list[UUID]:
    """Cases of a level, opened now."""
    return await open_cases(store, count, NOW, FixedChoice(level))  # type: ignore[arg-type]


async def acts(store: Store, now: datetime, login: str, act: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    """Let a member do something, and then everything that has fallen due."""
    async with unit_of_work(store, now, member_actor(await member(store, login))) as work:
        await act(work)
    await climbed(store, now)


async def change(store: Store, now: datetime, login: str, case: UUID, seen: int, to: int, words: str = "") -> None:
    """Choose another level."""
    reason = "held" if to > seen else "says_safe"
    await acts(store, now, login, lambda work: levels.change_level(work, case, LevelChange(seen, to, reason, words)))


async def request_of(store: Store) -> int:
    """The newest request; 0 for none."""
    async with store.data.connect() as conn:
        newest = await conn.execute(select(level_request.c.id).order_by(level_request.c.id.desc()))
        return newest.scalars().first() or 0


async def level_of(store: Store, case: UUID) -> int:
    """The level of a case."""
    async with store.data.connect() as conn:
        return (await conn.execute(select(case_file.c.level).where(case_file.c.id == case))).scalar_one()


async def paged(store: Store, case: UUID) -> list[tuple[int, int, datetime, bool]]:
    """What was paged for a case and what is planned: level, step, moment, done; of escalations that run."""
    query = select(climb.c.level, rung.c.n, rung.c.due_at, rung.c.done_at.is_not(None)).join(rung)
    mine = climb.c.case_id == case, climb.c.ended_at.is_(None)
    async with store.data.connect() as conn:
        return [tuple(row) for row in await conn.execute(query.where(*mine).order_by(rung.c.id))]


async def said(store: Store, case: UUID, now: datetime) -> list[str]:
    """The lines of a case, as a counsellor reads them."""
    view = await casework.read(store, now, case, await member(store, "hoaban"), await key_of(store, "hoaban"))
    return [line.text for line in view.lines if line.direction == "change"]


async def key_of(store: Store, login: str) -> bytes:
    """The private key of a member of the demo."""
    async with store.data.connect() as conn:
        locked = (await conn.execute(select(staff.c.vault).where(staff.c.login == login))).scalar_one()
    passphrase = next(given for name, given, _ in LOGINS if name == login)
    return await asyncio.to_thread(vault.unlock, locked, passphrase)


@pytest.mark.parametrize(("seen", "to"), [(1, 2), (2, 3), (2, 4), (3, 4)])
async def test_raised_case_is_paged_like_a_new_one_of_that_level(staffed: Store, seen: int, to: int) -> None:
    """At once, from the first step, whoever has it; by hand of any reader, not of its owner alone."""
    [case] = await opened(staffed, seen)
    await casework.acknowledge(staffed, NOW, case, await member(staffed, "hoasen"))
    await change(staffed, NOW + MINUTE, "hoaban", case, seen, to)
    assert await level_of(staffed, case) == to
    first = next((level, n, at) for level, n, at, _ in await paged(staffed, case))
    assert first == (to, 0, escalation_policy().moment(to, NOW + MINUTE, 0))


async def test_raising_tells_her_phone_nothing(staffed: Store) -> None:
    """Not at once, and not at the minutes in which a case of that level tells her that nobody is there."""
    [case] = await opened(staffed, 2)
    await change(staffed, NOW, "hoaban", case, 2, 4, "có dao")
    for minute in range(12):
        while await due_once(staffed, library(), NOW + minute * MINUTE):
            pass
    async with staffed.data.connect() as conn:
        assert (await conn.execute(select(ledger.c.recipient, ledger.c.cause_kind))).all() == []


async def test_what_is_changed_stands_in_the_thread_and_in_the_audit_without_words(staffed: Store) -> None:
    """The thread says who, from what to what, and the words that were added; the audit has codes only."""
    [case] = await opened(staffed, 2)
    await change(staffed, NOW, "hoaban", case, 2, 3, "nói là có dao")
    assert await said(staffed, case, NOW) == ["level=2>3:held\nnói là có dao"]
    async with staffed.data.connect() as conn:
        [record] = [one for one in await audit.page(conn, object=str(case)) if one.action == "case.raised"]
    assert record.meta == {"from": 2, "to": 3, "reason": "held"}


@pytest.mark.parametrize(("level", "to", "minutes"), [(4, 3, 5), (4, 2, 5), (4, 1, 5), (3, 2, 15), (3, 1, 15)])
async def test_grave_level_is_lowered_by_a_second_person_within_the_step(
    staffed: Store, level: int, to: int, minutes: int
) -> None:
    """Asking changes nothing; whoever asked confirms nothing; too late is too late; in time it is lower."""
    [case] = await opened(staffed, level)
    await change(staffed, NOW, "hoaban", case, level, to)
    assert await level_of(staffed, case) == level
    request = await request_of(staffed)
    for login, after, refusal in (
        ("hoaban", MINUTE, Refusal.LEVEL_SECOND_PERSON),
        ("hoasen", minutes * MINUTE, Refusal.LEVEL_REQUEST_OVER),
    ):
        with pytest.raises(Refused) as refused:
            await acts(staffed, NOW + after, login, lambda work: levels.confirm(work, case, request, 10**9))
        assert refused.value.refusal is refusal
    await acts(staffed, NOW + (minutes - 1) * MINUTE, "hoasen", lambda work: levels.confirm(work, case, request, 10**9))
    assert await level_of(staffed, case) == to
    assert await said(staffed, case, NOW) == [f"lower={level}>{to}:says_safe", f"lowered={level}>{to}"]
    assert {one for one, _, _, _ in await paged(staffed, case)} == {to}, "it is paged for by the new level"


async def test_without_a_second_person_the_level_stays_and_the_thread_says_so(staffed: Store) -> None:
    """The request ends by itself, once, and can be made anew."""
    [case] = await opened(staffed, 4)
    await change(staffed, NOW, "hoaban", case, 4, 2)
    for _ in range(2):
        await due_once(staffed, library(), NOW + 6 * MINUTE)
    assert await level_of(staffed, case) == 4
    assert await said(staffed, case, NOW) == ["lower=4>2:says_safe", "lower_over=4>2"]
    await change(staffed, NOW + 7 * MINUTE, "hoasen", case, 4, 3)
    request = await request_of(staffed)
    await acts(staffed, NOW + 8 * MINUTE, "hoaban", lambda work: levels.decline(work, case, request))
    assert (await said(staffed, case, NOW))[2:] == ["lower=4>3:says_safe", "lower_declined=4>3"]


async def test_what_she_writes_meanwhile_must_be_read_before_a_level_falls(staffed: Store) -> None:
    """A confirmation made on a page without her newest line is refused."""
    [case] = await opened(staffed, 4)
    await change(staffed, NOW, "hoaban", case, 4, 2)
    line = await casework.add_line(staffed, NOW, case, "nó quay lại rồi")
    request = await request_of(staffed)
    with pytest.raises(Refused) as refused:
        await acts(staffed, NOW, "hoasen", lambda work: levels.confirm(work, case, request, line - 1))
    assert refused.value.refusal is Refusal.LEVEL_NEW_LINE
    await acts(staffed, NOW, "hoasen", lambda work: levels.confirm(work, case, request, line))
    assert await level_of(staffed, case) == 2


async def test_a_case_that_rose_meanwhile_is_not_lowered_by_an_old_request(staffed: Store) -> None:
    """By the machine or by a colleague: what was asked at another level is void."""
    [case] = await opened(staffed, 3)
    await change(staffed, NOW, "hoaban", case, 3, 2)
    request = await request_of(staffed)
    await change(staffed, NOW, "hoasen", case, 3, 4)
    with pytest.raises(Refused) as refused:
        await acts(staffed, NOW, "hoasen", lambda work: levels.confirm(work, case, request, 10**9))
    assert refused.value.refusal is Refusal.LEVEL_REQUEST_OVER
    assert await level_of(staffed, case) == 4


async def test_shift_lead_who_gave_a_case_away_confirms_and_a_counsellor_who_did_not(staffed: Store) -> None:
    """A second reader, or whoever leads the shift; nobody else."""
    [case] = await opened(staffed, 4)
    for login in ("hoasen", "hoadao"):
        async with staffed.data.begin() as conn:
            await case_readers.shut_out(conn, NOW, case, await member(staffed, login))
    await change(staffed, NOW, "hoaban", case, 4, 2)
    request = await request_of(staffed)
    with pytest.raises(Refused) as refused:
        await acts(staffed, NOW, "hoasen", lambda work: levels.confirm(work, case, request, 10**9))
    assert refused.value.refusal is Refusal.CASE_NOT_SEALED
    await acts(staffed, NOW, "hoadao", lambda work: levels.confirm(work, case, request, 10**9))
    assert await level_of(staffed, case) == 2


async def test_level_2_is_lowered_by_one(staffed: Store) -> None:
    """No ladder of minutes hangs on it; nobody has it, so it goes on being paged by its new level."""
    [case] = await opened(staffed, 2)
    await change(staffed, NOW, "hoaban", case, 2, 1)
    assert await level_of(staffed, case) == 1
    assert next((level, n, done) for level, n, _, done in await paged(staffed, case)) == (1, 0, True)


@pytest.mark.parametrize("taken", [False, True], ids=["free", "late in somebody's hands"])
@pytest.mark.parametrize("seed", range(6))
async def test_a_lowering_that_nobody_confirms_never_stops_paging(staffed: Store, seed: int, taken: bool) -> None:
    """Of two cases alike, one is asked about again and again: both are paged for at the same moments, for ever."""
    rng = random.Random(seed)
    level = rng.choice((3, 4))
    quiet, asked = await opened(staffed, level, 2)
    if taken:
        for case in (quiet, asked):
            await casework.acknowledge(staffed, NOW, case, await member(staffed, "hoasen"))
            await answer(staffed, NOW, case, await member(staffed, "hoasen"))
            await wrote(staffed, NOW, case)
    now = NOW
    for _ in range(25):
        now += rng.choice((0, 1, 2, 5, 20)) * MINUTE
        await step(staffed, rng, now, asked, level)
        await due_once(staffed, library(), now)
        await climbed(staffed, now)
        assert await level_of(staffed, asked) == level
        assert [one[1:] for one in await paged(staffed, asked)] == [one[1:] for one in await paged(staffed, quiet)]
    assert any(done for *_, done in await paged(staffed, asked))


async def wrote(store: Store, now: datetime, case: UUID) -> None:
    """Let her wait for an answer."""
    async with unit_of_work(store, now, BOT) as work:
        await cases.person_wrote(work, case)


async def step(store: Store, rng: random.Random, now: datetime, case: UUID, level: int) -> None:
    """Ask, say no, take back, confirm what one asked oneself, or nothing; what is refused changes nothing."""
    login = rng.choice(("hoaban", "hoasen", "hoadao"))
    ask = LevelChange(level, rng.randrange(1, level), "misheard")
    request = await request_of(store)
    choices: list[Callable[[UnitOfWork], Awaitable[None]]] = [
        lambda work: levels.change_level(work, case, ask),
        lambda work: levels.decline(work, case, request),
        lambda work: _confirm_own(work, case, request),
    ]
    try:
        await acts(store, now, login, rng.choice(choices))
    except Refused:
        await climbed(store, now)


async def _confirm_own(work: UnitOfWork, case: UUID, request: int) -> None:
    """Confirm as whoever asked."""
    query = select(level_request.c.asked_by).where(level_request.c.id == request)
    asker = (await work.conn.execute(query)).scalar_one_or_none()
    if asker is not None:
        await levels.confirm(work.acting_as(member_actor(asker)), case, request, 10**9)
