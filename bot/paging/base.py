"""The contract of a paging transport: one notice to one address, or a failure that says whether to try again."""

from __future__ import annotations

from typing import Protocol

import msgspec

WITHIN = 10.0
"""Seconds one page may take: longer than that is a failure, and is tried again."""


class Notice(msgspec.Struct, frozen=True):
    """What leaves: nothing but that something waits, under a code. `id` is the same at every repetition."""

    id: int
    to: str
    subject: str
    text: str
    drill: bool


class NotPaged(Exception):
    """A page did not leave. `code` is short and names neither address nor words; `for_good`: no try can succeed."""

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good


class Transport(Protocol):
    """One transport outside the channels."""

    name: str

    async def call(self, notice: Notice) -> None:
        """Let one notice leave, within `WITHIN` seconds. Raises NotCalled."""

    async def close(self) -> None:
        """Close what is open."""
