"""Draw the flows as Mermaid state diagrams: what holds for one state; what holds everywhere is told beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.checks.graph import FlowGraph
from flows.checks.map import DOORS, FIRST_PAGE
from flows.checks.paths import possible
from flows.model.definition import State, StatesGroup, Transition
from flows.rendering.pagination import numbered
from flows.tables import DIGITS, EXCEPTIONS

TITLE = "# The map of the conversation\n\nDrawn by `nhipcau flows draw map`; `nhipcau check` proves it."
"""What the page of the map begins with."""


def mermaid(group: StatesGroup) -> str:
    """Return one flow as a Mermaid `stateDiagram-v2`, ending with a newline.

    States of other flows appear where an arrow leads to them. Transitions from every state are a note.
    """
    lines = ["stateDiagram-v2"]
    lines += [f"  {_id(state.state)} : {state.state}{_told(state)}" for state in group.states]
    everywhere = [t for t in group.transitions if t.source == ("*",)]
    for transition in group.transitions:
        if transition not in everywhere:
            lines += _arrows(transition)
    lines += [f"  %% everywhere: {_label(t)} -> {t.dest or 'stay'}" for t in everywhere]
    return "\n".join(lines) + "\n"


def drawings(groups: Iterable[StatesGroup]) -> dict[str, str]:
    """Return the Mermaid text of every flow by its name."""
    return {group.name: mermaid(group) for group in groups}


def conversation_map(graph: FlowGraph) -> str:
    """Return the page of the map: where the first page and those behind it lead, and where 0 and 9 do not stand."""
    words = graph.library.say("menu", "vi").text
    fixed = ", ".join(f"**{choice.digit}** {choice.label}" for choice in graph.fixed(graph.states[FIRST_PAGE]))
    lines = [TITLE, "", f"Below every question of ordinary talk: {fixed}.", "", "```mermaid", "flowchart LR"]
    lines += [f'  {_id(FIRST_PAGE)}["{words}"]', *_doors(graph), "```", "", "| not below | because |", "|---|---|"]
    for exception in EXCEPTIONS.values():
        typed = "" if not exception.heard else f" {' and '.join(sorted(DIGITS.values()))} are understood all the same."
        states = ", ".join(f"`{state}`" for state in exception.states)
        lines.append(f"| {states} | {exception.because}{typed} |")
    return "\n".join(lines) + "\n"


def _doors(graph: FlowGraph) -> Iterator[str]:
    """Yield an arrow for each numbered answer of the pages that list doors, a page after the one it stands behind."""
    for state in (one for one in graph.states.values() if one.state.startswith(DOORS)):
        for number, choice in enumerate(numbered(graph.choices(state)), 1):
            leading = possible(graph.answers(state.state, choice.value))
            for dest in dict.fromkeys(str(one.dest) for one in leading):
                yield f'  {_id(state.state)} -- "{number} {choice.label}" --> {_id(dest)}'


def _told(state: State) -> str:
    """Return what a state says, in brackets: its card, or its prompt with the shelf it reads and the card below it."""
    read = f" of {state.topic}" if state.tell and state.topic else ""
    parts = [part for part in (state.say or f"{state.tell}{read}", state.choices) if part]
    return f" ({' + '.join(parts)})" if parts else ""


def _arrows(transition: Transition) -> list[str]:
    label = _label(transition)
    return [
        f"  {_id(source)} --> {_id(source if transition.dest in (None, '=') else str(transition.dest))} : {label}"
        for source in transition.source
    ]


def _label(transition: Transition) -> str:
    asked = [*transition.conditions, *(f"not {name}" for name in transition.unless)]
    return transition.trigger + (f" [{' and '.join(asked)}]" if asked else "")


def _id(state: str) -> str:
    return state.replace(":", "__")
