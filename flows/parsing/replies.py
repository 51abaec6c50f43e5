"""Answers in words of her own to one question: "ở đây" to how we write back, "em 14 tuổi" to an age. Pure.

The phrases are data (content/data/lexicon/replies.yaml); a message is one only when nothing but small words is beside.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from content.lexicon.model import LexiconData
from flows.model.messages import Choice
from flows.parsing.choices import AFTER, SHORT, without_ends
from flows.text.letters import fold, tidy

LONGEST = 60
"""Letters of a message that may be such an answer."""
EVERY = "every"
"""What stands for the card where a reply holds at any question."""

NOT, SPOILT = "không", "hỏng"
MANNERS = frozenset(("da", "vang", "a", "ah", "nhe", "nha", "chi", "co"))
"""Small words that change nothing beside a phrase of one word: "bỏ em đi" leaves no question out."""

CHILD, YOUNG, ADULT = "under_16", "from_16", "adult"
SIXTEEN, OF_AGE, OLDEST, TEN = 16, 18, 99, 10
UNDER = "duoi"
TEEN = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9}

_WORD = re.compile(r"[^\W_]+")
_AGE = re.compile(
    r"(?:(?:em|con|chau|minh|toi|no|be|da|vang|nam nay|moi|duoc|khoang|gan) )*(?P<bound>duoi |hon |tren |tu )?"
    r"(?P<age>\d{1,2}|muoi (?:[a-z]+))(?: ?(?:t|tuoi))?(?: (?:roi|a|nhe|chi|em|tro len|tro xuong|tuoi))*"
)
_BORN = re.compile(
    r"(?:(?:em|con|chau|no|be|toi|minh|da) )*(?:sinh nam|sinh|sn|nam sinh) (?P<year>(?:19|20)\d\d)(?: a)?"
)


def reply(text: str, card: str, prompt: tuple[Choice, ...], lexicon: LexiconData, year: int) -> Choice | None:
    """Return the choice that words of her own mean at the question of a card; `year` is this one."""
    values = {choice.value: choice for choice in prompt}
    if not prompt or len(text) > LONGEST or "?" in text:
        return None
    words = [NOT if fold(word) in SHORT and word != SPOILT else word for word in _WORD.findall(tidy(text))]
    value = _value(words, _phrases(lexicon, card)) or _value(words, _phrases(lexicon, EVERY))
    if not value and CHILD in values:
        value = _age_group(" ".join(map(fold, words)), year)
    return values.get(value)


def _value(words: list[str], phrases: dict[str, str]) -> str:
    """Return the answer of the longest phrase that is left without small words; one word bears little beside it."""
    for part in without_ends(words, AFTER) if phrases else ():
        value = phrases.get(" ".join(part), "")
        if value and (len(part) > 1 or MANNERS.issuperset(map(fold, Counter(words) - Counter(part)))):
            return value
    return ""


@lru_cache(maxsize=64)
def _phrases(lexicon: LexiconData, card: str) -> dict[str, str]:
    """Return the answer of every phrase for a card, as it is written and as it is written without tones."""
    of_card = {name.partition(".")[2]: said for name, said in lexicon.replies.items() if name.startswith(f"{card}.")}
    said = [(tidy(phrase), value) for value, phrases in of_card.items() for phrase in phrases]
    return {fold(phrase): value for phrase, value in said} | dict(said)


def _age_group(plain: str, year: int) -> str:
    """Return the group of an age or a year of birth; "" where none is named, or a bound that two groups have."""
    born, aged = _BORN.fullmatch(plain), _AGE.fullmatch(plain)
    age = year - int(born["year"]) if born else _number(aged["age"]) if aged else 0
    bound = (aged["bound"] or "").strip() if aged else ""
    if not 0 < age <= OLDEST or (bound == UNDER and age > SIXTEEN) or (bound not in ("", UNDER) and age < OF_AGE):
        return ""
    return CHILD if age < SIXTEEN or bound == UNDER else YOUNG if age < OF_AGE else ADULT


def _number(said: str) -> int:
    if said.isdecimal():
        return int(said)
    ones = TEEN.get(said.split()[1], 0)
    return TEN + ones if ones else 0
