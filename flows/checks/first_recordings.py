"""First recordings: the cards that carry a whole talk for who cannot read, in the order in which they are heard.

Derived from the flows, so that a flow that changes moves them: what everybody hears, the way to a human, then one whole
talk under each answer of the first page, its first answers to the end. Numbers stand in the text and are not spoken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from content.cards.languages import BASE
from content.recording_scripts import can_be_spoken
from content.recordings.index import FirstRecording, Reason
from flows.checks.graph import START, FlowGraph
from flows.checks.shortest_paths import ShortestPaths
from flows.model.definition import State, Transition
from flows.rendering.phrasing import Phrasing

MOST = 40
"""How many cards one speaker reads in an afternoon."""
MENU, MISSED = "Menu:menu", "not_understood"
HEARING, HELP = "listening", "human"
"""The triggers of hearing and of help."""
TO_HUMAN, TAPS_TO_HUMAN = ("GetHelp", "Cry"), 2
"""The flows that lead to a human, and how many taps into them belong to every talk."""
ALL_QUESTIONS = "question"
"""The prompt of a list of questions: a list that stops in the middle helps nobody."""
TAP, OF_A_LIST = "“", "…"

Way = tuple[str, ...]


def first_recordings(graph: FlowGraph) -> tuple[FirstRecording, ...]:
    """Return what is recorded before all other cards, with the reason and the answers that lead to it.

    What a state says is taken whole or not at all.
    """
    found: dict[str, FirstRecording] = {}
    for reason, way, cards in _in_order(graph):
        new = [card for card in dict.fromkeys(cards) if card not in found and can_be_spoken(graph.library, card)]
        if len(found) + len(new) <= MOST:
            found |= {card: FirstRecording(card, reason, way) for card in new}
    return tuple(found.values())


def _in_order(graph: FlowGraph) -> Iterator[tuple[Reason, Way, tuple[str, ...]]]:
    yield "everybody", (), _cards(graph, MENU)
    paths = ShortestPaths(graph)
    for dest in _leading_to(graph, HEARING):
        yield "everybody", (), (*_cards(graph, dest), *_said_on_the_way(graph, dest, MENU))
    yield "everybody", (), (MISSED, *_greeting(graph))
    for state, way in _helping(paths):
        yield "human", way, _cards(graph, state)
    taken = {MENU}
    for told, dest in (tap for tap in _taps(paths, MENU) if _goes_on(paths, tap[1])):
        for state, way in _talk(paths, dest, (told,), taken):
            yield "talk", way, _cards(graph, state)


def _leading_to(graph: FlowGraph, trigger: str) -> Iterator[str]:
    yield from (str(one.dest) for one in graph.all_of(trigger) if str(one.dest) in graph.states)


def _helping(paths: ShortestPaths) -> Iterator[tuple[str, Way]]:
    """Yield the states on the way to a human, the nearest first."""
    seen: set[str] = set()
    waiting: deque[tuple[str, Way]] = deque((dest, ()) for dest in _leading_to(paths.graph, HELP))
    while waiting:
        state, way = waiting.popleft()
        if state not in seen and paths.graph.states[state].group in TO_HUMAN:
            seen.add(state)
            yield state, way
            waiting.extend((dest, (*way, told)) for told, dest in _taps(paths, state) if len(way) < TAPS_TO_HUMAN)


def _talk(paths: ShortestPaths, state: str, way: Way, taken: set[str]) -> Iterator[tuple[str, Way]]:
    """Yield the states of one talk: in each the first answer that leads on, with everything it may lead to."""
    waiting: deque[tuple[str, Way]] = deque([(state, way)])
    while waiting:
        state, way = waiting.popleft()
        if state in taken:
            continue
        taken.add(state)
        yield state, way
        taps = [(told, dest) for told, dest in _taps(paths, state) if dest not in taken and _goes_on(paths, dest)]
        waiting.extend((dest, (*way, told)) for told, dest in taps if told == taps[0][0])


def _goes_on(paths: ShortestPaths, state: str) -> bool:
    """Say whether a state belongs to the talk it is reached from: not the first page, not the way to a human."""
    return paths.graph.states[state].group not in (*TO_HUMAN, MENU.partition(":")[0])


def _taps(paths: ShortestPaths, state: str) -> Iterator[tuple[str, str]]:
    """Yield what a tap leads to, with its label: who cannot write taps. What a list holds stands above its answers."""
    taps = [(told.strip("“”"), dest) for told, dest in paths.leading(state) if told.startswith(TAP)]
    yield from sorted(taps, key=lambda tap: tap[0] != OF_A_LIST)


def _said_on_the_way(graph: FlowGraph, state: str, dest: str) -> Iterator[str]:
    """Yield what is said to whoever answers a question and is led on."""
    yield from _said(graph, (one for one in graph.leaving(state, "choice") if one.dest == dest))


def _greeting(graph: FlowGraph) -> Iterator[str]:
    """Yield what is said to whoever comes for the first time."""
    yield from _said(graph, graph.leaving(START, "follow"))


def _said(graph: FlowGraph, transitions: Iterable[Transition]) -> Iterator[str]:
    for transition in transitions:
        for action in transition.before:
            yield from graph.registry.actions[action].cards


def _cards(graph: FlowGraph, name: str) -> tuple[str, ...]:
    """Return what a state says: its card, the first that it tells or all questions of a list, the question below."""
    state = graph.states[name]
    return tuple(filter(None, (state.say, *_told(graph, state), state.choices)))


def _told(graph: FlowGraph, state: State) -> tuple[str, ...]:
    if state.tell == ALL_QUESTIONS:
        return graph.library.shelf(state.topic)
    prompt = graph.registry.prompts.get(state.tell)
    told = next(prompt.samples(Phrasing(graph.library), state, BASE), None) if prompt and prompt.samples else None
    return told.cards if told else ()
