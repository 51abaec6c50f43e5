"""The console's part of referrals: what can be ticked, a second person's button, the sheet, the file, the receipt."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import httpx
import pyrage
import pytest
from pyrage import x25519

from bot.config.paging import Partner
from console.labels import casework as casework_labels
from console.labels import general as labels
from console.pages.cases.referral_sheet import BLANK
from console.web.i18n import Localization
from content.library import Library
from content.zone import VIETNAM
from store.cases import phone_number
from store.cases import service as cases
from store.cases.inbound import inbound_case
from store.cases.models import case_file
from store.db.engine import Store
from store.referrals import models as referral_models
from store.unit_of_work import BOT, unit_of_work
from tests.support.console_room import Room

KEY = x25519.Identity.generate()
SERVICE = "vn.peacehouse"
PARTNER = Partner(service=SERVICE, age=str(KEY.to_public()))


@pytest.fixture
async def room(store: Store, library: Library) -> Room:
    """A console of a service that knows one service's key."""
    made = Room(store, library, partners=[PARTNER])
    await made.hire("hoaban", "hoasen", "hoadao")
    return made


async def person_says(room: Room, case: UUID, words: str) -> None:
    """Let her answer."""
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        person = (await cases.load_case(work.conn, case)).person_id
        found = await inbound_case(work, person)
        assert found is not None
        await referral_models.hear(work, work.now, found, words)


async def ask(browser: httpx.AsyncClient, page: str, *fields: str, service: str = SERVICE) -> int:
    """Ask her as the form does; returns the status."""
    form = {"service": service, "field": list(fields), "request_key": str(uuid4())}
    return (await browser.post(f"{page}/refer", data=form)).status_code


async def test_from_the_question_to_the_receipt(room: Room) -> None:
    """Only what she approved is on the sheet and in the file; a second reader's click lies between."""
    case = await room.person(3, ["Cứu em với"], place="vn:38")
    page = f"/console/cases/{case}"
    await room.says(case, "age=adult", "note")
    await room.says(case, "who=self", "note")
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as second:
        await browser.post(f"{page}/take")
        assert await ask(browser, page, "place", "age") == 303
        assert await ask(browser, page) == 422
        shown = (await browser.get(page)).text
        assert "Đã hỏi" in shown
        assert 'name="way"' not in shown
        await person_says(room, case, "401")
        number = int(re.search(r"referral-(\d+)", shown)[1])  # type: ignore[index]
        ways = f"{page}/referrals/{number}"
        assert (await browser.post(f"{ways}/hand", data={"way": "sheet"})).status_code == 409
        assert (await browser.post(f"{ways}/confirm")).status_code == 409
        assert "Xác nhận với vai người thứ hai" in (await second.get(page)).text
        assert (await second.post(f"{ways}/confirm")).status_code == 303
        sheet = (await browser.post(f"{ways}/hand", data={"way": "sheet"})).text
        assert "Thanh Hóa" in sheet
        assert "Từ 18 tuổi" in sheet
        for sender in (
            "Tư vấn viên</dt><dd>Hoa Ban",
            BLANK,
            "Chưa có tên hoặc số điện thoại văn phòng",
            "Mã</dt><dd>G",
        ):
            assert sender in sheet, sender
        for secret in ("Cứu em", "Chính", "Khẩn", case.hex, "<script"):
            assert secret not in sheet, secret
        file = await browser.post(f"{ways}/hand", data={"way": "file"})
        assert re.search(r'filename="G\d{6}\.age"', file.headers["content-disposition"])
        told = pyrage.decrypt(file.content, [KEY]).decode()
        assert "Thanh Hóa" in told
        assert "Cứu em" not in told
        assert (await browser.post(f"{ways}/hand", data={"way": "hook"})).status_code == 409
        held = f'id="receipt-{number}" hx-morph-skip'
        assert held in (await browser.get(page)).text, "what is typed there stays when she writes"
        assert (await browser.post(f"{ways}/receipt", data={"who": "chị trực"})).status_code == 303
        assert "bên mình ghi lại" in (await browser.get(page)).text
        await person_says(room, case, "402")
        assert "Hãy báo nơi nhận hủy đi" in (await browser.get(page)).text
        assert (await browser.post(f"{ways}/hand", data={"way": "sheet"})).status_code == 409
    async with room.store.data.connect() as conn:
        told = await conn.exec_driver_sql(
            "SELECT action, meta::text FROM audit WHERE action LIKE 'referral.%' ORDER BY seq"
        )
        acts = [tuple(row) for row in told]
    assert [name.removeprefix("referral.") for name, _ in acts] == ["asked", "confirmed", "handed", "handed", "receipt"]
    assert not any("Thanh" in meta or "chị" in meta for _, meta in acts)


async def test_the_sheet_says_who_sends_it_when_and_all_that_she_needs(room: Room) -> None:
    """The organisation, its telephone and the day; every need she chose and every one that was written down since."""
    room.settings.office_name, room.settings.office_phone = "Hội thử", "+84 20 7390 0000"
    case = await room.person(3, place="vn:38")
    page = f"/console/cases/{case}"
    for need in ("papers", "shelter"):
        await room.says(case, f"need={need}", "note")
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as second:
        await browser.post(f"{page}/take")
        await browser.post(f"{page}/needs", data={"need": ["health"]})
        assert await ask(browser, page, "needs") == 303
        await person_says(room, case, "401")
        number = int(re.search(r"referral-(\d+)", (await browser.get(page)).text)[1])  # type: ignore[index]
        await second.post(f"{page}/referrals/{number}/confirm")
        sheet = (await browser.post(f"{page}/referrals/{number}/hand", data={"way": "sheet"})).text
        told = pyrage.decrypt(
            (await browser.post(f"{page}/referrals/{number}/hand", data={"way": "file"})).content, [KEY]
        ).decode()
    today = room.clock.now().astimezone(VIETNAM).strftime("%d/%m/%Y")
    for said in ("Hội thử", "+84 20 7390 0000", "Hoa Ban", today, *needs_of()):
        assert said in sheet, said
        assert said in told, said
    assert BLANK not in sheet
    assert "Chưa có tên hoặc số điện thoại" not in sheet


def needs_of() -> list[str]:
    """What the three needs are called."""
    l10n = Localization("vi")
    chosen = [l10n.name(labels.NOTE_VALUES, need) for need in ("papers", "shelter")]
    return [*chosen, l10n.name(casework_labels.NEEDS, "health")]


async def test_an_administrator_is_told_that_the_office_has_no_telephone(room: Room) -> None:
    """Until both are set, and no number is invented."""
    await room.hire("quantri")
    async with room.signed_in("quantri") as admin:
        assert "Chưa ghi: tên hoặc số điện thoại văn phòng" in (await admin.get("/console")).text
        room.settings.office_name, room.settings.office_phone = "Hội thử", "+84 20 7390 0000"
        assert "Chưa ghi" not in (await admin.get("/console")).text


async def test_her_other_number_can_be_ticked_only_where_she_gave_one(room: Room) -> None:
    """And it stands on the page of the case, and on no other."""
    case = await room.person(3)
    page = f"/console/cases/{case}"
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"{page}/take")
        assert 'value="number"' not in (await browser.get(page)).text
        async with unit_of_work(room.store, room.clock.now(), BOT) as work:
            conn = work.conn
            person = (await conn.execute(case_file.select())).one().person_id
            await phone_number.keep(work, person, "0987 612 345", "given")
        shown = (await browser.get(page)).text
        assert 'value="number"' in shown
        assert shown.count("0987 612 345") == 1
        assert "0987" not in (await browser.get("/console/queue")).text


async def test_the_shift_lead_hands_on_for_an_owner_who_is_not_there(room: Room) -> None:
    """Hoa Đào gives Hoa Ban's case to Hoa Sen; a counsellor cannot; what follows stays shut for Hoa Ban."""
    case = await room.person(3, ["lời cũ"])
    page = f"/console/cases/{case}"
    to_sen = {"to": str(room.ids["hoasen"]), "reason": "absent"}
    async with room.signed_in("hoaban") as owner, room.signed_in("hoasen") as colleague:
        await owner.post(f"{page}/take")
        assert (await colleague.post(f"{page}/hand-on", data=to_sen)).status_code == 409
        assert 'id="hand-on"' not in (await colleague.get(page)).text
        async with room.signed_in("hoadao") as lead:
            assert 'id="hand-on"' in (await lead.get(page)).text
            assert (await lead.post(f"{page}/hand-on", data=to_sen)).status_code == 303
            await room.says(case, "lời mới")
            assert "lời mới" in (await lead.get(page)).text
        assert "lời cũ" in (await colleague.get(page)).text
        assert "lời mới" in (await colleague.get(page)).text
        assert "lời mới" not in (await owner.get(page)).text
    async with room.store.data.connect() as conn:
        row = (await conn.exec_driver_sql("SELECT actor, meta FROM audit WHERE action = 'case.transferred'")).one()
    assert row.actor == str(room.ids["hoadao"])
    assert row.meta == {"reason": "absent", "to": str(room.ids["hoasen"]), "from": str(room.ids["hoaban"])}
