"""What leaves through the Zalo Bot adapter, against the stand-in: texts, pictures, voices, and every way to fail."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.accounts import BotAccess
from bot.channels.base import Channel, Failure, Human, Permanent, Retry, Unknown, Unreachable
from bot.channels.zalo_bot.adapter import ZaloBot
from flows.model.messages import Shown
from tests.support.content import limits_of

SECRET = "s3cret-of-the-test-0123456789"
SOUND, PICTURE = "https://example.test/m/a.aac", "https://example.test/m/a.png"


@pytest.fixture
async def bot(stand_in) -> AsyncIterator[ZaloBot]:
    """An adapter pointed at the stand-in, unstarted, that waits at most a second."""
    channel = ZaloBot(
        BotAccess("b1", stand_in.world.zalo_bot.token, f"{stand_in.url}/sim/zalo_bot/bot", None, SECRET),
        limits_of("zalo_bot"),
        read=1.0,
    )
    yield channel
    await channel.close()


def phone(stand_in, slug: str = "lan"):
    """A phone that talks to the bot."""
    return stand_in.world.phone("zalo_bot", slug)


def fault(stand_in, **planned: Any) -> None:
    """Plan one fault of the stand-in."""
    from simulator.core.faults import read_fault

    stand_in.world.faults.replace([read_fault({"channel": "zalo_bot", **planned})])


def shown_on(lan) -> list[tuple[str, str]]:
    """What her phone shows: kind and text, or address."""
    return [(m.media.kind if m.media else "text", m.text or m.media.url) for m in lan.messages]


async def test_the_adapter_has_the_surface_of_its_platform(bot) -> None:
    """It can be polled, and takes nothing back."""
    assert isinstance(bot, Channel)
    assert bot.abilities.poll == bot.poll
    assert bot.abilities.delete is None


async def test_a_text_is_composed_and_on_the_phone(bot, stand_in) -> None:
    """Decomposed letters are put together, half characters replaced; the id returned is the id on the phone."""
    lan = phone(stand_in)
    sent = await bot.send(lan.address, Shown("Chào chi\u0323\ud83d\n1. Có\n2. Không"))
    assert (lan.messages[-1].id, lan.messages[-1].text) == (sent.message_id, "Chào chị\ufffd\n1. Có\n2. Không")


MEDIA = [
    pytest.param(Shown("Xem nhé", media=PICTURE), [("image", "Xem nhé")], id="picture with its words"),
    pytest.param(Shown("", media=PICTURE), [("image", PICTURE)], id="picture alone"),
    pytest.param(Shown("Nghe nhé", media=SOUND), [("text", "Nghe nhé"), ("voice", SOUND)], id="words, then voice"),
    pytest.param(Shown("", media=SOUND), [("voice", SOUND)], id="voice alone"),
    pytest.param(
        Shown("Nghe nhé", media="https://example.test/m/a.m4a"),
        [("text", "Nghe nhé\nhttps://example.test/m/a.m4a")],
        id="another sound is a link",
    ),
    pytest.param(
        Shown("Đọc nhé", media="http://example.test/a.png"),
        [("text", "Đọc nhé\nhttp://example.test/a.png")],
        id="a picture that Zalo refuses is a link",
    ),
    pytest.param(
        Shown("x" * 1990, media="http://example.test/a.m4a"),
        [("text", "x" * 1990), ("text", "http://example.test/a.m4a")],
        id="a link that does not fit beside its words",
    ),
]


@pytest.mark.parametrize(("shown", "expected"), MEDIA)
async def test_media_goes_as_what_it_is(bot, stand_in, shown: Shown, expected: list[tuple[str, str]]) -> None:
    """A picture by its address with a caption, a voice by an .aac address, anything else as a link."""
    lan = phone(stand_in)
    sent = await bot.send(lan.address, shown)
    assert shown_on(lan) == expected
    assert sent.message_id == lan.messages[0].id


@pytest.mark.parametrize(("kind", "voices"), [("reset", 0), ("lost_response", 1), ("5xx", 0), ("429", 0), ("error", 0)])
async def test_a_voice_that_fails_is_followed_by_its_address(bot, stand_in, kind: str, voices: int) -> None:
    """The words are there once, and the sound can be heard one way or the other."""
    lan = phone(stand_in)
    fault(stand_in, kind=kind, method="sendVoice")
    sent = await bot.send(lan.address, Shown("Nghe nhé", media=SOUND))
    assert shown_on(lan) == [("text", "Nghe nhé")] + [("voice", SOUND)] * voices + [("text", SOUND)]
    assert sent.message_id == lan.messages[0].id


async def test_words_whose_sound_cannot_follow_are_not_repeated_for_ever(bot, stand_in) -> None:
    """Unknown: sent once more where that matters, never every five seconds."""
    stand_in.world.zalo_bot.conditions.month_cap = 1
    with pytest.raises(Unknown):
        await bot.send(phone(stand_in).address, Shown("Nghe nhé", media=SOUND))
    assert shown_on(phone(stand_in)) == [("text", "Nghe nhé")]


async def test_a_voice_without_words_that_must_wait_waits(bot, stand_in) -> None:
    """429 before anything left is a retry."""
    fault(stand_in, kind="429", method="sendVoice")
    with pytest.raises(Retry):
        await bot.send(phone(stand_in).address, Shown("", media=SOUND))
    assert phone(stand_in).messages == []


ANSWERS: list[tuple[dict[str, Any], type[Failure], dict[str, Any]]] = [
    ({"kind": "error", "code": 400, "description": "Bad Request"}, Permanent, {"code": "400"}),
    ({"kind": "error", "code": 401}, Human, {"code": "401"}),
    ({"kind": "token_revoked"}, Human, {"code": "401"}),
    ({"kind": "error", "code": 403, "description": "Internal server error"}, Retry, {"chat": True, "after": 5.0}),
    ({"kind": "error", "code": 404, "description": "Chat not found"}, Unreachable, {"code": "404"}),
    ({"kind": "error", "code": 404, "description": "recipient does not exist"}, Unreachable, {}),
    ({"kind": "error", "code": 404, "description": "message not found"}, Permanent, {}),
    ({"kind": "error", "code": 404, "description": "Not Found"}, Retry, {"chat": True, "after": 60.0}),
    ({"kind": "error", "code": 408}, Unknown, {}),
    ({"kind": "429", "retry_after": 1}, Retry, {"chat": True, "after": 5.0}),
    ({"kind": "429", "retry_after": 42}, Retry, {"chat": True, "after": 42.0}),
    ({"kind": "429", "retry_after": 86_400}, Retry, {"chat": True, "after": 300.0}),
    ({"kind": "error", "code": 429}, Retry, {"after": 5.0}),
    ({"kind": "error", "code": 500}, Unknown, {}),
    ({"kind": "error", "code": 418}, Permanent, {"code": "418"}),
    ({"kind": "5xx"}, Unknown, {}),
    ({"kind": "html"}, Unknown, {}),
    ({"kind": "empty"}, Unknown, {}),
    ({"kind": "truncated"}, Unknown, {}),
    ({"kind": "reset"}, Unknown, {}),
    ({"kind": "timeout_before"}, Unknown, {}),
    ({"kind": "timeout_after"}, Unknown, {}),
    ({"kind": "lost_response"}, Unknown, {}),
]


REFUSALS = [answer for answer in ANSWERS if answer[0]["kind"] in ("error", "429", "token_revoked")]
BOTH = [(*answer, False) for answer in ANSWERS] + [(*answer, True) for answer in REFUSALS]


@pytest.mark.parametrize(("planned", "kind", "facts", "by_status"), BOTH, ids=lambda v: str(v)[:60])
async def test_every_answer_has_its_action(bot, stand_in, planned, kind, facts, by_status) -> None:
    """The envelope counts, whatever the status; each refusal and each missing answer says what to do."""
    stand_in.world.zalo_bot.conditions.status_follows_code = by_status
    fault(stand_in, **planned)
    with pytest.raises(Failure) as failed:
        await bot.send(phone(stand_in).address, Shown("Chào"))
    assert type(failed.value) is kind
    assert failed.value.__context__ is None
    assert {name: getattr(failed.value, name) for name in facts} == facts


async def test_who_blocked_the_bot_is_unreachable(bot, stand_in) -> None:
    """404 that names the chat."""
    lan = phone(stand_in)
    lan.blocked = True
    with pytest.raises(Unreachable):
        await bot.send(lan.address, Shown("Chào"))


@pytest.mark.parametrize("cap", ["user_cap", "month_cap"])
async def test_beyond_the_free_plan_messages_wait(bot, stand_in, cap: str) -> None:
    """The first is delivered; above a cap it is a 429 that concerns one chat, and nothing is lost."""
    setattr(stand_in.world.zalo_bot.conditions, cap, 1)
    await bot.send(phone(stand_in, "lan").address, Shown("Chào"))
    with pytest.raises(Retry) as failed:
        await bot.send(phone(stand_in, "mai").address, Shown("Chào"))
    assert (failed.value.code, failed.value.chat) == ("429", True)


async def test_a_server_that_is_not_there_was_surely_not_reached() -> None:
    """A refused connection may be tried again without fear of a double."""
    nobody = ZaloBot(BotAccess("b1", "1:x", "http://127.0.0.1:9/bot", None, SECRET), limits_of("zalo_bot"))
    with pytest.raises(Retry) as failed:
        await nobody.send("5", Shown("Chào"))
    assert failed.value.code == "connect"
    await nobody.close()


BODIES = [
    pytest.param(403, b"<html>blocked by your provider</html>", Retry, id="firewall"),
    pytest.param(401, b"<html>sign in to the hotel</html>", Retry, id="captive portal"),
    pytest.param(200, b"{}", Unknown, id="no envelope"),
    pytest.param(200, b'{"ok":"yes","result":{"message_id":"1"}}', Unknown, id="ok that is no truth"),
    pytest.param(200, b'{"ok":true,"result":{}}', Unknown, id="no message"),
    pytest.param(200, b'{"ok":true}', Unknown, id="no result"),
    pytest.param(200, b'{"ok":false}', Permanent, id="a refusal without a code"),
    pytest.param(200, b'{"ok":false,"error_code":"401"}', Human, id="a code in quotes"),
    pytest.param(200, b"[" * 50_000, Unknown, id="bottomless"),
]


@pytest.mark.parametrize(("status", "body", "kind"), BODIES)
async def test_an_answer_of_another_kind_is_judged_too(serving_status, status: int, body: bytes, kind) -> None:
    """A page on the way makes nobody unreachable; success without a message is no success."""
    async with serving_status(status, body) as url:
        channel = ZaloBot(BotAccess("b1", "1:x", f"{url}/bot", None, SECRET), limits_of("zalo_bot"), read=1.0)
        with pytest.raises(Failure) as failed:
            await channel.send("5", Shown("Chào"))
        assert type(failed.value) is kind
        await channel.close()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("5", Shown("")),
        ("5", Shown("x" * 2001)),
        ("5", Shown("😀" * 1001)),
        ("5", Shown("x" * 2001, media=PICTURE)),
        ("group:5", Shown("Chào")),
        ("", Shown("Chào")),
    ],
)
async def test_what_may_never_leave_is_not_sent(bot, stand_in, address: str, shown: Shown) -> None:
    """Nothing, too much in UTF-16 units, a group, nobody: permanent, and no request was made."""
    with pytest.raises(Permanent):
        await bot.send(address, shown)
    assert stand_in.events("request") == []


async def test_a_text_at_the_limit_goes(bot, stand_in) -> None:
    """2,000 units, and 1,000 signs of two units each."""
    lan = phone(stand_in)
    for text in ("x" * 2000, "😀" * 1000, "e\u0323" * 2000):
        await bot.send(lan.address, Shown(text))
    assert [len(m.text) for m in lan.messages] == [2000, 1000, 2000]


async def test_requests_say_that_they_are_json(receiver) -> None:
    """Content-Type is there, and the text as UTF-8."""
    channel = ZaloBot(BotAccess("b1", "1:x", f"{receiver.url}/bot", None, SECRET), limits_of("zalo_bot"))
    with pytest.raises(Unknown):
        await channel.send("5", Shown("Chào"))
    [(headers, raw)] = receiver.got
    assert headers["content-type"] == "application/json"
    assert json.loads(raw) == {"chat_id": "5", "text": "Chào"}
    await channel.close()
