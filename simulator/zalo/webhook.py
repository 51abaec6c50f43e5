"""Webhook delivery of an account's events: signed, within two seconds, retried on Zalo's schedule."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from simulator.core.environment import Environment

SIGNATURE_HEADER = "X-ZEvent-Signature"
TIMEOUT = 2.0  # real seconds within which a webhook has to answer 200
LADDER = (30, 300, 900, 1800, 3600)  # seconds of the world's clock before each retry


def signature(first: str, raw: bytes, timestamp: str, secret: str) -> str:
    """Return the hex SHA-256 over app id, raw body, timestamp and secret, in that order.

    Source: zalo-java-sdk MacUtils.buildMac (2024-10).
    """
    return hashlib.sha256(first.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


def _bytes(body: dict[str, Any]) -> bytes:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:  # a lone surrogate travels escaped
        return json.dumps(body, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Event:
    """One event with the exact bytes that are signed and sent, on every try the same."""

    name: str
    slug: str
    timestamp: str
    raw: bytes


@dataclass
class ZaloWebhook:
    """The subscription of one account.

    `oa_id_first` signs with the account's id instead of the app's, as some code in the field expects;
    `retry_refusals` false retries connection failures only (the documentation is ambiguous). `carrying` counts the
    events that are on their way just now.
    """

    environment: Environment
    app_id: str
    oa_id: str
    secret: str
    url: str = ""
    enabled: bool = True
    oa_id_first: bool = False
    retry_refusals: bool = True
    receipts: bool = True
    carrying: int = 0
    _held: list[Event] = field(default_factory=list)
    _generation: int = 0

    def emit(self, name: str, body: dict[str, Any], slug: str = "") -> None:
        """Send an event; without a URL, once the subscription is disabled, or by a fault, it is lost."""
        environment = self.environment
        timestamp = str(int(environment.now().timestamp() * 1000))
        whole = {"app_id": self.app_id, "event_name": name, **body, "timestamp": timestamp}
        event = Event(name, slug, timestamp, _bytes(whole))
        if not self._held and environment.faults.take(frozenset({"reorder_webhook"}), "zalo_oa", name, slug):
            self._held.append(event)
            environment.send_on(self._release_later())
            return
        held, self._held = self._held, []
        for ready in [event, *held]:
            self._carry(ready)

    async def _release_later(self) -> None:
        # An event held back to be overtaken must not wait for ever when nothing overtakes it.
        await asyncio.sleep(2)
        held, self._held = self._held, []
        for event in held:
            self._carry(event)

    def _carry(self, event: Event) -> None:
        environment = self.environment
        lost = environment.faults.take(frozenset({"lost_webhook"}), "zalo_oa", event.name, event.slug)
        if lost or not self.url or not self.enabled:
            environment.log.add("webhook", "zalo_oa", user=event.slug, status="lost", method=event.name)
            return
        wrong = environment.faults.take(frozenset({"bad_signature"}), "zalo_oa", event.name, event.slug)
        twice = environment.faults.take(frozenset({"duplicate_webhook"}), "zalo_oa", event.name, event.slug)
        late = environment.faults.take(frozenset({"late_webhook"}), "zalo_oa", event.name, event.slug)
        for _ in range(twice.copies if twice else 1):
            errand = self._deliver(event, "wrong-" if wrong else "", self._generation, late.later if late else 0)
            environment.send_on(errand)

    async def _deliver(self, event: Event, spoil: str, generation: int, later: float = 0) -> None:
        """Try once, then up to five times more; after the last failure the subscription is disabled."""
        clock = self.environment.clock
        await clock.sleep(later)
        began = clock.now().timestamp()
        for number in range(len(LADDER) + 1):
            status = await self._post(event, spoil, number)
            if status == 200 or (status and not self.retry_refusals):
                return
            if number == len(LADDER) or generation != self._generation:
                break
            due = LADDER[number] - (clock.now().timestamp() - began)
            await clock.sleep(max(due, 0))
            began = clock.now().timestamp()
        if generation == self._generation:
            self.enabled = False
            self.environment.log.add("webhook", "zalo_oa", status="disabled", method="admin notified")

    async def _post(self, event: Event, spoil: str, number: int) -> int:
        environment = self.environment
        first = self.oa_id if self.oa_id_first else self.app_id
        mac = signature(first, event.raw, event.timestamp, spoil + self.secret)
        headers = {SIGNATURE_HEADER: f"mac={mac}"}
        if number:
            headers["num_retry"] = str(number)
        self.carrying += 1
        try:
            status, _ = await environment.courier.post(self.url, event.raw, headers, TIMEOUT)
        finally:
            self.carrying -= 1
        environment.log.add("webhook", "zalo_oa", user=event.slug, status=status, method=event.name, retry=number)
        return status

    async def probe(self) -> int:
        """Send the empty body without a signature by which Zalo's console checks a URL; return the status."""
        status, _ = await self.environment.courier.post(self.url, b"", {}, TIMEOUT)
        return status

    def clear(self) -> None:
        """Give up every event still on its way, and enable the subscription again."""
        self._generation += 1
        self._held.clear()
        self.enabled = True
