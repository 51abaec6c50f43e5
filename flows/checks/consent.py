"""Check of consent: nothing is kept, or asked in order to be kept, before she has said yes to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from content.findings import Finding
from flows.checks.graph import Plan
from flows.checks.shortest_paths import Ways
from flows.model.definition import Transition


def consent_findings(plan: Plan, ways: Ways) -> Iterator[Finding]:
    """Yield every transition that keeps something on a way on which she was never asked whether it may be kept."""
    for purpose in sorted({action.consent for action in plan.registry.actions.values() if action.consent}):
        kept = list(_keeping(plan, ways, purpose))
        unasked = ways.without(partial(_yes, plan, purpose))
        told_of: set[int] = set()
        for state, told, transition, action in kept:
            if id(transition) not in told_of and state in unasked.reached:
                told_of.add(id(transition))
                yield _finding(plan, transition, action, purpose, f"{unasked.to(state)}, {told}")
    yield from _declared(plan)


def _keeping(plan: Plan, ways: Ways, purpose: str) -> Iterator[tuple[str, str, Transition, str]]:
    """Yield every step that keeps something for `purpose` and is not itself the yes to it."""
    keeping = {id(transition): _keeps(plan, transition, purpose) for _, transition in plan.transitions()}
    if not any(keeping.values()):
        return
    for state in plan.states:
        for told, transition in ways.taken(state):
            action = keeping[id(transition)]
            if action and not _yes(plan, purpose, state, told, transition):
                yield state, told, transition, action


def _yes(plan: Plan, purpose: str, state: str, told: str, transition: Transition) -> bool:
    """Say whether a step is her yes: an answer named so of a state that asks for it, or proof of an earlier one."""
    conditions = plan.registry.conditions
    if any(conditions[name].proves == purpose for name in transition.conditions):
        return True
    asked = plan.states[state]
    if asked.consent != purpose or not told.startswith("“"):
        return False
    labels = {f"“{choice.label}”" for choice in plan.choices(asked) if choice.value in asked.given_by}
    return told in labels


def _keeps(plan: Plan, transition: Transition, purpose: str) -> str:
    actions = (*transition.before, *transition.after)
    return next((name for name in actions if plan.registry.actions[name].consent == purpose), "")


def _declared(plan: Plan) -> Iterator[Finding]:
    """A state that asks for consent names its yes, offers a no, and only answers it offers."""
    for name, state in plan.states.items():
        if not state.consent:
            continue
        unknown = set(state.given_by) - plan.values[name]
        if unknown or not state.given_by:
            message = f"the state {name}: given_by names no answer it offers ({', '.join(sorted(unknown)) or 'none'})"
            yield Finding(plan.files[name], state.line, message, "name the values of its card that are a yes")
        elif not plan.values[name] - set(state.given_by):
            message = f"the state {name}: it asks for consent but offers no answer that is a no"
            yield Finding(plan.files[name], state.line, message, "offer a way to say no")


def _finding(plan: Plan, transition: Transition, action: str, purpose: str, way: str) -> Finding:
    file = next(file for file, known in plan.transitions() if known is transition)
    message = f'the transition "{transition.trigger}": {action} keeps something before a yes to {purpose}'
    remedy = f"let the way pass a state with consent: {purpose}"
    return Finding(file, transition.line, f"{message}; the way there: {way}", remedy)
