"""Words written without the spaces between them, taken apart into syllables, most of which are known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

from flows.text.letters import NONE, bare, marks, tones
from flows.understanding.readings import Reading
from flows.understanding.telex import ENDINGS, INITIALS, VOWELS, is_syllable

SHORTEST, LONGEST = 5, 160
LONGEST_SYLLABLE = 7
FOREIGN = 4
"""Letters from which on a known word that is no syllable is looked for too: campuchia, myawaddy."""

UNKNOWN = 16
"""What a syllable that no rule knows costs: four letters of it are worth nothing."""

SELDOM = 5
"""Uses of a word in the rules up to which it is a rare one."""

MOSTLY = 0.55
"""Share of the letters that must be in known words: else it is a name, or no Vietnamese."""

SENTENCE = 12
"""Letters below which every piece must be known."""

_CLOSED = ("a", "e", "i", "o", "u", "y", "oa", "oe", "ua", "ue", "uy", "ie", "ye", "uo", "uye")
"""Vowels that may have an ending; all others stand open."""

_OPEN = tuple(vowels for vowels in VOWELS if vowels not in ("ie", "ye"))
_STOPS = ("c", "ch", "p", "t")


Step = tuple[float, int] | None


class Joined:
    """The syllables of Vietnamese, and which of them are known words."""

    def __init__(self, known: Mapping[Reading, int]) -> None:
        """Take whatever the rules know, syllables and long words of other languages, with how much each is used."""
        uses = Counter({("e", "", ""): 1} | {word: used for word, used in known.items() if is_syllable(word[0])})
        self._words = {word: _score(word[0], used) for word, used in uses.items()}
        by_letters: Counter[str] = Counter()
        for (letters, _, _), used in uses.items():
            by_letters[letters] += used
        rimes = [*_OPEN, *map("".join, product(_CLOSED, ENDINGS))]
        shapes = {onset + rime for onset, rime in product(("", *INITIALS), rimes) if onset or len(rime) > 1}
        self._known = {letters: _score(letters, used) for letters, used in by_letters.items()}
        self._scores = {shape: len(shape) ** 2 - UNKNOWN for shape in shapes} | self._known
        self._foreign: dict[str, list[str]] = defaultdict(list)
        for letters, _, _ in known:
            if len(letters) >= FOREIGN and letters.isalpha() and not is_syllable(letters):
                self._foreign[letters[:FOREIGN]].append(letters)

    def apart(self, word: str) -> tuple[str, ...]:
        """Return the pieces of `word` with their marks, or nothing; the fewest and longest pieces win."""
        letters = bare(word)
        if not SHORTEST <= len(letters) <= LONGEST or not letters.isalpha():
            return ()
        best = self._best(letters, "" if word.isascii() else marks(word), "" if word.isascii() else tones(word))
        cuts = list(_back(best))[::-1] if best[-1] is not None else []
        known = sum(end - start for start, end in cuts if self._is_known(letters[start:end]))
        enough = MOSTLY * len(letters) if len(letters) >= SENTENCE else len(letters)
        return tuple(word[start:end] for start, end in cuts) if cuts and known >= enough else ()

    def _best(self, letters: str, signs: str, toned: str) -> list[Step]:
        """Return for each place the best way to it: its score, and where its last piece starts."""
        best: list[Step] = [(0, 0)] + [None] * len(letters)
        for start in range(len(letters)):
            reached = best[start]
            if reached is None:
                continue
            for end, score in self._steps(letters, signs, toned, start):
                known = best[end]
                if known is None or reached[0] + score > known[0]:
                    best[end] = (reached[0] + score, start)
        return best

    def _steps(self, letters: str, signs: str, toned: str, start: int) -> Iterator[tuple[int, float]]:
        """Yield where a piece that starts here may end, with its score."""
        for end in range(start + 1, min(start + LONGEST_SYLLABLE, len(letters)) + 1):
            score = self._scores.get(letters[start:end])
            if score is None:
                continue
            if toned:
                tone = toned[start:end].replace(NONE, "")
                if len(tone) > 1:
                    break
                score = self._as_typed(letters[start:end], signs[start:end], tone)
            yield end, score
        for word in self._foreign.get(letters[start : start + FOREIGN], ()):
            if letters.startswith(word, start):
                yield start + len(word), len(word) ** 2

    def _as_typed(self, piece: str, signs: str, tone: str) -> float:
        """Return the score of a piece of a toned word: it is known with its own tone only."""
        if tone not in ("s", "j") and piece.endswith(_STOPS):
            return -UNKNOWN * len(piece)
        known = self._words.get((piece, signs if signs.strip(NONE) else "", tone))
        return len(piece) ** 2 - UNKNOWN if known is None else known

    def _is_known(self, piece: str) -> bool:
        return piece in self._known or len(piece) > LONGEST_SYLLABLE or piece[:FOREIGN] in self._foreign


def _score(letters: str, used: int) -> float:
    """Return the score of a known word: longer ones first, and of two ways through the words that are used most."""
    return len(letters) ** 2 - SELDOM / (used + SELDOM) * 2


def _back(best: list[Step]) -> Iterator[tuple[int, int]]:
    end = len(best) - 1
    while end:
        step = best[end]
        start = step[1] if step is not None else 0
        yield start, end
        end = start
