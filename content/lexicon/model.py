"""The lexicon's data model: words and rules as reviewed data, before the understanding compiles it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from content.lexicon.cries import CryLanguage
from content.schema import Key, Words


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person may mean. Any of the patterns of `any` is enough, unless one of `unless` is there too.

    `level` is 0-4 (domain protocol); `folded` says what happens when the match rests on words typed without
    their tones: "same", "ask" (a collision: one yes/no question) or "calm". `action` overrides the action that
    follows from the level; "weigh" does nothing by itself: that the rule holds is one of the signs that are weighed.
    `net` marks a wide question that stands back when a narrower rule is believed, `weak` a rule of level 3 that the
    weights may turn into a question, as they may every rule of level 2. Where a plea or a rule with `numbers` asks, the
    numbers stand in the same bubble. `card` is what answers it: a card of a shelf is opened, any other said in passing.
    """

    id: Key
    level: Annotated[int, msgspec.Meta(ge=0, le=4)] = 0
    intent: Annotated[str, msgspec.Meta(pattern=r"^[A-Z_]+$")]
    topic: str = ""
    card: str = ""
    command: str = ""
    action: Literal["", "raise", "ask", "calm", "weigh"] = ""
    folded: Literal["same", "ask", "calm"] = "same"
    net: bool = False
    weak: bool = False
    numbers: bool = False
    any: Annotated[tuple[Words, ...], msgspec.Meta(min_length=1)]
    unless: tuple[Words, ...] = ()
    file: str = ""
    line: int = 0


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern somebody proposes after a miss: matched only when approved by somebody else, and then it only asks.

    `example` is a redacted message that the pattern must hear, its test; `source` says where the miss was met.
    """

    id: Key
    example: Words
    pattern: Words
    level: Annotated[int, msgspec.Meta(ge=2, le=4)]
    intent: Annotated[str, msgspec.Meta(pattern=r"^[A-Z_]+$")]
    owner: Words
    source: Words
    status: Literal["proposed", "approved", "refused"]
    approved_by: str = ""
    file: str = ""
    line: int = 0

    def as_rule(self) -> Rule:
        """Return the question that an approved proposal is."""
        return Rule(
            id=self.id,
            level=self.level,
            intent=self.intent,
            action="ask",
            net=True,
            any=(self.pattern,),
            file=self.file,
            line=self.line,
        )


class LexiconData(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Every lexicon file together.

    `sets` are named groups of words and phrases (`<me>` in a pattern); `shorthand` maps what is typed to what is meant.
    `own_words` and `seldom_words` are words themselves, one sound away from a word of the rules.
    `innocent` phrases are set aside before any rule looks, `innocent_toned` ones only when typed with their tones,
    because without them they spell a cry. `told` patterns mark a tale (a film, a lesson, the news, what is long over)
    unless an `untold` one is there too; `defining` ones ask what a word means, `general` ones about
    people in general, `asking` ones mark a question about the
    law or where to turn. `emoji` turns signs and cries in other scripts into words; `whole` names the rule of a message
    that is only a sign (".").
    `suspicion` weighs words, pairs of words (`a_b`), `<sets>` and `@rules` in hundredths: a message that weighs
    `enough` is asked about (`enough_known` where a rule knows what it is about, or it is short), and danger in one
    that weighs no more than `doubt` is not believed at once; `leanings`
    weighs words for each topic. Calm messages that add up to `together` (100 for one on the edge of a doubt) are
    answered with an offer. What comes next while a question of danger stands is a cry from `next_heard` on where a rule
    hears danger as well, from `next_alone` on where none does.
    `answers` are the words of yes and no in groups, `countries` the names of each country, `cries` phrases of neighbour
    languages, `replies` answers in words of one's own by card and answer. `sensitive` words may not open a message we
    start, `banned` ones not stand in a card of that language.
    """

    sets: Mapping[str, tuple[str, ...]]
    shorthand: Mapping[str, tuple[str, ...]]
    own_words: frozenset[str]
    seldom_words: frozenset[str]
    innocent: tuple[str, ...]
    innocent_toned: tuple[str, ...]
    told: tuple[str, ...]
    untold: tuple[str, ...]
    defining: tuple[str, ...]
    general: tuple[str, ...]
    asking: tuple[str, ...]
    rules: tuple[Rule, ...]
    proposals: tuple[Proposal, ...]
    sensitive: frozenset[str]
    banned: Mapping[str, Mapping[str, str]]
    emoji: Mapping[str, str]
    whole: Mapping[str, str]
    suspicion: Mapping[str, int]
    leanings: Mapping[str, Mapping[str, int]]
    answers: Mapping[str, tuple[str, ...]]
    countries: Mapping[str, tuple[str, ...]]
    replies: Mapping[str, tuple[str, ...]]
    cries: tuple[CryLanguage, ...]
    enough: int
    enough_known: int
    doubt: int
    together: int
    next_heard: int
    next_alone: int
