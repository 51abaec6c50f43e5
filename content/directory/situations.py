"""Situations: what she wrote, by the rule that heard it, and which numbers and sentences fit it (safety rule 2)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from content.findings import Finding
from content.strict_yaml import Document
from content.validation import shape

FILE = "situations.yaml"
PLACES = ("vn", "abroad", "unknown")


class Situation(msgspec.Struct, frozen=True):
    """`rules`: ids of lexicon rules, or their beginning up to a dot; `first`: services in front of all others."""

    rules: tuple[str, ...]
    first: tuple[str, ...]

    def is_heard(self, rule: str) -> bool:
        """Say whether the rule that decided is one of this situation."""
        return any(rule == one or (one.endswith(".") and rule.startswith(one)) for one in self.rules)


def situation_of(situations: Mapping[str, Situation], rule: str) -> str:
    """Return the situation of the rule that decided; "" of any other."""
    return next((name for name, one in situations.items() if one.is_heard(rule)), "")


def cards_of(name: str, situation: Situation) -> tuple[str, ...]:
    """Return the cards that a situation needs."""
    own = tuple(f"emergency.{name}.{place}" for place in PLACES) if situation.first else ()
    return (*own, f"situation.{name}.asks", f"situation.{name}.say")


def read_situations(document: Document | None, findings: list[Finding]) -> dict[str, Situation]:
    """Return the situations in their order, and add what is wrong to `findings`."""
    if document is None:
        return {}
    given = document.value.get("situations") if isinstance(document.value, dict) else None
    if not isinstance(given, dict):
        findings.append(Finding(FILE, 1, "there are no situations", "write `situations:` with one entry for each"))
        return {}
    made = {name: shape(Situation, document, ("situations", name), one, findings) for name, one in given.items()}
    return {name: one for name, one in made.items() if one is not None}
