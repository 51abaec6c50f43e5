"""Advisory locks have numbers that follow from their names, and no two names the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from store.locks import lock_number

ROOT = Path(__file__).parents[2]
ROOMS = ("store", "scheduler", "bot", "console")
BY_TAG = "store/staff/sign_in_limits.py"
"""Where each budget has a lock, whose number is a part of its tag."""


def modules() -> Iterator[tuple[str, str]]:
    """Yield path and source of every module that works with advisory locks."""
    for file in sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py")):
        source = file.read_text("utf-8")
        if "advisory_" in source or "'advisory'" in source or "lock_number(" in source:
            yield file.relative_to(ROOT).as_posix(), source


def names(source: str) -> Iterator[str]:
    """Yield the names that a module gives to locks."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name("lock_number"), args=[ast.Constant(value=str(name))]):
                yield name


def test_every_name_of_a_lock_has_a_number_of_its_own() -> None:
    """Two things that share a lock would wait for one another."""
    found = [name for _, source in modules() for name in names(source)]
    assert sorted(found) == sorted(set(found))
    assert len({lock_number(name) for name in found}) == len(found) >= 7


def test_no_lock_has_a_number_given_by_hand() -> None:
    """Whoever adds a lock gives it a name, and looks up no list of numbers."""
    for path, source in ((path, source) for path, source in modules() if path != BY_TAG):
        large = [n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant) and type(n.value) is int]
        assert all(number < 1000 for number in large), path
        assert "lock_number" in source or "LANE_LOCK" in source, path


def test_a_number_fits_and_is_the_same_in_every_process() -> None:
    """PostgreSQL takes a signed number of 32 bits; a hash that is drawn anew by each process would lock nothing."""
    assert all(-(2**31) <= lock_number(str(n)) < 2**31 for n in range(2000))
    assert lock_number("due") == 1594860170
