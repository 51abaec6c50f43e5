"""When somebody of ours is on duty next, in words: a fact of the roster, never a promise that somebody answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from content.cards.templates import SayCard
from content.directory.hours_words import clock_words
from content.zone import VIETNAM

SOON = timedelta(days=6)
"""Within a week the name of a day says which one; of a turn further ahead nothing is said."""


def shift_words(say: SayCard, starts_at: datetime | None, lang: str, now: datetime, *, away: bool) -> str:
    """Return the sentence that says when the next turn begins (aware), "" where the roster knows none.

    `away`: she is, or may be, in another country, so that it is said whose clock it is.
    """
    if starts_at is None or not now < starts_at < now + SOON:
        return ""
    local, today = starts_at.astimezone(VIETNAM), now.astimezone(VIETNAM).date()
    ahead = (local.date() - today).days
    day = say(f"fragment.day.{('today', 'tomorrow')[ahead] if ahead < 2 else local.isoweekday()}", lang).text
    told = say("fragment.shift", lang, time=clock_words(say, f"{local:%H:%M}", lang), day=day).text
    return say("fragment.hours.vn", lang, hours=told).text if away else told
