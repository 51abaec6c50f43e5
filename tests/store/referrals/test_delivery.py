"""Referrals that leave by a signed request: for the service alone, stopped by her no, received by its own signature."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path

import pyrage
import pytest
from aiohttp import web
from pyrage import x25519
from sqlalchemy import select

from bot.config.paging import Partner
from bot.paging.referral_webhook import ReferralWebhook, body_of
from bot.paging.webhook import SIGNATURE, TIMESTAMP, sign
from store.crypto import age
from store.referrals.models import referral
from tests.support.referrals import SERVICE, ReferralSetup, taken
from tests.support.stage import free_port
from tests.support.system import System, built

SECRET = "a secret of the service, long enough"
KEY = x25519.Identity.generate()
PORT = free_port()


@pytest.fixture
async def at(system: System) -> ReferralSetup:
    """A case that Hoa Ban has; Hoa Sen reads it too."""
    return await taken(system)


@pytest.fixture
async def wired(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[ReferralSetup]:
    """The same in a service whose settings name a service that hears of referrals by a signed request."""
    hook = {"url": f"http://127.0.0.1:{PORT}/referrals", "secret": SECRET}
    partner = {"service": SERVICE, "age": str(KEY.to_public()), "hook": hook}
    async with built(databases, tmp_path, partners=[partner]) as system:
        yield await taken(system)


class Service:
    """A service on loopback that answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer, self.status, self.secret, self.ago = "accepted", 200, SECRET, 0

    async def take(self, request: web.Request) -> web.Response:
        """Keep a request, and sign a receipt."""
        raw = await request.read()
        self.got.append((dict(request.headers), raw))
        said = json.dumps({"id": json.loads(raw)["id"], "accepted": self.answer == "accepted"}).encode()
        at = str(int(request.headers[TIMESTAMP]) - self.ago)
        headers = {TIMESTAMP: at, SIGNATURE: sign(self.secret.encode(), at, said)}
        return web.Response(body=said, status=self.status, headers=headers if self.answer != "unsigned" else {})

    @property
    def partner(self) -> Partner:
        """What the settings say of it."""
        hook = {"url": f"http://127.0.0.1:{PORT}/referrals", "secret": SECRET}
        return Partner.model_validate({"service": SERVICE, "age": str(KEY.to_public()), "hook": hook})


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """The service, listening."""
    made, app = Service(), web.Application()
    app.router.add_post("/referrals", made.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    yield made
    await runner.cleanup()


CANARY = "tỉnh Điện Biên, cần chỗ an toàn"


async def sent(at: ReferralSetup, number: int) -> None:
    """Put a referral on its way by a signed request."""
    sealed = age.encrypt_to(str(KEY.to_public()), CANARY.encode())
    [one] = [row for row in await at.rows() if row.id == number]
    await at.hand(number, "hook", body_of(one.key, SERVICE, sealed, at.now))


async def test_a_signed_request_carries_a_file_for_the_service_alone_and_its_signed_answer_is_the_receipt(
    wired: ReferralSetup, service: Service
) -> None:
    """The signature is ours, the words open with their key only, are in no table, and the receipt is theirs."""
    at = wired
    number = await at.confirmed()
    await sent(at, number)
    async with at.store.data.connect() as conn:
        kept = (await conn.execute(select(referral.c.body_ct))).scalar_one()
    assert b"Bi\xc3\xaan" not in kept
    await at.system.application.ticks.all_now()
    await at.system.application.ticks.all_now()
    [(headers, raw)] = service.got
    assert headers[SIGNATURE] == sign(SECRET.encode(), headers[TIMESTAMP], raw)
    told = json.loads(raw)
    assert set(told) == {"id", "service", "sealed", "receipt_by"}
    assert pyrage.decrypt(b64decode(told["sealed"]), [KEY]).decode() == CANARY
    [one] = await at.rows()
    assert (one.receipt_at is not None, one.receipt_by) == (True, None)
    assert await at.system.count("SELECT count(*) FROM referral WHERE body_ct IS NOT NULL") == 0
    assert await at.system.count("SELECT count(*) FROM audit WHERE action = 'referral.receipt'") == 1


FAILURES = (
    ({"answer": "unsigned"}, "arrived"),
    ({"answer": "refused"}, "arrived"),
    ({"secret": "x" * 40}, "arrived"),
    ({"ago": 301}, "arrived"),
    ({"status": 503}, "waits"),
    ({"status": 404}, "gone"),
)
"""What a service may answer that is no receipt: unsigned, not accepted, another's signature, old, busy, gone."""


async def test_only_their_own_fresh_signature_is_a_receipt(at: ReferralSetup, service: Service) -> None:
    """Anything else leaves the receipt open; a failure is tried again, and one for good calls a human."""
    number = await at.confirmed()
    query = "SELECT count(*) FROM referral WHERE"
    for changed, fate in FAILURES:
        service.answer, service.status, service.secret, service.ago = "accepted", 200, SECRET, 0
        for name, value in changed.items():
            setattr(service, name, value)
        await sent(at, number)
        referral_webhook = ReferralWebhook(at.store, at.system.runtime.clock, {SERVICE: service.partner})
        assert await referral_webhook.once() == 1
        await referral_webhook.close()
        assert await at.system.count(f"{query} receipt_at IS NOT NULL") == 0, changed
        assert await at.system.count(f"{query} body_ct IS NOT NULL") == (fate == "waits"), changed
        gone = await at.system.count("SELECT count(*) FROM task WHERE reason = 'not_arrived'")
        assert gone == (fate == "gone"), changed


async def test_a_yes_taken_back_stops_what_has_not_left(at: ReferralSetup, service: Service) -> None:
    """Between the click and the request she says no: nothing is sent."""
    await sent(at, await at.confirmed())
    await at.says("402")
    referral_webhook = ReferralWebhook(at.store, at.system.runtime.clock, {SERVICE: service.partner})
    assert await referral_webhook.once() == 0
    assert service.got == []


def test_a_service_with_an_address_and_no_key_is_refused_at_start() -> None:
    """What a signed request carries can be opened by its service only, or it does not leave."""
    hook = {"url": "https://example.org/referrals", "secret": SECRET}
    with pytest.raises(ValueError, match="no age key"):
        Partner.model_validate({"service": SERVICE, "hook": hook})
    with pytest.raises(ValueError, match="age-keygen"):
        Partner.model_validate({"service": SERVICE, "age": "age1notakey"})


def test_the_file_is_plain_age_and_opens_with_their_key_only() -> None:
    """It begins as the format says, opens with the service's key, and with no other."""
    sealed = age.encrypt_to(str(KEY.to_public()), CANARY.encode())
    assert sealed.startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert pyrage.decrypt(sealed, [KEY]).decode() == CANARY
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [x25519.Identity.generate()])
