"""The compiled conversation: content and flows together, all that a step needs besides the person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from content.library import Library
from flows.all_features import REGISTRY
from flows.context import Context
from flows.engine.machine import Engine
from flows.model.definition import State, StatesGroup
from flows.model.facts import Facts
from flows.model.messages import Incoming
from flows.model.session import Session
from flows.registry import Registry
from flows.rendering.phrasing import Phrasing
from flows.understanding import understand


class Conversation(Phrasing):
    """Everything sayable and the engine that says it; holds no person, so one serves all conversations."""

    def __init__(self, library: Library, groups: Iterable[StatesGroup], registry: Registry = REGISTRY) -> None:
        super().__init__(library)
        self.groups = tuple(groups)
        self.lexicon = library.lexicon
        self.engine = Engine(self.groups, registry, self._enter)
        self.states = self.engine.states
        self._prompts = {name: prompt.function for name, prompt in registry.prompts.items()}
        self._agreements = registry.agreements
        understand("menu", self.lexicon)  # compiled now, so that a mistake in it is met at start, not by a person

    def context(self, session: Session, facts: Facts, incoming: Incoming, now: datetime) -> Context:
        """Return the context of one step, which works on copies: a step leaves what it was given as it is."""
        return Context(session, replace(session), replace(facts), incoming, now, self, self.states, self._prompts)

    def _enter(self, context: Context, state: State) -> None:
        context.leave_others(state.group)
        text = context.text_of(state)
        if state.say in self._agreements:
            context.update_data(saw=self.version(state.say, context.session.lang))
        if text is None:
            context.withdraw()
        else:
            context.ask(text)
