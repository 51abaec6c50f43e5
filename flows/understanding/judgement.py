"""Compile the lexicon once and judge messages with it: every rule that holds, then the one meaning to act on."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from content.lexicon_data import LexiconData, Rule
from content.patterns import PatternError
from flows.understanding.fold import bare, tidy
from flows.understanding.leaning import Leaning
from flows.understanding.meaning import NOTHING, Action, Meaning
from flows.understanding.patterns import Masks, Pattern, compile_pattern, ends
from flows.understanding.suspicion import Sign, Suspicion, sign_of
from flows.understanding.telex import is_syllable
from flows.understanding.vocabulary import EXACT, NOTHING_KNOWN, WEAK, Found, Vocabulary
from flows.understanding.words import Spelling

ARTICLE = 300
"""Longer messages may be an article somebody passed on: danger in them is asked about, not believed at once."""

SIGNS = 40
"""Characters of a message that may be nothing but a sign."""

SAYS_SOMETHING = 3
"""Words from which a message is weighed: a name, a code word or a short answer means what a rule says, or nothing."""

SYLLABLES_KEPT = 20_000
MOST_STRANGE = 200
"""Words of a message that are looked at closely though they are not remembered syllables."""

Word = tuple[Found, Sign]
"""What a word may be in the vocabulary of the rules, and how it is weighed."""

NO_WORD: tuple[Word, ...] = ((NOTHING_KNOWN, Sign("")),)
CRY = 3
BELIEVED = 2
"""The level from which a rule is acted on."""
STORY = "<story>"
ME = "<me>"


class _Compiled(msgspec.Struct, frozen=True):
    rank: int
    rule: Rule
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]


class _Hit(msgspec.Struct, frozen=True):
    rank: int
    level: int
    action: Action
    rule: Rule


SUSPICION = _Hit(
    10_000,
    CRY,
    "ask",
    Rule(id="suspicion", level=CRY, intent="HELP", action="ask", net=True, any=("<many small signs>",)),
)


class Understanding:
    """The lexicon in working order. Pure: the same text gives the same meaning."""

    def __init__(self, lexicon: LexiconData) -> None:
        self._vocabulary = Vocabulary(lexicon.sets)
        self._sets = frozenset(lexicon.sets)
        self._rules = [self._compile(rank, rule) for rank, rule in enumerate(lexicon.rules)]
        self._story, self._me = self._vocabulary.group(STORY), self._vocabulary.group(ME)
        by_id = {rule.id: rule for rule in lexicon.rules}
        self._whole = {sign: _meaning_of(by_id[name]) for sign, name in lexicon.whole.items()}
        self._rules_by_group = self._index()
        self._innocent = self._by_rarest(lexicon.innocent)
        self._innocent_toned = self._by_rarest(lexicon.innocent_toned)
        self._told = self._by_rarest(lexicon.told)
        self._untold = self._by_rarest(lexicon.untold)
        self._asking = self._by_rarest(lexicon.asking)
        names = {f"<{name}>" for name in lexicon.sets}
        groups = {name: self._vocabulary.group(name) for name in sorted(names)}
        self._suspicion = Suspicion(lexicon.suspicion, groups)
        self._leaning = Leaning(lexicon.leanings)
        self._enough, self._doubt = lexicon.enough, lexicon.doubt
        self._syllables: dict[str, tuple[Word, ...]] = {}
        self._spelling = Spelling(lexicon.shorthand, lexicon.emoji, self._vocabulary.letters)

    def meaning(self, text: str) -> Meaning:
        """Return what `text`, as typed, means."""
        whole = self._whole.get(tidy(text[:SIGNS]).strip())
        if whole is not None:
            return whole
        typed = self._spelling.words(text)
        words = self._read(typed)
        evidence = self._evidence([found for found, _ in words])
        masks = evidence.masks
        hits = self._hits(evidence)
        parts = list(self._suspicion.parts([sign for _, sign in words], masks))
        weight = self._suspicion.weigh(parts)
        last = len(words)
        if self._is_told(evidence):
            hits = _as_told(hits)
        elif (
            len(words) >= SAYS_SOMETHING
            and weight >= self._enough
            and all(hit.level < CRY and not hit.rule.command for hit in hits)
        ):
            hits.append(SUSPICION)
        elif _any(self._asking, masks, last):
            hits = _as_asked(hits)
        doubtful = sum(map(len, typed)) + len(typed) > ARTICLE or (
            weight <= self._doubt and not _any(self._untold, masks, last)
        )
        meaning = _decide(hits, doubtful=doubtful) if hits else NOTHING
        sure = meaning.action == "raise" or meaning.command or (hits and meaning.action == "calm" and not meaning.topic)
        return meaning if sure or last < SAYS_SOMETHING else self._leant(meaning, parts[0])

    def _leant(self, meaning: Meaning, features: list[str]) -> Meaning:
        """Return a meaning with the topic that its words lean to, where no rule is sure of another."""
        topic = self._leaning.topic(features, meaning.topic)
        return meaning if topic == meaning.topic else msgspec.structs.replace(meaning, topic=topic)

    def is_met(self, pattern: str, text: str) -> bool:
        """Say whether a pattern that is no rule yet would hear a message. Raises PatternError."""
        try:
            compiled = self._pattern(pattern)
        except KeyError as unknown:
            raise PatternError(f"unknown set {unknown}") from unknown
        fresh = [
            self._vocabulary.find(readings)
            for word in self._spelling.words(text)
            for readings in self._spelling.tokens(word)
        ]
        return _Evidence(fresh, self._vocabulary).holds(compiled)

    def rules_met(self, text: str) -> frozenset[str]:
        """Return the ids of every rule that holds for a message, decisive or not."""
        words = self._read(self._spelling.words(text))
        met = frozenset(hit.rule.id for hit in self._hits(self._evidence([found for found, _ in words])))
        return met | {self.meaning(text).rule}

    def signs(self, text: str) -> list[list[str]]:
        """Return what is weighed of a message, part by part; what learning needs."""
        words = self._read(self._spelling.words(text))
        masks = self._evidence([found for found, _ in words]).masks
        return list(self._suspicion.parts([sign for _, sign in words], masks))

    def _is_told(self, evidence: _Evidence) -> bool:
        """Say whether a message is a tale: of a film, a lesson, the news, or of what is long over.

        Only words typed with their tones tell: `no bao` is rather what he said than a newspaper.
        """
        masks, last = evidence.masks, evidence.last
        if self._story in masks and self._me not in masks:
            return True
        if self._told.keys().isdisjoint(masks.groups()):
            return False
        return _any(self._told, evidence.exact, last) and not _any(self._untold, masks, last)

    def _read(self, words: list[str]) -> list[Word]:
        """Return what each word may be; only so many strange words of a message are worth mending."""
        tokens: list[Word] = []
        strange = 0
        for word in words:
            known = self._syllables.get(word)
            if known is None:
                strange += not is_syllable(bare(word))
                known = self._found(word) if strange <= MOST_STRANGE else NO_WORD
            tokens += known
        return tokens

    def _found(self, word: str) -> tuple[Word, ...]:
        """Return what a word may be. Single syllables are remembered: alone they tell nothing of anybody."""
        find = self._vocabulary.find
        known = tuple((find(readings), sign_of(readings)) for readings in self._spelling.tokens(word))
        if is_syllable(bare(word)) and len(self._syllables) < SYLLABLES_KEPT:
            self._syllables[word] = known
        return known

    def _compile(self, rank: int, rule: Rule) -> _Compiled:
        return _Compiled(rank, rule, tuple(map(self._pattern, rule.any)), tuple(map(self._pattern, rule.unless)))

    def _pattern(self, text: str) -> Pattern:
        return compile_pattern(text, self._vocabulary.group, self._sets)

    def _index(self) -> dict[int, list[tuple[_Compiled, Pattern]]]:
        index: dict[int, list[tuple[_Compiled, Pattern]]] = defaultdict(list)
        for compiled in self._rules:
            for pattern in compiled.patterns:
                for group in min(pattern.needs, key=self._members):
                    index[group].append((compiled, pattern))
        return dict(index)

    def _members(self, groups: tuple[int, ...]) -> int:
        return sum(self._vocabulary.size(group) for group in groups)

    def _by_rarest(self, texts: tuple[str, ...]) -> dict[int, list[Pattern]]:
        index: dict[int, list[Pattern]] = defaultdict(list)
        for pattern in map(self._pattern, texts):
            for group in min(pattern.needs, key=self._members):
                index[group].append(pattern)
        return dict(index)

    def _evidence(self, tokens: list[Found]) -> _Evidence:
        """Return the words as masks, every innocent phrase taken out."""
        evidence = _Evidence(tokens, self._vocabulary)
        taken = _covered(self._innocent, evidence.masks, len(tokens))
        if not self._innocent_toned.keys().isdisjoint(evidence.masks.groups()):
            taken |= _covered(self._innocent_toned, evidence.exact, len(tokens))
        return evidence.without(taken) if taken else evidence

    def _hits(self, evidence: _Evidence) -> list[_Hit]:
        """Return one hit for each rule that holds; one that rests on missing tones may only ask."""
        present = evidence.masks.present
        hits: dict[int, _Hit] = {}
        for group in evidence.masks.groups():
            for compiled, pattern in self._rules_by_group.get(group, ()):
                if not pattern.may_match(present):
                    continue
                known = hits.get(compiled.rank)
                if known is not None and known.action != "ask":
                    continue
                hit = evidence.judge(compiled, pattern)
                if hit is not None:
                    hits[compiled.rank] = hit
        return list(hits.values())


class _Evidence:
    """One message as masks; those of the words typed with all their tones are made only when a rule asks."""

    __slots__ = ("_exact", "_taken", "_tokens", "_vocabulary", "anywhere", "last", "masks")

    def __init__(self, tokens: list[Found], vocabulary: Vocabulary) -> None:
        self._tokens, self._vocabulary = tokens, vocabulary
        self._exact: Masks | None = None
        self._taken = 0
        self.masks = vocabulary.masks(tokens, WEAK)
        self.last = len(tokens)
        self.anywhere = (1 << (self.last + 1)) - 1

    @property
    def exact(self) -> Masks:
        """The masks of the words that were typed with all their tones."""
        if self._exact is None:
            masks = self._vocabulary.masks(self._tokens, EXACT)
            self._exact = masks.without(self._taken) if self._taken else masks
        return self._exact

    def without(self, taken: int) -> _Evidence:
        """Take the words (bits) `taken` out."""
        self._taken = taken
        self.masks = self.masks.without(taken)
        self._exact = None if self._exact is None else self._exact.without(taken)
        return self

    def judge(self, compiled: _Compiled, pattern: Pattern) -> _Hit | None:
        """Return the hit of one pattern of a rule, if it holds and nothing that excuses it is as sure."""
        if not ends(pattern, self.masks, self.anywhere, self.last):
            return None
        excuses = [other for other in compiled.unless if self._holds(other, self.masks)]
        if not excuses and compiled.rule.folded == "same":
            return _hit(compiled)
        sure = self._holds(pattern, self.exact)
        if excuses and (not sure or any(self._holds(other, self.exact) for other in excuses)):
            return None
        if compiled.rule.folded == "same" or sure:
            return _hit(compiled)
        return _hit(compiled, asks=True) if compiled.rule.folded == "ask" else None

    def holds(self, pattern: Pattern) -> bool:
        """Say whether a pattern matches anywhere, missing tones allowed."""
        return self._holds(pattern, self.masks)

    def _holds(self, pattern: Pattern, masks: Masks) -> bool:
        return bool(ends(pattern, masks, self.anywhere, self.last))


def _hit(compiled: _Compiled, asks: bool = False) -> _Hit:
    rule = compiled.rule
    return _Hit(compiled.rank, rule.level, "ask" if asks else _action(rule), rule)


def _action(rule: Rule) -> Action:
    return rule.action or ("raise" if rule.level >= BELIEVED else "calm")


def _meaning_of(rule: Rule) -> Meaning:
    return _decide([_Hit(0, rule.level, _action(rule), rule)], doubtful=False)


def _decide(hits: list[_Hit], *, doubtful: bool) -> Meaning:
    """Choose: believed danger first, then doubtful danger, then everything else; on a tie the earlier rule."""
    hits.sort(key=lambda hit: (-hit.level, hit.rank))
    best = hits[0]
    believed = next((hit for hit in hits if hit.action == "raise"), None)
    asked = next((hit for hit in hits if hit.action == "ask" and not (believed and hit.rule.net)), None)
    action: Action = "calm"
    if believed is not None and (asked is None or believed.level >= min(asked.level, CRY)):
        best, action = believed, "raise"
    elif asked is not None:
        best, action = asked, "ask"
    if doubtful and action == "raise" and best.level >= BELIEVED and not best.rule.command:
        action = "ask"
    topic = next((hit.rule.topic for hit in (*_calm(hits), *hits) if hit.rule.topic), None)
    command = next((hit.rule.command for hit in hits if hit.rule.command), None)
    return Meaning(best.level, action, best.rule.intent, topic, command, best.rule.id)


def _as_told(hits: list[_Hit]) -> list[_Hit]:
    """Return what is left of danger in a tale: what would be believed becomes a question, the rest is not hers."""
    return [_asked(hit) if hit.level >= CRY else hit for hit in hits if hit.level < BELIEVED or _is_cry(hit)]


def _as_asked(hits: list[_Hit]) -> list[_Hit]:
    """Return the hits of somebody who wants to know: harm that is no cry becomes a question."""
    return [_asked(hit) if hit.level == BELIEVED and hit.action == "raise" else hit for hit in hits]


def _is_cry(hit: _Hit) -> bool:
    return hit.level >= CRY and hit.action == "raise"


def _asked(hit: _Hit) -> _Hit:
    return msgspec.structs.replace(hit, action="ask")


def _any(index: dict[int, list[Pattern]], masks: Masks, last: int) -> bool:
    present, anywhere = masks.present, (1 << (last + 1)) - 1
    return any(
        pattern.may_match(present) and ends(pattern, masks, anywhere, last)
        for group in index.keys() & masks.groups()
        for pattern in index[group]
    )


def _calm(hits: list[_Hit]) -> list[_Hit]:
    return [hit for hit in hits if hit.action == "calm"]


def _covered(index: dict[int, list[Pattern]], masks: Masks, last: int) -> int:
    """Return the words (bits) that any pattern of an index covers."""
    present, covered = masks.present, 0
    for group in index.keys() & masks.groups():
        for pattern in index[group]:
            if pattern.may_match(present):
                covered |= _spans(pattern, masks, last)
    return covered


def _spans(pattern: Pattern, masks: Masks, last: int) -> int:
    """Return the words (bits) that a pattern covers."""
    covered = 0
    for start in range(last):
        reached = ends(pattern, masks, 1 << start, last)
        if reached:
            end = reached.bit_length() - 1
            covered |= (1 << end) - (1 << start)
    return covered
