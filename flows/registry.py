"""The named actions, conditions and prompts of the flows, each registered by a decorator beside its code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from flows.context import Context
from flows.model.consent import PURPOSES
from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.rendering.phrasing import Phrasing

Run = Callable[[Context], None]
Holds = Callable[[Context], bool]
Tell = Callable[[Context, State], Outgoing]
Samples = Callable[[Phrasing, State, str], Iterator[Outgoing]]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ROOT = Path(__file__).parents[1]


class RegistrationError(ValueError):
    """A decorator was given a name or a purpose that cannot be; the message says which, where, and the way out."""


class Action(msgspec.Struct, frozen=True):
    """What a transition may do (`before:`, `after:`): a pure function that adds effects to the context.

    `cards` are what it may send and `shelves` what it reads from, both looked up by the check. `consent` is the purpose
    she must have agreed to before; `without_consent` says why an action that keeps something needs none. `agreement` is
    the card whose version a consent names: which text of it she saw is remembered until she answers. `helps` marks a
    way to help.
    """

    name: str
    function: Run
    cards: tuple[str, ...] = ()
    shelves: tuple[str, ...] = ()
    consent: str = ""
    without_consent: str = ""
    agreement: str = ""
    helps: bool = False


class Condition(msgspec.Struct, frozen=True):
    """What a transition may ask (`conditions:`, `unless:`); while it holds, the purpose `proves` was agreed to."""

    name: str
    function: Holds
    proves: str = ""


class Prompt(msgspec.Struct, frozen=True):
    """What finds the words of a state (`tell:`).

    `samples` yields the longest and most usual words for the check of rendering; None: what somebody new is told.
    `offers` says that it puts more answers on offer than the state's card, each of the trigger `choice`. `topics` are
    what the state's topic may be; None: a shelf of cards. `helps` marks words that show where help is. `some` is the
    card of the choices that only some people are offered there.
    """

    name: str
    function: Tell
    samples: Samples | None = None
    offers: bool = False
    topics: Mapping[str, object] | None = None
    helps: bool = False
    some: str = ""


Entry = TypeVar("Entry", Action, Condition, Prompt)


class Registry:
    """The tables of actions, conditions and prompts by name; no name is given twice."""

    def __init__(self) -> None:
        self.actions: dict[str, Action] = {}
        self.conditions: dict[str, Condition] = {}
        self.prompts: dict[str, Prompt] = {}

    def copy(self) -> Registry:
        """Return a registry of its own with the same entries."""
        other = Registry()
        other.actions, other.conditions, other.prompts = dict(self.actions), dict(self.conditions), dict(self.prompts)
        return other

    @property
    def agreements(self) -> frozenset[str]:
        """The cards that ask for an agreement."""
        return frozenset(action.agreement for action in self.actions.values() if action.agreement)

    def action(
        self,
        name: str = "",
        *,
        cards: tuple[str, ...] = (),
        shelves: tuple[str, ...] = (),
        consent: str = "",
        without_consent: str = "",
        agreement: str = "",
        helps: bool = False,
    ) -> Callable[[Run], Run]:
        """Register a function as an action, under its own name where none is given. Raises RegistrationError."""

        def register(run: Run) -> Run:
            entry = Action(_named("action", name, run), run, cards, shelves, consent, without_consent, agreement, helps)
            if consent and without_consent:
                message = f"names a consent and says why it needs none ({_at(run)}): keep one of the two"
                raise RegistrationError(f'the action "{entry.name}" {message}')
            _add("action", self.actions, entry, consent)
            return run

        return register

    def condition(self, name: str = "", *, proves: str = "") -> Callable[[Holds], Holds]:
        """Register a function as a condition, under its own name where none is given. Raises RegistrationError."""

        def register(holds: Holds) -> Holds:
            _add("condition", self.conditions, Condition(_named("condition", name, holds), holds, proves), proves)
            return holds

        return register

    def prompt(
        self,
        name: str = "",
        *,
        samples: Samples | None = None,
        offers: bool = False,
        topics: Mapping[str, object] | None = None,
        helps: bool = False,
        some: str = "",
    ) -> Callable[[Tell], Tell]:
        """Register a function as a prompt, under its own name where none is given. Raises RegistrationError."""

        def register(tell: Tell) -> Tell:
            named = _named("prompt", name, tell)
            _add("prompt", self.prompts, Prompt(named, tell, samples, offers, topics, helps, some))
            return tell

        return register


def place(function: Callable[..., object]) -> tuple[str, int]:
    """Return the file and the line where a function begins."""
    code = inspect.unwrap(function).__code__
    path = Path(code.co_filename)
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name, code.co_firstlineno


def _at(function: Callable[..., object]) -> str:
    return "{}:{}".format(*place(function))


def _named(kind: str, name: str, function: Callable[..., object]) -> str:
    """Return the name under which a function is registered, as a flow file writes it."""
    name = name or function.__name__
    if not _NAME.fullmatch(name):
        raise RegistrationError(f'"{name}" is no name of a {kind} ({_at(function)}): write it like take_place')
    return name


def _add(kind: str, table: dict[str, Entry], entry: Entry, purpose: str = "") -> None:
    """Enter a function into its table, refusing a name that is taken and a purpose that does not exist."""
    if purpose and purpose not in PURPOSES:
        message = (
            f'the {kind} "{entry.name}" names the purpose "{purpose}", which does not exist ({_at(entry.function)})'
        )
        raise RegistrationError(
            f"{message}: use one of {', '.join(sorted(PURPOSES))}, or add it to flows/model/consent.py"
        )
    if entry.name in table:
        first = table[entry.name].function
        message = f'there are two {kind}s of the name "{entry.name}": {_at(first)} and {_at(entry.function)}'
        raise RegistrationError(f"{message}; rename one of them")
    table[entry.name] = entry


REGISTRY = Registry()
"""What the features register; filled once `flows/all_features.py` is imported."""

action = REGISTRY.action
condition = REGISTRY.condition
prompt = REGISTRY.prompt
