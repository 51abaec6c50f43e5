"""The start of a bot's account, which goes on in the background while its platform does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.channels.base import Human

AGAIN = 60.0
"""Seconds between two tries."""


class AccountStart:
    """Opens an account with `opened`, which returns why it could not: with the code "connect" it is tried again."""

    def __init__(self, opened: Callable[[], Awaitable[Human | None]], again: float = AGAIN) -> None:
        self._opened = opened
        self._again = again
        self._later: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Try once, and while the platform does not answer in the background. Raises Human with one sentence."""
        failure = await self._opened()
        if failure is None:
            return
        if failure.code == "connect":
            self._later = asyncio.get_running_loop().create_task(self._open_later())
        raise failure

    async def close(self) -> None:
        """Try no more."""
        if self._later is not None:
            self._later.cancel()
            await asyncio.gather(self._later, return_exceptions=True)

    async def _open_later(self) -> None:
        failure: Human | None = Human(code="connect")
        while failure is not None and failure.code == "connect":
            await asyncio.sleep(self._again)
            failure = await self._opened()
