"""Fill the `{slots}` of a card: plain look-ups from an allow-list, never str.format, never attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from content.schema import Number, Service

SLOT = re.compile(r"\{(number:)?((?(1)[a-z][a-z0-9_.-]*|[a-z][a-z0-9_]*))\}")
STRAY = re.compile(r"[{}]")


class Filled(msgspec.Struct, frozen=True):
    """A card with everything filled in, in no flow's and no channel's words.

    `choices` are (label, value, style); `phones` the dialable numbers in the text, in order.
    """

    text: str
    choices: tuple[tuple[str, str, str], ...] = ()
    phones: tuple[str, ...] = ()
    protect: bool = False
    neutral: bool = False
    card: str = ""


class Template:
    """A text cut at its slots once, so that filling is a join."""

    __slots__ = ("numbers", "parts", "slots")

    def __init__(self, text: str) -> None:
        self.parts: list[tuple[str, str, str]] = []
        self.slots: list[str] = []
        self.numbers: list[str] = []
        position = 0
        for match in SLOT.finditer(text):
            self.parts.append((text[position : match.start()], match[1] or "", match[2]))
            (self.numbers if match[1] else self.slots).append(match[2])
            position = match.end()
        self.parts.append((text[position:], "", ""))

    def fill(self, values: Mapping[str, str], services: Mapping[str, Service]) -> str:
        """Return the text; raises KeyError naming a slot without a value or a number nobody has."""
        pieces: list[str] = []
        for literal, number, name in self.parts:
            pieces.append(literal)
            if number:
                pieces.append(first_number(services[name]).display)
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
    yield from STRAY.findall(SLOT.sub("", text))
