"""Conflict of interest: staff of her commune are kept from her case, however their scope is written."""

from __future__ import annotations

from uuid import UUID, uuid4

import msgspec
import pytest

from store.cases.impartiality import Neighbourhood

NA_SANG, OTHER = "vn-11-03172", "vn-11-03184"


class Case(msgspec.Struct):
    """What is asked of a case."""

    communes: tuple[str, ...] = (NA_SANG,)
    commune_ok: bool = False


def near(scopes: list[str], unknown: set[str], case: Case) -> list[str]:
    """The scopes of those who are kept away."""
    people: dict[UUID, str] = {uuid4(): scope for scope in scopes}
    away = Neighbourhood(people, frozenset(unknown)).near(case)
    return [scope for who, scope in people.items() if who in away]


@pytest.mark.parametrize(
    ("scope", "known", "kept"),
    [
        (NA_SANG, True, True),
        ("VN-11-03172", True, True),
        (f" {NA_SANG} ", True, True),
        (OTHER, True, False),
        ("vn", True, False),
        ("nation", True, False),
        ("vn-11", True, False),
        ("11", True, False),
        ("", False, True),
        ("03172", False, True),
        ("vn-44-03172", False, True),
        ("vn-11-0317", False, True),
        ("Na Sang", False, True),
    ],
)
def test_a_neighbour_is_kept_away_however_she_is_written(scope: str, known: bool, kept: bool) -> None:
    """Her own commune in any writing; a province or the nation is not near; what names no area may be near."""
    assert near(["vn", scope], set() if known else {scope}, Case()) == ([scope] if kept else [])


def test_a_doubtful_reader_is_better_than_none() -> None:
    """With nobody else left a scope that names no area reads; somebody of her very commune never does."""
    assert near(["", NA_SANG], {""}, Case()) == [NA_SANG]
    assert near(["", OTHER], {""}, Case()) == [""]
    assert near([NA_SANG], set(), Case()) == [NA_SANG]


@pytest.mark.parametrize("case", [Case(commune_ok=True), Case(communes=()), Case(communes=("vn", "vn-11"))])
def test_without_a_commune_or_with_her_leave_nobody_is_near(case: Case) -> None:
    """She allowed it, nothing is known of her, or her group stood in no commune."""
    assert near([NA_SANG, "", "vn", "vn-11"], {""}, case) == []
