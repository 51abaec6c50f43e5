"""The content and the compiled flows together: all that a step needs to know besides the person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from content.filling import Filled
from content.finding import ContentErrors
from content.library import Library
from flows.actions import ACTIONS
from flows.conditions import CONDITIONS
from flows.context import Context
from flows.definition import State, StatesGroup
from flows.engine import Engine
from flows.messages import Choice, Outgoing
from flows.tellers import TELLERS


class Conversation:
    """Everything sayable, in the flows' words, and the engine; immutable, shared by all conversations.

    Cards without slots become an `Outgoing` once; the emergency card once per place and language.
    """

    def __init__(self, library: Library, groups: Iterable[StatesGroup]) -> None:
        self.library, self.groups = library, tuple(groups)
        self.lexicon: Any = library.lexicon
        self.engine = Engine(self.groups, ACTIONS, CONDITIONS, self._enter)
        self.states = self.engine.states
        self._shelves: dict[str, tuple[str, ...]] = {}
        self._cards: dict[tuple[str, str], Outgoing] = {}
        self._numbers: dict[tuple[str, str], Outgoing] = {}
        self._told: dict[tuple[str, str], tuple[Choice, ...]] = {}

    def card(self, card_id: str, lang: str) -> Outgoing:
        """Return a card without slots as a message; KeyError names an unknown card."""
        key = (card_id, lang)
        found = self._cards.get(key)
        if found is None:
            found = self._cards[key] = outgoing(self.library.say(card_id, lang))
        return found

    def emergency(self, place: str, lang: str) -> Outgoing:
        """Return the numbers card fit for `place`; it asks nothing."""
        key = (place, lang)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = _asking_nothing(outgoing(self.library.emergency(place, lang)))
        return found

    def handoff(self, place: str, lang: str, now: datetime) -> Outgoing:
        """Return the hotline that answers where she is at `now` (aware); it asks nothing."""
        return _asking_nothing(outgoing(self.library.handoff(place, lang, now)))

    def shelf(self, topic: str) -> tuple[str, ...]:
        """Return the card ids of one shelf in reading order."""
        if topic not in self._shelves:
            self._shelves[topic] = tuple(self.library.shelf(topic))
        return self._shelves[topic]

    def version(self, card_id: str, lang: str) -> str:
        """Return which text she saw, as a consent record names it: card, language, version."""
        card = self.library.card(card_id, lang)
        return f"{card_id}.{card.lang}.{card.version}"

    def words(self, context: Context, state: State) -> Outgoing | None:
        """Return what a state says on entry; None for a state without words."""
        if state.say:
            return self.card(state.say, context.lang)
        if not state.tell:
            return None
        told = TELLERS[state.tell](context, state)
        if not state.choices:
            return told
        return msgspec.structs.replace(told, choices=self.card(state.choices, context.lang).choices)

    def _enter(self, context: Context, state: State) -> None:
        words = self.words(context, state)
        if words is None:
            context.withdraw()
        else:
            context.ask(words)


def outgoing(filled: Filled) -> Outgoing:
    """Turn a filled card into a message of the flows."""
    return Outgoing(
        text=filled.text,
        choices=tuple(Choice(label, value, _style(style)) for label, value, style in filled.choices),
        phones=filled.phones,
        protect=filled.protect,
        neutral=filled.neutral,
    )


def _style(style: str) -> Any:
    return style if style in ("good", "danger") else ""


def _asking_nothing(message: Outgoing) -> Outgoing:
    return msgspec.structs.replace(message, choices=()) if message.choices else message


def content_for(library: Library, groups: Iterable[StatesGroup] | None = None) -> Conversation:
    """Compile the flows (None: the packaged ones) against a library.

    Raises ContentErrors when a flow names something that does not exist or cannot be shown.
    """
    from flows.check import check_flows
    from flows.loader import load_flows

    groups = tuple(load_flows() if groups is None else groups)
    findings = check_flows(groups, library)
    if findings:
        raise ContentErrors(findings)
    return Conversation(library, groups)
