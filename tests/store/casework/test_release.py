"""A take undone or a case put back: paged for as if it had not been taken; and a case that a shift lead gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from scheduler.jobs.dispatch import due_once
from store.cases import service as cases
from store.cases.models import CaseRow, case_file
from store.casework import assigning, assignment, release
from store.db.engine import Store
from store.errors import Refused
from store.escalation import pages
from store.escalation.escalations import climb, rung
from store.escalation.pages import PageState, call
from store.messages.models import ledger
from store.refusals import Refusal
from store.staff.roster import roster
from store.unit_of_work import SERVICE, UnitOfWork, member_actor, unit_of_work
from tests.scheduler.jobs.test_escalation import answer, climbed, member
from tests.store.corrections.test_levels import MINUTE, NOW, change, key_of, opened, paged, said, staffed, wrote
from tests.support.content import library

__all__ = ["staffed"]
SECOND = timedelta(seconds=1)


async def acts(store: Store, now: datetime, login: str, act: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    """Let a member do something, with her key."""
    actor = member_actor(await member(store, login), await key_of(store, login))
    async with unit_of_work(store, now, actor) as work:
        await act(work)


async def takes(store: Store, now: datetime, login: str, case: UUID) -> None:
    """Take a case."""
    await acts(store, now, login, lambda work: assignment.acknowledge(work, case))


async def undoes(store: Store, now: datetime, login: str, case: UUID) -> None:
    """Undo a take."""
    await acts(store, now, login, lambda work: release.undo_take(work, case))


async def row(store: Store, case: UUID) -> CaseRow:
    """A case as it is stored."""
    async with store.data.connect() as conn:
        return await cases.load_case(conn, case)


async def everything_due(store: Store, now: datetime) -> None:
    """Do all that has fallen due."""
    await climbed(store, now)
    while await due_once(store, library(), now):
        pass


@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("taken_at", [MINUTE, 5 * MINUTE - 3 * SECOND, 15 * MINUTE - SECOND, 11 * MINUTE])
async def test_undone_take_leaves_no_trace_in_the_ladder(staffed: Store, level: int, taken_at: timedelta) -> None:
    """Of two cases alike one is taken and given back seconds later: the same steps at the same moments, for ever.

    A step that falls due within these seconds is done at once when the take is undone.
    """
    alone, taken = await opened(staffed, level, 2)
    await everything_due(staffed, NOW)
    before = await row(staffed, taken)
    for minute in range(1, int(taken_at / MINUTE) + 1):
        await everything_due(staffed, min(NOW + minute * MINUTE, NOW + taken_at))
    await takes(staffed, NOW + taken_at, "hoaban", taken)
    await everything_due(staffed, NOW + taken_at + 7 * SECOND)
    await undoes(staffed, NOW + taken_at + 9 * SECOND, "hoaban", taken)
    assert await row(staffed, taken) == before
    for minute in (*range(1, 40), 250, 400):
        await everything_due(staffed, NOW + taken_at + minute * MINUTE)
        assert [one[1:] for one in await paged(staffed, taken)] == [one[1:] for one in await paged(staffed, alone)]
    async with staffed.data.connect() as conn:
        assert await conn.scalar(select(func.count()).select_from(climb)) == 2


async def test_page_that_had_not_left_leaves_after_an_undone_take(staffed: Store) -> None:
    """Who was to be called by e-mail at that second is called."""
    [case] = await opened(staffed, 4)
    await climbed(staffed, NOW)
    async with staffed.data.begin() as conn:
        step = (await conn.execute(select(rung.c.id))).scalars().first()
        hers = {"rung_id": step, "staff_id": await member(staffed, "hoaban"), "way": "mail", "fate": PageState.READY}
        await conn.execute(call.insert().values(**hers, not_before=NOW, not_after=NOW + 30 * MINUTE, changed_at=NOW))
    await takes(staffed, NOW, "hoaban", case)
    async with unit_of_work(staffed, NOW + SECOND, SERVICE) as work:
        assert await pages.claim(work, "mail", 9) == []
    await undoes(staffed, NOW + 2 * SECOND, "hoaban", case)
    async with unit_of_work(staffed, NOW + 3 * SECOND, SERVICE) as work:
        assert len(await pages.claim(work, "mail", 9)) == 1


async def test_take_over_from_somebody_late_is_undone_to_her(staffed: Store) -> None:
    """Whoever had the case before has it, since then, and others go on being called."""
    [case] = await opened(staffed, 4)
    await takes(staffed, NOW, "hoasen", case)
    await answer(staffed, NOW, case, await member(staffed, "hoasen"))
    await wrote(staffed, NOW, case)
    await climbed(staffed, NOW + 6 * MINUTE)
    before = await row(staffed, case)
    await takes(staffed, NOW + 6 * MINUTE, "hoaban", case)
    await undoes(staffed, NOW + 6 * MINUTE + SECOND, "hoaban", case)
    assert await row(staffed, case) == before
    assert (await paged(staffed, case))[-1][3] is False


@pytest.mark.parametrize("late", [16 * SECOND, 3600 * SECOND])
async def test_take_is_not_undone_later_or_after_an_answer_or_by_another(staffed: Store, late: timedelta) -> None:
    """Ten seconds, a little more for the way; then the case is put back or handed on."""
    case, other = await opened(staffed, 3, 2)
    await takes(staffed, NOW, "hoaban", case)
    await takes(staffed, NOW, "hoaban", other)
    await answer(staffed, NOW + SECOND, other, await member(staffed, "hoaban"))
    for login, which, after, refusal in (
        ("hoaban", case, late, Refusal.TAKE_OVER),
        ("hoaban", other, 2 * SECOND, Refusal.TAKE_OVER),
        ("hoasen", case, 2 * SECOND, Refusal.CASE_NOT_YOURS),
    ):
        with pytest.raises(Refused) as refused:
            await undoes(staffed, NOW + after, login, which)
        assert refused.value.refusal is refusal


@pytest.mark.parametrize("minutes", [1, 6, 12, 40])
async def test_case_put_back_unanswered_is_paged_for_as_if_it_had_not_been_taken(staffed: Store, minutes: int) -> None:
    """What is late by then at once, and the rest at the moments it would have had."""
    alone, back = await opened(staffed, 4, 2)
    await climbed(staffed, NOW)
    await takes(staffed, NOW + MINUTE, "hoaban", back)
    for minute in range(1, minutes + 1):
        await everything_due(staffed, NOW + minute * MINUTE)
    await acts(staffed, NOW + minutes * MINUTE, "hoaban", lambda work: release.put_back(work, back))
    assert (await row(staffed, back)).acked_by is None
    await everything_due(staffed, NOW + minutes * MINUTE)
    listed = [one[1:3] for one in await paged(staffed, alone)][:4]
    assert [one[1:3] for one in await paged(staffed, back)][: len(listed)] == listed
    assert (await paged(staffed, back))[0][3]


async def test_case_put_back_after_an_answer_is_paged_for_anew_and_nothing_is_sent(staffed: Store) -> None:
    """It waits from now; nobody can miss it; the thread says who put it back."""
    [case] = await opened(staffed, 4)
    await takes(staffed, NOW, "hoaban", case)
    await answer(staffed, NOW + MINUTE, case, await member(staffed, "hoaban"))
    async with staffed.data.connect() as conn:
        leaving = (await conn.execute(select(func.count()).select_from(ledger))).scalar_one()
    await acts(staffed, NOW + 60 * MINUTE, "hoaban", lambda work: release.put_back(work, case))
    await climbed(staffed, NOW + 60 * MINUTE)
    found = await row(staffed, case)
    assert (found.acked_by, found.waiting_since) == (None, NOW + 60 * MINUTE)
    assert [(n, done) for _, n, _, done in await paged(staffed, case)] == [(0, True), (1, False)]
    assert await said(staffed, case, NOW) == ["put_back=>"]
    async with staffed.data.connect() as conn:
        assert (await conn.execute(select(func.count()).select_from(ledger))).scalar_one() == leaving


async def test_raised_while_taken_is_not_put_back_to_the_old_ladder(staffed: Store) -> None:
    """The level of today decides who is paged."""
    [case] = await opened(staffed, 2)
    await climbed(staffed, NOW)
    await takes(staffed, NOW, "hoaban", case)
    await change(staffed, NOW + SECOND, "hoaban", case, 2, 4)
    await undoes(staffed, NOW + 5 * SECOND, "hoaban", case)
    await climbed(staffed, NOW + 6 * MINUTE)
    assert [(level, n, done) for level, n, _, done in await paged(staffed, case)][:2] == [(4, 0, True), (4, 1, True)]


async def test_whoever_has_a_case_says_so_and_the_calling_stops(staffed: Store) -> None:
    """Taking what is hers already refuses nothing, at any hour of its level."""
    [case] = await opened(staffed, 4)
    await takes(staffed, NOW, "hoaban", case)
    await answer(staffed, NOW, case, await member(staffed, "hoaban"))
    await wrote(staffed, NOW, case)
    for minute in (1, 6):
        await climbed(staffed, NOW + minute * MINUTE)
        await takes(staffed, NOW + minute * MINUTE, "hoaban", case)
        assert await paged(staffed, case) == []


async def test_given_case_is_hers_and_is_paged_for_until_she_takes_it(staffed: Store) -> None:
    """To be given a case is not to have seen it."""
    [case] = await opened(staffed, 4)
    await climbed(staffed, NOW)
    hoasen = await member(staffed, "hoasen")
    await acts(staffed, NOW, "hoadao", lambda work: assigning.assign(work, case, hoasen))
    await climbed(staffed, NOW + 6 * MINUTE)
    assert (await row(staffed, case)).acked_by == hoasen
    assert [(n, done) for _, n, _, done in await paged(staffed, case)] == [(0, True), (1, True), (2, False)]
    async with staffed.data.connect() as conn:
        assert await assigning.loads(conn) == {hoasen: 1}
    await takes(staffed, NOW + 6 * MINUTE, "hoasen", case)
    assert await paged(staffed, case) == []
    assert (await said(staffed, case, NOW))[0].startswith("assigned=>")


async def test_given_case_that_somebody_has_changes_hands_with_its_keys(staffed: Store) -> None:
    """With a reason, as when it is handed on: what is written afterwards stays shut for who had it."""
    [case] = await opened(staffed, 4)
    await takes(staffed, NOW, "hoaban", case)
    hoasen = await member(staffed, "hoasen")
    await acts(staffed, NOW, "hoadao", lambda work: assigning.assign(work, case, hoasen, "absent"))
    assert (await row(staffed, case)).acked_by == hoasen
    with pytest.raises(Refused):
        await change(staffed, NOW, "hoaban", case, 4, 2)


@pytest.mark.parametrize(
    ("login", "to", "refusal"),
    [
        ("hoaban", "hoasen", Refusal.ASSIGN_NOT_LEAD),
        ("hoadao", "quantri", Refusal.ASSIGN_NOT_TO),
        ("hoadao", "off duty", Refusal.ASSIGN_NOT_TO),
    ],
)
async def test_nobody_else_gives_and_nobody_else_is_given(
    staffed: Store, login: str, to: str, refusal: Refusal
) -> None:
    """The shift lead alone, to a reader who is on duty."""
    [case] = await opened(staffed, 4)
    if to == "off duty":
        to = "hoasen"
        async with staffed.data.begin() as conn:
            gone = update(roster).where(roster.c.staff_id == await member(staffed, to))
            await conn.execute(gone.values(starts_at=NOW - 9 * MINUTE, ends_at=NOW))
    whom = await member(staffed, to)
    with pytest.raises(Refused) as refused:
        await acts(staffed, NOW, login, lambda work: assigning.assign(work, case, whom))
    assert refused.value.refusal is refusal
    async with staffed.data.connect() as conn:
        assert (await conn.execute(select(case_file.c.acked_by))).scalar_one() is None
