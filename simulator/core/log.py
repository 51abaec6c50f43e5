"""The log of the simulated world: every request received, every message delivered, every event sent. Never a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

Kind = Literal["request", "delivered", "removed", "said", "webhook", "token"]


class Log:
    """An append-only list of what happened, in order, on the world's time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._count = 0
        self.entries: list[dict[str, Any]] = []

    def add(
        self,
        kind: Kind,
        channel: str,
        *,
        user: str = "",
        text: str = "",
        status: int | str = "",
        **more: object,
    ) -> None:
        """Note one thing; `status` is an HTTP status, an error code or a word."""
        self._count += 1
        entry = {"n": self._count, "at": self._now().isoformat(), "kind": kind, "channel": channel}
        self.entries.append({**entry, "user": user, "text": text, "status": status, **more})

    def select(self, since: int = 0, **wanted: str) -> list[dict[str, Any]]:
        """Return the entries after number `since` whose fields equal the `wanted` ones."""
        fresh = self.entries if since <= 0 else [e for e in self.entries if e["n"] > since]
        return [e for e in fresh if all(str(e.get(key, "")) == value for key, value in wanted.items())]

    def clear(self) -> None:
        """Forget everything; numbering goes on."""
        self.entries.clear()
