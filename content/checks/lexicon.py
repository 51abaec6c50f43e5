"""Check of the lexicon: patterns that can be read, sets that exist, collisions that are asked about."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.languages import BASE
from content.findings import Finding
from content.lexicon.model import Rule
from content.lexicon.patterns import PatternError, parse

if TYPE_CHECKING:
    from content.library import Library

SUSPICION_FILE = "lexicon/suspicion.yaml"
TOGETHER_FILE = "lexicon/together.yaml"
REMEDY = "use words, <sets>, .. or ..5, a|b, two_words, word?, !word, ^ and $"
NEEDED_SETS = ("me", "story")
TOPICS = frozenset(
    (
        *("job_offer_check", "before_you_go", "hotline", "legal", "documents", "livelihood", "returnee"),
        *("marriage_abroad", "early_marriage", "violence_info", "report_suspicion", "language_change", "listening"),
        *("stop", "quick_exit", "menu", "human"),
    )
)
ANSWERS = frozenset(
    (
        *(
            "agreed",
            "refused",
            "yes",
            "aye",
            "right",
            "toneless",
            "suffers",
            "no",
            "no_toned",
            "over",
            "past",
            "denied",
            "danger",
            "safe",
        ),
        *("nothing", "known", "maybe", "where", "able", "degree", "filler", "other"),
    )
)
"""The groups of words that answer a yes-or-no question."""
COMMANDS = frozenset({"stop", "quick_exit", "silent_call", "dung", "forget", "mistake"})
FILE_OF = {"innocent": "lexicon/innocent.yaml", "innocent_toned": "lexicon/innocent.yaml"}
BELOW_EVERY = "fixed_answers"
"""The card of the answers that stand below every question."""
BELIEVED = 2
"""The level from which a rule is acted on without a question."""


def lexicon_findings(library: Library) -> Iterator[Finding]:
    """Yield unreadable patterns, unknown names and phrases that harmless words spell without tones."""
    lexicon = library.lexicon
    sets = frozenset(lexicon.sets)
    for name in NEEDED_SETS:
        if name not in sets:
            yield Finding("lexicon/", 1, f"the set <{name}> is missing", f"define it under sets: {name}: [...]")
            return
    for rule in lexicon.rules:
        yield from _patterns(rule, sets)
        yield from _names(rule)
        yield from _answered(rule, library)
    yield from _lists(library, sets)
    yield from _proposals(library, sets)
    yield from _whole(library)
    yield from _answers(library)
    yield from _replies(library)
    yield from _thresholds(library)
    yield from _collisions(library, sets)


def _patterns(rule: Rule, sets: frozenset[str]) -> Iterator[Finding]:
    for text in (*rule.any, *rule.unless):
        try:
            parse(text, sets)
        except PatternError as error:
            yield _of(rule, f'the rule "{rule.id}": {error}', REMEDY)


def _names(rule: Rule) -> Iterator[Finding]:
    if rule.topic and rule.topic not in TOPICS:
        yield _of(rule, f'the rule "{rule.id}" leads to an unknown topic "{rule.topic}"', f"one of: {_list(TOPICS)}")
    if rule.command and rule.command not in COMMANDS:
        yield _of(rule, f'the rule "{rule.id}" gives an unknown command "{rule.command}"', f"one of: {_list(COMMANDS)}")


def _answered(rule: Rule, library: Library) -> Iterator[Finding]:
    """A rule's card must be there, and where it is on no shelf be one line that asks and fills in nothing."""
    card = library.cards.get(rule.card, {}).get(BASE)
    if rule.card and card is None:
        yield _of(rule, f'the rule "{rule.id}" is answered by an unknown card "{rule.card}"', "name a card")
    elif card is not None and card.topic not in library.shelves and (card.choices or card.slots):
        message = f'the rule "{rule.id}" is answered by "{rule.card}", which asks something'
        yield _of(rule, message, "name a card of a shelf, or one without choices and slots")


def _lists(library: Library, sets: frozenset[str]) -> Iterator[Finding]:
    lexicon = library.lexicon
    lists = {
        name: getattr(lexicon, name) for name in ("innocent", "innocent_toned", "told", "untold", "defining", "asking")
    }
    for name, patterns in lists.items():
        for text in patterns:
            try:
                parse(text, sets)
            except PatternError as error:
                yield Finding(FILE_OF.get(name, "lexicon/context.yaml"), 1, f"{name}: {error}", REMEDY)


def _proposals(library: Library, sets: frozenset[str]) -> Iterator[Finding]:
    for proposal in library.lexicon.proposals:
        where = (proposal.file, proposal.line)
        try:
            parse(proposal.pattern, sets)
        except PatternError as error:
            yield Finding(*where, f'the proposal "{proposal.id}": {error}', REMEDY)
        if proposal.status == "approved" and proposal.approved_by in ("", proposal.owner):
            yield Finding(*where, f'the proposal "{proposal.id}" is approved by nobody else', "name a second person")


def _whole(library: Library) -> Iterator[Finding]:
    known = {rule.id for rule in library.lexicon.rules}
    for sign, name in library.lexicon.whole.items():
        if name not in known:
            yield Finding("lexicon/", 1, f'whole: "{sign}" names an unknown rule "{name}"', "use the id of a rule")


def _answers(library: Library) -> Iterator[Finding]:
    for name in library.lexicon.answers:
        if name not in ANSWERS:
            yield Finding("lexicon/answers.yaml", 1, f'answers: unknown group "{name}"', f"one of: {_list(ANSWERS)}")


def _replies(library: Library) -> Iterator[Finding]:
    """Yield replies to a question that is not asked, or that has no such answer, of its own or below every question."""
    for name in library.lexicon.replies:
        card, _, value = name.partition(".")
        if card != "every" and (card not in library.cards or value not in _values(library, card, BELOW_EVERY)):
            yield Finding("lexicon/replies.yaml", 1, f'replies: no answer "{name}"', "write card.value of an answer")


def _values(library: Library, *cards: str) -> set[str]:
    return {choice.value for card in cards if card in library.cards for choice in library.cards[card]["vi"].choices}


def _thresholds(library: Library) -> Iterator[Finding]:
    """What is plainly calm weighs less than a doubt, and the weights alone need more than beside a rule."""
    lexicon = library.lexicon
    if lexicon.suspicion and lexicon.doubt > lexicon.enough:
        yield Finding(SUSPICION_FILE, 1, '"doubt" is above "enough"', "a calm message weighs less than a doubtful one")
    if lexicon.next_heard > lexicon.next_alone:
        yield Finding(TOGETHER_FILE, 1, '"next_heard" is above "next_alone"', "the weights alone need more")
    if lexicon.together <= 0:
        yield Finding(TOGETHER_FILE, 1, '"together" is not above 0', "every calm message would offer help")


def _collisions(library: Library, sets: frozenset[str]) -> Iterator[Finding]:
    """A believed pattern must not be spelt, when tones are missing, exactly like an innocent one."""
    innocent: dict[str, str] = defaultdict(str)
    for text in library.lexicon.innocent:
        for phrase in _plain_phrases(text, sets):
            innocent[_folded(phrase)] = phrase
    for rule in library.lexicon.rules:
        if rule.level < BELIEVED or rule.folded != "same" or rule.action in ("ask", "calm", "weigh"):
            continue
        for text in rule.any:
            for phrase in _plain_phrases(text, sets):
                other = innocent.get(_folded(phrase), phrase)
                if other != phrase:
                    message = f'the rule "{rule.id}": "{phrase}" and the innocent "{other}" are the same without tones'
                    yield _of(rule, message, "ask instead of believing: folded: ask")


def _plain_phrases(text: str, sets: frozenset[str]) -> Iterator[str]:
    """Yield the phrases of a pattern that is nothing but words, every alternative spelt out (at most 200)."""
    try:
        items = parse(text, sets)
    except PatternError:
        return
    if any(item.kind in ("gap", "not") or item.optional for item in items):
        return
    phrases = [""]
    for item in items:
        if item.kind == "words":
            if any(name.startswith("<") for name in item.names):
                return
            phrases = [f"{phrase} {name}".strip() for phrase in phrases for name in item.names][:200]
    yield from (phrase.replace("_", " ") for phrase in phrases)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _list(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))


def _of(rule: Rule, message: str, remedy: str) -> Finding:
    return Finding(rule.file, rule.line, message, remedy)
