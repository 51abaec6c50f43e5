"""The classifier: compiles the lexicon once; every rule that matches a message, then the one meaning to act on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import msgspec

from content.lexicon.model import LexiconData, Rule
from content.lexicon.patterns import PatternError
from flows.text.invitation_codes import is_code, without_codes
from flows.text.letters import fold, tidy
from flows.text.scripts import mostly_other
from flows.understanding.answering import AnswerParser
from flows.understanding.courtesy import only_thanks, phrases, repeated_sign, said_once, without_thanks
from flows.understanding.cries_elsewhere import CriesElsewhere
from flows.understanding.danger_weights import DangerWeights
from flows.understanding.decision import (
    CRY,
    HOLDER,
    SUSPICION,
    as_asked,
    as_general,
    as_suspected,
    as_told,
    asked_by_holder,
    asks_alone,
    decide,
    is_known,
    is_weighed,
    meaning_of,
)
from flows.understanding.meaning import NOTHING, Meaning
from flows.understanding.patterns import Pattern, PatternIndex, compile_pattern
from flows.understanding.readings import reading
from flows.understanding.rule_matches import CompiledRule, Evidence, RuleMatch, any_holds, covered
from flows.understanding.sound_classes import SoundClasses
from flows.understanding.syllables import Syllables, Word, WrittenMessage
from flows.understanding.tokens import Spelling
from flows.understanding.topic_weights import TopicWeights
from flows.understanding.vocabulary import Found, Vocabulary

ARTICLE = 300
"""Longer messages may be an article somebody passed on: danger in them is asked about, not believed at once."""

_ADDRESS = re.compile(r"(?i:https?://|www\.)[^\s,;/\x80-\U0010ffff]+\.[^\s,;\x80-\U0010ffff]+")
"""An address, which has a host with a dot: a headline in it is no cry and no order of hers; only what it is about
counts. A comma or a Vietnamese letter ends it: what she typed right behind it is hers."""

SIGNS = 40
"""Characters of a message that may be nothing but a sign."""

SAYS_SOMETHING = 3
"""Words from which a message is weighed: a name, a code word or a short answer means what a rule says, or nothing."""

TOO_FEW = 4
"""Words of a message in which a rule that is only weighed asks by itself: the other words say too little."""

EVEN = 0
"""The weight of a message that is as likely a cry as not, in hundredths of log-odds."""

LIKELY = 150
"""The weight from which what reads like a tale is hers all the same: `báo`, `đài` and `tivi` stand in cries too."""

TONED = 0.45
"""Share of the words with a mark or tone from which on a word without one is taken for itself."""

SYLLABLES_KEPT = 20_000
FEW, FEW_KEPT = 2, 5_000
"""Words of the messages whose meaning is remembered where they have one: `menu`, `xin chào`. A code word has none."""

STORY = "<story>"
ME = "<me>"

THANKS = "courtesy.thanks"
"""The rule of a message that thanks and says nothing else, whatever other words its thanks may be."""

HUMAN_TOPIC = "human"
"""A topic that no learnt weight names: she asks to be led to people, and only a rule knows her words for it."""


class Classifier:
    """The lexicon in working order. Pure: the same text gives the same meaning."""

    def __init__(self, lexicon: LexiconData) -> None:
        self._vocabulary = Vocabulary(lexicon.sets)
        self._expected = cache(self._vocabulary.weight)
        self._sets = frozenset(lexicon.sets)
        self._rules = self._compiled(lexicon.rules)
        self._story, self._me = self._vocabulary.group(STORY), self._vocabulary.group(ME)
        by_id = {rule.id: rule for rule in lexicon.rules}
        self._whole = {sign: meaning_of(by_id[name]) for sign, name in lexicon.whole.items()}
        self._ways = self._index()
        self._innocent = self._by_rarest(lexicon.innocent)
        self._innocent_toned = self._by_rarest(lexicon.innocent_toned)
        self._told = self._by_rarest(lexicon.told)
        self._untold = self._by_rarest(lexicon.untold)
        self._defining = self._by_rarest(lexicon.defining)
        self._general = self._by_rarest(lexicon.general)
        self._asking = self._by_rarest(lexicon.asking)
        names = {f"<{name}>" for name in lexicon.sets}
        groups = {name: self._vocabulary.group(name) for name in sorted(names)}
        self._suspicion = DangerWeights(lexicon.suspicion, groups)
        self._leaning = TopicWeights(lexicon.leanings)
        self._enough, self._enough_known, self._doubt = lexicon.enough, lexicon.enough_known, lexicon.doubt
        self._few: dict[str, Meaning] = {}
        # The weight of the message judged last, by a hash of its words: it is often asked for as well.
        self._weighed = 0, 0
        uses = self._vocabulary.uses
        classes = SoundClasses(uses.keys(), map(reading, lexicon.own_words), map(reading, lexicon.seldom_words))
        self.spelling = Spelling(lexicon.shorthand, lexicon.emoji, uses, classes)
        self._syllables = Syllables(self.spelling, self._vocabulary)
        self._thanks = phrases(lexicon.sets.get("thanks", ()))
        self._beside_thanks = frozenset(map(fold, lexicon.sets.get("beside_thanks", ())))
        self._thanked = meaning_of(by_id[THANKS]) if THANKS in by_id else NOTHING
        self._answering = AnswerParser(lexicon.answers, self.spelling)
        self._elsewhere = CriesElsewhere(lexicon.cries)

    def meaning(self, text: str) -> Meaning:
        """Return what `text`, as typed, means; in whatever language a cry in it is."""
        own, elsewhere = self._in_our_languages(text), self._elsewhere.meaning(text)
        if own.doubted and mostly_other(text):  # the weights know nothing of such words
            own = msgspec.structs.replace(own, action="raise", doubted=False, numbers=False)
        return own if elsewhere is None or _heavier(own, elsewhere) else elsewhere

    def _in_our_languages(self, text: str) -> Meaning:
        """Return what the rules for Vietnamese and English make of a text."""
        whole = self._whole.get(tidy(text[:SIGNS]).strip()) or self._whole.get(repeated_sign(tidy(text[:SIGNS])))
        if whole is not None:
            return whole
        if is_code(text):
            return NOTHING
        text = without_codes(text)
        words = _ADDRESS.sub(" ", text) if "." in text else text
        meaning = self._of_text(words)
        with_addresses = NOTHING if words == text or _acts(meaning) else self._of_text(text)
        return meaning if _acts(with_addresses) or with_addresses == NOTHING else with_addresses

    def _of_text(self, text: str) -> Meaning:
        """Return what a text means, an order in polite words or given more than once too."""
        typed = self.spelling.words(text)
        meaning = self._of_words(typed)
        return meaning if _acts(meaning) else self._bare_order(typed, meaning)

    def _bare_order(self, typed: list[str], meaning: Meaning) -> Meaning:
        """Return the order that is left of a message without its thanks or said once, or that it is nothing but thanks.

        Else what it means as it is.
        """
        rests = [rest for rest in (said_once(typed), *without_thanks(typed, self._thanks)) if rest]
        once = (said_once(rest) or rest for rest in rests)
        order = next((order for order in map(self._of_words, once) if order.command), None)
        thanks = meaning == NOTHING and only_thanks(typed, self._thanks, self._beside_thanks)
        return order or (self._thanked if thanks else meaning)

    def _of_words(self, typed: list[str]) -> Meaning:
        """Return what words mean; few words are remembered, for they come again."""
        if len(typed) > FEW:
            return self._judged(typed)
        few = " ".join(typed)
        known = self._few.get(few)
        if known is None:
            known = self._judged(typed)
            if known != NOTHING and len(self._few) < FEW_KEPT:
                self._few[few] = known
        return known

    def answer(self, text: str, *, about_danger: bool, offered: bool = False) -> str:
        """Return "yes", "no" or "unsure" for words that answer a yes-or-no question, "" for every other text."""
        return self._answering.answer(text, about_danger=about_danger, offered=offered)

    def begins_with_yes(self, text: str) -> str:
        """Return "said_yes" or "maybe_yes" for a story that begins with an answer to the danger question, else ""."""
        return self._answering.begins_with_yes(text)

    def _judged(self, typed: list[str]) -> Meaning:
        """Return what words mean; what a message written by ear may mean beside that is asked about at most."""
        written = self._syllables.read(typed)
        meaning = self._decided(typed, written.words)
        heard = _acts(meaning) and meaning.rule != SUSPICION.rule.id
        if heard or not written.by_ear or _is_article(typed):
            return meaning
        return self._heard_by_ear(written) or meaning

    def _heard_by_ear(self, written: WrittenMessage) -> Meaning | None:
        """Return the question that a message written by ear leads to, if its words may be others beside themselves."""
        evidence = self._evidence(self._syllables.by_ear(written))
        hits = [hit for hit in self._hits(evidence) if hit.action in ("raise", "ask") and not hit.rule.command]
        hits = as_told(hits) if self._is_told(evidence) else hits
        return msgspec.structs.replace(decide(hits), action="ask") if hits else None

    def _decided(self, typed: list[str], words: list[Word]) -> Meaning:
        evidence = self._evidence([found for found, _ in words])
        met = self._hits(evidence)
        parts = self._parts(words, evidence, met)
        weight = self._suspicion.weigh(parts)
        if self._weighed[0] != (judged := hash(tuple(typed))):  # a second reading, by ear, is not what is weighed
            self._weighed = judged, weight
        unlikely = bool(met) and self._is_unlikely(evidence, weight)
        hits = self._in_context(met, evidence, weight, unlikely=unlikely)
        article = _is_article(typed)
        meaning = decide(hits, article=article, unlikely=unlikely) if hits else NOTHING
        sure = meaning.action == "raise" or meaning.command or (hits and meaning.action == "calm" and not meaning.topic)
        leans = not sure and not article and len(words) >= SAYS_SOMETHING
        return self._leant(meaning, parts[0]) if leans else meaning

    def _in_context(self, met: list[RuleMatch], evidence: Evidence, weight: int, *, unlikely: bool) -> list[RuleMatch]:
        """Return the hits with what the whole message adds to them or takes from them."""
        if not met and weight < self._enough:  # most messages
            return []
        weighed = [hit for hit in met if is_weighed(hit, unlikely=unlikely)]
        hits = asked_by_holder([hit for hit in met if hit not in weighed])
        if self._is_told(evidence):
            return as_told(hits, hers=weight >= LIKELY)
        if self._is_heavy(weight, evidence, weighed, hits):
            likely = weight >= EVEN or evidence.last <= TOO_FEW
            return [*hits, as_suspected(weighed, likely=likely)]
        if not hits:
            return hits
        if self._is_general(evidence):
            return as_asked(as_general(hits))
        asking = any_holds(self._asking, evidence.masks, evidence.last)
        return as_asked(hits) if asking else hits

    def _is_heavy(self, weight: int, evidence: Evidence, weighed: list[RuleMatch], hits: list[RuleMatch]) -> bool:
        """Say whether the weights ask: of a few words, only where a rule is weighed or none knows them."""
        if any(hit.level >= CRY or hit.rule.command or hit.rule.intent == HOLDER for hit in hits):
            return False
        if evidence.last <= TOO_FEW:
            unlikely = weight <= self._doubt and evidence.last >= SAYS_SOMETHING  # fewer cannot speak against a rule
            alone = not unlikely and any(asks_alone(hit) for hit in weighed)
            says_something = bool(weighed) or (evidence.last >= SAYS_SOMETHING and not hits)
            return alone or (weight >= self._enough_known and says_something)
        return weight >= (self._enough_known if any(map(is_known, hits)) else self._enough)

    def _is_general(self, evidence: Evidence) -> bool:
        """Say whether a message asks about people in general, and tells nothing of her."""
        masks, last = evidence.masks, evidence.last
        return any_holds(self._general, masks, last) and not any_holds(self._untold, masks, last)

    def _parts(self, words: list[Word], evidence: Evidence, met: list[RuleMatch]) -> list[list[str]]:
        """Return what is weighed of a message, part by part: its words, and the rules that hold."""
        rules = [f"@{hit.rule.id}" for hit in met]
        return list(self._suspicion.parts([sign for _, sign in words], evidence.masks, rules))

    def _is_unlikely(self, evidence: Evidence, weight: int) -> bool:
        return weight <= self._doubt and not any_holds(self._untold, evidence.masks, evidence.last)

    def _leant(self, meaning: Meaning, features: list[str]) -> Meaning:
        """Return a meaning with the topic that its words lean to, where no rule is sure of another."""
        topic = self._leaning.topic(features, meaning.topic)
        if topic in (meaning.topic, HUMAN_TOPIC):
            return meaning
        return msgspec.structs.replace(meaning, topic=topic, leant=True)

    def weight(self, text: str) -> int:
        """Return what the weights make of a message alone, whatever the rules say: hundredths, heavier like a cry."""
        judged, weight = self._weighed
        return weight if judged == hash(tuple(self.spelling.words(text))) else self._suspicion.weigh(self.signs(text))

    def is_met(self, pattern: str, text: str) -> bool:
        """Say whether a pattern that is no rule yet would hear a message. Raises PatternError."""
        try:
            compiled = self._pattern(pattern)
        except KeyError as unknown:
            raise PatternError(f"unknown set {unknown}") from unknown
        fresh = [
            self._vocabulary.find(readings)
            for word in self.spelling.words(text)
            for readings in self.spelling.tokens(word)
        ]
        return Evidence(fresh, self._vocabulary).holds(compiled)

    def rules_met(self, text: str) -> frozenset[str]:
        """Return the ids of every rule that holds for a message, decisive or not."""
        words = self._syllables.read(self.spelling.words(text)).words
        met = frozenset(hit.rule.id for hit in self._hits(self._evidence([found for found, _ in words])))
        return met | {self.meaning(text).rule}

    def signs(self, text: str) -> list[list[str]]:
        """Return what is weighed of a message, part by part; what learning needs."""
        words = self._syllables.read(self.spelling.words(text)).words
        evidence = self._evidence([found for found, _ in words])
        return self._parts(words, evidence, self._hits(evidence))

    def _is_told(self, evidence: Evidence) -> bool:
        """Say whether a message is a tale: of a film, a lesson, the news, of what is long over, or what a word means.

        Only words typed with their tones tell: `no bao` is rather what he said than a newspaper.
        """
        masks, last = evidence.masks, evidence.last
        about_her = self._me in masks.present
        if not about_her and (self._story in masks.present or any_holds(self._defining, masks, last)):
            return True
        if not any(self._told.met(masks.present)):
            return False
        return any_holds(self._told, evidence.exact, last) and not any_holds(self._untold, masks, last)

    def _compiled(self, rules: tuple[Rule, ...]) -> list[CompiledRule]:
        """Return the rules in working order; first every pattern, for how often a word is used is asked then."""
        patterns = [(tuple(map(self._pattern, rule.any)), tuple(map(self._pattern, rule.unless))) for rule in rules]
        return [
            CompiledRule(rank, rule, any_of, self._paired(unless) if unless else None)
            for rank, (rule, (any_of, unless)) in enumerate(zip(rules, patterns, strict=True))
        ]

    def _pattern(self, text: str) -> Pattern:
        return compile_pattern(text, self._vocabulary.group, self._sets)

    def _index(self) -> PatternIndex[tuple[CompiledRule, Pattern]]:
        ways = [(compiled, pattern) for compiled in self._rules for pattern in compiled.patterns]
        return PatternIndex(((pattern, (compiled, pattern)) for compiled, pattern in ways), self._often)

    def _often(self, groups: frozenset[int]) -> int:
        return sum(map(self._expected, groups))

    def _by_rarest(self, texts: tuple[str, ...]) -> PatternIndex[Pattern]:
        return self._paired(map(self._pattern, texts))

    def _paired(self, patterns: Iterable[Pattern]) -> PatternIndex[Pattern]:
        return PatternIndex(((pattern, pattern) for pattern in patterns), self._often)

    def _evidence(self, tokens: list[Found]) -> Evidence:
        """Return the words as masks, every innocent phrase taken out."""
        evidence = Evidence(tokens, self._vocabulary)
        taken = covered(self._innocent, evidence.masks, len(tokens))
        if any(self._innocent_toned.met(evidence.masks.present)):
            taken |= covered(self._innocent_toned, evidence.exact, len(tokens))
        return evidence.without(taken) if taken else evidence

    def _hits(self, evidence: Evidence) -> list[RuleMatch]:
        """Return one hit for each rule that holds; one that rests on missing tones may only ask."""
        hits: dict[int, RuleMatch] = {}
        for compiled, pattern in self._ways.met(evidence.masks.present):
            known = hits.get(compiled.rank)
            if known is not None and known.action != "ask":
                continue
            hit = evidence.judge(compiled, pattern)
            if hit is not None:
                hits[compiled.rank] = hit
        return list(hits.values())


def _is_article(typed: list[str]) -> bool:
    return sum(map(len, typed)) + len(typed) > ARTICLE


def _acts(meaning: Meaning) -> bool:
    """Say whether a meaning does something: a cry, a question about danger, an order."""
    return meaning.action != "calm" or bool(meaning.command)


def _heavier(own: Meaning, other: Meaning) -> bool:
    """Say whether the first of two meanings says more of danger than the second."""
    return (own.action == "raise", own.level if own.action != "calm" else 0) > (other.action == "raise", other.level)
