"""Referral webhook: referrals to services as signed requests; a receipt counts only with the service's signature.

The body is JSON: `id` (the same at every repetition), `service`, `sealed` (an `age` file in Base64, for that service
alone) and `receipt_by`. It is signed like every request of ours (`bot/paging/webhook.py`). A receipt is the answer to
it, signed in the same way with the same secret: JSON with the same `id` and `accepted` true.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

import aiohttp

from bot.config.paging import Partner
from bot.http import aiohttp_session
from bot.logs.journal import log
from bot.paging.base import WITHIN
from bot.paging.webhook import FOR_GOOD, SIGNATURE, TIMESTAMP, sign, signed
from scheduler.clock import Clock
from store.db.engine import Store, raw
from store.messages import hold
from store.referrals import delivery as referral_delivery
from store.referrals.delivery import OutgoingReferral
from store.unit_of_work import CLOCK, unit_of_work

AT_ONCE = 8
ANSWER_MOST = 4096
"""Bytes of an answer that are read."""
FRESH = 300
"""Seconds by which the time of a receipt may differ from ours."""


def body_of(key: UUID, service: str, sealed: bytes, receipt_by: datetime) -> bytes:
    """Make what a signed request carries."""
    said = {
        "id": str(key),
        "service": service,
        "sealed": b64encode(sealed).decode(),
        "receipt_by": receipt_by.isoformat(),
    }
    return json.dumps(said, separators=(",", ":")).encode()


class ReferralWebhook:
    """Takes referrals to the services that have an address for them."""

    def __init__(
        self, store: Store, clock: Clock, partners: Mapping[str, Partner], real: Callable[[], float] = time.time
    ) -> None:
        self.counted: Counter[str] = Counter()
        self._store = store
        self._clock = clock
        self._partners = partners
        self._real = real
        self._session: aiohttp.ClientSession | None = None

    async def once(self) -> int:
        """Make the requests that may leave now; returns how many. On hold nothing is handed over."""
        async with raw(self._store.data) as conn:
            if await hold.is_on_hold(conn):
                return 0
        async with unit_of_work(self._store, self._clock.now(), CLOCK) as work:
            parcels = await referral_delivery.claim(work, AT_ONCE)
        await asyncio.gather(*(self._carry(outgoing) for outgoing in parcels))
        return len(parcels)

    async def _carry(self, outgoing: OutgoingReferral) -> None:
        fate = await self._post(outgoing)
        self.counted[fate] += 1
        async with unit_of_work(self._store, self._clock.now(), CLOCK) as work:
            if fate == "receipt":
                await referral_delivery.received(work, outgoing)
            elif fate == "arrived":
                await referral_delivery.arrived(work, outgoing)
            else:
                log.warning("a referral did not arrive", extra={"stage": "referral", "code": fate})
                await referral_delivery.failed(work, outgoing, for_good=fate == "refused")

    async def _post(self, outgoing: OutgoingReferral) -> str:
        """Make one request: "receipt", "arrived" without one, "refused" for good, or "failed"."""
        partner = self._partners.get(outgoing.service)
        if partner is None or partner.hook is None:
            return "refused"
        secret = partner.hook.secret.get_secret_value().encode()
        if self._session is None:
            self._session = aiohttp_session(AT_ONCE, read=WITHIN)
        try:
            async with self._session.post(
                partner.hook.url,
                data=outgoing.body,
                headers=signed(secret, self._real(), outgoing.body),
                allow_redirects=False,
            ) as answer:
                said = await answer.content.read(ANSWER_MOST)
                status, headers = answer.status, answer.headers
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return "failed"
        if not 200 <= status < 300:
            return "refused" if status in FOR_GOOD else "failed"
        is_receipt = self._is_receipt(secret, headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, ""), said, outgoing)
        return "receipt" if is_receipt else "arrived"

    def _is_receipt(self, secret: bytes, at: str, signature: str, said: bytes, outgoing: OutgoingReferral) -> bool:
        """Say whether an answer is the service's own word that it took this very referral."""
        if not (at.isascii() and at.isdecimal() and len(at) <= 12) or abs(self._real() - int(at)) > FRESH:
            return False
        if not hmac.compare_digest(sign(secret, at, said).encode(), signature.encode("utf-8", "replace")):
            return False
        try:
            told = json.loads(said)
        except (ValueError, RecursionError):
            return False
        return isinstance(told, dict) and told.get("id") == str(outgoing.key) and told.get("accepted") is True

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
