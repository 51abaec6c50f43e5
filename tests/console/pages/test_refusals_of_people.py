"""Refusals about the roster, contacts and signing in: each with its own reason, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.web.refusals import STATUS
from content.escalation.loader import escalation_policy
from content.zone import VIETNAM
from store.errors import Refused
from store.refusals import Refusal
from store.staff.roster import OFF_DUTY
from tests.support.console_room import Room

LAST = len(escalation_policy().posts) - 1
WRONG_TURNS = [
    ({"who": "nobody"}, Refused(Refusal.DUTY_MEMBER)),
    ({"post": "queen"}, Refused(Refusal.DUTY_TIMES, last=LAST)),
    ({"starts": "tomorrow"}, Refused(Refusal.DUTY_TIMES, last=LAST)),
    ({"ends": "2026-01-01T00:00"}, Refused(Refusal.DUTY_TIMES, last=OFF_DUTY - 1)),
    ({"province": "99"}, Refused(Refusal.DUTY_PROVINCE)),
]
"""A strange value in a turn that is otherwise right, and why it is refused."""
WRONG_ADDRESSES = [
    {"way": "mail", "address": "no address"},
    {"way": "pigeon", "address": "hoaban@example.org"},
    {"way": "pigeon", "address": ""},
]


@pytest.mark.parametrize("lang", ["en", "vi"])
async def test_a_turn_that_cannot_be_says_why(room: Room, lang: str) -> None:
    """Whoever is not there, hours that run backwards, a post or province that does not exist."""
    await room.hire("hoaban", "hoadao")
    begins = (room.clock.now() + timedelta(days=1)).astimezone(VIETNAM).replace(second=0, microsecond=0, tzinfo=None)
    hours = {"starts": begins.isoformat(), "ends": (begins + timedelta(hours=8)).isoformat()}
    turn = {"who": str(room.ids["hoaban"]), "post": "second", "province": "", "lang": ""} | hours
    async with room.signed_in("hoadao") as lead:
        lead.cookies.set("lang", lang)
        for strange, refused in WRONG_TURNS:
            answer = await lead.post("/console/roster", data=turn | strange)
            assert (answer.status_code, refused.sentence(lang) in answer.text) == (422, True), strange


@pytest.mark.parametrize("lang", ["en", "vi"])
async def test_an_address_that_is_none_says_why(room: Room, lang: str) -> None:
    """What is no address, and a transport that does not exist, also when it is to be taken back."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        browser.cookies.set("lang", lang)
        for wrong in WRONG_ADDRESSES:
            answer = await browser.post("/console/roster/address", data=wrong)
            said = Refused(Refusal.CONTACT_ADDRESS).sentence(lang)
            assert (answer.status_code, said in answer.text) == (STATUS[Refusal.CONTACT_ADDRESS.kind], True), wrong


@pytest.mark.parametrize("lang", ["en", "vi"])
async def test_a_sign_in_that_fails_says_why(room: Room, lang: str) -> None:
    """A wrong login and too many attempts are told by the sentences of the table, on the page of signing in."""
    async with room.browser() as browser:
        browser.cookies.set("lang", lang)
        typed = {"login": "nobody", "passphrase": "không phải mật khẩu này"}
        wrong, slow = [await browser.post("/console/login", data=typed) for _ in range(2)]
    assert (wrong.status_code, Refused(Refusal.LOGIN_WRONG).sentence(lang) in wrong.text) == (401, True)
    after = Refused(Refusal.SIGN_IN_TOO_OFTEN, seconds=slow.headers["retry-after"]).sentence(lang)
    assert (slow.status_code, after in slow.text) == (429, True)


async def test_a_strange_page_of_the_audit_is_its_first_page(room: Room) -> None:
    """Digits of another script, and a number that no record has, break nothing."""
    await room.hire("kiem")
    async with room.signed_in("kiem") as browser:
        for strange in ("²", "9" * 40, "x", "-1"):
            assert (await browser.get("/console/audit", params={"before": strange})).status_code == 200, strange
