"""Opening hours as people say them, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from content.directory.hours_words import clock_words, hours_now, hours_words
from tests.support import content as shared_content

LIBRARY = shared_content.library()
SAID = {
    "00:00": "12 giờ đêm",
    "03:30": "3 giờ 30 đêm",
    "04:00": "4 giờ sáng",
    "08:00": "8 giờ sáng",
    "10:59": "10 giờ 59 sáng",
    "11:30": "11 giờ 30 trưa",
    "12:00": "12 giờ trưa",
    "13:00": "1 giờ chiều",
    "17:00": "5 giờ chiều",
    "18:00": "6 giờ tối",
    "20:30": "8 giờ 30 tối",
    "22:00": "10 giờ đêm",
    "23:59": "11 giờ 59 đêm",
}


@pytest.mark.parametrize("time", SAID)
def test_a_time_is_told_with_its_part_of_the_day(time: str) -> None:
    """Nobody says 17:00: it is five in the afternoon."""
    assert clock_words(LIBRARY.say, time, "vi") == SAID[time]


def test_the_hours_of_legal_aid_are_told_with_its_holidays() -> None:
    """Days, hours, and that on public holidays nobody answers."""
    service = LIBRARY.services["vn.legalaid"]
    told = "từ thứ Hai đến thứ Sáu, 8 giờ sáng đến 5 giờ chiều, ngày lễ nghỉ"
    assert hours_words(LIBRARY.say, service, "vi") == told
    monday = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert hours_now(LIBRARY.say, service, "vi", monday) == "đang trực đến 5 giờ chiều, ngày lễ nghỉ"
    assert hours_now(LIBRARY.say, service, "en", monday) == "open until 5 in the afternoon, closed on public holidays"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_hours_are_told_by_the_clock_of_a_computer(lang: str) -> None:
    """Of every service, at every hour of a week, no 24-hour time is shown."""
    for service in LIBRARY.services.values():
        for hour in range(0, 168, 5):
            now = datetime(2026, 11, 23 + hour // 24, hour % 24, 7, tzinfo=UTC)
            told = hours_now(LIBRARY.say, service, lang, now) + hours_words(LIBRARY.say, service, lang)
            assert not any(f"{padded:02}:" in told for padded in (0, *range(1, 10), *range(13, 24))), told
