"""Yes-or-no classifier of a phrase, with negation: `không nguy hiểm`, `không an toàn`, `dạ có ạ`.

A message is an answer only when every word of it is one of an answer (content/data/lexicon/answers.yaml); anything else
is left to the rules, so that no cry hides behind a word of denial. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flows.understanding.patterns import Masks
from flows.understanding.tokens import Spelling
from flows.understanding.vocabulary import MOST_KEPT, Found, Vocabulary, as_typed

LONGEST = 80
"""Letters of a message that may be an answer; a longer one is a story."""

BEGINNING = 400
"""Letters of a story that are read for how it begins."""

LETTERS = {
    **{"yes": "y", "aye": "a", "right": "r", "toneless": "t", "suffers": "s"},
    **{"no": "n", "no_toned": "n", "over": "o", "past": "o", "denied": "N"},
    **{"danger": "d", "safe": "S", "nothing": "g", "known": "k", "maybe": "m", "where": "w"},
    **{"able": "b", "degree": "x", "filler": "f", "other": "?"},
    **{"agreed": "y", "refused": "n"},
}
"""A letter for each group of words, so that a clause is a short text which the table below reads."""

EXACT_ONLY = frozenset({"denied", "right", "past", "no_toned"})
"""Groups that count only when typed with their tones: `co dau` may be pain, `dung` may be stop (safety rule 17)."""

OF_DANGER = frozenset({"suffers", "over", "past", "danger", "safe"})
"""Groups that answer the danger question and no other."""

OF_OFFERS = frozenset({"agreed", "refused"})
"""Groups that answer "shall we?" and no other question: `được` and `thôi` say nothing of what is."""

READ = tuple(
    (re.compile(found), meant)
    for found, meant in (
        ("[no][xysgrb]*[xb][xysgrb]*f+[xs]*[dS]", "?"),  # "không thấy em an toàn": nobody guesses what is denied
        ("n[xysw]*g[xysg]*S", "?"),  # "không có gì an toàn", "không sao an toàn"
        ("[no][xysgrb]*d", "N"),
        ("[no][xysrb]*S[fxwg]*", "Y"),
        ("S[fx]*[gw]", "?"),  # "an toàn gì", "ổn đâu"
        ("n[xysw]*[km]", "U"),
        ("m[fx]*[yds]", "U"),
        ("U[^?]*", "U"),  # "không biết có nguy hiểm không"
        ("o[xy]*s", "N"),
        ("n[xysrw]*g", "N"),
        ("[ydSYr][fxsgw]*n", "?"),  # "có nguy hiểm không" asks back
        ("n[xysrw]*", "N"),
        ("[ys]*x*S", "N"),
        ("d", "Y"),
        ("N[fxgwo]+", "N"),
        ("Y[fxo]+", "Y"),
        ("[fx]", ""),
    )
)
"""What stands in a clause, and what it says: Y danger, N none, U not known, ? no answer. Read from the top."""

ASKING = frozenset(("gì", "gi", "sao", "nào", "nao", "đâu", "ai", "mấy", "nhiêu", "nhieu"))
ASKING_LAST = frozenset(("không", "khong", "ko", "k", "hông", "hong", "chưa", "chua"))
"""Words of a question, and words that make one at the end of a sentence."""

_WELL = re.compile(r"^(?P<no>n[ysg]*(?=f))?f*Sf*$")
"""That she is well, behind a denial or in a clause of its own: "không ạ em ổn" says no to any question."""
_CLAUSE = re.compile(r"[,.;:!…\n]+|\s[–-]\s")


class AnswerParser:
    """The words of answers in working order; their vocabulary is their own, no rule is touched by it."""

    def __init__(self, answers: Mapping[str, tuple[str, ...]], spelling: Spelling) -> None:
        self._vocabulary = Vocabulary(answers)
        self._groups = {self._vocabulary.group(f"<{name}>"): name for name in answers if name in LETTERS}
        self._spelling = spelling
        self._kept: dict[str, tuple[Found, ...]] = {}

    def answer(self, text: str, *, about_danger: bool, offered: bool = False) -> str:
        """Return "yes", "no", "unsure" or "" for what is no answer.

        `about_danger`: to "are you in danger now?"; `offered`: to "shall we?".
        """
        if len(text) > LONGEST or "?" in text:
            return ""
        left_out = _left_out(about_danger=about_danger, offered=offered)
        clauses = []
        for clause in _CLAUSE.split(text):
            tokens = self._tokens(clause, through=False)
            if not all(token.words for token in tokens):
                return ""
            clauses.append("".join(letter for letter, _ in self._letters(tokens, left_out)))
        if not about_danger:
            clauses = [_WELL.sub(r"\g<no>", clause).replace("S", "?") for clause in clauses]
        return _said("".join(_read(clause) for clause in clauses))

    def begins_with_yes(self, text: str) -> str:
        """Return how a story begins that answers the danger question: "said_yes", "maybe_yes" or "".

        "Có ạ, chồng em ở nhà" and "không an toàn, nó sắp về" say yes and go on; "có chồng em ở nhà" may.
        """
        clauses = [clause for clause in _CLAUSE.split(text[:BEGINNING]) if clause.strip()]
        if not clauses or "?" in text:
            return ""
        told = list(self._letters(self._tokens(clauses[0], through=True), OF_OFFERS))
        begun = "".join(letter for letter, _ in told).partition("?")[0]
        strange = self._spelling.words(clauses[0])[sum(length for _, length in told[: len(begun)]) :]
        read = set(_read(begun))
        if not strange and len(clauses) > 1 and read & set("Yyr") and not read & set("NU?"):
            return "said_yes"
        if not strange or _asks(strange):
            return ""
        if "Y" in read or (read & set("yr") and begun.endswith("f")):
            return "said_yes"
        return "maybe_yes" if read == {"y"} else ""

    def _tokens(self, clause: str, *, through: bool) -> list[Found]:
        """Return what each word may be in an answer; not `through`, the first that is in none is the last."""
        tokens: list[Found] = []
        for word in self._spelling.words(clause):
            found = self._found(word)
            tokens += found
            if not through and not all(token.words for token in found):
                break
        return tokens

    def _found(self, word: str) -> tuple[Found, ...]:
        """Return what a word may be; one that stands in answers is remembered: it tells nothing of anybody."""
        known = self._kept.get(word)
        if known is None:
            known = tuple(map(self._vocabulary.find, self._spelling.tokens(word)))
            if len(self._kept) < MOST_KEPT and all(token.words for token in known):
                self._kept[word] = known
        return known

    def _letters(self, tokens: list[Found], left_out: frozenset[str]) -> Iterator[tuple[str, int]]:
        """Yield the letter of each word, or of the longest phrase that begins with it, and its number of words."""
        weak, exact = self._vocabulary.masks(tokens), self._vocabulary.masks(as_typed(tokens))
        names = [
            (number, group, name)
            for number, (group, name) in enumerate(self._groups.items())
            if group in weak.present and name not in left_out
        ]
        place = 0
        while place < len(tokens):
            found = [
                (_length(masks, group, place), masks is exact, -number, LETTERS[name])
                for number, group, name in names
                for masks in ((exact,) if name in EXACT_ONLY else (exact, weak))
            ]
            length, _, _, letter = max(found, default=(0, False, 0, ""))
            yield (letter, length) if length else ("?", 1)
            place += length or 1


def _left_out(*, about_danger: bool, offered: bool) -> frozenset[str]:
    """Return the groups of words that do not answer such a question; that she is well is read out of any answer."""
    return (frozenset() if about_danger else OF_DANGER - {"safe"}) | (frozenset() if offered else OF_OFFERS)


def asks(text: str) -> bool:
    """Say whether a message is a question: a sign, a word of one, or its end."""
    words = re.findall(r"\w+", text.lower())
    return "?" in text or (bool(words) and _asks(words))


def _asks(words: list[str]) -> bool:
    """Say whether words have one of a question among them, or end like a question."""
    return bool(ASKING & set(words)) or words[-1] in ASKING_LAST


def _length(masks: Masks, group: int, place: int) -> int:
    """Return how many words the longest phrase of a group has that begins at a place; 0 when none does."""
    long = (words for words, mask in masks.longer.get(group, {}).items() if mask >> place & 1)
    return max(long, default=masks.ones.get(group, 0) >> place & 1)


def _read(letters: str) -> str:
    for pattern, meant in READ:
        letters = pattern.sub(meant, letters)
    return letters


def _said(read: str) -> str:
    """Return what all clauses together say; danger before doubt before denial, and no denial beside a plain yes."""
    if not set(read) <= set("YNUyarst"):
        return ""
    plain = bool(set(read) & set("yr"))
    if "t" in read and ("N" in read or not set(read) & set("yar")):
        return ""
    if "Y" in read:
        return "yes"
    if "U" in read:
        return "unsure"
    if "N" in read:
        return "" if plain else "no"
    return "yes" if plain or set(read) & set("as") else ""
