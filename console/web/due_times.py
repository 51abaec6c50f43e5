"""Due times: how long a case may wait for a human, by its level, and who is paged meanwhile."""

from __future__ import annotations

from datetime import datetime

from content.escalation.loader import escalation_policy

URGENT = 3
"""From this level on a case is announced by sound."""


def due(level: int, since: datetime) -> datetime:
    """When a case of `level` that waits since `since` (aware) must have been answered; aware, Viet Nam.

    Source: content/data/escalation.yaml.
    """
    return escalation_policy().promised(level, since)


def post_of(level: int, n: int) -> str:
    """The code of the place on the shift that step `n` pages; "all" after the last, "" before the first."""
    step = escalation_policy().step(level, n) if n >= 0 else None
    return step.post if step is not None else "all" if n >= 0 else ""
