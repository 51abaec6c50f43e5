"""Who is on call for a step: the right place on the shift, the right skill, and never nobody. Pure.

A step whose place is empty pages the next place at once: a hole in the roster costs no minute. A skill that is sought
and that nobody there has pages whoever has it at another place as well; it never leaves anybody uncalled.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from content.escalation.policy import EscalationPolicy
from store.staff.roster import OFF_DUTY, StaffOnCall


def called(
    ladder: EscalationPolicy,
    level: int,
    n: int,
    standing: Sequence[StaffOnCall],
    needs: Sequence[str] = (),
    province: str = "",
) -> tuple[UUID, ...]:
    """Return whom step `n` of `level` pages, each once; `standing` is the roster of the moment, off-duty readers last.

    The repetitions after the last listed step page everybody on the roster. With nobody on it, whoever reads cases is
    paged where the level says so, and nobody otherwise: the case waits for the next reader.
    """
    there = [one for one in standing if one.position < OFF_DUTY]
    if not there:
        return _each(standing) if ladder.level(level).everybody else ()
    step = ladder.step(level, n)
    if step is None:
        return _each(there)
    place = ladder.posts.index(step.post)
    higher = sorted({one.position for one in there if one.position >= place})
    nearest = higher[0] if higher else max(one.position for one in there)
    fittest = _fittest([one for one in there if one.position == nearest], needs, province)
    return _each([*fittest, *_trained(there, fittest, set(needs).intersection(ladder.sought))])


def _trained(there: Sequence[StaffOnCall], paged: Sequence[StaffOnCall], sought: set[str]) -> list[StaffOnCall]:
    """Whoever on duty has a skill that is sought and nobody who is paged has."""
    missing = sought.difference(*(one.skills for one in paged))
    return [one for one in there if missing.intersection(one.skills)]


def _fittest(people: Sequence[StaffOnCall], needs: Sequence[str], province: str) -> list[StaffOnCall]:
    """Those who fit best: first by how many of the needed skills they have, then by province."""

    def fit(one: StaffOnCall) -> tuple[int, int]:
        near = 2 if province and one.province == province else 1 if not one.province else 0
        return len(set(needs).intersection(one.skills)), near

    best = max(map(fit, people))
    return [one for one in people if fit(one) == best]


def _each(people: Sequence[StaffOnCall]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(one.staff_id for one in people))
