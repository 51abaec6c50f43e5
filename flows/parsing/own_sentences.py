"""Sentences of ours inside a message: what of it stands on our cards, and what she wrote herself around that. Pure.

A run of words is ours when it is made of whole sentences of ours, or is a piece of one of ten words and more, and long
enough that nobody writes it by chance; a shorter sentence when the message is that, as it is written, or when a few
words and a colon lead to it. What stands in one between quotation marks is for her to say: without the sentence around
it, it is hers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from flows.text.letters import fold, tidy

SHORTEST, QUOTED = 16, 12
"""Characters of a message from which it is looked through, and of a sentence that is known for ours by itself."""
LONG = ((6, 28), (8, 25))
"""Words and letters that a run must have to be ours: fewer words she may well have found herself."""
PIECE = 10
"""Words of a piece of a sentence that is known without the rest of it."""
BEGINS = 2
"""Words by which a sentence is looked up."""
A_WORD = 3
"""Letters of a word that is a sentence of ours: `Done.` Beside longer ones it is ours."""
HERS = frozenset(("goi", "call", "nghe", "nguoi", "vang", "yes"))
"""Single words that say something where she writes them beside ours."""
LEADING = 60
"""Characters in which words of hers lead to a sentence of ours: `chị đọc cái này nè: `."""
MOST_WORDS = 1200
HIDDEN = "\n"
"""What stands in a text for what may be anything."""

_LEADS = re.compile(r"[:\n“\"]")
_MARKS = ' \n:“”"'
"""What stands between words of hers and a sentence that they lead to, and around it."""
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|\{[^{}]*\}")
_END = re.compile(r"[.!?…:;]+(?=\s|$)|\n+")
_ENDED = re.compile(r"(?<=[.!?…:;])\s+|\n+")
_NUMBERED = re.compile(r"\d{1,2}\. ")
_WORD = re.compile(r"[^\W_]+")
_HEADER = re.compile(
    r"(?im)^[\s>|*-]*(?:(?:forwarded from|chuyển tiếp từ)[^\n]{0,60}\n"
    r"|(?:fwd?|fw|forwarded(?: message)?|tin nhắn chuyển tiếp|tin chuyển tiếp|chuyển tiếp)\s*:+)"
)
"""The first words of what is passed on, as phones and people write them."""

Words = tuple[str, ...]


class OwnSentences:
    """Every sentence of the given texts, in working order; what is HIDDEN in them may be anything.

    `labels` are those of answers, as they stand numbered below a question.
    """

    def __init__(self, texts: Iterable[str], labels: Iterable[str]) -> None:
        self._labels = frozenset(labels)
        self._alone: set[str] = set()
        self._sentences: dict[Words, set[Words]] = {}
        self._pieces: set[Words] = set()
        self._as_written: set[str] = set()
        self._fives: set[int] = set()
        for text in texts:
            self._as_written.update(one for one in (text, *_ENDED.split(text)) if len(one.split()) >= BEGINS)
            for typed in (text.lower(), fold(text)):
                self._fives.update(_fives(typed))
            for words in _sentences(_QUOTED.sub(_without_ends, text)):
                if len(words) >= BEGINS:
                    self._sentences.setdefault(words[:BEGINS], set()).add(words)
                elif len(words[0]) >= A_WORD and words[0] not in HERS:
                    self._alone.add(words[0])
            for words in _sentences(_QUOTED.sub(HIDDEN, text)):
                self._pieces.update(words[at : at + PIECE] for at in range(len(words) - PIECE + 1))
        self._quotable = frozenset(filter(_is_quotable, self._as_written))
        self._lengths = {
            begins: sorted({len(words) for words in known}, reverse=True) for begins, known in self._sentences.items()
        }

    def around(self, text: str) -> str | None:
        """Return what of a message stands around sentences of ours; None where none stands in it."""
        passed_on = (_HEADER.sub("", text) if ":" in text else text).strip()
        if self._stands_written(passed_on) or (len(text) >= SHORTEST and passed_on in self._as_written):
            return ""
        leads = _LEADS.search(text, 1, LEADING)
        if leads is not None and self._stands_written(text[leads.end() :].strip(_MARKS)):
            return self._leading(text[: leads.start()].strip())
        if len(text) < SHORTEST or not self._may_hold(text):
            return None
        ours = list(self._runs(_WORD.findall(fold(text))[:MOST_WORDS]))
        if not ours:
            return None
        typed, folded = _in_step(text)
        found = list(_WORD.finditer(folded))
        cut: list[str] = []
        at = 0
        for first, last in ours:
            cut.append(typed[at : found[first].start()])
            at = found[last - 1].end()
        return self._hers([*cut, typed[at:]])

    def _leading(self, text: str) -> str:
        """Return the words of hers that lead to a sentence of ours; "" where they are a sentence of ours too."""
        words = _WORD.findall(fold(text))
        return "" if list(self._runs(words)) == [(0, len(words))] else text

    def _stands_written(self, text: str) -> bool:
        """Say whether a text is one sentence of ours or several, letter for letter."""
        if text in self._quotable:
            return True
        first, *others = _ENDED.split(text, 1)
        known = bool(others) and first in self._as_written
        return known and all(map(self._as_written.__contains__, _ENDED.split(others[0])))

    def _hers(self, parts: Iterable[str]) -> str:
        """Return what is left of a message: what says something; numbers and numbered answers below ours are ours."""
        lines = map(str.strip, _HEADER.sub("", "\n".join(parts)).split("\n"))
        return "\n".join(line for line in lines if any(map(str.isalpha, line)) and not self._is_answer(line))

    def _is_answer(self, line: str) -> bool:
        numbered = _NUMBERED.match(line)
        return numbered is not None and line[numbered.end() :] in self._labels

    def _may_hold(self, text: str) -> bool:
        """Say whether five words of ours follow one another in a message: nearly always not."""
        if not (text.isascii() or unicodedata.is_normalized("NFC", text)):
            return True
        return not self._fives.isdisjoint(_fives(text.lower()))

    def _runs(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the first and the last place (behind) of each run of words that is ours."""
        first = last = 0
        for at in range(len(words)):
            length = self._known(words, at)
            if not length:
                continue
            if at > last and not all(map(str.isdecimal, words[last:at])):
                if _is_long(words[first:last]):
                    yield first, last
                first = at
            last = max(last, at + length)
        if _is_long(words[first:last]):
            yield first, last

    def _known(self, words: Sequence[str], at: int) -> int:
        """Return the length of the sentence or piece of ours that begins at a place; 0 for none."""
        begins = tuple(words[at : at + BEGINS])
        for length in self._lengths.get(begins, ()):
            if at + length <= len(words) and tuple(words[at : at + length]) in self._sentences[begins]:
                return length
        is_piece = at + PIECE <= len(words) and tuple(words[at : at + PIECE]) in self._pieces
        return PIECE if is_piece else int(words[at] in self._alone)


def _is_quotable(sentence: str) -> bool:
    """Say whether a sentence of ours is known by its letters and marks alone, however short; or a line of a number."""
    if sentence.startswith("📞"):
        return True
    return len(sentence) >= QUOTED and sentence[0].isupper() and sentence[-1] in ".!?…"


def _fives(text: str) -> Iterator[int]:
    """Return a mark of every five words that follow one another."""
    words = _WORD.findall(text)
    return map(hash, zip(words, words[1:], words[2:], words[3:], words[4:], strict=False))


def _is_long(words: Sequence[str]) -> bool:
    letters = sum(map(len, words))
    return any(len(words) >= most and letters >= least for most, least in LONG)


def _sentences(text: str) -> Iterator[Words]:
    """Yield the sentences of a text as words without marks."""
    for sentence in _END.split(text):
        words = tuple(_WORD.findall(fold(sentence)))
        if words:
            yield words


def _without_ends(quoted: re.Match[str]) -> str:
    """Return what is quoted as part of the sentence around it; a slot that was not filled in as nothing known."""
    return HIDDEN if quoted.group().startswith("{") else _END.sub(" ", quoted.group())


def _in_step(text: str) -> tuple[str, str]:
    """Return a text, and the same without marks letter for letter."""
    composed = unicodedata.normalize("NFC", text)
    folded = fold(composed)
    return (composed, folded) if len(composed) == len(folded) else (tidy(text), folded)
