"""Check of names: states, cards, actions, conditions and triggers that are written but do not exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from content.findings import Finding
from flows.checks.graph import START, FlowGraph
from flows.checks.shortest_paths import ShortestPaths
from flows.model.consent import PURPOSES
from flows.model.definition import State, Transition


def name_findings(graph: FlowGraph) -> list[Finding]:
    """Return every name that leads nowhere, and every name given twice."""
    return [*_groups(graph), *_states(graph), *_transitions(graph)]


def _groups(graph: FlowGraph) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for group in graph.groups:
        if group.name in seen:
            yield Finding(group.file, 1, f"the flow {group.name} is also in {seen[group.name]}", "rename one of them")
        seen.setdefault(group.name, group.file)
    if graph.groups and START not in graph.states:
        yield Finding(
            graph.groups[0].file, 1, f"no flow has the state {START}", "every conversation begins there: add it"
        )


def _states(graph: FlowGraph) -> Iterator[Finding]:
    paths = ShortestPaths(graph)  # looked at only when there is something to tell
    for group in graph.groups:
        counted = Counter(state.name for state in group.states)
        for state in group.states:
            if counted[state.name] > 1:
                yield _state(group.file, state, "there are two states of this name", "rename one of them")
            for message, remedy in _state_mistakes(graph, state):
                told = f"{message}; the way there: {paths.to(state.state)}"
                yield _state(group.file, state, told, remedy)


def _state_mistakes(graph: FlowGraph, state: State) -> Iterator[tuple[str, str]]:
    for field, card in (("say", state.say), ("choices", state.choices)):
        if card and not graph.library.has(card):
            yield (
                f'{field}: there is no card "{card}"',
                "write it in content/data/cards/vi and content/data/cards/en, or fix the name",
            )
    if state.say and state.tell:
        yield "it has both say and tell", "keep one of them"
    prompt = graph.registry.prompts.get(state.tell)
    if state.tell and prompt is None:
        yield f'tell: there is no prompt "{state.tell}"', _one_of(graph.registry.prompts)
    if prompt is not None and prompt.topics is not None:
        if state.topic not in prompt.topics:
            yield f'topic: the prompt "{state.tell}" has no topic "{state.topic}"', _one_of(prompt.topics)
    elif state.topic and not graph.library.shelf(state.topic):
        yield (
            f'topic: there is no card on the shelf "{state.topic}"',
            _one_of((*graph.library.topics, *graph.library.rooms)),
        )
    if state.consent and state.consent not in PURPOSES:
        yield f'consent: there is no purpose "{state.consent}"', _one_of(PURPOSES)
    if not state.timeout_given:
        yield "it has no timeout", 'say how long an answer counts, here or in the defaults: timeout: 10m (or "never")'
    if state.sensitive and state.timeout_given and state.timeout is None:
        yield "it is sensitive but waits for ever", "give it a timeout: 10m"


def _transitions(graph: FlowGraph) -> Iterator[Finding]:
    for file, transition in graph.transitions():
        for message, remedy in _transition_mistakes(graph, transition):
            where = f'the transition "{transition.trigger}"'
            yield Finding(file, transition.line, f"{where}: {message}", remedy)


def _transition_mistakes(graph: FlowGraph, transition: Transition) -> Iterator[tuple[str, str]]:
    for source in transition.source:
        if source != "*" and source not in graph.states:
            yield f'source: there is no state "{source}"', _nearest(source, graph)
    if transition.dest not in (None, "=") and transition.dest not in graph.states:
        yield f'dest: there is no state "{transition.dest}"', _nearest(str(transition.dest), graph)
    for name in (*transition.conditions, *transition.unless):
        if name not in graph.registry.conditions:
            yield f'there is no condition "{name}"', _one_of(graph.registry.conditions)
    for name in (*transition.before, *transition.after):
        yield from _action_mistakes(graph, name)


def _action_mistakes(graph: FlowGraph, name: str) -> Iterator[tuple[str, str]]:
    action = graph.registry.actions.get(name)
    if action is None:
        yield f'there is no action "{name}"', _one_of(graph.registry.actions)
        return
    for card in dict.fromkeys((*action.cards, *filter(None, [action.agreement]))):
        if not graph.library.has(card):
            yield f'the action "{name}" sends the card "{card}", which does not exist', "write that card"
    for shelf in action.shelves:
        if not graph.library.shelf(shelf):
            yield f'the action "{name}" reads the shelf "{shelf}", which is empty', f"write cards with topic: {shelf}"


def _state(file: str, state: State, message: str, remedy: str) -> Finding:
    return Finding(file, state.line, f"the state {state.state}: {message}", remedy)


def _one_of(names: Iterable[str]) -> str:
    return "use one of: " + ", ".join(sorted(names))


def _nearest(name: str, graph: FlowGraph) -> str:
    group = name.partition(":")[0]
    return _one_of([state for state in graph.states if state.startswith(f"{group}:")] or graph.states)
