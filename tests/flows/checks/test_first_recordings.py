"""What is recorded first: derived from the flows, whole talks, and the order in which speakers are asked."""

from __future__ import annotations

import pytest

from content.recording_scripts import DIGITS, can_be_spoken, script, wanted
from flows.checks.first_recordings import MOST, first_recordings
from flows.checks.graph import FlowGraph
from flows.engine.conversation import Conversation
from flows.tables import DIGITS as SHOWN_DIGITS


@pytest.fixture(name="graph")
def _graph(content: Conversation) -> FlowGraph:
    return FlowGraph(content.groups, content.library)


def without(graph: FlowGraph, *flows: str) -> FlowGraph:
    """The flows without some of them."""
    return FlowGraph([group for group in graph.groups if group.name not in flows], graph.library)


def test_speakers_are_asked_for_them_before_all_others(content: Conversation) -> None:
    """Forty cards at most, each one that is said as it stands, and the list of all begins with them."""
    cards = [one.card for one in content.library.audio.first]
    assert 30 <= len(cards) == len(set(cards)) <= MOST
    assert all(can_be_spoken(content.library, card) for card in cards)
    assert wanted(content.library)[: len(cards)] == tuple(cards)


def test_a_talk_begins_with_what_everybody_hears_and_goes_on_to_a_human(graph: FlowGraph) -> None:
    """The greeting, the first page and the language to hear; then every step from the wish for help to the queue."""
    found = first_recordings(graph)
    order = [one.reason for one in found]
    assert order == sorted(order, key=("everybody", "human", "talk").index)
    why = {one.card: one.reason for one in found}
    assert {"welcome", "menu", "listening"} <= {card for card, reason in why.items() if reason == "everybody"}
    steps = {"help_entry", "danger_now", "help_where", "help_contact", "help_queued", "help_waiting"}
    assert steps <= {card for card, reason in why.items() if reason == "human"}


def test_a_list_of_questions_is_there_whole_or_not_at_all(graph: FlowGraph) -> None:
    """Whoever is asked twelve questions hears twelve, not nine."""
    found = {one.card for one in first_recordings(graph)}
    lists = [state.topic for state in graph.states.values() if state.tell == "question"]
    assert lists
    for topic in lists:
        cards = {card for card in graph.library.shelf(topic) if can_be_spoken(graph.library, card)}
        assert found >= cards or len(found & cards) <= 1, topic


def test_the_order_follows_the_flows(graph: FlowGraph) -> None:
    """A flow that is gone takes its cards along, and others move up."""
    cards = {one.card for one in first_recordings(graph)}
    silent = {one.card for one in first_recordings(without(graph, "Listening"))}
    alone = first_recordings(without(graph, "GetHelp"))
    assert "listening" in cards - silent
    assert "help_entry" in cards - {one.card for one in alone}
    assert len(alone) >= 30


def test_a_voice_says_the_digits_of_a_human_and_of_the_first_page(graph: FlowGraph) -> None:
    """Once, at the end of the first page, and they are those that every screen shows."""
    assert DIGITS == SHOWN_DIGITS
    assert script(graph.library, "menu").splitlines()[-2:] == ["0. Tôi cần giúp", "9. Về mục lục"]
    told = [card for card in wanted(graph.library) if "\n0. " in script(graph.library, card)]
    assert told == ["menu"]


def test_every_card_says_how_it_is_reached(graph: FlowGraph) -> None:
    """Of a talk the answers from the first page on, as they stand there."""
    labels = {choice.label for choice in graph.choices(graph.states["Menu:menu"])}
    talks = [one for one in first_recordings(graph) if one.reason == "talk"]
    assert talks
    assert {one.way[0] for one in talks} <= labels
