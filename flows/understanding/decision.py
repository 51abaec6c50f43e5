"""The decision: from every rule that matches to one meaning (danger, a question, calm), what is only told left out."""

from __future__ import annotations

import msgspec

from content.lexicon.model import Rule
from flows.understanding.meaning import Meaning, Reaction
from flows.understanding.rule_matches import BELIEVED, RuleMatch, action_of

CRY = 3
HOLDER = "HOLDER"
"""The intent of what whoever holds the phone asks, which is no cry and no doubt."""

SUSPICION = RuleMatch(
    10_000,
    CRY,
    "ask",
    Rule(id="suspicion", level=CRY, intent="HELP", action="ask", net=True, any=("<many small signs>",)),
)


def meaning_of(rule: Rule) -> Meaning:
    """Return the meaning of a message that is only a sign."""
    return decide([RuleMatch(0, rule.level, action_of(rule), rule)])


def decide(hits: list[RuleMatch], *, article: bool = False, unlikely: bool = False) -> Meaning:
    """Choose: believed danger first, then doubtful danger, then everything else; on a tie the earlier rule.

    What an `article` tells is asked about, whatever it is; what is `unlikely` by its weight, where a rule is not sure.
    """
    hits.sort(key=lambda hit: (-hit.level, hit.rank))
    best = hits[0]
    believed = next((hit for hit in hits if hit.action == "raise"), None)
    asked = next((hit for hit in hits if hit.action == "ask" and not (believed and hit.rule.net)), None)
    action: Reaction = "calm"
    if believed is not None and (asked is None or believed.level >= min(asked.level, CRY)):
        best, action = believed, "raise"
    elif asked is not None:
        best, action = asked, "ask"
    sure = action != "raise" or best.level < BELIEVED or bool(best.rule.command)
    doubted = not sure and not article and unlikely and _may_be_doubted(best)
    if doubted or (article and not sure):
        action = "ask"
    topic = next((hit.rule.topic for hit in (*_calm(hits), *hits) if hit.rule.topic), None)
    command = next((hit.rule.command for hit in hits if hit.rule.command), None)
    rule = best.rule
    numbers = doubted or (action == "ask" and (rule.numbers or _is_plea(best)))
    return Meaning(
        best.level,
        action,
        rule.intent,
        topic,
        command,
        rule.id,
        doubted=doubted,
        numbers=numbers,
        card=_card(hits, topic or ""),
    )


def _card(hits: list[RuleMatch], topic: str) -> str:
    """Return the card that answers: of the first rule that leads anywhere, else of one that has the topic too."""
    leading = [hit for hit in hits if hit.rule.card or hit.rule.topic]
    if not leading:
        return ""
    first = min(_calm(leading) or leading, key=lambda hit: hit.rank).rule.card
    return first or next((hit.rule.card for hit in leading if hit.rule.card and hit.rule.topic == topic), "")


def _is_plea(hit: RuleMatch) -> bool:
    """Say whether a hit is a plea that a rule heard: the numbers do not wait for an answer."""
    return hit.level >= CRY and hit.rule.intent == "HELP" and hit != SUSPICION


def as_told(hits: list[RuleMatch], *, hers: bool = False) -> list[RuleMatch]:
    """Return what is left of danger in a tale: what would be believed becomes a question, the rest is not hers.

    Where the weights say that it is `hers` all the same, what would be asked is asked.
    """
    left = [hit for hit in hits if hers or hit.level < BELIEVED or _is_cry(hit)]
    return [_asked(hit) if hit.level >= BELIEVED and hit.action == "raise" else hit for hit in left]


def as_asked(hits: list[RuleMatch]) -> list[RuleMatch]:
    """Return the hits of somebody who wants to know: harm that is no cry becomes a question."""
    return [_asked(hit) if hit.level == BELIEVED and hit.action == "raise" else hit for hit in hits]


def asked_by_holder(hits: list[RuleMatch]) -> list[RuleMatch]:
    """Return what whoever holds the phone asks, and no doubt beside it; every hit where one is believed or begs.

    Such a rule holds for the whole of a message.
    """
    begged = any(hit.action == "raise" or _is_plea(hit) for hit in hits)
    holders = [hit for hit in hits if hit.rule.intent == HOLDER]
    return hits if begged or not holders else [*holders, *_calm([hit for hit in hits if hit not in holders])]


def is_weighed(hit: RuleMatch, *, unlikely: bool) -> bool:
    """Say whether a hit does nothing by itself: a rule that is only weighed, or a net in a message that is `unlikely`.

    A net is wide by design; where the other words are those of ordinary talk it asks nothing. Never one of mortal
    danger, nor one that hears a plea, nor one of level 2, which only offers.
    """
    doubtful = unlikely and hit.rule.net and hit.action == "ask" and hit.level == CRY
    return hit.action == "weigh" or (doubtful and not _is_plea(hit))


def asks_alone(hit: RuleMatch) -> bool:
    """Say whether a hit that is only weighed asks where there is hardly anything else to weigh."""
    return hit.level >= CRY and not hit.rule.net


def is_known(hit: RuleMatch) -> bool:
    """Say whether a hit tells what a message is about: a topic, a card, an order, a greeting."""
    return hit.action == "calm"


def as_suspected(weighed: list[RuleMatch], *, likely: bool) -> RuleMatch:
    """Return what a heavy message is asked about: where a cry is `likely`, by the gravest rule that was weighed."""
    gravest = min(weighed, key=lambda hit: (-hit.level, hit.rule.net, hit.rank), default=None)
    return _asked(gravest) if likely and gravest is not None and gravest.level >= BELIEVED else SUSPICION


def as_general(hits: list[RuleMatch]) -> list[RuleMatch]:
    """Return the hits of a question about nobody in particular: what would be believed is asked, a net only offers."""
    return [
        _offered(hit) if hit.rule.net and hit.level == CRY else _asked(hit) if _is_cry(hit) else hit for hit in hits
    ]


def _may_be_doubted(hit: RuleMatch) -> bool:
    """Say whether weights may make a question of a belief: never of mortal danger, nor of what a rule is sure of."""
    return hit.level <= BELIEVED or (hit.rule.weak and hit.level == CRY)


def _is_cry(hit: RuleMatch) -> bool:
    return hit.level >= CRY and hit.action == "raise"


def _offered(hit: RuleMatch) -> RuleMatch:
    return msgspec.structs.replace(hit, level=BELIEVED, action="ask")


def _asked(hit: RuleMatch) -> RuleMatch:
    return msgspec.structs.replace(hit, action="ask")


def _calm(hits: list[RuleMatch]) -> list[RuleMatch]:
    return [hit for hit in hits if hit.action == "calm"]
