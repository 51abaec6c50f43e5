"""Hours on the clock of Viet Nam: never at night, never before the next opening."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from content.zone import VIETNAM
from scheduler.quiet_hours import DAYTIME, is_open, minute_of, next_opening, opening, windows_of

MOMENTS = st.integers(0, 4 * 366 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
MINUTES = st.lists(st.tuples(st.integers(0, 1440), st.integers(0, 1440)), max_size=4).map(
    lambda pairs: [minute for pair in pairs for minute in pair]
)


@given(MINUTES, MOMENTS)
def test_nothing_is_ever_open_at_night(minutes: list[int], at: datetime) -> None:
    """Whatever hours were stored, none of them lies between 21:00 and 07:00."""
    if is_open(windows_of(minutes), at):
        assert 7 * 60 <= minute_of(at) < 21 * 60


@given(MINUTES, MOMENTS)
def test_the_next_opening_is_open_and_there_is_none_before_it(minutes: list[int], after: datetime) -> None:
    """It is the first moment that is open: neither earlier than asked, nor is anything open in between."""
    windows = windows_of(minutes)
    found = next_opening(windows, after)
    if not windows:
        assert found is None
        return
    assert found is not None
    assert found >= after
    assert is_open(windows, found)
    step = (found - after) / 7
    assert found == after or not any(is_open(windows, after + step * n) for n in range(7))


@given(MOMENTS)
def test_the_first_window_of_a_day_lies_on_that_day(at: datetime) -> None:
    """A window of the evening is that evening in Viet Nam, wherever the server thinks it is."""
    day = at.astimezone(VIETNAM).date()
    found = opening((1170, 1230), day)
    assert found is not None
    begins, ends = found
    assert (begins.date(), begins.hour, begins.minute) == (day, 19, 30)
    assert ends - begins == timedelta(hours=1)


def test_daytime_ends_before_nine_in_the_evening() -> None:
    """20:59 in Hà Nội is day, 21:00 and 06:59 are night, 07:00 is day."""
    table = {(13, 59): True, (14, 0): False, (23, 59): False, (0, 0): True}
    for (hour, minute), day in table.items():
        assert is_open(DAYTIME, datetime(2026, 11, 25, hour, minute, tzinfo=UTC)) is day
