"""Check of the harmless things: each can be a word of her own in every language, and no two are read as one."""

from __future__ import annotations

from collections.abc import Iterator

from content.cards.harmless_things import FILE
from content.findings import Finding
from content.library import Library
from flows.parsing.code_words import folded, usable

FEWEST = 64
"""Things from which each account's list is drawn: fewer are soon tried one after another."""


def thing_findings(library: Library) -> Iterator[Finding]:
    """Yield a list that is too short, a name that means something else to us, and two names that are typed alike."""
    names = library.things.names
    if len(names) < FEWEST:
        yield Finding(FILE, 1, f"there are {len(names)} harmless things", f"list {FEWEST} or more under `names:`")
    seen: dict[str, str] = {}
    for thing, called in names.items():
        for name in called.values():
            if not usable(name, library.lexicon):
                yield Finding(FILE, 1, f'"{name}" means something else or is too short', "take another thing")
            other = seen.setdefault(folded(name), thing)
            if other != thing:
                yield Finding(FILE, 1, f'"{name}" is typed like the name of "{other}"', "take another thing")
