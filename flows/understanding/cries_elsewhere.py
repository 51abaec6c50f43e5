"""Recognition of cries of neighbour languages, in their own script or in Latin letters; no weight has a say in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from content.lexicon.cries import CryLanguage
from flows.text.letters import compatible, fold
from flows.understanding.meaning import Meaning, Reaction

LEVEL = 3
"""The level of every cry of the table."""

LONGEST = 6000
"""Characters of a message that are looked at."""

_OTHER = re.compile(r"[^\W\d_\x00-\u024f\u1e00-\u1eff]")
_BETWEEN = re.compile(
    "[\\s!-/:-@\\[-`{-~\u00a0-\u00bf\u064b-\u0652\u0e48-\u0e4b\u0ec8-\u0ecb\u200b-\u206f\u3000-\u303f]+"
)
"""What may stand between the letters of a cry, or be left out: spaces, signs, tones of Thai and Lao, Arabic vowels."""
_WORD = re.compile(r"[a-z]+")
_HAS_ALIKE = re.compile("[\u0400-\u06ff]")
_ALIKE = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ё": "е"})

Found = tuple[str, Meaning]
"""A phrase as it is compared, and what it means for us."""


class CriesElsewhere:
    """The table in working order: phrases of a script are looked for anywhere, those in Latin letters word by word."""

    def __init__(self, languages: Iterable[CryLanguage]) -> None:
        self._scripts: list[Found] = []
        self._latin: dict[str, list[Found]] = {}
        for language in languages:
            self._enter(language.lang, language.raises, "raise")
            self._enter(language.lang, language.asks, "ask")
        self._scripts.sort(key=lambda found: found[1].action == "ask")

    def _enter(self, lang: str, phrases: Mapping[str, str], action: Reaction) -> None:
        meaning = Meaning(LEVEL, action, "HELP", rule=f"cry.{lang}", numbers=action == "ask")
        for phrase in phrases:
            if _OTHER.search(phrase):
                self._scripts.append((closed_up(phrase), meaning))
            else:
                words = _WORD.findall(fold(phrase))
                self._latin.setdefault(words[0], []).append((f" {' '.join(words)} ", meaning))

    def meaning(self, text: str) -> Meaning | None:
        """Return what a cry of another language in a text means, an unmistakable one first; None without any."""
        looked_at = text[:LONGEST]
        if not looked_at.isascii() and _OTHER.search(looked_at):
            closed = closed_up(looked_at)
            found = next((meaning for phrase, meaning in self._scripts if phrase in closed), None)
            if found is not None:
                return found
        return self._in_latin(looked_at)

    def _in_latin(self, text: str) -> Meaning | None:
        if self._latin.keys().isdisjoint(text.lower().split()):  # nearly every message
            return None
        words = _WORD.findall(fold(text))
        firsts = self._latin.keys() & words
        said = f" {' '.join(words)} "
        met = [meaning for first in firsts for phrase, meaning in self._latin[first] if phrase in said]
        return min(met, key=lambda meaning: meaning.action == "ask", default=None)


def closed_up(text: str) -> str:
    """Return the letters of a text as they are compared: without spaces, signs and marks that are often left out."""
    plain = compatible(text, LONGEST).lower()
    return _BETWEEN.sub("", plain.translate(_ALIKE) if _HAS_ALIKE.search(plain) else plain)
