"""A flow as its file says it: states and transitions before anything is compiled, each with its line."""

from __future__ import annotations

from datetime import timedelta

import msgspec

EXPECTATIONS = frozenset({"choices", "text", "voice", "image", "location", "nothing"})
"""What a state may say it waits for."""


class State(msgspec.Struct, frozen=True):
    """One state of one group, in aiogram's vocabulary: `state` is its full name, `GetHelp:danger_now`.

    `say` is the card shown on entry, `tell` the prompt, a named function of `flows/features`, that finds the words
    instead, `choices` a card whose question and choices stand below what `tell` said. `topic` is the shelf of
    cards a topic state reads from. `timeout` is how long her answer is still taken as an answer to this
    question; None means for ever. After it, a `sensitive` state is left for the neutral menu. Where
    `for_people` is set, what she types is a story for people, never a topic to look up. A state with `consent`
    asks whether something may be kept (C2, C4 or the name of our own purpose); the answers in `given_by` are a yes.
    """

    group: str
    name: str
    say: str = ""
    tell: str = ""
    choices: str = ""
    topic: str = ""
    expect: tuple[str, ...] = ()
    timeout: timedelta | None = None
    timeout_given: bool = False
    sensitive: bool = False
    for_people: bool = False
    consent: str = ""
    given_by: tuple[str, ...] = ()
    line: int = 0

    @property
    def state(self) -> str:
        """Return the full name, as it is stored in a session."""
        return f"{self.group}:{self.name}"


class Transition(msgspec.Struct, frozen=True):
    """One entry of a `transitions:` list, with the library's own words; sources and dest are full names.

    `source` may be ("*",) for every state; `dest` may be "=" (enter the same state again) or None (stay,
    without entering).
    """

    trigger: str
    source: tuple[str, ...]
    dest: str | None
    conditions: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    line: int = 0


class StatesGroup(msgspec.Struct, frozen=True):
    """One flow file: a named group of states and the transitions that leave them (or, for `*`, every state)."""

    name: str
    file: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]

    def __getitem__(self, name: str) -> State:
        """Return the state called `name` in this group; KeyError names the group and the state."""
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(f"{self.file}: the group {self.name} has no state {name!r}")
