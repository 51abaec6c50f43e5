"""What leaves through the Telegram adapter, against the stand-in: texts, pictures, voices, and every way to fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.accounts import BotAccess
from bot.channels.base import Channel, Failure, Human, Permanent, Retry, Unknown, Unreachable
from bot.channels.telegram.adapter import Telegram
from content.media.attachment import SanitizedFile
from content.media.clip import Clip
from flows.model.addresses import in_thread
from flows.model.messages import Button, Shown
from tests.support.content import limits_of

SECRET = "s3cret-of-the-test-0123456789"


@pytest.fixture
async def bot(stand_in) -> AsyncIterator[Telegram]:
    """An adapter pointed at the stand-in, unstarted, that waits at most a second."""
    channel = Telegram(
        BotAccess("t1", stand_in.world.telegram.token, f"{stand_in.url}/sim/telegram/bot", None, SECRET),
        limits_of("telegram"),
        read=1.0,
    )
    yield channel
    await channel.close()


def phone(stand_in, slug: str = "lan"):
    """A phone on Telegram."""
    return stand_in.world.phone("telegram", slug)


def fault(stand_in, **planned: Any) -> None:
    """Plan one fault of the stand-in."""
    from simulator.core.faults import read_fault

    stand_in.world.faults.replace([read_fault({"channel": "telegram", **planned})])


def test_the_adapter_has_the_whole_surface(stand_in) -> None:
    """Telegram is a channel that can also delete and be polled."""
    channel = Telegram(BotAccess("t1", "1:x", "http://x/bot", None, SECRET), limits_of("telegram"))
    assert isinstance(channel, Channel)
    assert channel.abilities.delete == channel.delete
    assert channel.abilities.poll == channel.poll


async def test_a_message_stands_in_its_topic_or_in_the_chat(bot, stand_in) -> None:
    """In the topic that the address names; when that is gone, in the chat itself: nothing is lost with it."""
    lan = phone(stand_in)
    lan.topics.add(7)
    for topic, expected in ((7, 7), (8, 0)):
        for shown in (Shown("Chào chị ạ"), Shown("111", phone="+84111"), Shown("", media="https://x/a.jpg")):
            await bot.send(in_thread(lan.address, str(topic)), shown)
            assert lan.messages[-1].raw.get("message_thread_id", 0) == expected
    assert len(lan.messages) == 6


async def test_every_call_that_shows_something_names_the_topic(bot, stand_in) -> None:
    """Text, buttons, contact, picture, sound by address or by its bytes, sound where voices are forbidden, files."""
    lan = phone(stand_in)
    lan.topics.add(7)
    where, sound = in_thread(lan.address, "7"), Clip("opus", 1000, b"OggS")
    button = (Button("Có", "3:0"),)
    for shown in (Shown("a"), Shown("a", button), Shown("111", phone="+84111"), Shown("a", media="https://x/a.jpg")):
        await bot.send(where, shown)
    for media in ("https://x/a.ogg", "audio:https://x/a.mp3", "document:https://x/a.bin", "https://x/a.pdf"):
        await bot.send(where, Shown("a", button, media=media))
    await bot.send_file(where, Shown(""), SanitizedFile("jpeg", b"x"))
    await bot.send_file(where, Shown("a"), SanitizedFile("pdf", b"x", clean=False))
    for _ in range(2):
        await bot.send_sound(where, Shown("a", button), sound)
        fault(stand_in, kind="error", method="sendVoice", code=400, description="Bad Request: VOICE_MESSAGES_FORBIDDEN")
    calls = stand_in.events("request")
    assert {str(call["method"]) for call in calls} == {
        *("sendMessage", "sendContact", "sendPhoto", "sendVoice", "sendAudio", "sendDocument"),
    }
    assert all("message_thread_id" in call["parameters"] for call in calls)
    assert {message.raw["message_thread_id"] for message in lan.messages} == {7}
    calls_before = len(calls)
    await bot.send(lan.address, Shown("a"))
    assert "message_thread_id" not in stand_in.events("request")[calls_before]["parameters"]


async def test_a_text_with_buttons_is_on_the_phone(bot, stand_in) -> None:
    """Text, labels, styles and data arrive; the id returned is the id on the phone."""
    lan = phone(stand_in)
    buttons = (Button("Có", "3:0", "danger"), Button("Không", "3:1"))
    sent = await bot.send(lan.address, Shown("Chào chị ạ", buttons))
    message = lan.messages[-1]
    assert (message.id, message.text, message.push) == (sent.message_id, "Chào chị ạ", True)
    assert [(c.label, c.data, c.style) for c in message.choices] == [
        ("Có", "3:0", "danger"),
        ("Không", "3:1", ""),
    ]


async def test_a_quiet_message_makes_no_notification(bot, stand_in) -> None:
    """`quiet` becomes disable_notification."""
    lan = phone(stand_in)
    await bot.send(lan.address, Shown("Có tin", quiet=True, protect=True))
    assert lan.messages[-1].push is False


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ("https://example.test/m/a.jpg", "photo"),
        ("https://example.test/m/a.ogg", "voice"),
        ("https://example.test/m/a.pdf", "document"),
    ],
)
async def test_media_goes_as_what_it_is(bot, stand_in, media: str, kind: str) -> None:
    """A picture is shown, a sound is played, anything else is a file; the words stand beside it."""
    lan = phone(stand_in)
    await bot.send(lan.address, Shown("Nghe nhé", media=media))
    assert (lan.messages[-1].media.kind, lan.messages[-1].media.url) == (kind, media)
    assert lan.messages[-1].text == "Nghe nhé"


async def test_who_forbids_voices_gets_a_sound(bot, stand_in) -> None:
    """VOICE_MESSAGES_FORBIDDEN is answered with sendAudio."""
    lan = phone(stand_in)
    fault(stand_in, kind="error", method="sendVoice", code=400, description="Bad Request: VOICE_MESSAGES_FORBIDDEN")
    await bot.send(lan.address, Shown("Nghe", media="https://example.test/a.ogg"))
    assert lan.messages[-1].media.kind == "audio"


async def test_half_a_character_does_not_stop_a_message(bot, stand_in) -> None:
    """A lone surrogate leaves as U+FFFD, a NUL not at all."""
    lan = phone(stand_in)
    await bot.send(lan.address, Shown("a\ud83d b\x00c"))
    assert lan.messages[-1].text == "a\ufffd bc"


REFUSALS: list[tuple[dict[str, Any], type[Failure], dict[str, Any]]] = [
    ({"kind": "429", "retry_after": 7}, Retry, {"after": 7.0, "chat": True}),
    ({"kind": "5xx", "status": 502}, Unknown, {}),
    ({"kind": "html"}, Unknown, {}),
    ({"kind": "timeout_before"}, Unknown, {}),
    ({"kind": "timeout_after"}, Unknown, {}),
    ({"kind": "reset"}, Unknown, {}),
    ({"kind": "empty"}, Unknown, {}),
    ({"kind": "truncated"}, Unknown, {}),
    ({"kind": "lost_response"}, Unknown, {}),
    ({"kind": "token_revoked"}, Human, {"code": "401"}),
    ({"kind": "error", "code": 404, "description": "Not Found"}, Human, {}),
    ({"kind": "error", "code": 403, "description": "Forbidden: user is deactivated"}, Unreachable, {}),
    ({"kind": "error", "code": 409, "description": "Conflict: terminated by other getUpdates"}, Retry, {"chat": False}),
    ({"kind": "error", "code": 413, "description": "Request Entity Too Large"}, Permanent, {}),
    ({"kind": "error", "code": 400, "description": "Bad Request: chat not found"}, Unreachable, {}),
    ({"kind": "error", "code": 400, "description": "Bad Request: PEER_ID_INVALID"}, Unreachable, {}),
    (
        {"kind": "error", "code": 400, "description": "Bad Request: message is too long"},
        Permanent,
        {"code": "text_long"},
    ),
    ({"kind": "error", "code": 400, "description": "Bad Request: BUTTON_DATA_INVALID"}, Permanent, {"code": "button"}),
    ({"kind": "error", "code": 400, "description": "Bad Request: something new"}, Permanent, {"code": "400"}),
    ({"kind": "error", "code": 429, "description": "Too Many Requests: wait"}, Retry, {"chat": True}),
]


@pytest.mark.parametrize(("planned", "kind", "facts"), REFUSALS, ids=lambda v: str(v)[:60])
async def test_every_way_to_fail_has_its_action(bot, stand_in, planned, kind, facts) -> None:
    """Each answer, and each missing answer, of the Bot API becomes the failure that says what to do."""
    fault(stand_in, **planned)
    with pytest.raises(Failure) as failed:
        await bot.send(phone(stand_in).address, Shown("Chào"))
    assert type(failed.value) is kind
    assert {name: getattr(failed.value, name) for name in facts} == facts


async def test_a_person_who_blocked_us_is_unreachable(bot, stand_in) -> None:
    """403 of the Bot API itself."""
    lan = phone(stand_in)
    lan.blocked = True
    with pytest.raises(Unreachable):
        await bot.send(lan.address, Shown("Chào"))


async def test_a_server_that_is_not_there_was_surely_not_reached() -> None:
    """A refused connection may be tried again without fear of a double."""
    nobody = Telegram(BotAccess("t1", "1:x", "http://127.0.0.1:9/bot", None, SECRET), limits_of("telegram"))
    with pytest.raises(Retry) as failed:
        await nobody.send("5", Shown("Chào"))
    assert failed.value.code == "connect"
    await nobody.close()


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 407, 429, 451])
async def test_a_firewall_does_not_speak_for_telegram(serving_status, status: int) -> None:
    """A page of HTML on the way makes nobody unreachable and no token wrong: it is tried again."""
    async with serving_status(status, b"<html>blocked by your provider</html>") as url:
        channel = Telegram(BotAccess("t1", "1:x", f"{url}/bot", None, SECRET), limits_of("telegram"))
        with pytest.raises(Retry) as failed:
            await channel.send("5", Shown("Chào"))
        assert (failed.value.code, failed.value.chat) == ("way", False)
        await channel.close()


async def test_a_group_is_followed_once(serving_status) -> None:
    """migrate_to_chat_id names where it is; who is sent on from there as well is not run after."""
    body = {"ok": False, "error_code": 400, "description": "x", "parameters": {"migrate_to_chat_id": -100}}
    async with serving_status(400, json.dumps(body).encode()) as url:
        channel = Telegram(BotAccess("t1", "1:x", f"{url}/bot", None, SECRET), limits_of("telegram"))
        with pytest.raises(Unreachable) as failed:
            await channel.send("-5", Shown("Chào"))
        assert failed.value.code == "migrated"
        await channel.close()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("lan", Shown("Chào")),
        ("5", Shown("")),
        ("5", Shown(" \n")),
        ("5", Shown("x" * 4097)),
        ("5", Shown("😀" * 2049)),
        ("5", Shown("x" * 1025, media="https://x.test/a.jpg")),
    ],
    ids=["no chat id", "empty", "blank", "too long", "too long in UTF-16", "caption too long"],
)
async def test_what_telegram_can_never_take_is_not_sent(bot, stand_in, address: str, shown: Shown) -> None:
    """Permanent, and no request was made."""
    with pytest.raises(Permanent):
        await bot.send(address, shown)
    assert stand_in.events("request") == []


async def test_messages_are_taken_back(bot, stand_in) -> None:
    """Ours and hers disappear from the phone; unknown ids are passed over."""
    lan = phone(stand_in)
    ids = [(await bot.send(lan.address, Shown(f"Tin {n}"))).message_id for n in range(3)]
    await bot.delete(lan.address, [*ids[:2], "999999", "not-a-number"])
    assert [m.text for m in lan.messages] == ["Tin 2"]


async def test_one_message_too_old_does_not_keep_the_others(bot, stand_in) -> None:
    """What is older than 48 hours stays, the rest goes."""
    lan = phone(stand_in)
    old = (await bot.send(lan.address, Shown("cũ"))).message_id
    await stand_in.world.advance(49 * 3600)
    new = (await bot.send(lan.address, Shown("mới"))).message_id
    await bot.delete(lan.address, [old, new])
    assert [m.text for m in lan.messages] == ["cũ"]


async def test_200_sends_at_once_all_arrive_once(bot, stand_in) -> None:
    """The pool is smaller than the crowd; nobody is lost and nobody served twice."""
    people = [phone(stand_in, f"p{n}") for n in range(200)]
    await asyncio.gather(*(bot.send(p.address, Shown(f"Chào {p.slug}")) for p in people))
    assert [[m.text for m in p.messages] for p in people] == [[f"Chào {p.slug}"] for p in people]
