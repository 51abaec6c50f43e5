"""The escalation policy: levels, their promises, and the steps that say who is paged when. Pure.

The data stand in `escalation.yaml`; a moment follows from the level and when the escalation began, so that a restart
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

import msgspec

from content.zone import VIETNAM

TRANSPORTS = ("console", "chat", "mail", "hook")
"""How somebody can be paged: the open console, her own Telegram or Zalo, e-mail, a gateway for calls and SMS."""
LEVELS = (1, 2, 3, 4)
_WHOLE_DAY = "24:00"
_LANG = "lang:"


class PromisedHours(msgspec.Struct, frozen=True):
    """When a promise or a step may fall due, on the clock of Viet Nam; both ends count. Days are 1 (Monday) to 7."""

    days: tuple[int, ...]
    opens: str
    closes: str

    @property
    def always(self) -> bool:
        """Whether every moment lies within."""
        return len(self.days) == 7 and self.opens == "00:00" and self.closes == _WHOLE_DAY

    def moved(self, at: datetime) -> datetime:
        """Return `at` (aware), or the next opening when it lies outside; aware, Viet Nam."""
        here = at.astimezone(VIETNAM)
        if here.isoweekday() in self.days and self.opens <= f"{here:%H:%M}" and self._not_closed(here):
            return here
        ahead = 0 if f"{here:%H:%M}" < self.opens else 1
        while (here.date() + timedelta(days=ahead)).isoweekday() not in self.days:
            ahead += 1
        return datetime.combine(here.date() + timedelta(days=ahead), time.fromisoformat(self.opens), VIETNAM)

    def _not_closed(self, here: datetime) -> bool:
        return self.closes == _WHOLE_DAY or here.time() <= time.fromisoformat(self.closes)


class PolicyStep(msgspec.Struct, frozen=True):
    """One step: the place on the shift that is paged, minutes after the beginning, and by which transports."""

    post: str
    after: int
    transports: tuple[str, ...]


class Level(msgspec.Struct, frozen=True):
    """One danger level: minutes promised to her, the hours these count in, minutes between pages after the last step.

    `everybody`: with nobody on the roster, whoever reads cases is paged. `told`: after so many minutes without
    anybody she is told so herself, each time she has written meanwhile.
    """

    within: int
    hours: PromisedHours
    again: int
    everybody: bool
    steps: tuple[PolicyStep, ...]
    told: tuple[int, ...] = ()


class Drill(msgspec.Struct, frozen=True):
    """When the weekly drill begins: a day 1-7, a time in Viet Nam, and as which level."""

    level: int
    day: int
    at: str


class EscalationPolicy(msgspec.Struct, frozen=True):
    """Every level with its steps; steps are counted from 0 and go on after the last one."""

    posts: tuple[str, ...]
    needs: Mapping[str, str]
    skills: tuple[str, ...]
    sought: tuple[str, ...]
    """Skills for which somebody on duty is paged as well, where nobody who is paged has them."""
    drill: Drill
    levels: Mapping[int, Level]

    def level(self, level: int) -> Level:
        """Return a level; an unheard-of one counts as the lowest."""
        return self.levels.get(level) or self.levels[min(self.levels)]

    def promised(self, level: int, since: datetime) -> datetime:
        """Return until when a human answers who waits since `since` (aware); aware, Viet Nam."""
        one = self.level(level)
        return one.hours.moved(since + timedelta(minutes=one.within))

    def moment(self, level: int, since: datetime, n: int) -> datetime:
        """Return when step `n` falls due in an escalation that began at `since` (aware); aware, Viet Nam."""
        one = self.level(level)
        at, before = since, 0
        for step in one.steps[: n + 1]:
            at, before = one.hours.moved(at + timedelta(minutes=step.after - before)), step.after
        beyond = n + 1 - len(one.steps)
        return one.hours.moved(at + beyond * timedelta(minutes=one.again)) if beyond > 0 else at

    def tells_person(self, level: int, since: datetime) -> tuple[datetime, ...]:
        """Return when she is told that nobody has taken her case, by one that began `since`, in order."""
        return tuple(since + timedelta(minutes=minutes) for minutes in self.level(level).told)

    def following(self, level: int, since: datetime, n: int, now: datetime) -> tuple[int, datetime]:
        """Return the step after `n` and its moment: none of the listed is left out, missed repetitions are."""
        one = self.level(level)
        last = len(one.steps) - 1
        if n < last:
            return n + 1, self.moment(level, since, n + 1)
        again = timedelta(minutes=one.again)
        passed = (now - self.moment(level, since, last)) // again
        following = max(n, last + passed) + 1
        return following, self.moment(level, since, following)

    def step(self, level: int, n: int) -> PolicyStep | None:
        """Return a listed step; None for the repetitions after the last, which page everybody on the roster."""
        steps = self.level(level).steps
        return steps[n] if n < len(steps) else None

    def transports(self, level: int, n: int) -> tuple[str, ...]:
        """Return by which transports step `n` pages; the repetitions page as the last listed step does."""
        steps = self.level(level).steps
        return steps[min(n, len(steps) - 1)].transports

    def needed(self, flags: Iterable[str]) -> tuple[str, ...]:
        """Return what whoever is paged should be able to do, from the marks of a case."""
        found = (flag if flag.startswith(_LANG) else self.needs.get(flag, "") for flag in flags)
        return tuple(dict.fromkeys(need for need in found if need))

    def known_skill(self, skill: str) -> bool:
        """Say whether a turn on the roster may carry this skill."""
        return skill in self.skills or (skill.startswith(_LANG) and skill.removeprefix(_LANG).isalpha())

    def drill_in(self, week: date) -> datetime:
        """Return the moment of the drill in the week of a day; aware, Viet Nam."""
        day = week + timedelta(days=self.drill.day - week.isoweekday())
        return datetime.combine(day, time.fromisoformat(self.drill.at), VIETNAM)
