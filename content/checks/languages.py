"""Check of languages: whether each can keep what its entry promises (fallbacks, status, reviews)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.languages import FILE, Language
from content.findings import Finding

if TYPE_CHECKING:
    from content.library import Library


def language_findings(library: Library) -> Iterator[Finding]:
    """Yield a fallback nobody has, a language whose status its texts belie, and a text shown before its reviews."""
    written = {lang for versions in library.cards.values() for lang in versions}
    for language in library.languages.values():
        for other in language.fallback:
            if other not in library.languages:
                yield _of(
                    language, f'"{language.id}" falls back to an unknown "{other}"', "name a language of this file"
                )
        if language.status == "no text yet" and language.id in written:
            yield _of(language, f'"{language.id}" has cards but its status is "no text yet"', 'write status: "open"')
    yield from _unreviewed(library)


def _unreviewed(library: Library) -> Iterator[Finding]:
    for versions in library.cards.values():
        for lang, card in versions.items():
            language = library.languages.get(lang)
            wanted = language.reviewers if language is not None else 0
            if card.status == "approved" and len(set(card.approved_by)) < wanted:
                message = (
                    f'the card "{card.id}" ({lang}) is approved by {len(set(card.approved_by))} of {wanted} people'
                )
                yield Finding(card.file, card.line, message, "add approved_by: the roles or names of those who agreed")


def _of(language: Language, message: str, remedy: str) -> Finding:
    return Finding(FILE, language.line, message, remedy)
