"""Rule 5: facts carry their age and never switch the service off; every emergency card leans on two bodies."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from content.checks.freshness import age_findings
from content.checks.numbers import dialled, places
from content.loader import findings, load
from tests.support import content
from tests.support.content import copy_content

library = content.library()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("place", places(library))
def test_every_emergency_card_has_numbers_of_two_different_bodies(place: str, lang: str) -> None:
    """One wrong number must not be the only one."""
    filled = library.emergency(place, lang)
    assert len({service.body for service, _ in dialled(library, filled, place)}) >= 2
    assert library.is_neutral(filled.text)


def test_unverified_and_overdue_numbers_are_still_shown(tmp_path: Path) -> None:
    """With every day of review passed and nothing verified, the content loads and the numbers are there."""
    copy_content(tmp_path)
    for path in tmp_path.rglob("*.yaml"):
        text = re.sub(r'review_by: "20\d\d', 'review_by: "2020', path.read_text())
        path.write_text(text.replace("status: verified", "status: unverified"))
    old = load(tmp_path)
    assert old.emergency("vn", "vi").phones == library.emergency("vn", "vi").phones
    aged = findings(tmp_path, date(2026, 11, 22))
    assert aged
    assert {finding.severity for finding in aged} == {"age"}


def test_no_fact_claims_a_test_call_that_nobody_made() -> None:
    """`verified_on` is set by the person who called, so it is empty in what we ship, and staff are told."""
    shown = [service for service in library.services.values() if service.numbers]
    told = " ".join(finding.message for finding in age_findings(library, date(2026, 11, 22)))
    assert all(not service.verified_on and not service.verified_by for service in shown)
    assert all(f'"{service.id}"' in told for service in shown)


def test_retired_numbers_are_nowhere_in_what_we_ship() -> None:
    """The old child line and the old consular number are in no card and no service."""
    said = " ".join(card.text for versions in library.cards.values() for card in versions.values())
    numbers = {number.number for service in library.services.values() for number in service.numbers}
    for old in library.retired:
        assert old.pattern not in numbers
        assert old.pattern not in re.sub(r"[ .-]", "", said)


def test_no_phone_number_is_typed_inside_a_card() -> None:
    """A number changes in one place: the services file."""
    for versions in library.cards.values():
        for card in versions.values():
            assert not re.search(r"\d[\d .]{5,}\d", card.text), card.id
