"""A bot's updates: numbered, kept until acknowledged, fetched by polling or carried to a webhook."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.core.environment import Environment
from simulator.core.faults import Fault
from simulator.core.phones import Phone

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
TIMEOUT = 60.0  # seconds Telegram waits for a webhook (levlam, tdlib/telegram-bot-api issue 211)
FIRST_BACKOFF, LAST_BACKOFF = 0.5, 16.0  # seconds; the real schedule is not published

# Kinds that are left out unless asked for by name.
_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True)
class TelegramUpdate:
    """One update: its number, the chat it belongs to, its kind and its whole body."""

    id: int
    chat: str
    kind: str
    body: dict[str, Any]


@dataclass(frozen=True)
class TelegramWebhook:
    """Where updates are carried to, and how many may be on their way at once."""

    url: str
    secret: str
    max_connections: int
    connections: asyncio.Semaphore


@dataclass
class LastError:
    """The newest failed delivery, as getWebhookInfo reports it."""

    date: int = 0
    message: str = ""


@dataclass
class TelegramUpdates:
    """The queue of one bot; `find` returns the phone behind a chat id, `call` carries out a webhook's answer."""

    environment: Environment
    find: Callable[[str], Phone | None]
    call: Callable[[bytes], Awaitable[None]]
    pending: dict[int, TelegramUpdate] = field(default_factory=dict)
    allowed: list[str] = field(default_factory=list)
    webhook: TelegramWebhook | None = None
    last_error: LastError = field(default_factory=LastError)
    poll: asyncio.Task[Any] | None = None
    _carrying: set[str] = field(default_factory=set)
    _held: list[TelegramUpdate] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, chat: str, slug: str, kind: str, payload: dict[str, Any]) -> int | None:
        """Queue an update and return its id; None when the bot did not ask for its kind."""
        if kind not in self.allowed if self.allowed else kind in _ON_REQUEST:
            return None
        number = self.environment.ids.update()
        update = TelegramUpdate(number, chat, kind, {"update_id": number, kind: payload})
        faults = self.environment.faults
        late = faults.take(frozenset({"late_webhook"}), "telegram", kind, slug)
        if late is not None:
            self.environment.send_on(self._queue_later(update, late.later))
            return number
        if not self._held and faults.take(frozenset({"reorder_webhook"}), "telegram", kind, slug):
            self._held.append(update)
            self.environment.send_on(self._release_later())
        else:
            self._queue([update, *self._release()])
        return number

    def _release(self) -> list[TelegramUpdate]:
        held, self._held = self._held, []
        return held

    async def _queue_later(self, update: TelegramUpdate, seconds: float) -> None:
        await self.environment.clock.sleep(seconds)
        self._queue([update])

    async def _release_later(self) -> None:
        # An update held back to be overtaken must not wait for ever when nothing overtakes it.
        await asyncio.sleep(2)
        self._queue(self._release())

    def _queue(self, updates: list[TelegramUpdate]) -> None:
        for update in updates:
            self.pending[update.id] = update
        self._tell()
        for chat in {update.chat for update in updates}:
            self._carry(chat)

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    # -- polling ---------------------------------------------------------------------------------

    async def fetch(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """Acknowledge everything below `offset` and return up to `limit` updates, waiting up to `timeout` s."""
        self.acknowledge(offset)
        if not self.pending and timeout > 0:
            try:
                await asyncio.wait_for(self._news.wait(), timeout)
            except TimeoutError:
                return []
        return [update.body for update in list(self.pending.values())[:limit]]

    def acknowledge(self, offset: int) -> None:
        """Drop what a poller has confirmed; a negative offset keeps only that many from the end."""
        numbers = list(self.pending)
        gone = numbers[:offset] if offset < 0 else [n for n in numbers if n < offset]
        for number in gone:
            del self.pending[number]

    # -- webhook ---------------------------------------------------------------------------------

    def carry_to(self, webhook: TelegramWebhook | None) -> None:
        """Deliver to this webhook from now on, starting with what is pending; None goes back to polling."""
        self.webhook = webhook
        self.last_error = LastError()
        for chat in {update.chat for update in self.pending.values()}:
            self._carry(chat)

    def clear(self) -> None:
        """Drop everything that is pending."""
        self.pending.clear()
        self._held.clear()

    def _carry(self, chat: str) -> None:
        if self.webhook is not None and chat not in self._carrying and self._next(chat):
            self._carrying.add(chat)
            self.environment.send_on(self._carry_chat(chat))

    async def _carry_chat(self, chat: str) -> None:
        """Deliver one chat's updates strictly one after another; other chats have carriers of their own."""
        backoff = FIRST_BACKOFF
        try:
            while (webhook := self.webhook) and (update := self._next(chat)):
                if await self._deliver(webhook, update):
                    self.pending.pop(update.id, None)
                    backoff = FIRST_BACKOFF
                else:
                    await self.environment.clock.sleep(backoff)
                    backoff = min(backoff * 2, LAST_BACKOFF)
        finally:
            self._carrying.discard(chat)
        # A webhook set again between the last look and now must find a carrier.
        self._carry(chat)

    def _next(self, chat: str) -> TelegramUpdate | None:
        return next((update for update in self.pending.values() if update.chat == chat), None)

    async def _deliver(self, webhook: TelegramWebhook, update: TelegramUpdate) -> bool:
        environment = self.environment
        slug = self._slug(update.chat)
        secret = webhook.secret
        if environment.faults.take(frozenset({"bad_signature"}), "telegram", update.kind, slug):
            secret = "wrong-" + secret
        twice: Fault | None = environment.faults.take(frozenset({"duplicate_webhook"}), "telegram", update.kind, slug)
        answer = b""
        for _ in range(twice.copies if twice else 1):
            status, answer = await self._post(webhook, update, slug, secret)
            if not 200 <= status < 300:
                return False
        # The call in an answer is carried out, as the Bot API allows; its result is not reported.
        await self.call(answer)
        return True

    async def _post(
        self, webhook: TelegramWebhook, update: TelegramUpdate, slug: str, secret: str
    ) -> tuple[int, bytes]:
        environment = self.environment
        body = json.dumps(update.body, ensure_ascii=True, separators=(",", ":")).encode()
        headers = {SECRET_HEADER: secret} if secret else {}
        async with webhook.connections:
            status, answer = await environment.courier.post(webhook.url, body, headers, TIMEOUT)
        environment.log.add("webhook", "telegram", user=slug, status=status, method=update.kind, event=update.id)
        if not 200 <= status < 300:
            wrong = f"Wrong response from the webhook: {status}" if status else "Connection failed"
            self.last_error = LastError(int(environment.now().timestamp()), wrong)
        return status, answer

    def _slug(self, chat: str) -> str:
        phone = self.find(chat)
        return phone.slug if phone else ""
