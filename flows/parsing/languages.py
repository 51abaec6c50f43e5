"""Parsing of languages: which spoken language a typed sentence names, "tiếng mông" or "em nghe tiếng Khmer". Pure."""

from __future__ import annotations

from collections.abc import Mapping

from content.cards.languages import Language
from flows.text.letters import fold, tidy

LONGEST = 100
"""Letters of a sentence that are looked at."""
LANGUAGE = "tieng"
"""The word before the name of a language; without tones."""
ANY = ("dan toc", "me de", "cua em", "que em")
"""What she may call her own language; without tones."""


def languages_named(languages: Mapping[str, Language], text: str) -> tuple[str, ...]:
    """Return the codes of the languages that are heard rather than read and that a sentence names, as a whole word.

    The longest name counts: "thái đen" is one language, "thái" are two.
    """
    words = f" {_words(text)} "
    heard = {code: one for code, one in languages.items() if one.status != "complete" and one.sound}
    found = {
        code: max((len(name) for name in _names(one) if _stands(name, words)), default=0) for code, one in heard.items()
    }
    longest = max(found.values(), default=0)
    return tuple(code for code, length in found.items() if length == longest > 0)


def own_language_named(text: str) -> bool:
    """Say whether a sentence speaks of her own language without its name."""
    words = f" {_words(text)} "
    return any(f" {LANGUAGE} {name} " in words for name in ANY)


def _stands(name: str, words: str) -> bool:
    return f" {LANGUAGE} {name} " in words or words == f" {name} "


def _names(language: Language) -> tuple[str, ...]:
    name = _words(language.name["vi"]).removeprefix(f"{LANGUAGE} ")
    return (name, *(_words(typed) for typed in language.typed))


def _words(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(tidy(text[:LONGEST]))).split())
