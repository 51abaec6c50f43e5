"""When something was written, where a channel's clock counts whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.inbound.turn import after

LEFT = datetime(2026, 11, 25, 23, 26, 20, 710_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("earlier", "taken"),
    [
        (timedelta(milliseconds=710), LEFT),
        (timedelta(seconds=2), LEFT - timedelta(seconds=2)),
        (-timedelta(seconds=1), LEFT + timedelta(seconds=1)),
    ],
    ids=["same second", "a late delivery", "later"],
)
def test_a_word_of_the_same_second_is_not_older_than_the_button_before_it(earlier: timedelta, taken: datetime) -> None:
    """Telegram tells 23:26:20 of a text that followed a button of 23:26:20.71: her last word, and so answered."""
    assert after(LEFT, LEFT - earlier) == taken
