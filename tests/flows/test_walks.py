"""What each wish costs in taps, bubbles and bytes: every walk of the table arrives, and keeps within its budget."""

from __future__ import annotations

import msgspec
import pytest

from flows.engine.conversation import Conversation
from tests.flows.walks import CHANNELS, WalkCost, WishedWalk, cost, table, walks

WALKS = {walk.wish: walk for walk in walks()}
HELD = {wish: walk for wish, walk in WALKS.items() if walk.most}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_every_wish_is_reached(walk: WishedWalk, channel: str, content: Conversation) -> None:
    """The answers of a walk are offered one after the other and lead to what she wants, by number and by button."""
    assert cost(walk, channel, content).reached


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("walk", HELD.values(), ids=HELD)
def test_a_walk_with_a_budget_keeps_within_it(walk: WishedWalk, channel: str, content: Conversation) -> None:
    """No wish costs more taps, turns, bubbles or bytes than were given for it."""
    spent = msgspec.structs.asdict(cost(walk, channel, content))
    assert {name: spent[name] for name, most in walk.most.items() if spent[name] > most} == {}


def test_a_budget_names_what_is_counted() -> None:
    """A budget for something that a cost does not hold would never be exceeded."""
    assert {name for walk in HELD.values() for name in walk.most} <= set(WalkCost.__struct_fields__)


def test_a_walk_that_leads_elsewhere_is_told(content: Conversation) -> None:
    """An answer that nobody offers, or another end, is an error and no cheap walk."""
    for lost in (WishedWalk("lost", "menu", ("nowhere",), "Menu:"), WishedWalk("lost", "menu", (), "GetHelp:")):
        with pytest.raises(AssertionError):
            cost(lost, "zalo_oa", content)


def test_the_table_has_a_line_for_every_walk_and_channel(content: Conversation) -> None:
    """What is printed for a reader holds each wish once on every channel, with its figures."""
    lines = list(table(content))
    assert len(lines) == 1 + len(WALKS) * len(CHANNELS)
