"""The Bot API stand-in answers, refuses and limits as Telegram does."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

KEYS = {
    "inline_keyboard": [
        [{"text": "Có", "callback_data": "1", "style": "danger"}, {"text": "Không", "callback_data": "2"}]
    ]
}

LONG = {"inline_keyboard": [[{"text": "x", "callback_data": "ạ" * 22}]]}


async def chat(far: Any, user: str = "lan") -> int:
    """Return the chat id of a person who has written."""
    await far.act("telegram", user, "say", text="chào")
    return int(far.world.phone("telegram", user).address)


async def test_an_unknown_token_is_unauthorized(far):
    """A wrong token gets 401 with Telegram's body, on any method."""
    async with far.web.get(f"{far.base}/sim/telegram/bot1:x/getMe") as answer:
        assert answer.status == 401
        assert await answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(far):
    """A method that does not exist gets 404."""
    status, body = await far.telegram("sendTelepathy")
    assert (status, body["error_code"]) == (404, 404)


@pytest.mark.parametrize("form", ["json", "urlencoded", "multipart"])
async def test_the_three_body_forms_say_the_same(far, form):
    """JSON, form-urlencoded and multipart bodies carry the same message, keyboards as JSON text in forms."""
    values: dict[str, Any] = {"chat_id": await chat(far), "text": "Chào chị"}
    url = f"{far.base}/sim/telegram/bot{far.world.telegram.token}/sendMessage"
    if form == "json":
        sent = {"json": {**values, "reply_markup": KEYS}}
    else:
        data = aiohttp.FormData(default_to_multipart=form == "multipart")
        for name, value in {**values, "reply_markup": json.dumps(KEYS)}.items():
            data.add_field(name, str(value))
        sent = {"data": data}
    async with far.web.post(url, **sent) as answer:
        message = (await answer.json())["result"]
    assert message["text"] == "Chào chị"
    assert message["reply_markup"] == KEYS
    shown = (await far.inbox("telegram", "lan"))[-1]
    assert (shown["text"], shown["choices"], shown["push"]) == ("Chào chị", ["Có", "Không"], True)


@pytest.mark.parametrize(
    ("parameters", "status", "description"),
    [
        pytest.param({"text": " "}, 400, "Bad Request: message text is empty", id="empty"),
        pytest.param({"text": "a" * 4097}, 400, "Bad Request: message is too long", id="4097 characters"),
        pytest.param({"chat_id": 5, "text": "a"}, 400, "Bad Request: chat not found", id="stranger"),
        pytest.param({"chat_id": "", "text": "a"}, 400, "Bad Request: chat_id is empty", id="nobody"),
        pytest.param(
            {"text": "a", "reply_markup": "{"}, 400, "Bad Request: can't parse reply markup JSON object", id="broken"
        ),
        pytest.param({"text": "a", "reply_markup": LONG}, 400, "Bad Request: BUTTON_DATA_INVALID", id="66 bytes"),
    ],
)
async def test_a_message_that_breaks_a_rule_is_refused(far, parameters, status, description):
    """Refusals carry Telegram's status and words."""
    known = await chat(far)
    got, body = await far.telegram("sendMessage", **{"chat_id": known, **parameters})
    assert (got, body["error_code"], body["description"]) == (status, status, description)
    assert await far.inbox("telegram", "lan") == []


async def test_4096_characters_are_taken(far):
    """The longest text passes whole."""
    status, _ = await far.telegram("sendMessage", chat_id=await chat(far), text="ế" * 4096)
    assert status == 200


async def test_a_person_who_blocked_the_bot_is_forbidden(far):
    """After a block every send is 403; after an unblock it passes again."""
    known = await chat(far)
    await far.act("telegram", "lan", "block")
    status, body = await far.telegram("sendMessage", chat_id=known, text="a")
    assert (status, body["description"]) == (403, "Forbidden: bot was blocked by the user")
    await far.act("telegram", "lan", "unblock")
    assert (await far.telegram("sendMessage", chat_id=known, text="a"))[0] == 200


async def test_a_quiet_message_makes_no_notification(far):
    """disable_notification shows the message without a push."""
    await far.telegram("sendMessage", chat_id=await chat(far), text="a", disable_notification=True)
    assert (await far.inbox("telegram", "lan"))[-1]["push"] is False


async def test_messages_can_be_taken_back_for_48_hours(far):
    """Both sides' messages younger than 48 h can be deleted, older ones not; missing ones are skipped in bulk."""
    known = await chat(far)
    hers = (await far.inbox("telegram", "lan", everything=True))[0]["id"]
    ours = (await far.telegram("sendMessage", chat_id=known, text="a"))[1]["result"]["message_id"]
    assert (await far.telegram("deleteMessages", chat_id=known, message_ids=[int(hers), ours, 5]))[0] == 200
    assert await far.inbox("telegram", "lan", everything=True) == []
    status, body = await far.telegram("deleteMessage", chat_id=known, message_id=ours)
    assert (status, body["description"]) == (400, "Bad Request: message to delete not found")
    old = (await far.telegram("sendMessage", chat_id=known, text="b"))[1]["result"]["message_id"]
    await far.advance(hours=48)
    status, body = await far.telegram("deleteMessage", chat_id=known, message_id=old)
    assert (status, body["description"]) == (400, "Bad Request: message can't be deleted for everyone")


async def test_a_message_can_be_rewritten_but_not_into_itself(far):
    """editMessageText changes text and keyboard; the same content again is refused."""
    known = await chat(far)
    sent = (await far.telegram("sendMessage", chat_id=known, text="a", reply_markup=KEYS))[1]["result"]
    where = {"chat_id": known, "message_id": sent["message_id"]}
    assert (await far.telegram("editMessageText", **where, text="b"))[1]["result"]["text"] == "b"
    shown = (await far.inbox("telegram", "lan"))[-1]
    assert (shown["text"], shown["choices"]) == ("b", [])
    status, body = await far.telegram("editMessageText", **where, text="b")
    assert status == 400
    assert body["description"].startswith("Bad Request: message is not modified")
    assert (await far.telegram("editMessageReplyMarkup", **where, reply_markup=KEYS))[0] == 200
    assert (await far.inbox("telegram", "lan"))[-1]["choices"] == ["Có", "Không"]


async def test_a_press_is_answered_once(far):
    """A press makes a callback query with the button's data; a second answer to it is too old."""
    known = await chat(far)
    await far.telegram("sendMessage", chat_id=known, text="a", reply_markup=KEYS)
    await far.act("telegram", "lan", "press", choice="Không")
    query = (await far.telegram("getUpdates"))[1]["result"][-1]["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("2", known, "a")
    assert (await far.telegram("answerCallbackQuery", callback_query_id=query["id"]))[0] == 200
    status, body = await far.telegram("answerCallbackQuery", callback_query_id=query["id"])
    assert (status, "query is too old" in body["description"]) == (400, True)


async def test_an_uploaded_voice_can_be_sent_again_by_its_id_and_downloaded(far):
    """A file id stands for the upload; getFile leads to the same bytes."""
    known = await chat(far)
    form = aiohttp.FormData()
    form.add_field("chat_id", str(known))
    form.add_field("voice", "attach://clip")
    form.add_field("clip", b"OggS-bytes", filename="clip.ogg")
    url = f"{far.base}/sim/telegram/bot{far.world.telegram.token}"
    async with far.web.post(f"{url}/sendVoice", data=form) as answer:
        voice = (await answer.json())["result"]["voice"]
    again = await far.telegram("sendVoice", chat_id=known, voice=voice["file_id"], caption="nghe")
    assert again[0] == 200
    shown = await far.inbox("telegram", "lan")
    assert [m["media"]["kind"] for m in shown] == ["voice", "voice"]
    assert shown[-1]["text"] == "nghe"
    path = (await far.telegram("getFile", file_id=voice["file_id"]))[1]["result"]["file_path"]
    async with far.web.get(f"{far.base}/sim/telegram/file/bot{far.world.telegram.token}/{path}") as answer:
        assert await answer.read() == b"OggS-bytes"
    assert (await far.telegram("sendVoice", chat_id=known, voice="nonsense"))[0] == 400


async def test_the_profile_is_kept_per_language(far):
    """Names, descriptions and commands come back in the language asked for, else the default."""
    commands = [{"command": "help", "description": "Trợ giúp"}]
    await far.telegram("setMyCommands", commands=commands, language_code="vi")
    await far.telegram("setMyDescription", description="Mặc định")
    assert (await far.telegram("getMyCommands", language_code="vi"))[1]["result"] == commands
    assert (await far.telegram("getMyCommands"))[1]["result"] == []
    assert (await far.telegram("getMyDescription", language_code="en"))[1]["result"] == {"description": "Mặc định"}
    assert (await far.telegram("setMyName", name="x" * 65))[0] == 400


async def test_a_lone_surrogate_travels(far):
    """Half a character written on a phone reaches the bot escaped instead of breaking the answer."""
    async with far.web.post(f"{far.base}/__sim/telegram/lan/say", data=b'{"text": "x\\ud800"}') as answer:
        assert answer.status == 200
    assert (await far.telegram("getUpdates"))[1]["result"][0]["message"]["text"] == "x\ud800"
    assert (await far.inbox("telegram", "lan", everything=True))[0]["text"] == "x\ud800"


async def test_a_limit_of_messages_a_second_can_be_set(far):
    """With a limit the message above it is 429 with retry_after, and passes in the next second."""
    known = await chat(far)
    await far.post("/__sim/accounts/telegram/first", {"messages_per_second": 2})
    answers = [await far.telegram("sendMessage", chat_id=known, text="a") for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 429]
    assert answers[2][1]["parameters"] == {"retry_after": 1}
    await far.advance(seconds=1)
    assert (await far.telegram("sendMessage", chat_id=known, text="a"))[0] == 200


async def test_a_token_can_be_taken_away_and_given_back(far):
    """A revoked bot token is 401 until it works again."""
    await far.post("/__sim/accounts/telegram/first", {"token_works": False})
    assert (await far.telegram("getMe"))[0] == 401
    await far.post("/__sim/accounts/telegram/first", {"token_works": True})
    assert (await far.telegram("getMe"))[0] == 200
