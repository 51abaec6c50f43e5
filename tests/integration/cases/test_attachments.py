"""Photos, voices and files both ways on all three channels, from phone to console and back."""

from __future__ import annotations

import pytest

from content.media.sanitize import take
from simulator.core.ids import zalo_user_by_app
from simulator.core.phones import Channel
from simulator.core.sample_media import silent_aac, silent_amr
from store.errors import Refused
from tests.support import casework
from tests.support.files import pictures
from tests.support.files.attachments import answers, bytes_of, opened, read, sends, shown, taken_case
from tests.support.stage import until
from tests.support.system import System

HERS = {
    "telegram": (
        ("image", pictures.jpeg(), "photo"),
        ("voice", pictures.ogg(), "voice"),
        ("file", pictures.pdf(), "file"),
    ),
    "zalo_oa": (
        ("image", pictures.png(), "photo"),
        ("voice", silent_amr(), "voice"),
        ("file", pictures.docx(), "file"),
    ),
    "zalo_bot": (("image", pictures.jpeg(), "photo"), ("voice", silent_aac(), "voice")),
}
"""What each kind of phone can send: the act, the bytes, and how the console shows it."""


async def test_what_she_sends_is_seen_in_the_console_by_her_readers_alone(system: System) -> None:
    """Every phone, every kind: cleaned, opened by both counsellors, by no administrator; each opening is recorded."""
    seen = 0
    for channel, files in HERS.items():
        case = await taken_case(system, channel, "lan")
        for act, data, kind in files:
            await sends(system, channel, "lan", act, data, name="Giấy của Lan.pdf")
            line = (await read(system, case)).lines[-1]
            assert line.attached is not None, (channel, act)
            assert (line.attached.kind, line.attached.state, line.text) == (kind, "here", ""), channel
            for login in ("hoaban", "hoasen"):
                assert await opened(system, case, line.attached.id, login) == take(data)
                seen += 1
            with pytest.raises(Refused):
                await opened(system, case, line.attached.id, "quantri")
            assert kind == "file" or pictures.CANARY not in take(data).data
    assert await system.count("SELECT count(*) FROM audit WHERE action = 'case.attachment_read'") == seen
    assert await system.count("SELECT count(*) FROM case_attachment WHERE reference_ct IS NOT NULL") == 0


async def test_every_picture_of_one_message_is_kept_with_a_line_of_its_own(system: System) -> None:
    """Two pictures in one event of an account: the words stand beside the first, and a repeat adds nothing."""
    case = await taken_case(system, "zalo_oa", "lan")
    before = len((await read(system, case)).lines)
    oa, her = system.world.zalo, system.world.phone("zalo_oa", "lan").address
    files = [{"type": "image", "payload": {"url": f"https://x.zdn.vn/{name}.jpg"}} for name in ("a1", "a2")]
    ids = {"sender": {"id": her}, "recipient": {"id": oa.oa_id}, "user_id_by_app": zalo_user_by_app("lan")}
    message = {"msg_id": "album", "text": "hai ảnh", "attachments": files}
    oa.webhook.emit("user_send_image", {**ids, "message": message}, "lan")

    async def kept() -> bool:
        return await system.count("SELECT count(*) FROM case_attachment") == 2

    await until(kept, 10)
    await system.quiet()
    first, second = (await read(system, case)).lines[before:]
    assert (first.text, second.text) == ("hai ảnh", "")
    assert first.attached is not None
    assert second.attached is not None
    assert first.attached.id != second.attached.id


async def test_every_picture_of_an_album_on_telegram_is_kept(system: System) -> None:
    """Each is a message of its own there: three lines with a picture each, the words beside the first, one repeat."""
    case = await taken_case(system, "telegram", "lan")
    before, seen = len((await read(system, case)).lines), len(await system.inbox("telegram", "lan"))
    fault = {"channel": "telegram", "kind": "duplicate_webhook", "method": "message", "copies": 2}
    async with system.http.post(f"{system.base}/__sim/faults", json=[fault]) as answer:
        answer.raise_for_status()
    await system.do("telegram", "lan", "album", count=3, caption="ba ảnh")

    async def kept() -> bool:
        return await system.count("SELECT count(*) FROM case_attachment WHERE state = 1") == 3

    await until(kept, 10)
    await system.quiet()
    lines = (await read(system, case)).lines[before:]
    assert [line.text for line in lines] == ["ba ảnh", "", ""]
    assert all(line.attached is not None and line.attached.state == "here" for line in lines)
    assert len(await system.inbox("telegram", "lan")) == seen + 1, "nobody has written to her yet: told once"


@pytest.mark.parametrize("channel", ["telegram", "zalo_oa"])
async def test_an_album_before_any_case_is_asked_about_once_and_kept_when_she_says_yes(
    system: System, channel: Channel
) -> None:
    """Three pictures, one question; with the case that "1" opens all three are there to be seen."""
    await system.talk(channel, "lan", "xin chào")
    before = len(await system.inbox(channel, "lan"))
    await system.do(channel, "lan", "album", count=3)

    async def asked() -> bool:
        return len(await system.inbox(channel, "lan")) > before

    await until(asked, 10)
    await system.quiet()
    assert len(await system.inbox(channel, "lan")) == before + 1
    assert await system.cases() == []
    await system.talk(channel, "lan", "1")

    async def kept() -> bool:
        return await system.count("SELECT count(*) FROM case_attachment WHERE state = 1") == 3

    await until(kept, 10)
    [case] = await system.cases()
    staff_id, _ = await system.counsellor()
    assert await casework.acknowledge(system.store, system.runtime.clock.now(), case.id, staff_id)
    seen = [line.attached for line in (await read(system, case.id)).lines if line.attached is not None]
    assert [(one.kind, one.state) for one in seen] == [("photo", "here")] * 3


async def test_words_beside_a_photo_stay_beside_it_and_what_is_not_taken_is_said(system: System) -> None:
    """A caption is her line; a page that calls itself a photo and a file of another's account leave a sentence."""
    case = await taken_case(system, "telegram", "lan")
    await sends(system, "telegram", "lan", "image", pictures.jpeg(), caption="đây là chỗ em ở")
    await sends(system, "telegram", "lan", "image", b"<!DOCTYPE html><script>alert(1)</script>")
    photo, page = (await read(system, case)).lines[-2:]
    assert (photo.text, photo.attached and photo.attached.state) == ("đây là chỗ em ở", "here")
    assert page.attached is not None
    assert (page.attached.state, page.attached.reason) == ("refused", "kind")


async def test_a_photo_goes_back_on_every_channel_in_its_own_way(system: System) -> None:
    """After the words: bytes on Telegram, covered and not to be passed on, and on an account; an address on a bot."""
    for channel in HERS:
        case = await taken_case(system, channel, "mai")
        await answers(system, case, "Chị gửi em xem.", pictures.jpeg())
        kind = "photo" if channel == "telegram" else "image"
        message = await shown(system, channel, "mai", kind)
        assert await bytes_of(system, message) == (200, take(pictures.jpeg()).data)
        texts = [one["text"] for one in await system.inbox(channel, "mai")]
        assert texts[-2:] == ["Chị gửi em xem.", ""], channel
        line = (await read(system, case)).lines[-1]
        assert (line.direction, line.status) == ("out", "sent")
        assert line.attached is not None
        assert await opened(system, case, line.attached.id, "hoasen") == take(pictures.jpeg())
        if channel == "telegram":
            raw = system.world.phone("telegram", "mai").messages[-1].raw
            assert (raw["has_media_spoiler"], raw["has_protected_content"]) == (True, True)
    address = await shown(system, "zalo_bot", "mai", "image")
    assert await system.count("SELECT count(*) FROM case_attachment WHERE copy_ct IS NOT NULL") == 3
    await system.advance(3601)
    assert (await bytes_of(system, address))[0] == 404, "the address has ended"
    await system.advance(60)
    await system.application.ticks.now("retention")
    assert await system.count("SELECT count(*) FROM case_attachment WHERE copy_ct IS NOT NULL") == 0
    assert await system.count("SELECT count(*) FROM case_attachment WHERE sealed IS NOT NULL") == 3


async def test_a_document_goes_under_a_neutral_name(system: System) -> None:
    """On Telegram and on an Official Account, without words beside it; its own name goes nowhere."""
    for channel in ("telegram", "zalo_oa"):
        case = await taken_case(system, channel, "hoa")
        await answers(system, case, "", pictures.pdf())
        message = await shown(system, channel, "hoa", "document" if channel == "telegram" else "file")
        assert message["media"]["name"] == "file.pdf"
        assert await bytes_of(system, message) == (200, pictures.pdf())


async def test_what_the_platform_does_not_give_now_is_asked_for_again(system: System) -> None:
    """Telegram stumbles once: the line says that something came, half a minute later it is there."""
    case = await taken_case(system, "telegram", "lan")
    fault = {"channel": "telegram", "kind": "5xx", "method": "getFile"}
    async with system.http.post(f"{system.base}/__sim/faults", json=[fault]) as answer:
        answer.raise_for_status()
    await sends(system, "telegram", "lan", "image", pictures.jpeg())

    async def tried() -> bool:
        return await system.count("SELECT count(*) FROM case_attachment WHERE state = 0 AND tries = 1") == 1

    await until(tried, 5)
    line = (await read(system, case)).lines[-1]
    assert (line.attached and line.attached.state) == "waiting"
    await system.advance(31)
    await system.application.ticks.now("attachments")
    line = (await read(system, case)).lines[-1]
    assert (line.attached and line.attached.state) == "here"
