"""A voice note travels: from a speaker past two reviewers to every kind of phone; and what a conversation weighs."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from content.media.read_clip import read_clip
from content.media.sanitize import take
from simulator.core.sample_media import silent_aac, silent_amr, silent_ogg
from store.errors import Refused
from store.recordings import review as recording_review
from store.recordings import speakers
from tests.integration.broadcasts.test_broadcast import working
from tests.support import casework
from tests.support.stage import until
from tests.support.system import System

TAGGED = b"ID3\x04\x00\x00\x00\x00\x00\x0cTIT2 a name." + silent_aac(40)
"""A voice with a title in front, as a phone might write it."""


async def invited(system: System, login: str, lang: str) -> str:
    """A speaker's code, made by a member of staff."""
    async with working(system, login) as work:
        return await speakers.invite(work, system.runtime.library, lang, "Giọng Na Sang")


async def send_voice(system: System, channel: str, user: str, data: bytes) -> None:
    """Let somebody send a voice note, and have it fetched."""
    await system.do(channel, user, "voice", data=base64.b64encode(data).decode())
    await system.quiet()
    await system.application.ticks.now("recordings")


async def waiting(system: System) -> list[recording_review.RecordingInReview]:
    """What the reviewers see."""
    async with system.store.data.connect() as conn:
        return await recording_review.listed(conn)


async def approve(system: System, login: str, number: int) -> bool:
    """Let a member of staff say yes; returns whether the card speaks now."""
    async with working(system, login) as work:
        return await recording_review.approve(work, system.runtime.library, number)


def label(system: System, card: str, value: str) -> str:
    """What an answer is called, for whoever types it."""
    return next(name for name, meant, _ in system.runtime.library.say(card).choices if meant == value)


async def listen(system: System, channel: str, user: str) -> list[dict[str, Any]]:
    """Let somebody choose to hear Vietnamese; returns what her phone shows from then on (a chat has a pace)."""
    await system.talk(channel, user, "menu")
    for card, value in (("menu", "listening"), ("listening", "vi")):
        await system.talk(channel, user, label(system, card, value))
    noted, menu = (system.runtime.library.say(card).text for card in ("listening_on", "menu"))

    async def answered() -> list[dict[str, Any]]:
        shown = await system.inbox(channel, user)
        since = next((n for n, message in enumerate(shown) if message["text"] == noted), len(shown))
        return shown[since:] if any(menu in message["text"] for message in shown[since:]) else []

    await until(answered, 10)
    return await answered()


async def played(system: System, message: dict[str, Any]) -> bytes:
    """What a phone plays when she touches a message: the file in it, or what its address gives."""
    media = message["media"] or {}
    where = media.get("file") or media.get("url") or next(w for w in message["text"].split() if "/m/" in w)
    async with system.http.get(where if where.startswith("http") else system.base + where) as answer:
        assert answer.status == 200, where
        assert "set-cookie" not in answer.headers
        return await answer.read()


async def cry_aloud(system: System) -> None:
    """Somebody's first voice opens a case and is answered; a counsellor hears it."""
    staff_id, private = await system.counsellor()
    sounds = {"telegram": silent_ogg(), "zalo_oa": silent_amr(), "zalo_bot": silent_aac()}
    for channel, sound in sounds.items():
        before = {case.id for case in await system.cases()}
        await system.do(channel, "mo", "voice")

        async def answered(channel: str = channel) -> list[dict[str, Any]]:
            return await system.inbox(channel, "mo")

        await until(answered, 10)
        assert system.runtime.library.say("voice_unheard").text in (await answered())[-1]["text"]
        [case] = [case for case in await system.cases() if case.id not in before]
        assert case.level == 2
        await system.application.ticks.now("attachments")
        now = system.runtime.clock.now()
        view = await casework.read(system.store, now, case.id, staff_id, private)
        [voice] = [line.attached for line in view.lines if line.attached]
        assert (voice.kind, voice.state) == ("voice", "here")
        heard = await casework.open_attachment(
            system.store, system.runtime.clock.now(), case.id, staff_id, private, voice.id
        )
        assert heard == take(sound)


async def test_a_voice_note_is_heard_on_every_phone_after_two_people_said_yes(system: System) -> None:
    """Speaker, two reviewers, three phones; before the second yes and after the recall nobody hears it.

    A voice that comes without a script on the screen is no recording: it may be a cry, and a human hears it.
    """
    library = system.runtime.library
    code = await invited(system, "bientap", "vi")
    for text in (code, "1", "1"):
        script = await system.talk("zalo_bot", "noi", text)
    assert library.say("menu").text in script[-1]["text"]
    await send_voice(system, "zalo_bot", "noi", b"#!AMR\n" + b"\x7c" * 50)

    async def told() -> bool:
        return "chưa dùng được" in (await system.inbox("zalo_bot", "noi"))[-1]["text"]

    await until(told, 5)
    assert await waiting(system) == []
    for text in (code, "1"):
        script = await system.talk("zalo_bot", "noi", text)
    assert library.say("menu").text in script[-1]["text"], "the card that was refused comes again"
    await send_voice(system, "zalo_bot", "noi", TAGGED)
    [one] = await waiting(system)
    assert (one.card, one.lang, one.format, one.milliseconds) == ("menu", "vi", "aac", 2560)
    assert not await approve(system, "bientap", one.id)
    with pytest.raises(Refused, match="second person"):
        await approve(system, "bientap", one.id)
    await system.talk("zalo_oa", "som", "nghe")
    silent = await system.talk("zalo_oa", "som", "1")
    assert library.say("no_voice_yet", language="tiếng Việt").text in silent[-1]["text"]
    assert not any(message["media"] or "/m/" in message["text"] for message in silent)
    assert await approve(system, "duyettin", one.id)

    clean = read_clip(silent_aac(40)).data
    await system.advance(2)
    heard = await listen(system, "telegram", "lan")
    assert heard[-1]["media"]["kind"] == "voice"
    assert (await played(system, heard[-1]))[4:8] == b"ftyp"
    assert heard[-1]["choices"]
    again = await system.talk("telegram", "lan", "menu")
    assert again[-1]["media"]["file"] == heard[-1]["media"]["file"], "uploaded once, sent by its name afterwards"
    async with system.store.data.begin() as conn:
        await conn.exec_driver_sql("UPDATE media_cache SET reference = 'voice:nobody-knows-it'")
    again = await system.talk("telegram", "lan", "menu")
    assert (await played(system, again[-1]))[4:8] == b"ftyp", "a name the platform forgot is replaced by the bytes"
    heard = await listen(system, "zalo_oa", "lan")
    assert heard[-1]["text"].splitlines()[0] == "Nghe 0:03"
    assert (await played(system, heard[-1]))[4:8] == b"ftyp"
    heard = await listen(system, "zalo_bot", "lan")
    assert [bool(message["media"]) for message in heard][-2:] == [True, False]
    assert await played(system, heard[-2]) == clean, "the sound and nothing but the sound"

    address = heard[-2]["media"]["url"]
    async with working(system, "duyettin") as work:
        await recording_review.retire(work, one.id)
    async with system.http.get(address) as answer:
        assert (answer.status, await answer.read()) == (404, b"")
    await system.advance(2)
    assert all(message["media"] is None for message in await system.talk("telegram", "lan", "menu"))
    await cry_aloud(system)


TURNS = (
    ("menu", "offers"),
    ("room_offers", "tricks"),
    ("", "1"),
    ("topic_next", "more"),
    ("", "9"),
    ("menu", "trouble"),
    ("page_trouble", "journey"),
    ("room_journey", "rights"),
    ("", "1"),
)
"""What somebody reads in ten turns, the greeting being the first: two rooms, two lists, three cards."""
MOST = 40_000
"""Bytes of ten turns on the wire, without sound."""


async def test_ten_turns_cost_less_than_forty_kilobytes(
    unstaffed_system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    """Heads and bodies, both ways, events and answers, counted by the stand-ins; on each kind of phone."""
    system, names = unstaffed_system, {"telegram": "telegram", "zalo_oa": "zalo", "zalo_bot": "zalo-bot"}
    for channel, name in names.items():
        system.world.wire.clear()
        await system.talk(channel, "cam", "xin chào")
        for card, value in TURNS:
            shown = await system.talk(channel, "cam", label(system, card, value) if card else value)
            assert shown, (card, value)
        spent = system.world.wire[channel] + system.world.wire[f"{system.base}/hooks/{name}"]
        with capsys.disabled():
            print(f"\nten turns on {channel}: {spent:,} bytes on the wire")  # noqa: T201
        assert 5_000 < spent < MOST
