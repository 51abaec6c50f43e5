"""Files in the console: shown to readers under a strict policy, chosen for an answer, looked at before they go."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from uuid import UUID, uuid4

import httpx
import pytest

from console.pages.cases.attachments import answer
from console.web.forms import LARGEST_FORM, takes_file
from console.web.security import LARGEST
from content.library import Library
from content.media.attachment import LARGEST as MOST
from content.media.attachment import SanitizedFile
from content.media.channel_limits import obstacle
from content.media.sanitize import take
from simulator.core.sample_media import silent_aac, silent_amr, silent_ogg, square_png
from tests.support.console_room import Room
from tests.support.files import hostile as hostile_files
from tests.support.files import pictures
from tests.support.files.attachments import attach


@pytest.mark.parametrize(
    ("made", "media_type", "put_away"),
    [
        (pictures.jpeg(), "image/jpeg", False),
        (square_png(), "image/png", False),
        (silent_ogg(), "audio/ogg", False),
        (silent_aac(20), "audio/mp4", False),
        (silent_amr(), "application/octet-stream", True),
        (pictures.pdf(), "application/octet-stream", True),
        (pictures.docx(), "application/octet-stream", True),
    ],
)
def test_what_a_browser_shows_is_shown_and_all_else_is_put_away(made: bytes, media_type: str, put_away: bool) -> None:
    """By what the bytes are; a document never opens in the browser, and nothing has a name of its own."""
    shown = answer(take(made))
    assert shown.headers["content-type"] == media_type
    disposition = shown.headers["content-disposition"]
    assert disposition.startswith("attachment" if put_away else "inline")
    assert re.fullmatch(r'\w+; filename="(photo|voice|file)\.\w+"', disposition)


async def test_a_voice_can_be_saved_where_a_browser_does_not_play_it(room: Room) -> None:
    """Beside every player stands what an AMR recording is and a link to save it: no browser plays one."""
    await room.hire("hoaban")
    case = await room.person()
    voice = await attach(room, case, silent_amr())
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get(f"/console/cases/{case}")).text
        where = f"/console/cases/{case}/attached/{voice}"
        assert f'<a href="{where}" download>Lưu tin thoại về máy</a>' in page
        assert "AMR" in page
        assert (await browser.get(where)).headers["content-disposition"] == 'attachment; filename="voice.amr"'


async def test_a_photo_is_shown_to_its_readers_under_a_strict_policy(room: Room) -> None:
    """Behind a click, never cached, sandboxed; recorded when opened and not before; gone when it is over."""
    await room.hire("hoaban", "hoasen", "quantri")
    case = await room.person()
    photo = await attach(room, case, pictures.jpeg(), "đây ạ")
    waiting = await attach(room, case, None)
    async with room.signed_in("hoasen") as browser:
        page = (await browser.get(f"/console/cases/{case}")).text
        where = f"/console/cases/{case}/attached/{photo}"
        assert f'<img loading="lazy" src="{where}"' in page
        assert "Có gửi kèm, đang tải về." in page
        assert "case.attachment_read" not in await actions(room)
        shown = await browser.get(where)
        assert (shown.status_code, shown.content) == (200, take(pictures.jpeg()).data)
        assert "sandbox" in shown.headers["content-security-policy"]
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert (shown.headers["x-content-type-options"], shown.headers["cache-control"]) == ("nosniff", "no-store")
        assert "case.attachment_read" in await actions(room)
        for wrong in (f"/console/cases/{case}/attached/{uuid4()}", f"/console/cases/{case}/attached/{waiting}"):
            assert (await browser.get(wrong)).status_code == 404
        other = await room.person()
        assert (await browser.get(f"/console/cases/{other}/attached/{photo}")).status_code == 404
    async with room.signed_in("quantri") as browser:
        assert (await browser.get(where)).status_code == 403


async def actions(room: Room) -> set[str]:
    """What the audit has recorded."""
    async with room.store.data.connect() as conn:
        return set((await conn.exec_driver_sql("SELECT action FROM audit")).scalars())


async def taken(room: Room, browser: httpx.AsyncClient) -> str:
    """The page of a case in her hands."""
    page = f"/console/cases/{await room.person()}"
    await browser.post(f"{page}/take")
    return page


async def send(browser: httpx.AsyncClient, page: str, data: bytes | None = None, **fields: str) -> httpx.Response:
    """Send the composer's form as a browser without scripts does."""
    chosen = data if data is not None else b""
    files = {"file": ("Bí mật của Lan.jpg" if chosen else "", chosen, "image/jpeg")}
    return await browser.post(f"{page}/reply", data=fields, files=files)


async def rows(room: Room) -> int:
    """How many messages are in the ledger."""
    async with room.store.data.connect() as conn:
        return int((await conn.exec_driver_sql("SELECT count(*) FROM ledger")).scalar_one())


async def test_a_file_is_looked_at_before_it_goes(room: Room) -> None:
    """Chosen, shown clean with what must be known, sent when this very answer is sent again; once, however often."""
    await room.hire("hoaban", "hoasen")
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        page = await taken(room, browser)
        looked = await send(browser, page, pictures.jpeg(), text="Chị gửi em", request_key=str(uuid4()))
        assert looked.status_code == 200
        assert "không thu hồi được" in looked.text
        assert await rows(room) == 0
        hidden = dict(re.findall(r'name="(attached|seen|request_key)" value="([^"]+)"', looked.text))
        preview = f"{page}/attached/{hidden['attached']}"
        assert (await browser.get(preview)).content == take(pictures.jpeg()).data
        assert (await colleague.get(preview)).status_code == 404, "what is not sent is only hers"
        other_words = await send(browser, page, text="Chị gửi chị", **hidden)
        assert (other_words.status_code, await rows(room)) == (200, 0)
        for _ in range(2):
            await send(browser, page, text="Chị gửi em", **hidden)
        assert await rows(room) == 3, "who writes, the words, the photo"
        assert (await colleague.get(preview)).content == take(pictures.jpeg()).data


async def test_a_file_can_be_taken_away_and_a_lost_one_is_said(room: Room) -> None:
    """The words stay; a file that is not kept any more stops the answer instead of leaving it out."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        looked = await send(browser, page, square_png(), text="Chị đây")
        hidden = dict(re.findall(r'name="(attached|seen)" value="([^"]+)"', looked.text))
        without = await send(browser, page, text="Chị đây", without="1", look="1", **hidden)
        assert 'name="attached"' not in without.text
        assert "Chị đây" in without.text
        lost = await send(browser, page, text="Chị đây", attached=str(uuid4()), seen=hidden["seen"])
        assert (lost.status_code, await rows(room)) == (422, 0)


REFUSED = [
    (b"MZ\x90\x00 program", "loại tệp này không gửi được"),
    (pictures.jpeg()[:200], "ảnh này bị hỏng"),
    (pictures.docx(), "lộ người viết"),
    (silent_ogg(), "không gửi kèm âm thanh được"),
    (bytes(MOST + 1), "lớn hơn 5 MB"),
    (pictures.webp(), "chỉ nhận ảnh JPEG hoặc PNG"),
]


async def test_what_does_not_go_is_said_in_one_sentence(room: Room) -> None:
    """Before anything is sent or kept; the words come back."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        for data, said in REFUSED:
            refused = await send(browser, page, data, text="Chị đây nhé")
            assert (refused.status_code, said in refused.text, "Chị đây nhé" in refused.text) == (422, True, True), said
    async with room.store.data.connect() as conn:
        assert (await conn.exec_driver_sql("SELECT count(*) FROM case_attachment")).scalar_one() == 0


@pytest.mark.parametrize("make", hostile_files.SMALL.values(), ids=hostile_files.SMALL)
async def test_a_file_that_lies_about_itself_is_said_to_be_damaged(room: Room, make: Callable[[], bytes]) -> None:
    """Whatever it does to whoever takes it apart, her colleague reads a sentence and keeps her words."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        refused = await send(browser, await taken(room, browser), make(), text="Chị đây nhé")
        assert (refused.status_code, "bị hỏng" in refused.text, "Chị đây nhé" in refused.text) == (422, True, True)


async def test_a_file_that_cannot_be_looked_at_now_is_asked_for_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no process can be started nothing is said of the file, and her words stay."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        later = await send(browser, page, pictures.jpeg(), text="Chị đây nhé")
        assert (later.status_code, "sau một phút" in later.text, "Chị đây nhé" in later.text) == (422, True, True)


BIG = SanitizedFile("jpeg", bytes(1_000_001))


@pytest.mark.parametrize(
    ("taken", "channel", "why"),
    [
        (BIG, "telegram", ""),
        (BIG, "zalo_oa", "photo_large"),
        (BIG, "zalo_bot", "photo_large"),
        (SanitizedFile("webp", b"x"), "telegram", ""),
        (SanitizedFile("webp", b"x"), "zalo_bot", "format"),
        (SanitizedFile("pdf", b"x", clean=False), "telegram", ""),
        (SanitizedFile("pdf", b"x", clean=False), "zalo_oa", ""),
        (SanitizedFile("pdf", b"x", clean=False), "zalo_bot", "no_files"),
        (SanitizedFile("pdf", bytes(5_000_001), clean=False), "zalo_oa", "file_large"),
        (SanitizedFile("docx", b"x", clean=False), "telegram", "words"),
        (SanitizedFile("opus", b"x"), "telegram", "sound"),
    ],
)
def test_what_a_channel_carries_is_its_data(library: Library, taken: SanitizedFile, channel: str, why: str) -> None:
    """Formats and sizes come from the channel's limits."""
    assert obstacle(taken, library.limits[channel]) == why


async def test_no_temporary_file_holds_what_was_chosen(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The largest form there is stays in memory; a larger one, or one elsewhere, is not read at all."""

    def none(*_: object, **__: object) -> None:
        raise AssertionError("a file was put on the disk")

    monkeypatch.setattr(tempfile, "TemporaryFile", none)
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        assert (await send(browser, page, bytes(MOST), text="Chị")).status_code == 422
        assert (await send(browser, page, bytes(LARGEST_FORM), text="Chị")).status_code == 413
        assert (await browser.post(f"{page}/note", content=bytes(LARGEST + 1))).status_code == 413
    case = UUID(int=1)
    assert takes_file(f"/console/cases/{case}/reply")
    assert not takes_file(f"/console/cases/{case}/note")
