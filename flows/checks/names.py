"""Mistakes in names: states, cards, actions, conditions and triggers that are written but do not exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from content.findings import Finding
from flows.checks.graph import START, Plan
from flows.checks.shortest_paths import Ways
from flows.conditions import CONDITIONS
from flows.model.definition import State, Transition
from flows.registry import ACTIONS, CARDS_OF_ACTION, SHELVES_OF_ACTION
from flows.tables import PAGES
from flows.tellers import TELLERS


def name_findings(plan: Plan) -> list[Finding]:
    """Return every name that leads nowhere, and every name given twice."""
    return [*_groups(plan), *_states(plan), *_transitions(plan)]


def _groups(plan: Plan) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for group in plan.groups:
        if group.name in seen:
            yield Finding(group.file, 1, f"the flow {group.name} is also in {seen[group.name]}", "rename one of them")
        seen.setdefault(group.name, group.file)
    if plan.groups and START not in plan.states:
        yield Finding(
            plan.groups[0].file, 1, f"no flow has the state {START}", "every conversation begins there: add it"
        )


def _states(plan: Plan) -> Iterator[Finding]:
    ways = Ways(plan)  # looked at only when there is something to tell
    for group in plan.groups:
        counted = Counter(state.name for state in group.states)
        for state in group.states:
            if counted[state.name] > 1:
                yield _state(group.file, state, "there are two states of this name", "rename one of them")
            for message, remedy in _state_mistakes(plan, state):
                told = f"{message}; the way there: {ways.to(state.state)}"
                yield _state(group.file, state, told, remedy)


def _state_mistakes(plan: Plan, state: State) -> Iterator[tuple[str, str]]:
    for field, card in (("say", state.say), ("choices", state.choices)):
        if card and not plan.library.has(card):
            yield (
                f'{field}: there is no card "{card}"',
                "write it in content/data/cards/vi and content/data/cards/en, or fix the name",
            )
    if state.say and state.tell:
        yield "it has both say and tell", "keep one of them"
    if state.tell and state.tell not in TELLERS:
        yield f'tell: there is no teller "{state.tell}"', _one_of(TELLERS)
    if state.tell == "chosen_card" and state.topic not in PAGES:
        yield f'topic: there is no page "{state.topic}" in flows/tables/pages.yaml', _one_of(PAGES)
    elif state.topic and state.tell != "chosen_card" and not plan.library.shelf(state.topic):
        yield (
            f'topic: there is no card on the shelf "{state.topic}"',
            _one_of((*plan.library.topics, *plan.library.rooms)),
        )
    if not state.timeout_given:
        yield "it has no timeout", 'say how long an answer counts: timeout: 10m (or "never")'
    if state.sensitive and state.timeout_given and state.timeout is None:
        yield "it is sensitive but waits for ever", "give it a timeout: 10m"


def _transitions(plan: Plan) -> Iterator[Finding]:
    for file, transition in plan.transitions():
        for message, remedy in _transition_mistakes(plan, transition):
            where = f'the transition "{transition.trigger}"'
            yield Finding(file, transition.line, f"{where}: {message}", remedy)


def _transition_mistakes(plan: Plan, transition: Transition) -> Iterator[tuple[str, str]]:
    for source in transition.source:
        if source != "*" and source not in plan.states:
            yield f'source: there is no state "{source}"', _nearest(source, plan)
    if transition.dest not in (None, "=") and transition.dest not in plan.states:
        yield f'dest: there is no state "{transition.dest}"', _nearest(str(transition.dest), plan)
    for name in (*transition.conditions, *transition.unless):
        if name not in CONDITIONS:
            yield f'there is no condition "{name}"', _one_of(CONDITIONS)
    for name in (*transition.before, *transition.after):
        yield from _action_mistakes(plan, name)


def _action_mistakes(plan: Plan, name: str) -> Iterator[tuple[str, str]]:
    if name not in ACTIONS:
        yield f'there is no action "{name}"', _one_of(ACTIONS)
    for card in CARDS_OF_ACTION.get(name, ()):
        if not plan.library.has(card):
            yield f'the action "{name}" sends the card "{card}", which does not exist', "write that card"
    for shelf in SHELVES_OF_ACTION.get(name, ()):
        if not plan.library.shelf(shelf):
            yield f'the action "{name}" reads the shelf "{shelf}", which is empty', f"write cards with topic: {shelf}"


def _state(file: str, state: State, message: str, remedy: str) -> Finding:
    return Finding(file, state.line, f"the state {state.state}: {message}", remedy)


def _one_of(names: Iterable[str]) -> str:
    return "use one of: " + ", ".join(sorted(names))


def _nearest(name: str, plan: Plan) -> str:
    group = name.partition(":")[0]
    return _one_of([state for state in plan.states if state.startswith(f"{group}:")] or plan.states)
