"""The graph of the flows: states, what they offer, and where each trigger leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from content.library import Library
from flows.all_features import REGISTRY
from flows.model.definition import State, StatesGroup, Transition
from flows.model.messages import Choice
from flows.registry import Registry
from flows.tables import DIGITS, exception_of, labels_of

START = "Idle:idle"

SPOKEN = frozenset(
    (
        *("text", "sticker", "other", "voice", "image", "location", "follow", "timeout", "unreadable"),
        *(
            "cry",
            "unclear",
            "offer",
            "stop",
            "quick_exit",
            "silent_call",
            "dung",
            "code_word",
            "own_word",
            "invitation",
        ),
        *(
            "forget",
            "quiz",
            "youth",
            "surrogacy_offer",
            "profile",
            "mistake",
            "said_yes",
            "maybe_yes",
            "offer_taken",
            "card_asked",
            "about_us",
            "greeting_answered",
            "greeting_voice",
            "courtesy",
            "family",
            "resume",
            "human_left",
            "still_waiting",
            "still_asking",
        ),
    )
)
"""Triggers that the step fires by itself, whatever is on offer."""

TOPICS = frozenset(
    (
        *("job_offer_check", "before_you_go", "hotline", "legal", "documents", "livelihood", "returnee"),
        *("marriage_abroad", "early_marriage", "violence_info", "report_suspicion", "language_change", "menu", "human"),
        "listening",
    )
)
"""Topics that understanding names (besides stop and quick_exit); each must lead somewhere from every state."""

LATE = "late_"


class FlowGraph:
    """States and transitions by name, with the card choices that the states offer (in Vietnamese)."""

    def __init__(self, groups: Iterable[StatesGroup], library: Library, registry: Registry = REGISTRY) -> None:
        self.groups = tuple(groups)
        self.library = library
        self.registry = registry

    @cached_property
    def states(self) -> dict[str, State]:
        """Every state by its full name (of two with one name, the last)."""
        return {state.state: state for group in self.groups for state in group.states}

    @cached_property
    def files(self) -> dict[str, str]:
        """The file of every state."""
        return {state.state: group.file for group in self.groups for state in group.states}

    def transitions(self) -> Iterator[tuple[str, Transition]]:
        """Yield every transition with its file."""
        for group in self.groups:
            for transition in group.transitions:
                yield group.file, transition

    def lists(self, state: str) -> bool:
        """Say whether a state offers more than its card says, each of it an answer of the trigger `choice`."""
        prompt = self.registry.prompts.get(self.states[state].tell)
        return prompt is not None and prompt.offers

    def choices(self, state: State, lang: str = "vi") -> tuple[Choice, ...]:
        """Return what a state offers, answers with a digit of their own last; nothing of a card that does not exist."""
        return (*self.card_choices(state.say or state.choices, lang), *self.fixed(state, lang))

    def card_choices(self, card_id: str, lang: str = "vi") -> tuple[Choice, ...]:
        """Return the choices of a card; none of one that does not exist."""
        if not card_id or not self.library.has(card_id):
            return ()
        return tuple(Choice(choice.label, choice.value) for choice in self.library.card(card_id, lang).choices)

    def fixed(self, state: State, lang: str = "vi") -> tuple[Choice, ...]:
        """Return the answers with a digit of their own that a state shows."""
        if not (state.say or state.tell) or exception_of(state.state) is not None:
            return ()
        known = self.card_choices(labels_of(state.state), lang)
        return tuple(Choice(one.label, one.value, one.style, DIGITS[one.value]) for one in known if one.value in DIGITS)

    @cached_property
    def values(self) -> dict[str, frozenset[str]]:
        """The values each state offers."""
        return {name: frozenset(c.value for c in self._of_some(state)) for name, state in self.states.items()}

    def _of_some(self, state: State) -> tuple[Choice, ...]:
        """Return what a state offers to everybody or to some."""
        prompt = self.registry.prompts.get(state.tell)
        return (*self.choices(state), *self.card_choices(prompt.some if prompt is not None else ""))

    def leaving(self, state: str, trigger: str) -> list[Transition]:
        """Return the transitions of a trigger that leave a state, its own before those of everywhere."""
        return [t for t in self._by_trigger.get(trigger, ()) if _starts(t, state)]

    def all_of(self, trigger: str) -> list[Transition]:
        """Return the transitions of a trigger in the order in which they are asked."""
        return self._by_trigger.get(trigger, [])

    @cached_property
    def _by_trigger(self) -> dict[str, list[Transition]]:
        """The transitions of each trigger, those of one state before those of everywhere."""
        found: dict[str, list[Transition]] = {}
        for _, transition in sorted(self.transitions(), key=lambda known: known[1].source == ("*",)):
            found.setdefault(transition.trigger, []).append(transition)
        return found

    def answers(self, state: str, value: str) -> list[Transition]:
        """Return the transitions that take one answer of a state."""
        return self.leaving(state, value) or self.leaving(state, "choice")

    def sources(self, transition: Transition) -> tuple[str, ...]:
        """Return the states a transition leaves, with `*` written out."""
        return tuple(self.states) if transition.source == ("*",) else transition.source

    def can_happen(self, transition: Transition, source: str) -> bool:
        """Say whether anything a person does in `source` fires this transition."""
        trigger = transition.trigger
        if trigger in SPOKEN or trigger in TOPICS or trigger in self.values[source]:
            return True
        if trigger.startswith(LATE):
            return trigger.removeprefix(LATE) in self.values[source]
        unnamed = self.lists(source) or any(not self.leaving(source, v) for v in self.values[source])
        return trigger == "choice" and unnamed


def _starts(transition: Transition, state: str) -> bool:
    return transition.source == ("*",) or state in transition.source
