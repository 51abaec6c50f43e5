"""Addressing: a message that calls her as she asked to be called; the one place where that is put in."""

from __future__ import annotations

import msgspec

from content.cards.tone import Address
from flows.model.messages import Choice, Outgoing


def addressed(outgoing: Outgoing, address: Address | None, chosen: str) -> Outgoing:
    """Return a message whose text and answers call her by the chosen word; as it is where there is none."""
    if address is None or chosen not in address.chosen:
        return outgoing
    text, choices = address.text(outgoing.text, chosen), answers(outgoing.choices, address, chosen)
    return msgspec.structs.replace(outgoing, text=text, choices=choices)


def answers(choices: tuple[Choice, ...], address: Address | None, chosen: str) -> tuple[Choice, ...]:
    """Return the answers as she reads them and may type them."""
    if address is None or chosen not in address.chosen:
        return choices
    return tuple(msgspec.structs.replace(choice, label=address.label(choice.label, chosen)) for choice in choices)
