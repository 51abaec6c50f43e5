"""What is known of a person, corrected by hand: place, age, language, marks; shown, printed, and in the thread."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text

from console.labels.general import FLAGS
from store import audit
from store.areas.models import sync_units
from store.cases import inbound
from store.cases import service as cases
from store.cases.models import CaseRow
from store.corrections import facts
from store.escalation.escalations import climb
from store.referrals.models import referral
from store.refusals import Refusal
from store.unit_of_work import BOT, unit_of_work
from tests.support.console_refusals import refused
from tests.support.console_room import Room

HTMX = {"hx-request": "true"}
NA_SANG = {"kind": "vn", "province": "11", "commune": "Na Sang"}


async def row(room: Room, case: UUID) -> CaseRow:
    """A case as it is stored."""
    async with room.store.data.connect() as conn:
        return await cases.load_case(conn, case)


@pytest.mark.parametrize(
    ("form", "place", "commune", "shown"),
    [
        (NA_SANG, "vn:11", "vn-11-03172", "Ở Việt Nam · Điện Biên · Xã Na Sang"),
        ({"kind": "vn", "commune": "Na Sang"}, "vn:11", "vn-11-03172", "Ở Việt Nam · Điện Biên · Xã Na Sang"),
        ({"kind": "vn", "province": "92"}, "vn:92", "", "Ở Việt Nam · Thành phố Cần Thơ"),
        ({"kind": "vn"}, "vn", "", "Ở Việt Nam"),
        ({"kind": "abroad", "land": "CN"}, "abroad:CN", "", "Ở nước ngoài · Trung Quốc"),
        ({"kind": "abroad", "province": "11", "commune": "Na Sang"}, "abroad", "", "Ở nước ngoài"),
        ({"kind": ""}, "", "", "Chưa rõ ở đâu"),
    ],
)
async def test_place_is_written_down_and_the_desk_goes_by_it(
    room: Room, form: dict[str, str], place: str, commune: str, shown: str
) -> None:
    """In the facts, in the thread, in the choice of services and in whom the ladder looks for."""
    await room.hire("hoaban")
    case = await room.person(3, ["Chị ơi"], place="vn:31")
    page = f"/console/cases/{case}"
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"{page}/take")
        assert (await browser.post(f"{page}/edit/place", data=form, headers=HTMX)).status_code == 204
        text_of_page = (await browser.get(page)).text
    found = await row(room, case)
    assert (found.place, found.commune, "abroad" in found.flags) == (place, commune, place.startswith("abroad"))
    assert f"<dd>{shown} <a " in " ".join(text_of_page.split())
    assert "Hoa Ban sửa nơi: Ở Việt Nam · " in text_of_page
    near = [one for one in room.library.services.values() if one.province == place.partition(":")[2] != ""]
    offered = [one.id for one in near if one.status != "retired" and one.kind != "emergency"]
    assert all(f'value="{one}"' in text_of_page for one in offered)


async def test_place_and_age_are_printed_as_they_were_corrected(room: Room) -> None:
    """The sheet that a service is given holds what is known now."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(3, ["Chị ơi"])
    page = f"/console/cases/{case}"
    values = {
        "key": uuid4(), "case_id": case, "code": "G1", "purpose": "C3", "service": "vn.111",
        "fields": ["place", "age", "language"], "basis": "consent", "version": "1", "state": "confirmed",
        "asked_at": room.clock.now(), "answered_at": room.clock.now(), "asked_by": room.ids["hoaban"],
    }  # fmt: skip
    async with room.store.data.begin() as conn:
        await conn.execute(insert(referral).values(values))
        number = (await conn.execute(select(referral.c.id))).scalar_one()
    await room.says(case, "age=under_16", "note")
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"{page}/take")
        for fact, form in (("place", NA_SANG), ("age", {"age": "adult"}), ("language", {"language": "hmn"})):
            assert (await browser.post(f"{page}/edit/{fact}", data=form)).status_code == 303
        sheet = (await browser.post(f"{page}/referrals/{number}/hand", data={"way": "sheet"})).text
    assert "Ở Việt Nam · Điện Biên · Xã Na Sang" in sheet
    assert "Từ 18 tuổi" in sheet
    assert "Tiếng Mông" in sheet


async def test_age_sets_and_takes_away_the_mark_of_a_child(room: Room) -> None:
    """Under 16 marks the case and pages whoever has the skill; an adult's case loses it; each stands in the thread."""
    await room.hire("hoaban")
    case = await room.person(3, ["Chị ơi"])
    page = f"/console/cases/{case}"
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"{page}/edit/age", data={"age": "under_16"})
        assert (await row(room, case)).flags == ["child", "under_16"]
        async with room.store.data.connect() as conn:
            needs = select(climb.c.needs).where(climb.c.ended_at.is_(None))
            assert (await conn.execute(needs)).scalar_one() == ["child", "desk_111"]
        await browser.post(f"{page}/edit/age", data={"age": "adult"})
        shown = (await browser.get(page)).text
    assert (await row(room, case)).flags == []
    assert "Hoa Ban sửa tuổi: Chưa rõ → Dưới 16 tuổi" in shown
    assert "Hoa Ban sửa tuổi: Dưới 16 tuổi → Từ 18 tuổi" in shown


async def test_marks_that_came_meanwhile_stay_and_her_word_for_danger_is_not_taken_away(room: Room) -> None:
    """Only what was changed on the page is changed."""
    await room.hire("hoaban")
    case = await room.person(3, ["Chị ơi"])
    page = f"/console/cases/{case}"
    person = (await row(room, case)).person_id
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        await cases.add_flags(work, person, ["watched", "duress", "suicidal"])
    async with room.signed_in("hoaban") as browser:
        form = {"seen": "watched duress", "mark": ["shelter"]}
        await browser.post(f"{page}/edit/marks", data=form)
        shown = (await browser.get(page)).text
    assert (await row(room, case)).flags == ["duress", "suicidal", "shelter"]
    assert "Hoa Ban bỏ dấu: Có thể bị theo dõi" in shown
    assert "Hoa Ban đánh dấu: " in shown


@pytest.mark.parametrize("then", ["vn", "vn:11", "vn:92", "abroad", "unknown"])
async def test_her_own_word_overrides_a_correction_but_not_by_less(room: Room, then: str) -> None:
    """What is the same place, told less exactly, takes nothing away; another place does."""
    await room.hire("hoaban")
    case = await room.person(3, ["Chị ơi"])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/edit/place", data=NA_SANG)
    before = await row(room, case)
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        await inbound.note(work, before.person_id, "where", then)
    after = await row(room, case)
    same = then in ("vn", "vn:11", "unknown")
    assert (after.place, after.commune) == (("vn:11", "vn-11-03172") if same else (then, ""))


async def test_staff_of_the_commune_are_kept_away_and_cannot_write_it_down_themselves(room: Room) -> None:
    """Whoever works there hands the case on first; a colleague's writing shuts her out."""
    await room.hire("hoaban", "hoasen")
    async with room.store.data.begin() as conn:
        await sync_units(conn, room.library.areas)
        await conn.execute(text("UPDATE staff SET scope = 'vn-11-03172' WHERE login = 'hoaban'"))
    case = await room.person(3, ["Chị ơi"])
    page = f"/console/cases/{case}"
    async with room.signed_in("hoaban") as near, room.signed_in("hoasen") as other:
        await refused(near, f"{page}/edit/place", NA_SANG, Refusal.PLACE_TOO_NEAR)
        await other.post(f"{page}/edit/place", data=NA_SANG)
        assert (await near.get(page)).status_code == 403
        assert (await other.get(page)).status_code == 200
        await other.post(f"{page}/edit/place", data={"kind": "vn", "province": "92"})
        assert (await near.get(page)).status_code == 200, "her commune was another"


@pytest.mark.parametrize(
    ("fact", "form", "refusal", "values"),
    [
        ("place", {"kind": "vn", "commune": "Xyz"}, Refusal.PLACE_COMMUNE_UNKNOWN, {}),
        ("place", {"kind": "vn", "province": "999"}, Refusal.CORRECTION_CHOICE, {}),
        ("place", {"kind": "abroad", "land": "XX"}, Refusal.CORRECTION_CHOICE, {}),
        ("age", {"age": "12"}, Refusal.CORRECTION_CHOICE, {}),
        ("language", {"language": "xx"}, Refusal.CORRECTION_CHOICE, {}),
        ("marks", {"seen": "abroad", "mark": []}, Refusal.CORRECTION_CHOICE, {}),
    ],
)
async def test_what_is_not_in_the_list_is_refused_in_a_sentence(
    room: Room, fact: str, form: dict[str, object], refusal: Refusal, values: dict[str, str]
) -> None:
    """On the page of the form, with what was typed."""
    await room.hire("hoaban")
    page = f"/console/cases/{await room.person(3, ['Chị ơi'])}/edit/{fact}"
    async with room.signed_in("hoaban") as browser:
        await refused(browser, page, form, refusal, **values)
        again = await browser.post(page, data=form, headers=HTMX)
    assert 'class="wrong"' in again.text
    assert "<html" not in again.text


async def test_audit_holds_what_was_corrected_and_no_value(room: Room) -> None:
    """Where she is, how old, what she speaks: not in a chain that nobody can forget."""
    await room.hire("hoaban")
    case = await room.person(3, ["Chị ơi"])
    async with room.signed_in("hoaban") as browser:
        for fact, form in (("place", NA_SANG), ("age", {"age": "under_16"}), ("marks", {"mark": "watched"})):
            await browser.post(f"/console/cases/{case}/edit/{fact}", data=form)
    async with room.store.data.connect() as conn:
        records = await audit.page(conn, object=str(case))
    found = [one.meta for one in records if one.action == "case.corrected"]
    assert found == [{"fact": "marks"}, {"fact": "age"}, {"fact": "place"}]


def test_marks_by_hand_are_marks_that_have_a_name() -> None:
    """What can be chosen can be read."""
    assert set(facts.MARKS) <= FLAGS.keys()
