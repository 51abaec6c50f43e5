"""The one-time page: it opens once within fifteen minutes, tells nothing afterwards, and nothing of what it is for."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from console.web.security import CSP
from store.audit import audit
from store.messages.models import ledger
from store.own_words import links as word_links
from store.own_words.links import word_link
from tests.console.pages.test_own_words import FIRST, SECOND, SECRET, everything
from tests.support import casework
from tests.support.console_room import Room

PAGE = "/console/page"
TYPED = {"first_word": FIRST, "second_word": SECOND, "agreed": "yes"}
TELLING = re.compile(r"nguy|ép|giúp|cứu|ca |console/cases|tư vấn|Nhịp Cầu|danger|help|forc|case", re.I)


async def made(room: Room, browser: httpx.AsyncClient) -> tuple[UUID, str, str]:
    """A case in her hands, the code of a page for it, and the page that showed the code."""
    case = await room.person()
    await browser.post(f"/console/cases/{case}/take")
    shown = await browser.post(f"/console/cases/{case}/words/page")
    assert shown.status_code == 200
    found = re.search(r"<code>([A-Z2-7-]+)</code>", shown.text)
    assert found is not None
    return case, found[1], shown.text


def key_in(page: httpx.Response) -> str:
    """The key of the form on a page, "" for none."""
    found = re.search(r'name="form_key" value="([^"]+)"', page.text)
    return found[1] if found else ""


async def test_it_opens_once_and_keeps_both_words(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """Looking at the page, by GET or HEAD, opens nothing; a second opening and a second sending tell nothing."""
    caplog.set_level(logging.DEBUG)
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser, room.browser() as hers:
        case, code, shown = await made(room, browser)
        assert len(code.replace("-", "")) * 5 >= 128
        for _ in range(2):
            assert (await hers.get(PAGE)).status_code == (await hers.head(PAGE)).status_code == 200
        form = await hers.post(PAGE, data={"code": code.lower().replace("-", " ")})
        key = key_in(form)
        assert key
        nothing = await hers.post(PAGE, data={"code": "AAAA-AAAA"})
        assert (await hers.post(PAGE, data={"code": code})).text == nothing.text
        assert (await hers.post(PAGE, data={"code": key})).text == nothing.text
        done = await hers.post(PAGE, data=TYPED | {"form_key": key})
        assert "Xong." in done.text
        assert (await hers.post(PAGE, data=TYPED | {"form_key": key})).text == nothing.text
        desk = await browser.get(f"/console/cases/{case}/words")
    assert desk.text.count("<dd>đã lưu</dd>") == 2
    assert code not in desk.text
    seen = "\n".join((form.text, nothing.text, done.text, desk.text, caplog.text)).encode()
    assert not [one for one in SECRET if one in seen]
    assert not [one for one in (code, key) if one in caplog.text]
    assert await everything(room) == set()
    async with room.store.data.connect() as conn:
        acts = (await conn.execute(select(audit.c.action, audit.c.actor, audit.c.meta))).all()
        assert (await conn.execute(select(word_link))).all() == []
        assert (await conn.execute(select(ledger.c.id))).all() == []
    by = str(room.ids["hoaban"])
    assert ("case.words_page", by, {}) in map(tuple, acts)
    assert ("case.words", by, {"way": "page"}) in map(tuple, acts)
    assert shown.count(code) == 2


async def test_no_page_of_it_has_a_word_of_danger_or_of_us(room: Room) -> None:
    """A neutral title, the headers of every page, nothing of a case; no address holds the code."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser, room.browser() as hers:
        _, code, shown = await made(room, browser)
        assert f"{PAGE}#{code}" in shown
        pages = [await hers.get(PAGE), await hers.post(PAGE, data={"code": code})]
        key = key_in(pages[1])
        pages += [await hers.post(PAGE, data=TYPED | {"form_key": key} | wrong) for wrong in WRONG]
        pages += [await hers.post(PAGE, data=TYPED | {"form_key": key}), await hers.post(PAGE, data={"code": "x"})]
    for page in pages:
        assert page.headers["content-security-policy"] == CSP
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        text = re.sub(r"<[^>]+>", " ", page.text)
        assert "<title>Sổ tay</title>" in page.text
        assert not TELLING.search(text), text
        assert code not in page.text


WRONG = ({"agreed": ""}, {"first_word": "cứu em với"}, {"second_word": FIRST}, {"second_word": "quả na"})


async def test_what_cannot_be_kept_leaves_the_form_open(room: Room) -> None:
    """Neither a tick forgotten nor a word that cannot be one costs her the page."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser, room.browser() as hers:
        _, code, _ = await made(room, browser)
        key = key_in(await hers.post(PAGE, data={"code": code}))
        for wrong in WRONG:
            assert key_in(await hers.post(PAGE, data=TYPED | {"form_key": key} | wrong)) == key
        assert "Xong." in (await hers.post(PAGE, data=TYPED | {"form_key": key})).text


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("ends", ["time", "a new page", "the case is closed"])
async def test_it_ends_with_its_time_a_new_page_or_the_case(room: Room, ends: str, opened: bool) -> None:
    """Whether it was opened before or not: the same empty page, and nothing is kept."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser, room.browser() as hers:
        case, code, _ = await made(room, browser)
        key = key_in(await hers.post(PAGE, data={"code": code})) if opened else ""
        if ends == "time":
            room.clock.advance((word_links.LIVES + timedelta(seconds=1)).total_seconds())
        elif ends == "a new page":
            await browser.post(f"/console/cases/{case}/words/page")
        else:
            now, member = room.clock.now(), room.ids["hoaban"]
            await casework.close(room.store, now, room.library, case, member, "answered")
            key = key or key_in(await hers.post(PAGE, data={"code": code}))
        sent = TYPED | {"form_key": key} if key else {"code": code}
        assert (await hers.post(PAGE, data=sent)).text == (await hers.post(PAGE, data={"code": "x"})).text
    async with room.store.data.connect() as conn:
        acts = (await conn.execute(select(audit.c.action))).scalars().all()
    assert "case.words" not in acts


async def test_only_whoever_has_the_case_makes_a_page(room: Room) -> None:
    """A colleague makes none, and learns nothing of one that is there."""
    await room.hire("hoaban", "hoasen")
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        case, code, _ = await made(room, browser)
        answer = await colleague.post(f"/console/cases/{case}/words/page")
        assert (answer.status_code, code in answer.text, "<code>" in answer.text) == (409, False, False)
