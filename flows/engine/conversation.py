"""The content and the compiled flows together: all that a step needs to know besides the person."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from content.findings import ContentErrors
from content.library import Library
from content.loader import load
from flows.checks.run import check_flows
from flows.conditions import CONDITIONS
from flows.context import Context
from flows.engine.loader import load_flows
from flows.engine.machine import Engine
from flows.model.definition import State, StatesGroup
from flows.model.messages import Outgoing
from flows.registry import ACTIONS, AGREEMENTS
from flows.rendering.phrasing import Phrasing
from flows.tellers import TELLERS
from flows.understanding import understand


class Conversation(Phrasing):
    """Everything sayable and the engine that says it; holds no person, so one serves all conversations."""

    def __init__(self, library: Library, groups: Iterable[StatesGroup]) -> None:
        super().__init__(library)
        self.groups = tuple(groups)
        self.lexicon = library.lexicon
        self.engine = Engine(self.groups, ACTIONS, CONDITIONS, self._enter)
        self.states = self.engine.states
        understand("menu", self.lexicon)  # compiled now, so that a mistake in it is met at start, not by a person

    def words(self, context: Context, state: State) -> Outgoing | None:
        """Return what a state says on entry; None for a state without words."""
        if state.say:
            return self.card(state.say, context.lang)
        if not state.tell:
            return None
        tail = self.card(state.choices, context.lang) if state.choices else None
        told = self.told(context, state)
        return told if told.choices else self.joined(told, tail)

    def told(self, context: Context, state: State) -> Outgoing:
        """Return what the teller of a state says, without the question below it."""
        return TELLERS[state.tell](context, state)

    def _enter(self, context: Context, state: State) -> None:
        context.leave_others(state.group)
        words = self.words(context, state)
        if state.say in AGREEMENTS:
            context.update_data(saw=self.version(state.say, context.lang))
        if words is None:
            context.withdraw()
        else:
            context.ask(words)


def content_for(library: Library, groups: Iterable[StatesGroup] | None = None) -> Conversation:
    """Compile the flows (None: the packaged ones) against a library.

    Raises ContentErrors when a flow names something that does not exist, strands somebody or cannot be shown.
    """
    chosen = tuple(load_flows() if groups is None else groups)
    findings = check_flows(chosen, library)
    if findings:
        raise ContentErrors(findings)
    return Conversation(library, chosen)


def load_all(content_root: Path | None = None, flows_root: Path | None = None) -> Conversation:
    """Load the content and the flows (None: the packaged ones) and compile them; raises ContentErrors."""
    return content_for(load(content_root), load_flows(flows_root))
