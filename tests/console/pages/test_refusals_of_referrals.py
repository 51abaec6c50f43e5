"""Refusals of referrals: each step that cannot be taken is told its own reason, in the language of who asked."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from pyrage import x25519
from sqlalchemy import update

from bot.config.paging import Partner
from content.library import Library
from store.cases.models import case_file
from store.db.engine import Store
from store.referrals.models import referral
from store.referrals.service import LONGEST
from store.refusals import Refusal
from tests.support.console_refusals import refused
from tests.support.console_room import Room

SERVICE = "vn.peacehouse"
PARTNER = Partner(service=SERVICE, age=str(x25519.Identity.generate().to_public()))


@pytest.fixture
async def room(store: Store, library: Library) -> Room:
    """A console of a service that knows one service's key, but no address."""
    made = Room(store, library, partners=[PARTNER])
    await made.hire("hoaban", "hoasen", "hoadao")
    return made


@pytest.fixture
async def case(room: Room) -> UUID:
    """A case that Hoa Ban has."""
    made = await room.person(3, ["Cứu em với"])
    async with room.signed_in("hoaban") as browser:
        assert (await browser.post(f"/console/cases/{made}/take")).status_code == 303
    return made


async def has(room: Room, **values: object) -> None:
    """Change the referrals underneath."""
    async with room.store.data.begin() as conn:
        await conn.execute(update(referral).values(values))


def question(**more: object) -> dict[str, object]:
    """The form that asks her."""
    return {"service": SERVICE, "field": ["place"], "request_key": str(uuid4())} | more


async def test_a_question_that_cannot_be_asked_says_why(room: Room, case: UUID) -> None:
    """A strange service, field or kind; a duty that is none, of no child, of no danger; a case that is not hers."""
    path = f"/console/cases/{case}/refer"
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        for strange in ({"service": "nonsense"}, {"field": []}, {"field": ["place", "nonsense"]}, {"kind": "nonsense"}):
            await refused(browser, path, question(**strange), Refusal.REFERRAL_CHOICE)
        await refused(browser, path, question(kind="duty:nonsense:vn.111"), Refusal.REFERRAL_ASK_FIRST)
        await refused(browser, path, question(kind="duty:child:vn.111"), Refusal.REFERRAL_NOT_UNDER_16)
        await refused(browser, path, question(kind="duty:life:vn.consular"), Refusal.REFERRAL_NO_DANGER)
        await refused(colleague, path, question(), Refusal.CASE_NOT_YOURS)
        async with room.store.data.begin() as conn:
            await conn.execute(update(case_file).values(flags=["duress"]))
        await refused(browser, path, question(), Refusal.REFERRAL_FORCED)
    async with room.store.data.connect() as conn:
        assert (await conn.execute(referral.select())).all() == [], "what is refused leaves nothing"


async def test_a_step_that_is_not_due_says_why(room: Room, case: UUID) -> None:
    """Confirmed by who may not or too early, handed over strangely or too early, a receipt of nothing, twice back."""
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as second:
        assert (await browser.post(f"/console/cases/{case}/refer", data=question())).status_code == 303
        steps = f"/console/cases/{case}/referrals/1"
        await refused(browser, f"/console/cases/{case}/referrals/99/back", {}, Refusal.REFERRAL_NOT_FOUND)
        await refused(browser, f"/console/cases/{case}/referrals/99/hand", {"way": "sheet"}, Refusal.REFERRAL_NOT_FOUND)
        await refused(browser, f"{steps}/confirm", {}, Refusal.REFERRAL_SECOND_PERSON)
        await refused(second, f"{steps}/confirm", {}, Refusal.REFERRAL_NOT_AGREED)
        await refused(browser, f"{steps}/hand", {"way": "nonsense"}, Refusal.REFERRAL_TRANSPORT_UNKNOWN)
        await refused(browser, f"{steps}/hand", {"way": "hook"}, Refusal.REFERRAL_NO_TRANSPORT)
        await refused(browser, f"{steps}/hand", {"way": "sheet"}, Refusal.REFERRAL_NOT_CONFIRMED)
        await refused(second, f"{steps}/hand", {"way": "sheet"}, Refusal.CASE_NOT_YOURS)
        await refused(browser, f"{steps}/receipt", {"who": "chị trực"}, Refusal.RECEIPT_NOT_EXPECTED)
        long = {"who": "a" * (LONGEST + 1)}
        await refused(browser, f"{steps}/receipt", long, Refusal.RECEIPT_LENGTH, longest=str(LONGEST))
        await has(room, state="withdrawn")
        await refused(browser, f"{steps}/back", {}, Refusal.REFERRAL_TAKEN_BACK)


async def test_a_reader_of_her_commune_confirms_nothing(room: Room) -> None:
    """Who does not read the case is told that it is not sealed to her."""
    case = await room.person(3)
    await room.hire("hoamai")
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        assert (await browser.post(f"/console/cases/{case}/refer", data=question())).status_code == 303
    async with room.store.data.begin() as conn:
        shut = "INSERT INTO case_shut(case_id, staff_id, at) VALUES ($1, $2, $3)"
        await conn.exec_driver_sql(shut, (case, room.ids["hoasen"], room.clock.now()))
    await has(room, state="agreed")
    async with room.signed_in("hoasen") as colleague:
        await refused(colleague, f"/console/cases/{case}/referrals/1/confirm", {}, Refusal.CASE_NOT_SEALED)


async def test_who_receives_reads_vietnamese_and_who_asks_her_own_language(room: Room, case: UUID) -> None:
    """The sheet is for the service; a reason why there is none is for the member who asked."""
    async with room.signed_in("hoaban") as browser:
        assert (await browser.post(f"/console/cases/{case}/refer", data=question())).status_code == 303
        await has(room, state="confirmed")
        browser.cookies.set("lang", "en")
        sheet = await browser.post(f"/console/cases/{case}/referrals/1/hand", data={"way": "sheet"})
        assert 'lang="vi"' in sheet.text
