"""Card recalls: which cards are recalled, by their file or at the console, and what is shown instead."""

from __future__ import annotations

from collections.abc import Mapping

from content.cards.languages import BASE
from content.schema import Card

NEUTRAL = "recalled"
"""The card that says, calmly, that something is being looked at again."""

NEEDED = ("emergency", "handoff", "situation", "fragment", "static", NEUTRAL)
"""First words of ids that the service cannot do without: a wrong number there is mended in services, not recalled."""


class ShownCards:
    """Which cards may be shown, at one moment. Immutable; a new recall makes a new one."""

    def __init__(self, cards: Mapping[str, Mapping[str, Card]], recalled: Mapping[str, str], edition: int = 0) -> None:
        self.edition, self._cards, self.recalled = edition, cards, dict(recalled)
        self.kept = frozenset(name for name in recalled if name not in cards or needed(name))
        self._instead = {**_in_files(cards), **{name: recalled[name] for name in recalled if name not in self.kept}}

    @property
    def withdrawn(self) -> frozenset[str]:
        """Return the ids of every recalled card."""
        return frozenset(self._instead)

    def gone(self, card_id: str) -> bool:
        """Say whether a card is recalled."""
        return card_id in self._instead

    def shown(self, card_id: str) -> str:
        """Return the card to show for this one: itself, what was named instead, or the neutral sentence."""
        seen = {card_id}
        while card_id in self._instead:
            named = self._instead[card_id]
            complete = named in self._cards and not self._cards[named][BASE].slots
            card_id = named if complete else NEUTRAL
            if card_id in seen:
                return NEUTRAL
            seen.add(card_id)
        return card_id


def needed(card_id: str) -> bool:
    """Say whether the service cannot do without a card."""
    return card_id.partition(".")[0] in NEEDED


def _in_files(cards: Mapping[str, Mapping[str, Card]]) -> dict[str, str]:
    """Return what the files themselves recall; a card recalled in Vietnamese is recalled in every language."""
    gone = {}
    for name, versions in cards.items():
        card = versions[BASE]
        if card.recalled is not None or card.status == "recalled":
            gone[name] = card.recalled.instead if card.recalled is not None else ""
    return gone
