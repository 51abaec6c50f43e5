"""From the first message to a queued case in four taps at most, whichever answers she gives on the way."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import OpenCase, Say
from flows.rendering.pagination import numbered
from flows.rendering.render import render
from tests.flows.standings import Standing, type_

MOST_TAPS = 4
AWAY = frozenset({"menu", "quick_exit", "numbers", "decline", "watched", "read"})
"""Answers that are not on the way to a case: she chose something else."""


def ways_to_a_case(content: Conversation, her: Standing) -> list[list[str]]:
    """Return every way of answers from here to an open case, page turns included; the first answer asks for help."""
    found: list[list[str]] = []
    waiting = [(her, ["human"])]
    while waiting:
        asked, taps = waiting.pop()
        for number, choice in enumerate(numbered(asked.session.prompt), 1):
            if choice.value in AWAY or (len(taps) == 1 and not asked.session.state.startswith("GetHelp:")):
                continue
            after, effects = type_(content, asked, str(number))
            way = [*taps, choice.value]
            if any(isinstance(effect, OpenCase) for effect in effects):
                found.append(way)
            elif len(way) <= 2 * MOST_TAPS:
                waiting.append((after, way))
    return found


@pytest.mark.parametrize("on_duty", [True, False], ids=["somebody on duty", "nobody"])
@pytest.mark.parametrize("first", ["menu", "alo", "chị ơi"])
def test_at_most_four_taps_after_the_first_message(first: str, on_duty: bool, content: Conversation) -> None:
    """Every way of answers, over every country and every skip, opens the case with the fourth tap at the latest."""
    newcomer, _ = type_(content, Standing().but(on_duty=on_duty), first)
    asked, _ = type_(content, newcomer, "Tôi cần giúp")
    ways = ways_to_a_case(content, asked)
    assert len(ways) >= 5
    assert max(len(way) for way in ways) <= MOST_TAPS, max(ways, key=len)


def test_every_channel_shows_the_answers_of_the_way_on_one_screen(content: Conversation) -> None:
    """A tap is one tap on Telegram, on a Zalo OA and on a Zalo Bot: no message of the way is cut in two there."""
    for card in ("help_entry", "help_alone", "danger_now", "help_where", "help_contact"):
        for limits in content.library.limits.values():
            shown = render(content.card(card, "vi"), limits, 1)
            assert len(shown) == 1, (card, limits.channel)


def test_the_case_is_open_as_soon_as_she_says_yes_to_danger(content: Conversation) -> None:
    """Yes and "I do not know" open it in that very step, with the numbers before anything else."""
    asked = Standing().but(on_duty=True).but(state="GetHelp:entry", prompt=content.card("help_entry", "vi").choices)
    danger, _ = type_(content, asked, "2")
    for answer in ("1", "3"):
        _, effects = type_(content, danger, answer)
        assert any(isinstance(effect, OpenCase) and effect.level >= 3 for effect in effects)
        first = next(effect for effect in effects if isinstance(effect, Say))
        assert first.outgoing.phones
