"""Whose messages ask for more than words, and wait without anybody waiting behind them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.inbound.backlog import AT_ONCE, Backlog

WHO = st.sampled_from([b"lan", b"mai", b"hoa"])
WAITING = st.lists(st.tuples(WHO, st.integers(1, 60), st.booleans()), unique_by=lambda one: one[1])


def filled(waiting: list[tuple[bytes, int, bool]]) -> Backlog:
    """A backlog into which rows came in this order."""
    backlog = Backlog()
    for who, number, urgent in waiting:
        backlog.put(who, 1, [number], urgent=urgent)
    return backlog


@given(WAITING)
def test_the_rows_that_wait_are_told_as_ranges_that_hold_each_of_them_and_no_other(
    waiting: list[tuple[bytes, int, bool]],
) -> None:
    """What is fetched past them leaves out exactly these."""
    ranges = filled(waiting).rows()
    held = [number for one in ranges for number in range(one.lower, one.upper)]
    assert held == sorted(number for _, number, _ in waiting)
    assert all(one.upper < other.lower for one, other in pairwise(ranges))


@given(WAITING)
def test_each_person_is_taken_in_the_order_in_which_she_wrote(waiting: list[tuple[bytes, int, bool]]) -> None:
    """Batch by batch until nobody waits: whatever others write, hers stays in order, and nothing is left out."""
    backlog, taken = filled(waiting), []
    while some := backlog.first(2):
        taken += some
        for who in {one[0] for one in waiting}:
            backlog.done(who, set(some))
    for who in {one[0] for one in waiting}:
        hers = [number for one, number, _ in waiting if one == who]
        assert [number for number in taken if number in hers] == sorted(hers)
    assert sorted(taken) == sorted(number for _, number, _ in waiting)
    assert len(backlog) == 0


def test_a_cry_comes_first_and_who_writes_a_lot_is_taken_by_the_handful() -> None:
    """Thirty lines of one person and one cry of another: the cry, then four of the thirty."""
    backlog = Backlog()
    backlog.put(b"many", 1, range(1, 31))
    backlog.put(b"cry", 2, [99], urgent=True)
    assert backlog.first(1) == [99]
    assert backlog.first(2) == [99, *range(1, 1 + AT_ONCE)]


def test_nobody_passes_whoever_waits_and_nobody_waits_behind_nobody() -> None:
    """What she writes later waits behind what she wrote before; whoever does not wait is stepped at once."""
    backlog = Backlog()
    assert backlog.may_pass(b"mai", True)
    assert not backlog.may_pass(b"mai", False)
    backlog.put(b"lan", 1, [7])
    assert not backlog.may_pass(b"mai", True)
    assert backlog.may_pass(b"lan", False)
    assert backlog.may_step(b"lan", 7)
    assert not backlog.may_step(b"lan", 8)
    assert backlog.may_step(b"mai", 8)
    backlog.keep({2})
    assert b"lan" not in backlog
