"""No address of the console leads to a white page, and what answers a form is not lost by changing the language."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from console.routes import ROUTES
from console.web.roles import ANYBODY
from console.web.routing import Kind, form_pages
from tests.support.console_room import MEMBERS, Room

FORMS = [row for row in ROUTES if row.method == "POST"]


def languages(page: str) -> tuple[bool, str]:
    """Whether the other language opens beside the page, and where the switch goes back to."""
    [form] = re.findall(r'<form class="languages".*?</form>', page, re.DOTALL)
    [back] = re.findall(r'name="back" value="([^"]*)"', form)
    return 'target="_blank"' in form, back


async def test_no_answer_of_a_form_leads_to_an_address_that_cannot_be_opened(room: Room) -> None:
    """Whoever changes the language on any result, refusal or error stays on a page; the result stays beside it."""
    await room.hire(*MEMBERS)
    case = await room.person(3, ["chị ơi"])
    seen = 0
    for login in MEMBERS:
        room.real.advance(2)
        async with room.signed_in(login) as browser:
            for row in FORMS:
                if row.name == "leave" or row.roles is ANYBODY:
                    continue
                given = {"uuid": uuid4(), "int": 1, "str": "x"}
                parts = re.findall(r"\{(\w+):(\w+)\}", row.path)
                params = {name: case if name == "case_id" else given[kind] for name, kind in parts}
                answer = await browser.post(room.app.url_path_for(row.name, **params))
                if not answer.headers.get("content-type", "").startswith("text/html") or answer.is_redirect:
                    continue
                seen += 1
                beside, back = languages(answer.text)
                assert beside, row.name
                switched = await browser.post("/console/language", data={"lang": "vi", "back": back})
                opened = await browser.get(switched.headers["location"])
                assert opened.status_code in (200, 303, 403, 404), (row.name, back)
    assert seen > 100


async def test_a_code_that_is_shown_once_stays_when_the_language_is_changed(room: Room) -> None:
    """The switch opens its page beside this one: the code is nowhere else."""
    await room.hire("hoadao")
    async with room.signed_in("hoadao") as browser:
        shown = await browser.post("/console/roster/code")
        assert re.search(r"class=\"code\">\S+<", shown.text)
        assert languages(shown.text) == (True, "/console/roster")
        assert languages((await browser.get("/console/roster")).text) == (False, "/console/roster")


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.name)
async def test_the_address_of_a_form_opens_the_page_it_stands_on(room: Room, row) -> None:  # type: ignore[no-untyped-def]
    """Typed, kept as a bookmark, or reached by going back: never a white page."""
    page = form_pages(ROUTES).get(row.name)
    given = {"uuid": uuid4(), "int": 1, "str": "x"}
    params = {name: given[kind] for name, kind in re.findall(r"\{(\w+):(\w+)\}", row.path)}
    path = room.app.url_path_for(row.name, **params)
    if any(one.path == row.path and one.method == "GET" for one in ROUTES):
        return
    async with room.browser() as browser:
        answer = await browser.get(path)
    if page is None:
        assert (answer.status_code, "Nhịp Cầu" in answer.text) == (405, True)
    else:
        assert answer.status_code == 303
        assert path.startswith(answer.headers["location"]) or row.form == page.name


async def test_an_address_with_a_slash_too_many_is_the_one_without(room: Room) -> None:
    """Of every page; of what is no page it says so, in the frame of whoever is signed in."""
    await room.hire("hoaban")
    pages = [row for row in ROUTES if row.method == "GET" and row.kind is Kind.PAGE and "{" not in row.path]
    async with room.signed_in("hoaban") as browser:
        for row in pages:
            assert (await browser.get(f"{row.path}/")).headers["location"] == row.path
        for path in ("/console/khong-co", "/console/khong-co/", "/console/cases/x"):
            missing = await browser.get(path)
            assert missing.status_code == 404
            assert all(said in missing.text for said in ("Hoa Ban", 'id="bell"', "Không có trang này"))
        assert languages(missing.text) == (False, "/console")


async def test_a_refusal_without_its_form_leads_back_to_the_page(room: Room) -> None:
    """The form is gone because the case is not hers; its page is one link away, with what she typed on the screen."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(3, ["chị ơi"])
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        await browser.post(f"/console/cases/{case}/take")
        answer = await colleague.post(f"/console/cases/{case}/note", data={"note": "Nhờ ca sau hỏi giấy tờ"})
        assert answer.status_code == 409
        assert "Nhờ ca sau hỏi giấy tờ" in answer.text
        assert f'<a href="/console/cases/{case}">Về trang vừa rồi</a>' in answer.text
