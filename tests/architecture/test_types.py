"""Types: a parameter that may be anything is blind where rows travel; operations take a work, not its parts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).parents[2]
ROOMS = ("store", "bot", "scheduler")
MOST_ANY = 15
"""Parameters of type Any: what a driver or a library hands to a listener."""


def functions(*rooms: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method of these rooms with its file, migrations apart."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                        yield path.relative_to(ROOT).as_posix(), node


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """What a function is given by name."""
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def test_parameters_have_types() -> None:
    """`mypy --strict` is blind to what may be anything, and that was every row of a case, a message, a due item."""
    blind = [
        f"{path}:{node.lineno} {node.name}({one.arg})"
        for path, node in functions(*ROOMS)
        for one in parameters(node)
        if one.annotation is not None and "Any" in (ast.unparse(one.annotation), ast.unparse(one.annotation)[:3])
    ]
    assert len(blind) <= MOST_ANY, blind


def test_operations_take_few_parameters() -> None:
    """Connection, moment, keys and actor are one work: nine of ten functions of the store have four or fewer."""
    counts = [len(parameters(node)) for _, node in functions("store")]
    assert quantiles(counts, n=10)[-1] <= 4


def test_an_operation_records_by_its_work() -> None:
    """Whoever records on its own may record what is then undone, or holds the turn of the audit too long."""
    writers = {
        path
        for path, node in functions("store", "bot", "scheduler", "console")
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record"
    }
    assert writers == {"store/unit_of_work.py"}
