"""When somebody is on duty next, in words: today, tomorrow, by the name of the day, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from content.directory.shifts import shift_words
from tests.support import content

LIBRARY = content.library()
NIGHT = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
"""Monday 23:30 in Viet Nam."""


@pytest.mark.parametrize(
    ("starts_at", "told"),
    [
        pytest.param("2026-11-23T16:45:00+00:00", "hôm nay", id="a quarter of an hour later"),
        pytest.param("2026-11-24T00:00:00+00:00", "lúc 7 giờ sáng ngày mai", id="tomorrow at seven"),
        pytest.param("2026-11-26T06:30:00+00:00", "lúc 1 giờ 30 chiều thứ Năm", id="by the name of the day"),
    ],
)
def test_the_hour_is_told_as_people_say_it(starts_at: str, told: str) -> None:
    """The clock is that of Viet Nam, and abroad that is said."""
    at = datetime.fromisoformat(starts_at)
    assert told in shift_words(LIBRARY.say, at, "vi", NIGHT, away=False)
    assert "giờ Việt Nam" in shift_words(LIBRARY.say, at, "vi", NIGHT, away=True)


@pytest.mark.parametrize("starts_at", [None, NIGHT, NIGHT - timedelta(hours=1), NIGHT + timedelta(days=6)])
def test_nothing_is_told_where_the_roster_knows_nothing(starts_at: datetime | None) -> None:
    """A turn that has begun, or one so far ahead that a day's name would mislead, is none."""
    assert shift_words(LIBRARY.say, starts_at, "vi", NIGHT, away=False) == ""


@pytest.mark.parametrize("place", ["", "vn", "abroad", "abroad:KH"])
def test_the_hand_off_names_the_turn_and_promises_nothing(place: str) -> None:
    """What is said is when the turn begins; that somebody will answer by then is not."""
    told = LIBRARY.handoff(place, "vi", NIGHT, "", NIGHT + timedelta(hours=8)).text
    assert "Ca trực sau bắt đầu lúc 7 giờ 30 sáng ngày mai" in told
    assert "sẽ trả lời" not in told
    assert "Ca trực sau bắt đầu" not in LIBRARY.handoff(place, "vi", NIGHT).text
