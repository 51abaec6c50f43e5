"""Scripted faults: what shall go wrong, for which call or event, and how often."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

BEFORE = frozenset({"429", "5xx", "timeout_before", "reset", "html", "error", "slow", "token_revoked"})
AFTER = frozenset({"timeout_after", "empty", "truncated", "lost_response", "drip"})
WEBHOOK = frozenset({"duplicate_webhook", "reorder_webhook", "late_webhook", "lost_webhook", "bad_signature"})
KINDS = BEFORE | AFTER | WEBHOOK


@dataclass
class Fault:
    """One fault.

    `method` matches the end of the call's name, `user` a slug; both empty match all. It strikes `times` times
    (None: until cleared) after letting `after` matching calls pass. `seconds` is real time: how long a call
    hangs or is slowed, or how long a dripping answer takes from its first byte to its last. `later` is seconds of
    the world's clock by which an event is late, `copies` how often a duplicated one arrives. `code` and
    `description` belong to kind `error`, `status` to `5xx` and `html`.
    """

    channel: str
    kind: str
    method: str = ""
    user: str = ""
    times: int | None = 1
    after: int = 0
    retry_after: int = 1
    seconds: float = 0
    later: float = 3600
    copies: int = 2
    code: int = 0
    status: int = 502
    description: str = ""

    def matches(self, channel: str, method: str, user: str) -> bool:
        """Say whether this call or event is one of those meant."""
        if self.channel not in ("", channel) or self.user not in ("", user):
            return False
        return method.lower().endswith(self.method.lower())

    def strikes(self) -> bool:
        """Count one matching call and say whether the fault hits it."""
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as it was to."""
        return self.times is not None and self.times <= 0


def read_fault(item: Any) -> Fault:
    """Build a fault from JSON; raises ValueError naming what is wrong and what would be right."""
    if not isinstance(item, dict):
        raise ValueError("a fault is an object such as {'channel': 'telegram', 'kind': '429', 'times': 1}")
    known = {field.name for field in dataclasses.fields(Fault)}
    if strange := set(item) - known:
        raise ValueError(f"a fault has no {sorted(strange)}; it has {sorted(known)}")
    kind = str(item.get("kind", ""))
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no fault; use one of {sorted(KINDS)}")
    return Fault(**{**item, "kind": kind, "channel": str(item.get("channel", ""))})


class Faults:
    """The faults still to come, first match first."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def replace(self, faults: list[Fault]) -> None:
        """Plan these and no others."""
        self.planned = faults

    def take(self, kinds: frozenset[str], channel: str, method: str = "", user: str = "") -> Fault | None:
        """Return the fault of one of these kinds that hits this call now, and count it as used."""
        for fault in self.planned:
            if fault.kind in kinds and fault.matches(channel, method, user) and fault.strikes():
                if fault.spent:
                    self.planned.remove(fault)
                return fault
        return None
