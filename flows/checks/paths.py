"""Check of paths: states nobody reaches or leaves, answers nobody takes, places without help or an exit."""

from __future__ import annotations

from collections.abc import Iterator

from content.findings import Finding
from flows.checks.graph import TOPICS, FlowGraph
from flows.checks.shortest_paths import ShortestPaths
from flows.model.definition import State, Transition

WAYS_TO_HELP = ("cry", "human", "silent_call", "unclear")
WAYS_OUT = ("stop", "quick_exit", "dung")
MUST_ANSWER = ("text", "voice", "image", "location", "sticker", "other", "unreadable", "timeout", "menu")
TAKEN = frozenset(
    (
        *("text", "sticker", "other", "voice", "image", "location", "follow", "timeout", "unreadable"),
        *("cry", "unclear", "offer", "dung", "code_word", "own_word", "invitation", "choice"),
    )
)
"""Triggers of what comes in by itself; a choice of the same name would never be heard as an answer."""
TAPS_TO_HELP = 2


def path_findings(graph: FlowGraph, paths: ShortestPaths) -> list[Finding]:
    """Return every state or transition from which a person could not go on, each with the way that leads there."""
    return [*_unreachable(graph, paths), *_never_fired(graph, paths), *_shadowed(graph), *_per_state(graph, paths)]


def _unreachable(graph: FlowGraph, paths: ShortestPaths) -> Iterator[Finding]:
    for name, state in graph.states.items():
        if name not in paths.reached:
            yield _at(graph, paths, state, "nobody can reach it", "add a transition that leads here, or delete it")


def _never_fired(graph: FlowGraph, paths: ShortestPaths) -> Iterator[Finding]:
    for file, transition in graph.transitions():
        if not any(graph.can_happen(transition, source) for source in graph.sources(transition)):
            message = f'the transition "{transition.trigger}": nothing a person does fires it'
            way = f"; the way there: {paths.to(graph.sources(transition)[0])}"
            yield Finding(file, transition.line, message + way, "name a value of a choice offered there, or delete it")


def _shadowed(graph: FlowGraph) -> Iterator[Finding]:
    """A transition that another one, asked before it under weaker conditions, always takes the event from."""
    files = {id(transition): file for file, transition in graph.transitions()}
    for trigger in sorted({transition.trigger for _, transition in graph.transitions()}):
        for later in graph.all_of(trigger):
            sources = graph.sources(later)
            if all(_taken_before(graph.leaving(source, trigger), later) for source in sources):
                message = f'the transition "{trigger}" of {sources[0]}: another one always takes it first'
                yield Finding(
                    files[id(later)], later.line, message, "delete one of them, or give the first a condition"
                )


def _taken_before(transitions: list[Transition], later: Transition) -> bool:
    for earlier in transitions:
        if earlier is later:
            return False
        if set(earlier.conditions) <= set(later.conditions) and set(earlier.unless) <= set(later.unless):
            return True
    return False


def _per_state(graph: FlowGraph, paths: ShortestPaths) -> Iterator[Finding]:
    for name, state in graph.states.items():
        for value in sorted(graph.values[name]):
            if not graph.answers(name, value):
                remedy = f"add {{trigger: {value}, source: {state.name}, dest: …}}"
                yield _at(graph, paths, state, f'the choice "{value}" leads nowhere', remedy)
            elif not _answered(graph, name, value):
                remedy = "end with a transition of it that has no condition"
                yield _at(graph, paths, state, f'the choice "{value}" may find no answer', remedy)
        for value in sorted(graph.values[name] & TAKEN):
            remedy = "give the choice another value in its card"
            yield _at(graph, paths, state, f'the choice "{value}" would be taken for something that came in', remedy)
        yield from _dead_end(graph, paths, state)
        yield from _alwayspossible(graph, paths, state)
        if graph.values[name] and not _near_help(graph, name, TAPS_TO_HELP):
            yield _at(
                graph, paths, state, f"help is more than {TAPS_TO_HELP} taps away", 'offer the choice "human" or "menu"'
            )


def _answered(graph: FlowGraph, state: str, value: str) -> bool:
    """Say whether some transition always takes an answer, its own or the one of any choice."""
    return _unconditional(graph.leaving(state, value)) or _unconditional(graph.leaving(state, "choice"))


def _dead_end(graph: FlowGraph, paths: ShortestPaths, state: State) -> Iterator[Finding]:
    offers = bool(graph.values[state.state])
    if "choices" in state.expect and not offers:
        yield _at(
            graph,
            paths,
            state,
            "dead end: it expects a choice but offers none",
            "give its card choices, or expect text",
        )
    if offers and "choices" not in state.expect:
        yield _at(graph, paths, state, "it offers choices but does not expect one", "add choices to expect")
    if not state.expect or state.expect == ("nothing",):
        yield _at(graph, paths, state, "dead end: it expects nothing", "expect choices, text or voice")


def _alwayspossible(graph: FlowGraph, paths: ShortestPaths, state: State) -> Iterator[Finding]:
    for triggers, what in ((WAYS_TO_HELP, "no way to help"), (WAYS_OUT, "no way to stop")):
        for trigger in triggers:
            if not _unconditional(graph.leaving(state.state, trigger)):
                remedy = f'let "{trigger}" leave every state: source: "*"'
                yield _at(graph, paths, state, f'{what}: "{trigger}" is not understood there', remedy)
    for trigger in (*MUST_ANSWER, *sorted(TOPICS)):
        if not _unconditional(graph.leaving(state.state, trigger)):
            remedy = f'end with a transition of "{trigger}" from "*" without conditions'
            yield _at(graph, paths, state, f'dead end: "{trigger}" may find no answer', remedy)


def _unconditional(transitions: list[Transition]) -> bool:
    """Say whether some transition always holds, or two of them cover a condition and its contrary."""
    asked = {(frozenset(t.conditions), frozenset(t.unless)) for t in transitions}
    return any(not conditions and (not unless or (unless, frozenset()) in asked) for conditions, unless in asked)


def _near_help(graph: FlowGraph, state: str, taps: int) -> bool:
    """Say whether some answer leads to help within `taps`, whichever of its conditions hold."""
    return any(_helps(graph, state, value, taps) for value in graph.values[state])


def _helps(graph: FlowGraph, state: str, value: str, taps: int) -> bool:
    transitions = possible(graph.answers(state, value))
    return bool(transitions) and all(_helpful(graph, state, transition, taps) for transition in transitions)


def _helpful(graph: FlowGraph, state: str, transition: Transition, taps: int) -> bool:
    dest = state if transition.dest in (None, "=") else str(transition.dest)
    actions = [graph.registry.actions[name] for name in transition.before]
    if dest.startswith("GetHelp:") or _shows_help(graph, dest) or any(action.helps for action in actions):
        return True
    return taps > 1 and _near_help(graph, dest, taps - 1)


def _shows_help(graph: FlowGraph, state: str) -> bool:
    """Say whether the prompt of a state tells where help is."""
    prompt = graph.registry.prompts.get(graph.states[state].tell) if state in graph.states else None
    return prompt is not None and prompt.helps


def possible(transitions: list[Transition]) -> list[Transition]:
    """Return the transitions up to the first one that always holds."""
    found: list[Transition] = []
    for transition in transitions:
        found.append(transition)
        if not transition.conditions and not transition.unless:
            break
    return found


def _at(graph: FlowGraph, paths: ShortestPaths, state: State, message: str, remedy: str) -> Finding:
    told = f"the state {state.state}: {message}; the way there: {paths.to(state.state)}"
    return Finding(graph.files[state.state], state.line, told, remedy)
