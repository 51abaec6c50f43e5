"""Cries that do not say so, by kind: held papers, hints, goods talk while somebody sits beside her, soft words, others.

The first 350 cries and 150 calm look-alikes of `veiled.psv` were written from the domain paper before any rule was
read; what follows them once the rules stood. The floors count what rules alone hear, whatever the weights would ask.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from flows.understanding import understand, understanding_of
from flows.understanding.evaluation import URGENT, Row, read_rows
from tests.support.content import library

LEXICON = library().lexicon
UNWEIGHED = msgspec.structs.replace(LEXICON, suspicion={}, leanings={})
DATA = Path(__file__).parents[1] / "data/understanding"
TEXT = (DATA / "veiled.psv").read_text()
KINDS = [line.rsplit("|", 1)[1] for line in TEXT.splitlines()[1:]]
ROWS = list(zip(KINDS, read_rows(TEXT), strict=True))
CALM = [line.split("|")[0] for line in (DATA / "calm.psv").read_text().splitlines()[1:]]
HEARD_BY_RULES = {"direct": 95.0, "indirect": 97.0, "covert": 90.0, "third_person": 95.0}
VEILED = ("covert.yaml", "held.yaml", "hinted.yaml", "euphemisms.yaml", "third_person.yaml")
FROM_URGENT = {rule.id for rule in LEXICON.rules if Path(rule.file).name in VEILED and rule.level >= URGENT}


def of_kind(kind: str) -> list[Row]:
    return [row for name, row in ROWS if name == kind]


def percent(right: list[bool]) -> float:
    return 100 * sum(right) / len(right)


@pytest.mark.parametrize("kind", HEARD_BY_RULES)
def test_rules_alone_hear_what_is_not_said_outright(kind: str) -> None:
    """In per cent of the phrases of a kind: raised or asked about without any learnt weight."""
    heard = [understand(row.text, UNWEIGHED).action != "calm" for row in of_kind(kind)]
    assert percent(heard) >= HEARD_BY_RULES[kind]


def test_an_offer_leads_to_the_card_that_checks_it() -> None:
    """Money in advance, a way without papers, a marriage for pay: level 1, a topic and no emergency."""
    led = [understand(row.text, UNWEIGHED).topic in row.topics for row in of_kind("offer") if row.topics]
    assert percent(led) >= 95.0


def test_the_same_words_in_calm_talk_are_hardly_asked_about() -> None:
    """Of the look-alikes, what the rules for veiled cries meet; another rule may still ask."""
    met = [bool(understanding_of(UNWEIGHED).rules_met(row.text) & FROM_URGENT) for row in of_kind("negative")]
    assert percent(met) <= 1.0


def test_rules_for_veiled_cries_leave_calm_messages_alone() -> None:
    """Of the calm lines, in per cent."""
    met = [bool(understanding_of(UNWEIGHED).rules_met(text) & FROM_URGENT) for text in CALM]
    assert percent(met) <= 0.3


def test_every_rule_for_veiled_cries_asks() -> None:
    """What is only hinted at is never believed without asking, and stands back where a plain rule believes."""
    rules = [rule for rule in LEXICON.rules if rule.id in FROM_URGENT]
    assert [rule.id for rule in rules if rule.action != "ask" or not rule.net] == []
