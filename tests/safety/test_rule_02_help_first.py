"""Safety rule 2: from any state, in any language and spelling, a cry gives the numbers and opens a case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import HELP, AddToCase, OpenCase, Say
from tests.flows.standings import BESIDE_HUMAN, NOW, Standing, everywhere, first_bubble, said, standing, type_

CRIES = ("cứu em với", "cuu em voi", "cuwsu em vowis", "CỨU TÔI", "giúp em với họ đang đánh em", "help me please")


@pytest.mark.parametrize("cry", CRIES)
def test_a_cry_in_any_state_shows_the_numbers_first_and_opens_a_case(cry: str, content: Conversation) -> None:
    """The first words are the numbers card of her place, ahead of everything, and the case holds her words."""
    for her in everywhere(content):
        after, effects = type_(content, her, cry)
        where = f"{her.session.state} {her.session.lang} {her.session.place} {her.facts.case}"
        first = next(effect for effect in effects if isinstance(effect, Say))
        assert first.outgoing == first_bubble(content, her), where
        assert first.priority == HELP, where
        assert max(e.level for e in effects if isinstance(e, OpenCase)) >= 3, where
        assert AddToCase(cry) in effects, where
        assert after.facts.case is not None, where


@pytest.mark.parametrize("cry", CRIES)
def test_everything_said_with_a_cry_leaves_as_help(cry: str, content: Conversation) -> None:
    """Neither the hand-off nor the question after the numbers waits behind ordinary replies."""
    for her in everywhere(content, None):
        _, effects = type_(content, her, cry)
        assert {effect.priority for effect in effects if isinstance(effect, Say)} == {HELP}


@pytest.mark.parametrize("cry", CRIES)
def test_no_question_stands_before_the_numbers(cry: str, content: Conversation) -> None:
    """At most one question follows the numbers; the numbers themselves ask nothing."""
    for her in everywhere(content):
        shown = said(type_(content, her, cry)[1])
        assert shown[0].choices == ()
        assert sum(bool(words.choices) for words in shown) <= 1


@pytest.mark.parametrize("cry", CRIES)
def test_a_cry_counts_however_old_the_question_is(cry: str, content: Conversation) -> None:
    """An hour, a day or a month of silence puts nothing between a cry and the numbers."""
    for minutes in (11, 60 * 25, 60 * 24 * 31):
        for state in content.states:
            her = standing(content, state, last_at=NOW - timedelta(minutes=minutes))
            first = said(type_(content, her, cry)[1])[0]
            assert first == first_bubble(content, her.but(place=""))


@pytest.mark.parametrize("cry", CRIES)
def test_a_stopped_and_hidden_person_is_heard(cry: str, content: Conversation) -> None:
    """Stop and the hurried exit are silence of ours, never deafness."""
    for state in ("Exit:stopped", "Exit:hidden"):
        her = standing(content, state, stopped=True, quiet_until=NOW + timedelta(hours=10))
        after, effects = type_(content, her, cry)
        assert said(effects)[0] == content.emergency("", "vi")
        assert (after.session.stopped, after.session.quiet_until) == (False, None)


def test_the_first_message_of_all_may_be_a_cry(content: Conversation) -> None:
    """Nobody is greeted, asked for consent or shown a menu before the numbers."""
    shown = said(type_(content, Standing(), "cứu em với")[1])
    assert shown[0] == content.emergency("", "vi")
    assert content.card("welcome", "vi") not in shown
    assert content.card("menu", "vi") not in shown


def test_beside_a_human_only_worse_danger_interrupts(content: Conversation) -> None:
    """A counsellor is already with her at level 2: level 3 shows the numbers, her words always arrive."""
    for her in everywhere(content, BESIDE_HUMAN):
        after, effects = type_(content, her, "cứu em với")
        assert said(effects)[0] == first_bubble(content, her)
        again = type_(content, after, "cứu em với")[1]
        assert again == [AddToCase("cứu em với")]
