"""The shape of the service, read from its source: imports without circles, and folders that can be looked over."""

from __future__ import annotations

from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

ROOMS = ("content", "flows", "store", "scheduler", "bot", "console", "simulator")
MOST_MODULES = 20
"""Modules of one folder: beyond that it holds two domains."""


@cache
def graph() -> grimp.ImportGraph:
    """Every import of ours, those for types alone included."""
    return grimp.build_graph(*ROOMS, exclude_type_checking_imports=False)


def circle(modules: set[str]) -> list[str]:
    """Return one circle of imports among modules, [] when there is none."""
    found = graph()
    arrows = {module: modules & found.find_modules_directly_imported_by(module) for module in modules}
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return [str(module) for module in error.args[1]]
    return []


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_imports_itself_by_way_of_others(room: str) -> None:
    """A circle cannot be read from the bottom up, and no part of it can be changed alone."""
    modules = {module for module in graph().modules if module.split(".")[0] == room}
    assert len(modules) > 3
    assert circle(modules) == []


def test_a_circle_would_be_found() -> None:
    """The search itself, on a circle of three."""
    small = grimp.ImportGraph()
    for importer, imported in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")):
        small.add_import(importer=importer, imported=imported)
    arrows = {module: small.find_modules_directly_imported_by(module) for module in small.modules}
    with pytest.raises(CycleError):
        TopologicalSorter(arrows).prepare()


def test_a_folder_can_be_looked_over() -> None:
    """No folder has more than twenty modules, migrations aside."""
    modules = {module for module in graph().modules if "migrations" not in module}
    packages = {module.rpartition(".")[0] for module in modules}
    folders = Counter(module.rpartition(".")[0] for module in modules - packages)
    assert {folder: n for folder, n in folders.items() if n > MOST_MODULES} == {}
    assert sorted(folders.values())[len(folders) // 2] <= 6
