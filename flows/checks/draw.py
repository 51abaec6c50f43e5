"""Draw the flows as Mermaid state diagrams: what holds for one state; what holds everywhere is told beside it."""

from __future__ import annotations

from collections.abc import Iterable

from flows.model.definition import State, StatesGroup, Transition


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
