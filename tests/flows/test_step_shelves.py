"""Every card of every shelf can be read, in both languages, and the last one leads on."""

from __future__ import annotations

import pytest

from flows.conversation import Conversation
from tests.flows.standings import said, standing, type_

SHELVES = ("offers", "journey", "safety")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("shelf", SHELVES)
def test_a_shelf_is_read_from_its_first_card_to_its_last(shelf: str, lang: str, content: Conversation) -> None:
    """Reading on shows each card once, in order, then the end; help is offered under every card."""
    session = standing(content, "Menu:menu", lang)
    session, effects = type_(content, session, str(SHELVES.index(shelf) + 1))
    for card in content.shelf(shelf):
        shown = said(effects)[0]
        assert shown.text.startswith(content.card(card, lang).text)
        assert "human" in [choice.value for choice in shown.choices]
        session, effects = type_(content, session, "1")
    assert session.state == "Topics:finished"
    assert said(effects) == [content.card("topic_finished", lang)]


def test_there_are_at_least_twelve_cards_to_read(content: Conversation) -> None:
    """Three shelves of four cards are the least that is worth a menu."""
    assert sum(len(content.shelf(shelf)) for shelf in SHELVES) >= 12
    assert all(len(content.shelf(shelf)) >= 4 for shelf in SHELVES)
