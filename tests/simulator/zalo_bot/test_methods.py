"""The stand-in of the Bot Platform answers, refuses, hands out and carries as the platform is said to."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web

SECRET = "eight-letters-or-more"


async def call(far: Any, method: str, **parameters: Any) -> dict[str, Any]:
    """Call a method with JSON; the status is 200 whatever is answered."""
    url = f"{far.base}/sim/zalo_bot/bot{far.world.zalo_bot.token}/{method}"
    async with far.web.post(url, json=parameters) as answer:
        assert answer.status == 200
        return await answer.json()


async def set_up(far: Any, **conditions: Any) -> str:
    """Change what the platform grants; return the chat id of a person."""
    await far.post("/__sim/accounts/zalo_bot/first", conditions)
    return far.world.phone("zalo_bot", "lan").address


async def test_the_bot_says_who_it_is(far):
    """getMe has the documented fields; the display name begins with Bot."""
    me = (await call(far, "getMe"))["result"]
    assert set(me) == {"id", "account_name", "account_type", "can_join_groups", "display_name"}
    assert (me["account_type"], me["display_name"].startswith("Bot")) == ("BASIC", True)


async def test_an_update_is_handed_out_once_and_alone(far):
    """One object at a time, oldest first, with no number to acknowledge; then there is no news."""
    await set_up(far)
    for text in ("một", "hai"):
        await far.act("zalo_bot", "lan", "say", text=text)
    got = [(await call(far, "getUpdates", timeout="0"))["result"] for _ in range(2)]
    assert [update["message"]["text"] for update in got] == ["một", "hai"]
    assert "update_id" not in got[0]
    assert await call(far, "getUpdates", timeout=0) == {
        "ok": False,
        "error_code": 408,
        "description": "Request timeout",
    }


async def test_a_long_poll_returns_with_the_news(far):
    """What is said while somebody waits comes at once."""
    import asyncio

    waiting = asyncio.ensure_future(call(far, "getUpdates", timeout="30"))
    await far.act("zalo_bot", "lan", "say", text="chào")
    assert (await asyncio.wait_for(waiting, 5))["result"]["event_name"] == "message.text.received"


async def test_no_news_may_also_be_empty(far):
    """The other shape that was reported."""
    await set_up(far, no_news_is_error=False)
    assert await call(far, "getUpdates") == {"ok": True, "result": {}}


ACTS = [
    pytest.param("say", {"text": "cứu"}, "text", {"text": "cứu"}, id="text"),
    pytest.param("press", {"choice": 2}, "text", {"text": "2"}, id="a number is typed"),
    pytest.param("image", {"caption": "xem"}, "image", {"message_type": "CHAT_PHOTO", "caption": "xem"}, id="image"),
    pytest.param("voice", {}, "voice", {"message_type": "CHAT_VOICE"}, id="voice"),
    pytest.param("sticker", {}, "sticker", {"sticker": "bfe458bf64fa8da4d4eb"}, id="sticker"),
    pytest.param("location", {}, "unsupported", {}, id="a place has no content"),
]


@pytest.mark.parametrize(("act", "given", "kind", "content"), ACTS)
async def test_each_act_is_its_event(far, act, given, kind, content):
    """As captured: PRIVATE, milliseconds, 20 hex digits, and nothing of what is not supported."""
    address = await set_up(far)
    await far.act("zalo_bot", "lan", act, **given)
    update = (await call(far, "getUpdates"))["result"]
    message = update["message"]
    assert update["event_name"] == f"message.{kind}.received"
    assert message["chat"] == {"id": address, "chat_type": "PRIVATE"}
    assert (message["from"]["is_bot"], len(message["message_id"])) == (False, 20)
    assert message["date"] == int(far.world.now().timestamp() * 1000)
    assert content.items() <= message.items()
    assert ("photo_url" in message, "voice_url" in message) == (kind == "image", kind == "voice")


async def test_photo_group_and_follow_have_their_other_shapes(far):
    """`photo` as documented; GROUP; follows only from a platform that tells them."""
    await set_up(far, documented_photo=True, tells_follows=False)
    await far.act("zalo_bot", "lan", "follow")
    await far.act("zalo_bot", "lan", "image")
    await far.act("zalo_bot", "lan", "say", text="a", group="g1")
    assert "photo" in (await call(far, "getUpdates"))["result"]["message"]
    assert (await call(far, "getUpdates"))["result"]["message"]["chat"] == {"id": "g1", "chat_type": "GROUP"}


async def test_a_message_is_on_the_phone(far):
    """Text, picture, sticker, voice; an id and a date in milliseconds come back; typing leaves nothing."""
    address = await set_up(far)
    sent = await call(far, "sendMessage", chat_id=address, text="Chào")
    await call(far, "sendPhoto", chat_id=address, photo="https://x.test/a.png", caption="Xem")
    await call(far, "sendSticker", chat_id=address, sticker="bfe4")
    await call(far, "sendVoice", chat_id=address, voice_url="https://x.test/a.aac")
    assert await call(far, "sendChatAction", chat_id=address, action="typing") == {"ok": True}
    shown = await far.inbox("zalo_bot", "lan")
    assert [(m["text"], (m["media"] or {}).get("kind")) for m in shown] == [
        ("Chào", None),
        ("Xem", "image"),
        ("", "sticker"),
        ("", "voice"),
    ]
    assert sent["result"] == {"message_id": shown[0]["id"], "date": int(far.world.now().timestamp() * 1000)}


REFUSED = [
    pytest.param("sendMessage", {"text": ""}, 400, id="no text"),
    pytest.param("sendMessage", {"text": "x" * 2001}, 400, id="2,001 letters"),
    pytest.param("sendMessage", {"text": "😀" * 1001}, 400, id="2,002 units"),
    pytest.param("sendMessage", {"text": "a", "parse_mode": "rtf"}, 400, id="parse mode"),
    pytest.param("sendPhoto", {"photo": "http://x.test/a.png"}, 400, id="picture without https"),
    pytest.param("sendPhoto", {"photo": "https://x.test/a.png", "caption": "x" * 2001}, 400, id="caption"),
    pytest.param("sendVoice", {"voice_url": "https://x.test/a.mp3"}, 400, id="voice of another kind"),
    pytest.param("sendSticker", {}, 400, id="no sticker"),
    pytest.param("sendChatAction", {"action": "dance"}, 400, id="action"),
    pytest.param("sendDocument", {}, 404, id="a method there is not"),
    pytest.param("editMessageText", {"text": "a"}, 404, id="nothing can be edited"),
    pytest.param("setWebhook", {"url": "http://x.test/", "secret_token": SECRET}, 400, id="webhook without https"),
    pytest.param("setWebhook", {"url": "https://x.test/", "secret_token": "short"}, 400, id="short secret"),
]


@pytest.mark.parametrize(("method", "given", "code"), REFUSED)
async def test_what_the_platform_does_not_take_is_refused(far, method, given, code):
    """In the envelope, with HTTP 200, and nothing is on the phone."""
    address = await set_up(far)
    answer = await call(far, method, **{"chat_id": address, **given})
    assert (answer["ok"], answer["error_code"]) == (False, code)
    assert await far.inbox("zalo_bot", "lan") == []


@pytest.mark.parametrize("act", ["block", "unfollow"])
async def test_who_left_cannot_be_reached_until_she_writes(far, act):
    """404 names the chat; her next word opens it again."""
    address = await set_up(far)
    await far.act("zalo_bot", "lan", act)
    refused = await call(far, "sendMessage", chat_id=address, text="Chào")
    assert (refused["error_code"], "chat" in refused["description"]) == (404, True)
    await far.act("zalo_bot", "lan", "say", text="a")
    assert (await call(far, "sendMessage", chat_id=address, text="Chào"))["ok"]


async def test_the_free_plan_has_two_ends(far):
    """Above the people or the messages of a month it is 429; the next month begins anew."""
    address = await set_up(far, user_cap=1, month_cap=2)
    mai = far.world.phone("zalo_bot", "mai").address
    codes = [
        (await call(far, "sendMessage", chat_id=chat, text="a")).get("error_code")
        for chat in (address, mai, address, address)
    ]
    assert codes == [None, 429, None, 429]
    await far.advance(days=31)
    assert (await call(far, "sendMessage", chat_id=address, text="a"))["ok"]


async def test_a_scripted_fault_speaks_the_platforms_language(far):
    """403 is an error of the server; 429 has a header; a revoked token is 401."""
    address = await set_up(far)
    await far.faults({"channel": "zalo_bot", "kind": "error", "code": 403})
    answer = await call(far, "sendMessage", chat_id=address, text="a")
    assert (answer["error_code"], answer["description"]) == (403, "Internal server error")
    await far.faults({"channel": "zalo_bot", "kind": "429", "retry_after": 9})
    url = f"{far.base}/sim/zalo_bot/bot{far.world.zalo_bot.token}/sendMessage"
    async with far.web.post(url, json={"chat_id": address, "text": "a"}) as limited:
        assert limited.headers["Retry-After"] == "9"
    await far.faults({"channel": "zalo_bot", "kind": "token_revoked"})
    assert (await call(far, "getMe"))["error_code"] == 401
    await set_up(far, token_works=False)
    assert (await call(far, "getMe"))["error_code"] == 401


@pytest.mark.parametrize("form", ["query", "form", "multipart", "json"])
async def test_every_form_of_body_is_taken(far, form):
    """As reported: GET, form, multipart and JSON."""
    address = await set_up(far)
    values = {"chat_id": address, "text": "Chào"}
    url = f"{far.base}/sim/zalo_bot/bot{far.world.zalo_bot.token}/sendMessage"
    parts = aiohttp.FormData(values)
    if form == "multipart":
        parts = aiohttp.FormData(values, default_to_multipart=True)
    given: dict[str, Any] = {"query": {"params": values}, "json": {"json": values}}.get(form, {"data": parts})
    async with far.web.request("GET" if form == "query" else "POST", url, **given) as answer:
        assert (await answer.json())["ok"]


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_webhook_is_tried_told_and_given_the_secret(far, hook, wrapped):
    """An empty body first; then each update with the secret, bare or in the envelope; no asking meanwhile."""
    await set_up(far, wrapped=wrapped)
    await far.act("zalo_bot", "lan", "say", text="trước")
    answer = (await call(far, "setWebhook", url=hook.url, secret_token=SECRET))["result"]
    assert answer["verification"] == {"ok": True, "status_code": 200, "outcome": "webhook.ok"}
    await far.act("zalo_bot", "lan", "say", text="sau")
    await hook.wait(3)
    assert hook.seen[0][1] == b""
    assert [headers["x-bot-api-secret-token"] for headers, _ in hook.seen[1:]] == [SECRET, SECRET]
    bodies = [body["result"] if wrapped else body for body in (json.loads(raw) for _, raw in hook.seen[1:])]
    assert sorted(body["message"]["text"] for body in bodies) == ["sau", "trước"]
    assert (await call(far, "getUpdates"))["error_code"] == 400
    assert (await call(far, "getWebhookInfo"))["result"]["url"] == hook.url
    assert (await call(far, "deleteWebhook"))["result"]["url"] == ""


async def test_a_webhook_that_refuses_is_kept_and_tried_again(far, hook):
    """The verification says so, the address stays, and an update comes again until it is taken."""

    async def refuse(body: dict[str, Any]) -> web.Response:
        return web.Response(status=403)

    hook.answer = refuse
    await set_up(far)
    answer = (await call(far, "setWebhook", url=hook.url, secret_token=SECRET))["result"]
    assert answer["verification"]["outcome"] == "webhook.http.403"
    await far.act("zalo_bot", "lan", "say", text="chào")
    await hook.wait(2)
    hook.answer = None
    await far.advance(seconds=1)
    await hook.wait(3)
    assert hook.seen[1] == hook.seen[2]
    await far.eventually(lambda: far.log(kind="webhook"), lambda log: [e["status"] for e in log] == [403, 200])


async def test_an_update_that_nobody_takes_is_lost_after_the_last_retry(far, hook):
    """Six repetitions, then the log says that it is lost, so that a storm can count it."""

    async def refuse(body: dict[str, Any]) -> web.Response:
        return web.Response(status=500)

    hook.answer = refuse
    await set_up(far, tries_webhooks=False)
    await call(far, "setWebhook", url=hook.url, secret_token=SECRET)
    await far.act("zalo_bot", "lan", "say", text="chào")
    for count, seconds in enumerate((1, 5, 30, 300, 900, 3600), start=1):
        await hook.wait(count)
        await far.eventually(lambda: far.log(kind="webhook"), lambda log, count=count: len(log) == count)
        await far.advance(seconds=seconds)
    await far.eventually(lambda: far.log(kind="webhook"), lambda log: log[-1]["status"] == "lost")
    assert len(hook.seen) == 7


@pytest.mark.parametrize("kind", ["duplicate_webhook", "bad_signature", "reorder_webhook"])
async def test_a_webhook_can_be_faulty(far, hook, kind):
    """Twice the same, a wrong secret, the later one first."""
    await set_up(far, tries_webhooks=False)
    await call(far, "setWebhook", url=hook.url, secret_token=SECRET)
    await far.faults({"channel": "zalo_bot", "kind": kind})
    await far.act("zalo_bot", "lan", "say", text="một")
    if kind != "bad_signature":
        await far.act("zalo_bot", "lan", "say", text="hai")
    await hook.wait({"duplicate_webhook": 3, "bad_signature": 1, "reorder_webhook": 2}[kind])
    texts = [json.loads(raw)["message"]["text"] for _, raw in hook.seen]
    secrets = {headers["x-bot-api-secret-token"] for headers, _ in hook.seen}
    assert (
        sorted(texts)
        == {
            "duplicate_webhook": ["hai", "một", "một"],
            "bad_signature": ["một"],
            "reorder_webhook": ["hai", "một"],
        }[kind]
    )
    assert secrets == ({"wrong-" + SECRET} if kind == "bad_signature" else {SECRET})
