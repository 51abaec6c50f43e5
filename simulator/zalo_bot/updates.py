"""A Zalo bot's updates: handed out once to whoever asks, or carried to a webhook and repeated until it answers."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from simulator.core.environment import Environment
from simulator.zalo_bot.conditions import BotConditions

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
TIMEOUT = 5.0  # real seconds within which a webhook has to answer: taken for granted, nobody documents it
LADDER = (1, 5, 30, 300, 900, 3600)  # seconds of the world's clock before each retry: likewise


@dataclass(frozen=True)
class ZaloBotUpdate:
    """One update and whose phone it came from."""

    slug: str
    body: dict[str, Any]

    @property
    def name(self) -> str:
        """What happened."""
        return str(self.body["event_name"])


@dataclass(frozen=True)
class ZaloBotWebhook:
    """Where updates are carried to; `updated_at` in Unix milliseconds."""

    url: str
    secret: str
    updated_at: int


@dataclass
class ZaloBotUpdates:
    """The queue of one bot. It has no numbers and no acknowledgement: what was fetched is gone."""

    environment: Environment
    conditions: BotConditions
    pending: deque[ZaloBotUpdate] = field(default_factory=deque)
    webhook: ZaloBotWebhook | None = None
    carrying: int = 0
    _held: list[ZaloBotUpdate] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _generation: int = 0

    def put(self, slug: str, body: dict[str, Any]) -> None:
        """Queue an update, or carry it to the webhook."""
        update = ZaloBotUpdate(slug, body)
        faults = self.environment.faults
        if not self._held and faults.take(frozenset({"reorder_webhook"}), "zalo_bot", update.name, slug):
            self._held.append(update)
            self.environment.send_on(self._release_later())
            return
        held, self._held = self._held, []
        for ready in (update, *held):
            self._dispatch(ready)

    async def _release_later(self) -> None:
        # An update held back to be overtaken must not wait for ever when nothing overtakes it.
        await asyncio.sleep(2)
        held, self._held = self._held, []
        for update in held:
            self._dispatch(update)

    def _dispatch(self, update: ZaloBotUpdate) -> None:
        if self.webhook is None:
            self.pending.append(update)
            news, self._news = self._news, asyncio.Event()
            news.set()
            return
        environment = self.environment
        twice = environment.faults.take(frozenset({"duplicate_webhook"}), "zalo_bot", update.name, update.slug)
        for _ in range(2 if twice else 1):
            self.carrying += 1
            environment.send_on(self._carry(update, self._generation))

    async def fetch(self, timeout: float) -> dict[str, Any] | None:
        """Hand out the oldest update, waiting up to `timeout` s for one; nobody will ever get it again."""
        if not self.pending and timeout > 0:
            try:
                await asyncio.wait_for(self._news.wait(), timeout)
            except TimeoutError:
                return None
        return self.pending.popleft().body if self.pending else None

    def carry_to(self, webhook: ZaloBotWebhook | None) -> None:
        """Deliver to this webhook from now on, starting with what is pending; None goes back to polling."""
        self.webhook = webhook
        if webhook is not None:
            waiting, self.pending = self.pending, deque()
            for update in waiting:
                self._dispatch(update)

    async def _carry(self, update: ZaloBotUpdate, generation: int) -> None:
        """Try once, then on the schedule; after the last failure the update is lost."""
        environment = self.environment
        try:
            for wait in (0, *LADDER):
                await environment.clock.sleep(wait)
                if generation != self._generation or self.webhook is None:
                    return
                if 200 <= await self._post(self.webhook, update) < 300:
                    return
            environment.log.add("webhook", "zalo_bot", user=update.slug, status="lost", method=update.name)
        finally:
            self.carrying -= 1

    async def _post(self, webhook: ZaloBotWebhook, update: ZaloBotUpdate) -> int:
        environment = self.environment
        spoilt = environment.faults.take(frozenset({"bad_signature"}), "zalo_bot", update.name, update.slug)
        body = {"ok": True, "result": update.body} if self.conditions.wrapped else update.body
        raw = json.dumps(body, separators=(",", ":")).encode()  # ASCII, so that half a character can travel
        headers = {SECRET_HEADER: ("wrong-" if spoilt else "") + webhook.secret}
        status, _ = await environment.courier.post(webhook.url, raw, headers, TIMEOUT)
        environment.log.add("webhook", "zalo_bot", user=update.slug, status=status, method=update.name)
        return status

    async def probe(self, url: str) -> int:
        """Try an address with an empty body, as the platform does when it is set; return the status."""
        status, _ = await self.environment.courier.post(url, b"", {}, TIMEOUT)
        return status

    def clear(self) -> None:
        """Drop everything that is pending or on its way."""
        self.pending.clear()
        self._held.clear()
        self._generation += 1
