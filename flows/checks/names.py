"""Check of names: states, cards, actions, conditions and triggers that are written but do not exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from content.findings import Finding
from flows.checks.graph import START, Plan
from flows.checks.shortest_paths import Ways
from flows.model.consent import PURPOSES
from flows.model.definition import State, Transition


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
    prompt = plan.registry.prompts.get(state.tell)
    if state.tell and prompt is None:
        yield f'tell: there is no prompt "{state.tell}"', _one_of(plan.registry.prompts)
    if prompt is not None and prompt.topics is not None:
        if state.topic not in prompt.topics:
            yield f'topic: the prompt "{state.tell}" has no topic "{state.topic}"', _one_of(prompt.topics)
    elif state.topic and not plan.library.shelf(state.topic):
        yield (
            f'topic: there is no card on the shelf "{state.topic}"',
            _one_of((*plan.library.topics, *plan.library.rooms)),
        )
    if state.consent and state.consent not in PURPOSES:
        yield f'consent: there is no purpose "{state.consent}"', _one_of(PURPOSES)
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
        if name not in plan.registry.conditions:
            yield f'there is no condition "{name}"', _one_of(plan.registry.conditions)
    for name in (*transition.before, *transition.after):
        yield from _action_mistakes(plan, name)


def _action_mistakes(plan: Plan, name: str) -> Iterator[tuple[str, str]]:
    action = plan.registry.actions.get(name)
    if action is None:
        yield f'there is no action "{name}"', _one_of(plan.registry.actions)
        return
    for card in dict.fromkeys((*action.cards, *filter(None, [action.agreement]))):
        if not plan.library.has(card):
            yield f'the action "{name}" sends the card "{card}", which does not exist', "write that card"
    for shelf in action.shelves:
        if not plan.library.shelf(shelf):
            yield f'the action "{name}" reads the shelf "{shelf}", which is empty', f"write cards with topic: {shelf}"


def _state(file: str, state: State, message: str, remedy: str) -> Finding:
    return Finding(file, state.line, f"the state {state.state}: {message}", remedy)


def _one_of(names: Iterable[str]) -> str:
    return "use one of: " + ", ".join(sorted(names))


def _nearest(name: str, plan: Plan) -> str:
    group = name.partition(":")[0]
    return _one_of([state for state in plan.states if state.startswith(f"{group}:")] or plan.states)
