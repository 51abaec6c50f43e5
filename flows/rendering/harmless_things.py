"""The list of harmless things as one opening shows it: drawn anew each time, in numbered pages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from flows.model.messages import Choice, Outgoing
from flows.rendering.phrasing import Phrasing

ON_A_PAGE = 6
"""Things on a page: with "more" and "later" as many answers as a screen has."""
PAGES = 4
"""Pages of one opening: enough to choose from."""
PAGE = "page"


def drawn(things: Sequence[str], salt: bytes, opening: str) -> tuple[str, ...]:
    """Return the things of one opening of the list, in an order that nobody knows without the account's salt."""

    def place(thing: str) -> bytes:
        return hashlib.blake2b(f"{opening}|{thing}".encode(), key=salt[:64], digest_size=16).digest()

    return tuple(sorted(things, key=place)[: ON_A_PAGE * PAGES])


def things_page(phrasing: Phrasing, things: Sequence[str], at: int, tail: str, lang: str) -> Outgoing:
    """Return one page of the list: every name a choice, then the choices of the card `tail`."""
    last, known = phrasing.card(tail, lang), phrasing.library.things
    shown = things[at * ON_A_PAGE : (at + 1) * ON_A_PAGE]
    more = (at + 1) * ON_A_PAGE < len(things)
    others = [choice for choice in last.choices if choice.value != PAGE or more]
    named = [Choice(_label(known.name(one, lang)), one) for one in shown]
    return msgspec.structs.replace(last, choices=(*named, *others))


def _label(name: str) -> str:
    return name[:1].upper() + name[1:]
