"""The vocabulary in the names of modules, classes and public functions: one word for one thing, and that the field's.

What people read, data, tables of the database, audit actions, paths and settings have names of their own; these are
not looked at here.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("content", "flows", "store", "scheduler", "bot", "console", "simulator", "tests")
RETIRED = {
    "afterwards": "deferred",
    "arrivals": "decoder",
    "attaching": "file sender",
    "births": "fork server",
    "bridge": "system",
    "caller": "pager",
    "carrier": "referral webhook",
    "climb": "escalation",
    "climbing": "escalation",
    "climbs": "escalation",
    "desk": "casework, or console",
    "dice": "rng",
    "dismissal": "offboarding",
    "door": "endpoint",
    "doors": "endpoints",
    "dying": "the plain word",
    "entrance": "endpoint",
    "fate": "state",
    "guesses": "guess limiter",
    "hearing": "routing",
    "held": "on hold",
    "her": "person",
    "hers": "person",
    "house": "application",
    "invitations": "groups",
    "judging": "review languages",
    "knock": "nudge",
    "knocking": "nudge",
    "ladder": "escalation policy",
    "laters": "deferred",
    "letter": "message facts",
    "minder": "clock guard",
    "mortal": "the plain word",
    "noting": "inbound",
    "nursery": "fork server",
    "opener": "decryptor",
    "openers": "decryptors",
    "outlet": "sending account",
    "outlets": "sending accounts",
    "parcel": "outgoing referral",
    "patience": "limiter",
    "pour": "load dump",
    "pouring": "load dump",
    "relaying": "inbound",
    "reseal": "rekey",
    "rung": "step, or position on the roster",
    "rungs": "steps",
    "she": "person",
    "shrinking": "backlog trend",
    "sounding": "voice sender",
    "spiteful": "the plain word",
    "standby": "fallback",
    "tally": "histogram",
    "teller": "prompt",
    "tellers": "prompts",
    "telling": "submissions",
    "victim": "server process",
    "victims": "server processes",
    "visit": "page request",
    "vitals": "health",
    "wallet": "tokens",
    "wish": "forget request",
    "wishes": "forget requests",
}
"""Words that stand for a thing no longer, and the word that does."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Named(NamedTuple):
    """A name of our own and where it stands."""

    name: str
    file: str
    line: int


def named(file: str, source: str) -> Iterator[Named]:
    """Names of a module: its own, those of its classes, of its public functions and of their public methods."""
    yield Named(Path(file).stem, file, 1)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and _is_public(node):
            yield Named(node.name, file, node.lineno)


def _is_public(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a name is looked at: every class, and functions but private ones and the sentences of tests."""
    return isinstance(node, ast.ClassDef) or not node.name.startswith(("_", "test_"))


def retired(found: Named) -> str:
    """The sentence about a name with a word that is no longer used; "" when it has none."""
    words = [word.lower() for word in _WORD.findall(found.name)]
    return "; ".join(
        f'{found.file}:{found.line}: "{found.name}": say {RETIRED[word]}' for word in words if word in RETIRED
    )


def classes(files: dict[str, str]) -> dict[str, list[str]]:
    """Names of classes with the files that define them, at the top of a module."""
    where = defaultdict(list)
    for file, source in files.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef):
                where[node.name].append(file)
    return where


def sources(room: str) -> dict[str, str]:
    """The modules of a room by their path, migrations apart: they are written once."""
    files = (path for path in (ROOT / room).rglob("*.py") if "migrations/data" not in path.as_posix())
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in sorted(files)}


@pytest.mark.parametrize("room", ROOMS)
def test_no_name_has_a_retired_word(room: str) -> None:
    """Whoever searches for the field's word finds the thing: nothing is called by its old word."""
    found = [retired(one) for file, source in sources(room).items() for one in named(file, source)]
    assert not (wrong := [sentence for sentence in found if sentence]), "\n".join(wrong)


@pytest.mark.parametrize("room", ROOMS)
def test_no_class_name_stands_twice_in_a_room(room: str) -> None:
    """A name of a class says which: no room has two of it."""
    twice = {name: files for name, files in classes(sources(room)).items() if len(files) > 1}
    assert not twice, twice


@pytest.mark.parametrize(
    ("file", "source", "says"),
    [
        ("bot/outlet.py", "", "outlet"),
        ("bot/a.py", "class Houses: ...\nclass OpenHouse: ...", "OpenHouse"),
        ("store/a.py", "async def hers(): ...", "hers"),
        ("store/a.py", "class Case:\n    def she_wrote(self): ...", "she_wrote"),
    ],
)
def test_a_planted_old_word_is_found(file: str, source: str, says: str) -> None:
    """In the name of a module, a class, a function, a method: each is told with its place and the word to say."""
    [sentence] = [said for said in map(retired, named(file, source)) if said]
    assert f'"{says}": say ' in sentence
    assert sentence.startswith(f"{file}:")


def test_a_planted_second_class_is_found() -> None:
    """Two files of one room with the same class are told."""
    planted = {"bot/a.py": "class Sent: ...", "bot/b.py": "class Sent: ...\nclass Kept: ..."}
    assert {name for name, files in classes(planted).items() if len(files) > 1} == {"Sent"}
