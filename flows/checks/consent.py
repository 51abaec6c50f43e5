"""Check of consent: nothing is kept, or asked in order to be kept, before she has said yes to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from content.findings import Finding
from flows.checks.graph import FlowGraph
from flows.checks.shortest_paths import ShortestPaths
from flows.model.definition import Transition


def consent_findings(graph: FlowGraph, paths: ShortestPaths) -> Iterator[Finding]:
    """Yield every transition that keeps something on a path on which she was never asked whether it may be kept."""
    for purpose in sorted({action.consent for action in graph.registry.actions.values() if action.consent}):
        kept = list(_keeping(graph, paths, purpose))
        unasked = paths.without(partial(_yes, graph, purpose))
        told_of: set[int] = set()
        for state, told, transition, action in kept:
            if id(transition) not in told_of and state in unasked.reached:
                told_of.add(id(transition))
                yield _finding(graph, transition, action, purpose, f"{unasked.to(state)}, {told}")
    yield from _declared(graph)


def _keeping(graph: FlowGraph, paths: ShortestPaths, purpose: str) -> Iterator[tuple[str, str, Transition, str]]:
    """Yield every step that keeps something for `purpose` and is not itself the yes to it."""
    keeping = {id(transition): _keeps(graph, transition, purpose) for _, transition in graph.transitions()}
    if not any(keeping.values()):
        return
    for state in graph.states:
        for told, transition in paths.taken(state):
            action = keeping[id(transition)]
            if action and not _yes(graph, purpose, state, told, transition):
                yield state, told, transition, action


def _yes(graph: FlowGraph, purpose: str, state: str, told: str, transition: Transition) -> bool:
    """Say whether a step is her yes: an answer named so of a state that asks for it, or proof of an earlier one."""
    conditions = graph.registry.conditions
    if any(conditions[name].proves == purpose for name in transition.conditions):
        return True
    asked = graph.states[state]
    if asked.consent != purpose or not told.startswith("“"):
        return False
    labels = {f"“{choice.label}”" for choice in graph.choices(asked) if choice.value in asked.given_by}
    return told in labels


def _keeps(graph: FlowGraph, transition: Transition, purpose: str) -> str:
    actions = (*transition.before, *transition.after)
    return next((name for name in actions if graph.registry.actions[name].consent == purpose), "")


def _declared(graph: FlowGraph) -> Iterator[Finding]:
    """A state that asks for consent names its yes, offers a no, and only answers it offers."""
    for name, state in graph.states.items():
        if not state.consent:
            continue
        own = {choice.value for choice in graph.choices(state) if not choice.digit}
        unknown = set(state.given_by) - own
        if unknown or not state.given_by:
            message = f"the state {name}: given_by names no answer it offers ({', '.join(sorted(unknown)) or 'none'})"
            yield Finding(graph.files[name], state.line, message, "name the values of its card that are a yes")
        elif not own - set(state.given_by):
            message = f"the state {name}: it asks for consent but offers no answer that is a no"
            yield Finding(graph.files[name], state.line, message, "offer a way to say no")


def _finding(graph: FlowGraph, transition: Transition, action: str, purpose: str, way: str) -> Finding:
    file = next(file for file, known in graph.transitions() if known is transition)
    message = f'the transition "{transition.trigger}": {action} keeps something before a yes to {purpose}'
    remedy = f"let the way pass a state with consent: {purpose}"
    return Finding(file, transition.line, f"{message}; the way there: {way}", remedy)
