"""Polling of accounts that have no webhook: what came is stored before more is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container

from bot.channels.base import Failure, Retry
from bot.channels.endpoint import Endpoint
from bot.logs.journal import log

AGAIN = 5.0
"""Seconds before an account that failed without naming a wait is asked again (real time)."""
LOOK = 1.0
"""Seconds between two looks at whether an account is ours to ask."""


class Poller:
    """One question at a time for each polled account that this process owns; two askers would steal from each other."""

    def __init__(
        self,
        endpoints: list[Endpoint],
        owned: Callable[[], Container[int]],
        accept: Callable[[Endpoint, bytes], Awaitable[object]],
    ) -> None:
        self._endpoints = endpoints
        self._owned = owned
        self._accept = accept

    async def run(self) -> None:
        """Ask until cancelled; returns at once when no account is polled."""
        async with asyncio.TaskGroup() as group:
            for endpoint in self._endpoints:
                group.create_task(self._follow(endpoint))

    async def _follow(self, endpoint: Endpoint) -> None:
        offset = 0
        while True:
            if endpoint.number not in self._owned():
                await asyncio.sleep(LOOK)
                continue
            offset = await self._ask(endpoint, offset)

    async def _ask(self, endpoint: Endpoint, offset: int) -> int:
        """Ask once; return the offset of the next question. It moves only when everything is on the disk."""
        poll = endpoint.channel.abilities.poll
        assert poll is not None  # noqa: S101  only such endpoints are given to us
        try:
            raws, following = await poll(offset)
        except Failure as failure:
            log.warning(
                "an account could not be asked for news", extra={"account": endpoint.number, "code": failure.code}
            )
            await asyncio.sleep(failure.after if isinstance(failure, Retry) else AGAIN)
            return offset
        for raw in raws:
            await self._keep(endpoint, raw)
        return following

    async def _keep(self, endpoint: Endpoint, raw: bytes) -> None:
        while True:
            try:
                await self._accept(endpoint, raw)
                return
            except OSError:
                log.warning("news waits for a disk", extra={"account": endpoint.number})
                await asyncio.sleep(LOOK)
