"""Handing her on: only what she said yes to, by two people, never against her no, and a receipt."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyrage
import pytest
from aiohttp import web
from pyrage import x25519
from sqlalchemy import select

from bot.calling.hook import SIGNATURE, TIMESTAMP, sign
from bot.calling.partners import Carrier, body_of
from bot.calling.settings import Partner
from content.referral import referral as rules
from flows import effects
from scheduler.due import due_once
from store import acts, age, desk, people, readers, referrals, referring
from store.cases import case_file
from store.database import raw
from store.errors import Refused
from store.referrals import referral
from tests.bridging import Bridge, built
from tests.chaos.stage import free_port

SECRET = "a secret of the service, long enough"
KEY = x25519.Identity.generate()
SERVICE = "vn.peacehouse"
FIELDS = ("place", "needs")
PORT = free_port()


class Desk:
    """A case that Hoa Ban has, its woman on Zalo, and hands to use both."""

    def __init__(self, bridge: Bridge, case: UUID, hoaban: UUID, hoasen: UUID) -> None:
        self.bridge, self.case, self.hoaban, self.hoasen = bridge, case, hoaban, hoasen
        self.store = bridge.store

    @property
    def now(self) -> Any:
        """The time of the house."""
        return self.bridge.house.clock.now()

    async def ask(self, *fields: str, service: str = SERVICE, key: UUID | None = None) -> None:
        """Ask her about a service."""
        library = self.bridge.house.library
        key = key or uuid4()
        await referring.ask(self.store, self.now, self.case, self.hoaban, key, library, service, fields or FIELDS)
        await self.bridge.quiet()

    async def says(self, words: str) -> None:
        """Let her write; beside a human nothing comes back."""
        before = await self.bridge.count("SELECT count(*) FROM case_line WHERE direction = 'in'")
        await self.bridge.do("zalo_oa", "lan", "say", text=words)
        for _ in range(500):
            await asyncio.sleep(0.01)
            if await self.bridge.count("SELECT count(*) FROM case_line WHERE direction = 'in'") > before:
                return
        raise AssertionError("her words did not reach her case")

    async def rows(self) -> list[referrals.Row]:
        """The referrals, the newest first."""
        async with self.store.data.connect() as conn:
            return await referrals.of_case(conn, self.case)

    async def confirmed(self) -> int:
        """Ask, hear her yes, let Hoa Sen confirm; returns the referral."""
        await self.ask()
        await self.says("401")
        [one] = await self.rows()
        await referring.confirm(self.store, self.now, self.case, self.hoasen, one.id)
        return one.id

    async def hand(self, number: int, way: str = "sheet", body: bytes | None = None) -> None:
        """Hand it over."""
        await referring.hand(self.store, self.now, self.case, self.hoaban, number, way, body)

    async def consents(self) -> list[tuple[str, bool]]:
        """Her consents in order: purpose and answer."""
        async with self.store.data.connect() as conn:
            rows = await conn.execute(select(people.consent).order_by(people.consent.c.id))
            return [(row.purpose, row.given) for row in rows if row.purpose != "C2"]


@pytest.fixture
async def at(bridge: Bridge) -> Desk:
    """A case that Hoa Ban has; Hoa Sen reads it too."""
    return await _taken(bridge)


@pytest.fixture
async def wired(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[Desk]:
    """The same in a house whose settings name a service that hears of referrals by a signed request."""
    hook = {"url": f"http://127.0.0.1:{PORT}/referrals", "secret": SECRET}
    partner = {"service": SERVICE, "age": str(KEY.to_public()), "hook": hook}
    async with built(databases, tmp_path, partners=[partner]) as bridge:
        yield await _taken(bridge)


async def _taken(bridge: Bridge) -> Desk:
    """Let her cry, and Hoa Ban take her case."""
    await bridge.talk("zalo_oa", "lan", "cuu em voi")
    [case] = await bridge.cases()
    (hoaban, _), (hoasen, _) = await bridge.counsellor("hoaban"), await bridge.counsellor("hoasen")
    assert await desk.acknowledge(bridge.store, bridge.house.clock.now(), case.id, hoaban)
    return Desk(bridge, case.id, hoaban, hoasen)


async def test_she_is_asked_about_one_service_and_its_fields_and_her_yes_is_kept_with_its_date(at: Desk) -> None:
    """The question names whom and what; `401` is her yes, and stands among her consents for this very service."""
    key = uuid4()
    await at.ask("needs", "place", key=key)
    await at.ask("needs", "place", key=key)
    asked = (await at.bridge.inbox("zalo_oa", "lan"))[-1]["text"]
    for words in (
        "Ngôi nhà Bình yên",
        "bạn đang ở tỉnh nào hay nước nào; điều bạn cần",
        "Trả lời 401 là đồng ý, 402 là không",
    ):
        assert words in asked
    assert [(one.state, one.fields) for one in await at.rows()] == [("asked", ("place", "needs"))]
    await at.says("401")
    [one] = await at.rows()
    assert (one.state, one.answered_at is not None) == ("agreed", True)
    assert await at.consents() == [("C3:vn.peacehouse", True)]
    assert await at.bridge.count("SELECT count(*) FROM consent WHERE version = 'referral.ask.vi.1'") == 1


async def test_her_no_is_a_no_and_nothing_can_leave(at: Desk) -> None:
    """Nobody can confirm or hand over what she declined; it is kept as her no, with a full stop or politely."""
    for words in ("402", "502.", "602 ạ"):
        await at.ask()
        await at.says(words)
        one = (await at.rows())[0]
        assert one.state == "declined", words
        with pytest.raises(Refused):
            await referring.confirm(at.store, at.now, at.case, at.hoasen, one.id)
        with pytest.raises(Refused):
            await at.hand(one.id)
    assert await at.consents() == [("C3:vn.peacehouse", False)] * 3


async def test_what_is_no_answer_changes_nothing_and_two_questions_do_not_mix(at: Desk) -> None:
    """Other words, other numbers, and the digits inside a sentence are her words; each question has its own pair."""
    await at.ask()
    await at.ask("age", service="vn.111")
    for words in ("em đồng ý", "số 401 đường Láng", "41", "403", "1"):
        await at.says(words)
    assert {one.state for one in await at.rows()} == {"asked"}
    await at.says("501")
    assert {one.service: one.state for one in await at.rows()} == {SERVICE: "asked", "vn.111": "agreed"}


async def test_an_answer_that_may_be_anothers_is_no_consent(at: Desk) -> None:
    """Behind the cover of her own words, and after her word for danger, `401` is read and recorded nowhere."""
    await at.ask()
    async with at.store.data.connect() as conn:
        case = (await conn.execute(select(case_file))).one()
    async with raw(at.store.keyring) as ring:
        key = await at.store.ring.key_of(ring, case.person_id)
    library = at.bridge.house.library
    for n, behind in enumerate(("cover", "")):
        if not behind:
            async with at.store.data.begin() as conn:
                await conn.execute(case_file.update().values(flags=["duress"]))
        words = effects.AddToCase("401", behind=behind)
        act = acts.Act(9_000 + n, 0, case.person_id, key, case.account, at.now, words, (), library, "text")
        async with at.store.data.begin() as conn:
            await acts.carry_out(conn, at.now, at.store, [act])
        assert [one.state for one in await at.rows()] == ["asked"], behind
    assert await at.consents() == []
    with pytest.raises(Refused):
        await at.ask("age")


async def test_a_yes_taken_back_blocks_and_after_the_handing_over_calls_a_human(at: Desk) -> None:
    """Before: withdrawn, nothing leaves any more. After: it stays handed, and somebody tells the service."""
    first = await at.confirmed()
    await at.says("402")
    assert (await at.rows())[0].state == "withdrawn"
    with pytest.raises(Refused):
        await at.hand(first)
    await at.ask()
    await at.says("501")
    second = (await at.rows())[0].id
    await referring.confirm(at.store, at.now, at.case, at.hoasen, second)
    await at.hand(second)
    await at.says("502")
    assert (await at.rows())[0].blocked
    with pytest.raises(Refused):
        await at.hand(second)
    assert await at.bridge.count("SELECT count(*) FROM task WHERE kind = 'receipt' AND reason = 'taken_back'") == 1
    assert await at.consents() == [("C3:vn.peacehouse", given) for given in (True, False, True, False)]
    await at.says("401")
    assert [one.state for one in await at.rows()] == ["handed", "withdrawn"]


async def test_rule_14_two_people_and_rule_11_only_readers(at: Desk) -> None:
    """Neither she who asked nor she who has the case confirms, nor who does not read it; nobody hands on alone."""
    await at.ask()
    await at.says("401")
    [one] = await at.rows()
    with pytest.raises(Refused):
        await at.hand(one.id)
    stranger, _ = await at.bridge.counsellor("hoamai")
    for who in (at.hoaban, stranger, uuid4()):
        with pytest.raises(Refused):
            await referring.confirm(at.store, at.now, at.case, who, one.id)
    await referring.confirm(at.store, at.now, at.case, at.hoasen, one.id)
    with pytest.raises(Refused):
        await referring.hand(at.store, at.now, at.case, at.hoasen, one.id, "sheet")
    await at.hand(one.id)
    async with at.store.data.begin() as conn:
        await readers.shut_out(conn, at.now, at.case, at.hoasen)
    await at.ask("age")
    await at.says("501")
    with pytest.raises(Refused):
        await referring.confirm(at.store, at.now, at.case, at.hoasen, (await at.rows())[0].id)


async def test_without_asking_only_the_duty_for_a_child_and_a_life_she_said_yes_to(at: Desk) -> None:
    """111 for a child under sixteen; rescue at level 4 after C6; no other service, no other case, never her number."""

    async def duty(service: str, basis: str) -> None:
        await referring.without_asking(at.store, at.now, at.case, at.hoaban, uuid4(), service, basis)

    for service, basis in (("vn.111", "child"), ("vn.111", "life"), (SERVICE, "child"), ("vn.111", "consent")):
        with pytest.raises(Refused):
            await duty(service, basis)
    library = at.bridge.house.library
    await referring.ask_for_life(at.store, at.now, at.case, at.hoaban, uuid4(), library)
    await at.bridge.quiet()
    await at.says("401")
    assert await at.consents() == [("C6", True)]
    with pytest.raises(Refused):
        await duty("vn.111", "life")
    async with at.store.data.begin() as conn:
        marks = {"level": 4, "flags": ["under_16"]}
        await conn.execute(case_file.update().values(marks))
    await duty("vn.consular", "life")
    await duty("vn.111", "child")
    prepared = [one for one in await at.rows() if one.service]
    assert [(one.basis, one.state) for one in prepared] == [("child", "agreed"), ("life", "agreed")]
    assert all("number" not in one.fields for one in prepared)
    with pytest.raises(Refused):
        await at.hand(prepared[0].id)


async def test_a_receipt_is_asked_for_when_none_has_come(at: Desk) -> None:
    """A day later a human is asked; with a receipt written down nobody is. Who took it is a sealed line."""
    first = await at.confirmed()
    await at.hand(first)
    await at.ask("age")
    await at.says("501")
    second = (await at.rows())[0].id
    await referring.confirm(at.store, at.now, at.case, at.hoasen, second)
    await at.hand(second, "file")
    await referring.receipt(at.store, at.now, at.case, at.hoaban, second, "chị trực  Ngôi nhà Bình yên")
    with pytest.raises(Refused):
        await referring.receipt(at.store, at.now, at.case, at.hoaban, second, "ai đó")
    late = at.now + timedelta(hours=rules().receipt_within, minutes=1)
    while await due_once(at.store, at.bridge.house.library, late):
        pass
    query = "SELECT count(*) FROM task WHERE kind = 'receipt'"
    assert await at.bridge.count(f"{query} AND reason = 'no_receipt'") == await at.bridge.count(query) == 1
    _, private = await at.bridge.counsellor("hoaban")
    view = await desk.read(at.store, at.now, at.case, at.hoaban, private)
    assert any(line.direction == "private" and "chị trực Ngôi nhà" in line.text for line in view.lines)


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


async def sent(at: Desk, number: int) -> None:
    """Put a referral on its way by a signed request."""
    sealed = age.encrypt_to(str(KEY.to_public()), CANARY.encode())
    [one] = [row for row in await at.rows() if row.id == number]
    await at.hand(number, "hook", body_of(one.key, SERVICE, sealed, at.now))


async def test_a_signed_request_carries_a_file_for_the_service_alone_and_its_signed_answer_is_the_receipt(
    wired: Desk, service: Service
) -> None:
    """The signature is ours, the words open with their key only, are in no table, and the receipt is theirs."""
    at = wired
    number = await at.confirmed()
    await sent(at, number)
    async with at.store.data.connect() as conn:
        kept = (await conn.execute(select(referral.c.body_ct))).scalar_one()
    assert b"Bi\xc3\xaan" not in kept
    await at.bridge.house.ticks.all_now()
    await at.bridge.house.ticks.all_now()
    [(headers, raw)] = service.got
    assert headers[SIGNATURE] == sign(SECRET.encode(), headers[TIMESTAMP], raw)
    told = json.loads(raw)
    assert set(told) == {"id", "service", "sealed", "receipt_by"}
    assert pyrage.decrypt(b64decode(told["sealed"]), [KEY]).decode() == CANARY
    [one] = await at.rows()
    assert (one.receipt_at is not None, one.receipt_by) == (True, None)
    assert await at.bridge.count("SELECT count(*) FROM referral WHERE body_ct IS NOT NULL") == 0
    assert await at.bridge.count("SELECT count(*) FROM audit WHERE action = 'referral.receipt'") == 1


FAILURES = (
    ({"answer": "unsigned"}, "arrived"),
    ({"answer": "refused"}, "arrived"),
    ({"secret": "x" * 40}, "arrived"),
    ({"ago": 301}, "arrived"),
    ({"status": 503}, "waits"),
    ({"status": 404}, "gone"),
)
"""What a service may answer that is no receipt: unsigned, not accepted, another's signature, old, busy, gone."""


async def test_only_their_own_fresh_signature_is_a_receipt(at: Desk, service: Service) -> None:
    """Anything else leaves the receipt open; a failure is tried again, and one for good calls a human."""
    number = await at.confirmed()
    query = "SELECT count(*) FROM referral WHERE"
    for changed, fate in FAILURES:
        service.answer, service.status, service.secret, service.ago = "accepted", 200, SECRET, 0
        for name, value in changed.items():
            setattr(service, name, value)
        await sent(at, number)
        carrier = Carrier(at.store, at.bridge.house.clock, {SERVICE: service.partner})
        assert await carrier.once() == 1
        await carrier.close()
        assert await at.bridge.count(f"{query} receipt_at IS NOT NULL") == 0, changed
        assert await at.bridge.count(f"{query} body_ct IS NOT NULL") == (fate == "waits"), changed
        gone = await at.bridge.count("SELECT count(*) FROM task WHERE reason = 'not_arrived'")
        assert gone == (fate == "gone"), changed


async def test_a_yes_taken_back_stops_what_has_not_left(at: Desk, service: Service) -> None:
    """Between the click and the request she says no: nothing is sent."""
    await sent(at, await at.confirmed())
    await at.says("402")
    carrier = Carrier(at.store, at.bridge.house.clock, {SERVICE: service.partner})
    assert await carrier.once() == 0
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
