"""The number a case goes by on her phone."""

from __future__ import annotations

import pytest

from store.cases.service import new_number
from tests.support.content import conversation


@pytest.mark.parametrize("digits", [4, 5, 6])
def test_a_case_number_is_never_one_that_could_be_called(digits: int) -> None:
    """Hotlines are as short as case numbers; those we name begin with 1, and no case number does."""
    drawn = {new_number(digits) for _ in range(2000)}
    assert {len(number) for number in drawn} == {digits}
    assert min(drawn) >= "2"
    services = conversation().library.services.values()
    short = {number.number for service in services for number in service.numbers if len(number.number) == digits}
    assert {number for number in short if not number.startswith("1")} == set()
