"""The map of the conversation is proved: each mistake planted in it is told with file, line and the way there."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from content.findings import Finding
from content.library import Library
from flows.checks.graph import FlowGraph
from flows.checks.map import map_findings
from flows.checks.shortest_paths import ShortestPaths
from flows.engine.conversation import Conversation
from flows.model.definition import StatesGroup
from flows.rendering.pagination import FIRST, MORE, next_page, numbered, paged
from flows.tables import DIGITS, EXCEPTIONS, exception_of
from flows.tables.fixed_answers import CARDS
from tests.flows.checks.test_shortest_paths import PlantedPath, packaged, replanted
from tests.support.content import changed

WAY = "Idle:idle, (text) Menu:menu"


class PlantedCard(msgspec.Struct, frozen=True):
    """Another label or value for a choice of a card (no number: one more); then `says` must be told of `state`."""

    card: str
    number: int | None
    label: str
    value: str
    state: str
    says: str


IN_FLOWS = {
    "0 leads to the first page": PlantedPath(
        "quiz.yaml",
        "transitions:\n",
        'transitions:\n  - {trigger: human, source: question, dest: "Menu:menu"}\n',
        "the state Quiz:question: 0 is taken by something else: it leads to Menu:menu",
        "“Đố vui” Quiz:question",
    ),
    "9 leads somewhere else": PlantedPath(
        "papers.yaml",
        "transitions:\n",
        "transitions:\n  - {trigger: menu, source: about, dest: choose}\n",
        "the state Papers:about: 9 is taken by something else: it leads to Papers:choose",
        "“Căn cước” Papers:about",
    ),
    "more leads round and round": PlantedPath(
        "youth.yaml",
        "  - {trigger: more, source: read, dest: start}\n",
        "  - {trigger: more, source: read, dest: read}\n",
        "the state Youth:read: a loop of pages: “more” leads from Youth:read back to it",
        "“Đọc” Youth:read",
    ),
    "a word asked for is taken from a human": PlantedPath(
        "dialogue.yaml",
        "conditions: [question_usable], unless: [case_open],",
        "conditions: [question_usable],",
        'the transition "text": it takes what she answers a human',
        "Dialogue:write",
    ),
}
ON_CARDS = {
    "an exit is number 2": PlantedCard(
        "quiz_answers", 1, "Thoát nhanh", "quick_exit", "Quiz:question", 'the exit "Thoát nhanh" is number 2'
    ),
    "a name twice on one screen": PlantedCard(
        "papers_choose", 1, "Căn cước", "passport", "Papers:choose", 'the name "can cuoc" stands there twice'
    ),
    "0 by another name among the numbers": PlantedCard(
        "papers_choose", 1, "Tôi cần giúp", "passport", "Papers:choose", 'the name "toi can giup" stands there twice'
    ),
    "a door's name leads elsewhere behind another": PlantedCard(
        "page_trouble",
        2,
        "Số điện thoại",
        "returnee",
        "Pages:trouble",
        'the name "Số điện thoại" leads to Returning:choose',
    ),
    "nine entries on the first page": PlantedCard(
        "menu", None, "Đố vui", "quiz", "Menu:menu", "it has more than 8 entries"
    ),
}


def found(groups: tuple[StatesGroup, ...] | list[StatesGroup], library: Library) -> list[Finding]:
    """Return what the check of the map finds."""
    graph = FlowGraph(groups, library)
    return list(map_findings(graph, ShortestPaths(graph)))


def test_the_map_holds_as_it_is_shipped(content: Conversation) -> None:
    """Nothing is found, and the check is one of `nhipcau check`."""
    assert found(packaged(), content.library) == []


@pytest.mark.parametrize("planted", IN_FLOWS.values(), ids=IN_FLOWS)
def test_a_mistake_in_a_flow_is_told(planted: PlantedPath, content: Conversation, tmp_path: Path) -> None:
    """With the file and the line it stands in, and the way there in the words of the buttons."""
    told = [one for one in found(replanted(tmp_path, planted), content.library) if planted.says in one.message]
    assert told
    assert told[0].file == f"flows/definitions/{planted.file}"
    assert told[0].line > 1
    assert WAY in told[0].message
    assert planted.way in told[0].message


@pytest.mark.parametrize("planted", ON_CARDS.values(), ids=ON_CARDS)
def test_a_mistake_on_a_card_is_told_of_the_state_that_shows_it(planted: PlantedCard, content: Conversation) -> None:
    """The state is found, not the card: that is where she stands."""
    card = content.library.cards[planted.card]["vi"]
    other = replace(card.choices[0], label=planted.label, value=planted.value)
    at = len(card.choices) if planted.number is None else planted.number
    spoilt = (*card.choices[:at], other, *card.choices[at + 1 :])
    versions = {lang: replace(one, choices=spoilt) for lang, one in content.library.cards[planted.card].items()}
    library = changed(content.library, cards={**content.library.cards, planted.card: versions})
    [told] = [one for one in found(packaged(), library) if planted.says in one.message]
    assert told.message.startswith(f"the state {planted.state}: ")
    assert WAY in told.message
    assert told.line > 1


def test_a_state_of_ordinary_talk_without_0_and_9_is_told(content: Conversation) -> None:
    """Where the cards of the two answers have lost one of them, every state of ordinary talk is named."""
    spoilt = {
        name: {lang: replace(one, choices=one.choices[:1]) for lang, one in content.library.cards[name].items()}
        for name in CARDS.values()
    }
    library = changed(content.library, cards={**content.library.cards, **spoilt})
    told = [one.message for one in found(packaged(), library) if "does not stand below its question" in one.message]
    ordinary = [state for state in content.states if exception_of(state) is None]
    assert len(told) == len(ordinary)
    assert all("9 does not stand" in message and "Idle:idle" in message for message in told)


def test_every_state_shows_0_and_9_or_is_listed_with_a_reason(content: Conversation) -> None:
    """The list is short, names only states there are, and no state stands in it twice."""
    graph = FlowGraph(content.groups, content.library)
    groups = {state.group for state in content.states.values()}
    listed = [state for one in EXCEPTIONS.values() for state in one.states]
    assert len(listed) == len(set(listed))
    assert set(listed) <= groups | set(content.states)
    assert all(one.because for one in EXCEPTIONS.values())
    for name, state in content.states.items():
        shown = {choice.value: choice.digit for choice in graph.fixed(state)}
        assert shown == ({} if exception_of(name) else dict(DIGITS)), name


def test_more_never_leads_back_to_the_first_page_of_a_list(content: Conversation) -> None:
    """Every list longer than a screen, page by page: each answer once, and the last page says that it begins anew."""
    graph = FlowGraph(content.groups, content.library)
    lists = [choices for state in content.states.values() if len(numbered(choices := graph.choices(state))) > 8]
    assert lists
    for choices in lists:
        seen, at = [], 0
        for _ in range(len(choices)):
            page = paged(choices, ("more", "first"), at)
            seen += [choice.value for choice in numbered(page)[:-1]]
            if numbered(page)[-1].value == FIRST:
                break
            assert numbered(page)[-1].value == MORE
            at = next_page(choices, page)
        assert seen == [choice.value for choice in choices if not choice.digit]


def test_a_country_with_a_card_is_on_every_list_of_countries(content: Conversation) -> None:
    """No card of a country is out of reach of who only taps."""
    cards = {name.removeprefix("stuck.") for name in content.library.cards if re.fullmatch(r"stuck\.[a-z]{2}", name)}
    assert {"kh", "ph", "gb"} <= cards
    for listed in ("services_country", "help_country"):
        assert cards <= {choice.value for choice in content.card(listed, "vi").choices}, listed
