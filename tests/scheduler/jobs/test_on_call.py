"""Who is called at which step: the right place, the fittest there, the next place when it is empty, never too few."""

from __future__ import annotations

from uuid import UUID

import pytest

from content.escalation.loader import escalation_policy
from scheduler.jobs.on_call import called
from store.staff.roster import OFF_DUTY, StaffOnCall

A, B, C, D, E = (UUID(int=n) for n in range(1, 6))
SHIFT = [StaffOnCall(A, 0), StaffOnCall(B, 1), StaffOnCall(C, 2), StaffOnCall(D, 3), StaffOnCall(E, OFF_DUTY)]
MIXED = [
    StaffOnCall(A, 0, "", ()),
    StaffOnCall(B, 0, "vn-11", ("child",)),
    StaffOnCall(C, 0, "vn-12", ("child", "lang:hmn")),
    StaffOnCall(D, 0, "", ("child",)),
]


@pytest.mark.parametrize(
    ("n", "who"), [(0, (A,)), (1, (B,)), (2, (C,)), (3, (D,)), (4, (A, B, C, D)), (9, (A, B, C, D))]
)
def test_each_step_pages_its_place_and_the_repetitions_everybody_on_duty(n: int, who: tuple[UUID, ...]) -> None:
    """On call, second, shift lead, programme manager; then all of them; never who is off duty."""
    assert called(escalation_policy(), 4, n, SHIFT) == who


def test_an_empty_place_pages_the_next_at_once() -> None:
    """Nobody second on call: the shift lead is called after five minutes; above the highest, the highest there is."""
    there = [StaffOnCall(A, 0), StaffOnCall(C, 2)]
    assert [called(escalation_policy(), 4, n, there) for n in range(4)] == [(A,), (C,), (C,), (C,)]


@pytest.mark.parametrize(("level", "who"), [(4, (E,)), (3, (E,)), (2, ()), (1, ())])
def test_with_nobody_on_the_roster_danger_pages_every_reader_and_the_rest_waits(
    level: int, who: tuple[UUID, ...]
) -> None:
    """Rule 18 keeps its promise to her; the service still tries to find a human where a life is in danger."""
    assert called(escalation_policy(), level, 0, [StaffOnCall(E, OFF_DUTY)]) == who


@pytest.mark.parametrize(
    ("needs", "province", "who"),
    [
        ((), "", (A, D)),
        (("child",), "", (D,)),
        (("child",), "vn-11", (B,)),
        (("child", "lang:hmn"), "vn-11", (C,)),
        (("lang:xyz",), "vn-99", (A, D)),
    ],
)
def test_the_fittest_are_called(needs: tuple[str, ...], province: str, who: tuple[UUID, ...]) -> None:
    """Skills first, then the province; a skill that nobody has leaves nobody uncalled."""
    assert called(escalation_policy(), 4, 0, MIXED, needs, province) == who


@pytest.mark.parametrize(
    ("standing", "needs", "who"),
    [
        ([StaffOnCall(A, 0), StaffOnCall(B, 1, "", ("child",))], ("child",), (A, B)),
        ([StaffOnCall(A, 0, "", ("child",)), StaffOnCall(B, 1, "", ("child",))], ("child",), (A,)),
        ([StaffOnCall(A, 0), StaffOnCall(B, 1, "", ("osso",))], ("osso",), (A,)),
        ([StaffOnCall(A, 0), StaffOnCall(B, 1)], ("child",), (A,)),
        ([StaffOnCall(A, 0), StaffOnCall(E, OFF_DUTY, "", ("child",))], ("child",), (A,)),
    ],
)
def test_whoever_is_trained_for_children_is_called_as_well(
    standing: list[StaffOnCall], needs: tuple[str, ...], who: tuple[UUID, ...]
) -> None:
    """At another place of the shift too, where nobody who is called is; never instead of her, never off duty."""
    assert called(escalation_policy(), 4, 0, standing, needs) == who
