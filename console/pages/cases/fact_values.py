"""What is known of a person, as the page of her case names it."""

from __future__ import annotations

from typing import Any

import msgspec

from console.labels import general as labels
from console.web.request import PageRequest
from content.cards.languages import BASE
from content.cards.shelves import text_of
from content.directory.children import UNDER_16
from content.library import Library
from store.casework.reading import CaseView
from store.corrections.facts import LANG

OF_OTHER_FACTS = frozenset({"abroad", UNDER_16, "lang"})
"""Marks that stand in the place, the age or the language."""


class KnownFacts(msgspec.Struct, frozen=True):
    """Facts in words: her commune, her age (a code), her language, the marks."""

    commune: str
    age: str
    language: str
    marks: list[str]


def fact_values(page: PageRequest, view: CaseView) -> dict[str, Any]:
    """What the templates of the facts need beside the row of the case."""
    library, l10n, flags = page.console.library, page.l10n, view.row.flags
    languages = language_names(library, l10n.lang)
    lang = language_of(flags)
    marks = [flag for flag in flags if flag not in OF_OTHER_FACTS and not flag.startswith(LANG)]
    known = KnownFacts(
        commune_name(library, view.commune),
        view.age,
        languages.get(lang, lang),
        [l10n.name(labels.FLAGS, flag) for flag in marks],
    )
    return {"known": known, "language_names": languages}


def language_of(flags: tuple[str, ...] | list[str]) -> str:
    """The language that a case is marked with; the base language where it is not."""
    return next((flag.removeprefix(LANG) for flag in flags if flag.startswith(LANG)), BASE)


def language_names(library: Library, lang: str) -> dict[str, str]:
    """Every language by its code, as it is called in the reader's language."""
    return {code: text_of(one.name, lang) for code, one in library.languages.items()}


def commune_name(library: Library, commune: str) -> str:
    """The name of a commune by its area code; "" for none."""
    found = library.areas.named(commune.rpartition("-")[2]) if commune else None
    return found.name if found else ""
