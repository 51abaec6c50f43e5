"""The shape of the service, read from its source: imports without circles, and folders that can be looked over."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOMS = ("content", "flows", "store", "scheduler", "bot", "console", "simulator")
MOST_MODULES = 20
"""Modules of one folder: beyond that it holds two domains."""


LONGEST_CHAIN = 30
"""Modules of the longest chain, each of which imports the next."""


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


def longest_chain() -> list[str]:
    """Return the longest chain of modules of which each imports the next."""
    found, chains = graph(), dict[str, list[str]]()
    arrows = {module: found.find_modules_directly_imported_by(module) for module in found.modules}
    for module in TopologicalSorter(arrows).static_order():
        chains[module] = [module, *max((chains[one] for one in arrows[module]), key=len, default=[])]
    return max(chains.values(), key=len)


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_imports_itself_by_way_of_others(room: str) -> None:
    """A circle cannot be read from the bottom up, and no part of it can be changed alone."""
    modules = {module for module in graph().modules if module.split(".")[0] == room}
    assert len(modules) > 3
    assert circle(modules) == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_layers_that_name_all_its_folders(room: str) -> None:
    """`lint-imports` holds each room to the layers written in `pyproject.toml`; a new folder must find its place."""
    linter = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = [one for one in linter["contracts"] if one["type"] == "layers" and one.get("containers") == [room]]
    assert [one["exhaustive"] for one in layers] == [True]
    assert "ignore_imports" not in layers[0]


def test_longest_chain_of_imports_is_known() -> None:
    """From the top of the program to its bottom: the more links, the more there is to read before one line is sure."""
    chain = longest_chain()
    print(f"longest chain of imports: {len(chain)} modules: {' > '.join(chain)}")  # noqa: T201  shown by `pytest -s`
    assert len(chain) <= LONGEST_CHAIN


def test_no_part_knows_the_application() -> None:
    """What parts of a process share is the runtime below them; only the commands that start and stop know the whole."""
    importers = graph().find_modules_that_directly_import("bot.app")
    assert [module for module in sorted(importers) if not module.startswith("bot.cli.")] == []


def unexplained(source: str) -> list[str]:
    """Return the imports inside functions whose line does not say that they save time at the start."""
    lines = source.splitlines()
    functions = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {
        node.lineno for one in functions for node in ast.walk(one) if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return [lines[number - 1].strip() for number in sorted(inside) if "  # start time" not in lines[number - 1]]


@pytest.mark.parametrize("room", ROOMS)
def test_an_import_inside_a_function_says_why(room: str) -> None:
    """What a module needs stands at its top; only what would cost every start its time is loaded when it is used."""
    found = {str(file): unexplained(file.read_text("utf-8")) for file in Path(room).rglob("*.py")}
    assert {file: lines for file, lines in found.items() if lines} == {}


def test_an_unexplained_import_would_be_found() -> None:
    """The search itself: one at the top or with this reason passes, any other does not."""
    source = (
        "import a\ndef f():\n    import b  # start time: it is large\n    import c\n    from d import e  # a circle\n"
    )
    assert unexplained(source) == ["import c", "from d import e  # a circle"]


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
