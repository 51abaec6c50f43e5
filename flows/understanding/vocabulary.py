"""Vocabulary lookup: every word and phrase of the lexicon in a message, with how sure the spelling makes it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from flows.text.letters import tidy
from flows.understanding.patterns import Longer, Masks, ones_of
from flows.understanding.readings import Reading, reading

EXACT, WEAK = 2, 1
"""A word typed as it is written; a word typed without some of its marks or tones."""

MOST_KEPT = 10_000
"""Different sets of words that one word of a message may be, which are made once."""

Follow = dict[int, list[tuple[tuple[int, ...], int]]]
"""What a phrase may go on with: the second word, the rest, and the group the phrase is in."""


class Found(msgspec.Struct, frozen=True):
    """What one word of a message may be: word ids, each EXACT or WEAK, the groups they are in, what may `follow` them.

    `as_typed` is what is left where a word counts only as it is written: `cho` is not `chở`, `dân` is not `dần`. None
    when there is nothing to leave out.
    """

    words: dict[int, int] = {}
    groups: frozenset[int] = frozenset()
    follow: Follow = {}
    as_typed: Found | None = None


NOTHING_KNOWN = Found()


class Vocabulary:
    """Groups (named sets and single pattern words), the phrases in them and the words of the phrases."""

    def __init__(self, sets: Mapping[str, tuple[str, ...]]) -> None:
        self._sets = sets
        self._word_ids: dict[Reading, int] = {}
        self._by_letters: dict[str, list[tuple[Reading, int]]] = defaultdict(list)
        self._groups: dict[str, int] = {}
        self._members: dict[int, list[tuple[int, ...]]] = {}
        self._uses: Counter[int] = Counter()
        self._singles: dict[int, list[int]] = defaultdict(list)
        self._phrases: dict[int, Follow] = defaultdict(dict)
        self._kept: dict[tuple[frozenset[tuple[int, int]], bool], Found] = {}

    def group(self, name: str) -> int:
        """Return the id of `<set>` or of a word (`_` joins a phrase); raises KeyError for an unknown set."""
        known = self._groups.get(name)
        if known is None:
            known = self._groups[name] = len(self._groups)
            self._kept.clear()  # what was found before knows nothing of it
            members = self._sets[name[1:-1]] if name.startswith("<") and name.endswith(">") else (name,)
            self._members[known] = [self._enter(known, member.replace("_", " ").split()) for member in members]
        return known

    def weight(self, group: int) -> int:
        """Return how often a group may be expected: what the rules use often is said often."""
        return sum(min(self._uses[word] for word in member) for member in self._members[group])

    @property
    def uses(self) -> Mapping[Reading, int]:
        """Return every known word taken apart, with how many words and phrases of the rules it stands in."""
        return {word: self._uses[known] for word, known in self._word_ids.items()}

    def _enter(self, group: int, words: list[str]) -> tuple[int, ...]:
        ids = tuple(self._word(word) for word in words)
        self._uses.update(ids)
        if len(ids) == 1:
            self._singles[ids[0]].append(group)
        else:
            self._phrases[ids[0]].setdefault(ids[1], []).append((ids[2:], group))
        return ids

    def _word(self, word: str) -> int:
        parts = reading(tidy(word))
        known = self._word_ids.get(parts)
        if known is None:
            known = self._word_ids[parts] = len(self._word_ids)
            self._by_letters[parts[0]].append((parts, known))
        return known

    def find(self, readings: Iterable[Reading]) -> Found:
        """Return the known words one token may be."""
        found: dict[int, int] = {}
        for typed in readings:
            for word, word_id in self._by_letters.get(typed[0], ()):
                sureness = EXACT if word == typed else WEAK if _may_be(typed, word) else 0
                if sureness > found.get(word_id, 0):
                    found[word_id] = sureness
        return self._known(found) if found else NOTHING_KNOWN

    def widened(self, found: Found, perhaps: Iterable[Reading]) -> Found:
        """Return what one token may be when it may also be any of `perhaps`, which are all WEAK."""
        more = {word: WEAK for other in perhaps for word in self.find((other,)).words}
        return self._known({**more, **found.words}) if more else found

    def _known(self, found: dict[int, int]) -> Found:
        exact = {word: sure for word, sure in found.items() if sure == EXACT}
        if len(exact) == len(found):
            return self._found(found)
        return self._found(found, self._found(exact) if exact else NOTHING_KNOWN)

    def _found(self, words: dict[int, int], as_typed: Found | None = None) -> Found:
        """Return the words with all that is looked up by them; the same words share one."""
        key = frozenset(words.items()), as_typed is not None
        known = self._kept.get(key)
        if known is None:
            known = self._made(words, as_typed)
            if len(self._kept) < MOST_KEPT:
                self._kept[key] = known
        return known

    def _made(self, words: dict[int, int], as_typed: Found | None) -> Found:
        groups = frozenset(group for word in words for group in self._singles.get(word, ()))
        phrases = [self._phrases[word] for word in words if word in self._phrases]
        return Found(words, groups, phrases[0] if len(phrases) == 1 else _together(phrases), as_typed)

    def masks(self, tokens: Sequence[Found]) -> Masks:
        """Return where each group starts."""
        longer: Longer = {}
        for place, (token, following) in enumerate(pairwise(tokens)):
            if not token.follow:
                continue
            for word in following.words:
                for rest, group in token.follow.get(word, ()):
                    if not rest or _follows(tokens, place + 2, rest):
                        lengths = longer.setdefault(group, {})
                        lengths[len(rest) + 2] = lengths.get(len(rest) + 2, 0) | 1 << place
        return Masks(ones_of([token.groups for token in tokens]), longer)


def as_typed(tokens: Iterable[Found]) -> list[Found]:
    """Return the words of a message that are EXACT alone."""
    return [token if token.as_typed is None else token.as_typed for token in tokens]


def _together(phrases: Iterable[Follow]) -> Follow:
    together: Follow = {}
    for follow in phrases:
        for second, rests in follow.items():
            together[second] = together.get(second, []) + rests
    return together


def _may_be(typed: Reading, word: Reading) -> bool:
    """Say whether `typed` is `word` with some marks or the tone left out."""
    if typed[2] not in ("", word[2]):
        return False
    if not typed[1]:
        return True
    return len(word[1]) == len(typed[1]) and all(a in (".", b) for a, b in zip(typed[1], word[1], strict=True))


def _follows(tokens: Sequence[Found], place: int, rest: tuple[int, ...]) -> bool:
    """Say whether the words `rest` stand at `place`."""
    if place + len(rest) > len(tokens):
        return False
    return all([word in tokens[place + step].words for step, word in enumerate(rest)])
