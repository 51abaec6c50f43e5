"""Mistakes in paths: states nobody reaches or leaves, answers nobody takes, places without help or a way out."""

from __future__ import annotations

from collections.abc import Iterator

from content.finding import Finding
from flows.definition import State, Transition
from flows.plan import START, TOPICS, Plan

WAYS_TO_HELP = ("cry", "human", "silent_call", "unclear")
WAYS_OUT = ("stop", "quick_exit", "dung")
MUST_ANSWER = ("text", "voice", "image", "location", "sticker", "other", "unreadable", "timeout", "menu")
TAKEN = frozenset(
    (
        *("text", "sticker", "other", "voice", "image", "location", "follow", "timeout", "unreadable"),
        *("cry", "unclear", "offer", "dung", "code_word", "invitation", "choice"),
    )
)
"""Triggers of what comes in by itself; a choice of the same name would never be heard as an answer."""
TAPS_TO_HELP = 2
_HELPS = ("show_numbers", "list_numbers", "note_contact", "raise_to_2", "raise_to_3", "raise_to_4", "flag_garden")


def path_findings(plan: Plan) -> list[Finding]:
    """Return every state or transition from which a person could not go on."""
    return [*_unreachable(plan), *_never_fired(plan), *_per_state(plan)]


def reachable(plan: Plan) -> set[str]:
    """Return the states a person can get to, beginning at the first one."""
    seen, waiting = {START}, [START]
    while waiting:
        state = waiting.pop()
        for _, transition in plan.transitions():
            dest = transition.dest
            if dest in (None, "=") or dest in seen or state not in plan.sources(transition):
                continue
            if plan.can_happen(transition, state):
                seen.add(str(dest))
                waiting.append(str(dest))
    return seen


def _unreachable(plan: Plan) -> Iterator[Finding]:
    seen = reachable(plan)
    for name, state in plan.states.items():
        if name not in seen:
            yield _at(plan, state, "nobody can reach it", "add a transition that leads here, or delete it")


def _never_fired(plan: Plan) -> Iterator[Finding]:
    for file, transition in plan.transitions():
        if not any(plan.can_happen(transition, source) for source in plan.sources(transition)):
            message = f'the transition "{transition.trigger}": nothing a person does fires it'
            yield Finding(file, transition.line, message, "name a value of a choice offered there, or delete it")


def _per_state(plan: Plan) -> Iterator[Finding]:
    for name, state in plan.states.items():
        for value in sorted(plan.values[name]):
            if not plan.answers(name, value):
                remedy = f"add {{trigger: {value}, source: {state.name}, dest: …}}"
                yield _at(plan, state, f'the choice "{value}" leads nowhere', remedy)
        for value in sorted(plan.values[name] & TAKEN):
            remedy = "give the choice another value in its card"
            yield _at(plan, state, f'the choice "{value}" would be taken for something that came in', remedy)
        yield from _dead_end(plan, state)
        yield from _always_possible(plan, state)
        if plan.values[name] and not _near_help(plan, name, TAPS_TO_HELP):
            yield _at(plan, state, f"help is more than {TAPS_TO_HELP} taps away", 'offer the choice "human" or "menu"')


def _dead_end(plan: Plan, state: State) -> Iterator[Finding]:
    offers = bool(plan.values[state.state])
    if "choices" in state.expect and not offers:
        yield _at(plan, state, "dead end: it expects a choice but offers none", "give its card choices, or expect text")
    if offers and "choices" not in state.expect:
        yield _at(plan, state, "it offers choices but does not expect one", "add choices to expect")
    if not state.expect or state.expect == ("nothing",):
        yield _at(plan, state, "dead end: it expects nothing", "expect choices, text or voice")


def _always_possible(plan: Plan, state: State) -> Iterator[Finding]:
    for ways, what in ((WAYS_TO_HELP, "no way to help"), (WAYS_OUT, "no way to stop")):
        for trigger in ways:
            if not plan.leaving(state.state, trigger):
                remedy = f'let "{trigger}" leave every state: source: "*"'
                yield _at(plan, state, f'{what}: "{trigger}" is not understood there', remedy)
    for trigger in (*MUST_ANSWER, *sorted(TOPICS)):
        if not _unconditional(plan.leaving(state.state, trigger)):
            remedy = f'end with a transition of "{trigger}" from "*" without conditions'
            yield _at(plan, state, f'dead end: "{trigger}" may find no answer', remedy)


def _unconditional(transitions: list[Transition]) -> bool:
    """Say whether some transition always holds, or two of them cover a condition and its contrary."""
    asked = {(frozenset(t.conditions), frozenset(t.unless)) for t in transitions}
    return any(not conditions and (not unless or (unless, frozenset()) in asked) for conditions, unless in asked)


def _near_help(plan: Plan, state: str, taps: int) -> bool:
    for value in plan.values[state]:
        transitions = plan.answers(state, value)
        if any(action in _HELPS for t in transitions for action in t.before):
            return True
        dests = {state if t.dest in (None, "=") else str(t.dest) for t in transitions}
        if taps > 1 and any(_near_help(plan, dest, taps - 1) for dest in dests):
            return True
    return False


def _at(plan: Plan, state: State, message: str, remedy: str) -> Finding:
    return Finding(plan.files[state.state], state.line, f"the state {state.state}: {message}", remedy)
