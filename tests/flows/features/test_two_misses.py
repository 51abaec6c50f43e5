"""Two messages in a row that are not understood: people are offered wherever she stands, or who answers now."""

from __future__ import annotations

from itertools import pairwise

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import OpenCase
from tests.flows.standings import Standing, said, standing, type_

UNKNOWN = "qqq zzz"
TOLD = {True: "missed_twice", False: "missed_alone"}


def cards(content: Conversation, her: Standing, text: str) -> tuple[Standing, list[str]]:
    """Let her type, and return where she stands and the cards that are shown."""
    after, effects = type_(content, her, text)
    assert not any(isinstance(effect, OpenCase) for effect in effects)
    return after, [card for outgoing in said(effects) for card in outgoing.cards]


@pytest.mark.parametrize("on_duty", [True, False], ids=["somebody on duty", "nobody"])
def test_the_second_miss_offers_people_in_every_state(on_duty: bool, content: Conversation) -> None:
    """Wherever the first is told as a miss: the second text is another one and names "0", which leads to help."""
    missed = 0
    for state in content.states:
        once, effects = type_(content, standing(content, state, on_duty=on_duty), UNKNOWN)
        if not any("not_understood" in outgoing.cards for outgoing in said(effects)):
            continue
        missed += 1
        twice, shown = cards(content, once, UNKNOWN)
        assert TOLD[on_duty] in shown, state
        helped, _ = cards(content, twice, "0")
        assert helped.session.state == ("GetHelp:entry" if on_duty else "GetHelp:alone"), state
    assert missed > 40


def test_no_text_of_a_miss_comes_twice_in_a_row(content: Conversation) -> None:
    """Six misses: each is told in other words than the one before."""
    her, told = standing(content, "Menu:menu"), []
    for _ in range(6):
        her, shown = cards(content, her, UNKNOWN)
        told.append(shown[0])
    assert told[:3] == ["not_understood", "missed_twice", "missed_again"]
    assert all(one != other for one, other in pairwise(told))


def test_what_is_understood_in_between_begins_anew(content: Conversation) -> None:
    """A miss, the menu, a miss: nobody is offered."""
    her, _ = cards(content, standing(content, "Menu:menu"), UNKNOWN)
    her, _ = cards(content, her, "menu")
    her, shown = cards(content, her, UNKNOWN)
    assert ("not_understood" in shown, her.session.offered) == (True, None)
