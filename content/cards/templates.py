"""Templates: fill the `{slots}` of a card by look-ups from an allow-list, never str.format, never attributes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import msgspec

from content.schema import Number, Service

SLOT = re.compile(r"\{(number:|dial:)?((?(1)[a-z][a-z0-9_.-]*|[a-z][a-z0-9_]*))\}")
FACT = re.compile(r"\{(law|hours|cost|name):([a-z][a-z0-9_.-]*)\}")
ANY = re.compile(r"\{(?:(number|dial|law|hours|cost|name):([a-z][a-z0-9_.-]*)|([a-z][a-z0-9_]*))\}")
STRAY = re.compile(r"[{}]")

NUMBERS = ("number", "dial")
"""The placeholders of a number: as it is dialled from anywhere, or from where whoever reads it is."""

Look = Callable[[str, str], str]
"""Finds the words of a placeholder: its kind, and the id of a service or of a fact of law."""


class FilledTemplate(msgspec.Struct, frozen=True):
    """A card with everything filled in, in no flow's and no channel's words.

    `choices` are (label, value, style); `phones` the dialable numbers in the text, in order; `contacts` (number, name)
    of those offered as a card to tap. `dialled` are those numbers, as they stand in the text, that somebody in Viet Nam
    reads as they are dialled there.
    """

    text: str
    choices: tuple[tuple[str, str, str], ...] = ()
    phones: tuple[str, ...] = ()
    protect: bool = False
    neutral: bool = False
    card: str = ""
    contacts: tuple[tuple[str, str], ...] = ()
    dialled: tuple[str, ...] = ()


class SayCard(Protocol):
    """Fills in the card of an id, in a language, with its slots."""

    def __call__(self, card_id: str, lang: str, **slots: str) -> FilledTemplate:
        """Return the card, filled in."""


class Template:
    """A text cut at its slots once, so that filling is a join."""

    __slots__ = ("dialled", "numbers", "parts", "slots")

    def __init__(self, text: str) -> None:
        self.parts: list[tuple[str, str, str]] = []
        self.slots: list[str] = []
        self.numbers: list[str] = []
        self.dialled: list[str] = []
        position = 0
        for match in ANY.finditer(text):
            kind, name = match[1] or "", match[2] or match[3]
            self.parts.append((text[position : match.start()], kind, name))
            if kind in ("", *NUMBERS):
                (self.numbers if kind else self.slots).append(name)
            if kind == "dial":
                self.dialled.append(name)
            position = match.end()
        self.parts.append((text[position:], "", ""))

    def fill(self, values: Mapping[str, str], look: Look) -> str:
        """Return the text; raises KeyError naming a slot without a value or a fact nobody has."""
        pieces: list[str] = []
        for literal, kind, name in self.parts:
            pieces.append(literal)
            if kind:
                pieces.append(look(kind, name))
            elif name:
                pieces.append(values[name])
        return "".join(pieces)


def first_number(service: Service) -> Number:
    """Return the number of a service that is shown first; raises KeyError when it has none."""
    if not service.numbers:
        raise KeyError(service.id)
    return service.numbers[0]


def stray_braces(text: str) -> Iterator[str]:
    """Yield every brace that is not part of a well-formed slot."""
    yield from STRAY.findall(ANY.sub("", text))
