"""Check of the map: 0 a person and 9 the first page everywhere, no name twice, no loop, nobody's answer taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from content.findings import Finding
from flows.checks.graph import FlowGraph
from flows.checks.paths import possible
from flows.checks.shortest_paths import ShortestPaths
from flows.model.definition import State, Transition
from flows.rendering.pagination import MOST, numbered
from flows.tables import DIGITS, EXCEPTIONS, exception_of, labels_of
from flows.text.letters import fold

FIRST_PAGE = "Menu:menu"
PEOPLE = "GetHelp:"
"""The flow that leads to people."""
DOORS = (FIRST_PAGE, "Pages:", "Topics:offers", "Topics:journey", "Topics:safety")
"""What lists doors: the first page and the pages right behind it."""
ONWARD = ("more", "page")
"""Answers that lead on through cards or pages."""
EXITS = ("quick_exit", "stop")
FINGER_RESTS = 3
"""No exit has a number up to this one: these are the numbers of yes, no and "I do not know"."""
HER_MESSAGES = ("text", "voice", "image", "location", "unclear", "offer")
LEFT_TO_PEOPLE = frozenset({"case_open", "human_here"})
"""Conditions under which people read what she sends."""
TABLE = "flows/tables/fixed_answers.yaml"


def map_findings(graph: FlowGraph, paths: ShortestPaths) -> Iterator[Finding]:
    """Yield every place where the map of the conversation does not hold, with the way there."""
    for state in graph.states.values():
        yield from _fixed(graph, paths, state)
        yield from _screen(graph, paths, state)
    yield from _exceptions(graph)
    yield from _doors(graph, paths)
    yield from _loops(graph, paths)
    yield from _taken_from_people(graph, paths)


def _fixed(graph: FlowGraph, paths: ShortestPaths, state: State) -> Iterator[Finding]:
    """0 and 9 stand below every question of ordinary talk, and lead where they always do."""
    exception = exception_of(state.state)
    if exception is None and (missing := set(DIGITS) - {choice.value for choice in graph.fixed(state)}):
        digits = " and ".join(sorted(DIGITS[value] for value in missing))
        remedy = f"give the card {labels_of(state.state)} both answers, or list the state with its reason in {TABLE}"
        yield _at(graph, paths, state, f"{digits} does not stand below its question", remedy)
    for value, digit in DIGITS.items() if exception is None or exception.heard else ():
        for dest in sorted(_leads_to(graph, state.state, value)):
            if not (dest.startswith(PEOPLE) if value == "human" else dest == FIRST_PAGE):
                remedy = f'let "{value}" lead where it does everywhere else'
                yield _at(graph, paths, state, f"{digit} is taken by something else: it leads to {dest}", remedy)


def _leads_to(graph: FlowGraph, state: str, value: str) -> set[str]:
    """Return where an answer leads, whichever of the conditions hold."""
    taken = possible(graph.answers(state, value))
    return {state if one.dest in (None, "=") else str(one.dest) for one in taken}


def _screen(graph: FlowGraph, paths: ShortestPaths, state: State) -> Iterator[Finding]:
    """What stands on one screen: no name twice, no exit under the thumb, at most eight doors on the first page."""
    choices = graph.choices(state)
    names = [fold(choice.label) for choice in choices]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _at(graph, paths, state, f'the name "{name}" stands there twice', "give one of them another name")
    for number, choice in enumerate(numbered(choices), 1):
        if choice.value in EXITS and number <= FINGER_RESTS and not state.state.startswith("Exit:"):
            message = f'the exit "{choice.label}" is number {number}'
            yield _at(graph, paths, state, message, "let it be typed: an exit has no number from 1 to 3")
    if state.state == FIRST_PAGE and len(numbered(choices)) > MOST:
        yield _at(graph, paths, state, f"it has more than {MOST} entries", "put one of them behind another")


def _exceptions(graph: FlowGraph) -> Iterator[Finding]:
    """Yield exceptions that name no state or give no reason."""
    groups = {state.group for state in graph.states.values()}
    for name, exception in EXCEPTIONS.items():
        unknown = sorted(set(exception.states) - groups - set(graph.states))
        for state in unknown if len(groups) > 1 else ():
            yield Finding(TABLE, 1, f'{name}: there is no state "{state}"', "name a state or a flow")
        if not exception.because.strip():
            yield Finding(TABLE, 1, f"{name}: no reason is given", "say why 0 and 9 do not stand there")


def _doors(graph: FlowGraph, paths: ShortestPaths) -> Iterator[Finding]:
    """Yield names that lead to one place from here and to another from there."""
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for state in (one for one in graph.states.values() if one.state.startswith(DOORS)):
        for choice in numbered(graph.choices(state)):
            told = " or ".join(sorted(_leads_to(graph, state.state, choice.value)))
            others = {known: at for known, at in named[fold(choice.label)].items() if known != told}
            named[fold(choice.label)].setdefault(told, state.state)
            for other, at in others.items():
                message = f'the name "{choice.label}" leads to {told}, and in {at} to {other}'
                yield _at(graph, paths, state, message, "give one of the two another name")


def _loops(graph: FlowGraph, paths: ShortestPaths) -> Iterator[Finding]:
    """Yield states from which "more" alone leads back to them: whoever reads on must come to an end."""
    for name, state in graph.states.items():
        seen, waiting = set[str](), [name]
        while waiting:
            here = waiting.pop()
            onward = {dest for trigger in ONWARD for dest in _onward(graph, here, trigger)}
            if name in onward:
                message = f"a loop of pages: “more” leads from {here} back to it"
                yield _at(graph, paths, state, message, "let the last page have no “more”")
                break
            waiting += onward - seen
            seen |= onward


def _onward(graph: FlowGraph, state: str, trigger: str) -> set[str]:
    offered = trigger in graph.values[state]
    known = {str(one.dest) for one in graph.leaving(state, trigger)} if offered else set()
    return known & set(graph.states)


def _taken_from_people(graph: FlowGraph, paths: ShortestPaths) -> Iterator[Finding]:
    """Yield transitions that take her message although people of a case may be waiting for it."""
    for file, transition in graph.transitions():
        if transition.trigger in HER_MESSAGES and transition.source != ("*",) and not _hands_on(transition):
            state = transition.source[0]
            message = f'the transition "{transition.trigger}": it takes what she answers a human'
            way = f"{message}; the way there: {paths.to(state)}"
            remedy = "add unless: [case_open] or [human_here], or hand her words on with keep_words"
            yield Finding(file, transition.line, way, remedy)


def _hands_on(transition: Transition) -> bool:
    """Say whether people of a case get her message, or whether none may be open."""
    return "keep_words" in transition.before or not LEFT_TO_PEOPLE.isdisjoint(transition.unless)


def _at(graph: FlowGraph, paths: ShortestPaths, state: State, message: str, remedy: str) -> Finding:
    told = f"the state {state.state}: {message}; the way there: {paths.to(state.state)}"
    return Finding(graph.files[state.state], state.line, told, remedy)
