"""Updates are numbered, kept until acknowledged, and in order within a chat."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web


async def listen(far: Any, hook: Any, **more: Any) -> None:
    """Point the bot's webhook at the hook."""
    status, _ = await far.telegram("setWebhook", url=hook.url, secret_token="s3cret", **more)
    assert status == 200


async def test_polling_acknowledges_by_the_offset(far):
    """Updates come again until an offset passes them, numbered one after another."""
    for text in ("a", "b", "c"):
        await far.act("telegram", "lan", "say", text=text)
    first = (await far.telegram("getUpdates"))[1]["result"]
    numbers = [u["update_id"] for u in first]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert (await far.telegram("getUpdates"))[1]["result"] == first
    rest = (await far.telegram("getUpdates", offset=numbers[1]))[1]["result"]
    assert [u["message"]["text"] for u in rest] == ["b", "c"]
    assert (await far.telegram("getUpdates", offset=numbers[2] + 1))[1]["result"] == []


async def test_a_long_poll_ends_with_the_first_news(far):
    """A waiting poll returns as soon as somebody writes."""
    waiting = asyncio.create_task(far.telegram("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    await far.act("telegram", "lan", "say", text="a")
    async with asyncio.timeout(5):
        assert len((await waiting)[1]["result"]) == 1


async def test_a_second_poller_ends_the_first(far):
    """Two pollers conflict: the earlier one gets 409."""
    first = asyncio.create_task(far.telegram("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(far.telegram("getUpdates", timeout=20))
    async with asyncio.timeout(5):
        status, body = await first
    assert (status, body["description"][:8]) == (409, "Conflict")
    await far.act("telegram", "lan", "say", text="a")
    async with asyncio.timeout(5):
        assert (await second)[0] == 200


async def test_polling_conflicts_with_a_webhook(far, hook):
    """getUpdates is 409 while a webhook is set, and works again after deleteWebhook."""
    await listen(far, hook)
    assert (await far.telegram("getUpdates"))[0] == 409
    assert (await far.telegram("deleteWebhook"))[0] == 200
    assert (await far.telegram("getUpdates"))[0] == 200


async def test_what_was_pending_is_carried_to_a_new_webhook_with_its_secret(far, hook):
    """setWebhook delivers the backlog; each request carries the secret token."""
    await far.act("telegram", "lan", "say", text="trước")
    await listen(far, hook)
    await far.act("telegram", "lan", "say", text="sau")
    await hook.wait(2)
    assert [b["message"]["text"] for b in hook.bodies] == ["trước", "sau"]
    assert {h["x-telegram-bot-api-secret-token"] for h, _ in hook.seen} == {"s3cret"}
    info = (await far.telegram("getWebhookInfo"))[1]["result"]
    assert (info["url"], info["pending_update_count"]) == (hook.url, 0)


async def test_pending_updates_can_be_dropped(far, hook):
    """drop_pending_updates forgets the backlog."""
    await far.act("telegram", "lan", "say", text="trước")
    await listen(far, hook, drop_pending_updates=True)
    await far.act("telegram", "lan", "say", text="sau")
    await hook.wait(1)
    assert [b["message"]["text"] for b in hook.bodies] == ["sau"]


async def test_a_chat_waits_for_its_own_webhook_request_and_for_no_other(far, hook):
    """The next update of a chat leaves after the previous request ended; other chats go on meanwhile."""
    release = asyncio.Event()

    async def slow_for_lan(body: dict[str, Any]) -> web.Response:
        if body["message"]["from"]["first_name"] == "Lan":
            await release.wait()
        return web.Response()

    hook.answer = slow_for_lan
    await listen(far, hook)
    for user, text in (("lan", "1"), ("lan", "2"), ("mai", "3"), ("mai", "4")):
        await far.act("telegram", user, "say", text=text)
    await hook.wait(3)
    assert sorted(b["message"]["text"] for b in hook.bodies) == ["1", "3", "4"]
    release.set()
    await hook.wait(4)
    assert hook.bodies[-1]["message"]["text"] == "2"


async def test_a_refused_update_is_brought_again_until_it_is_taken(far, hook):
    """Anything but 2xx is tried again with growing pauses; nothing of that chat overtakes it."""
    refusals = iter([500, 403, 302])

    async def refuse(body: dict[str, Any]) -> web.Response:
        return web.Response(status=next(refusals, 200))

    hook.answer = refuse
    await listen(far, hook)
    await far.act("telegram", "lan", "say", text="1")
    await far.act("telegram", "lan", "say", text="2")
    for count in (1, 2, 3):
        await hook.wait(count)
        await far.advance(seconds=20)
    await hook.wait(5)
    assert [b["message"]["text"] for b in hook.bodies] == ["1", "1", "1", "1", "2"]
    tries = await far.log(kind="webhook")
    assert [e["status"] for e in tries] == [500, 403, 302, 200, 200]


async def test_only_the_kinds_asked_for_arrive(far):
    """allowed_updates filters at the source and stays in force until changed."""
    await far.telegram("getUpdates", allowed_updates=["message"])
    await far.act("telegram", "lan", "block")
    await far.act("telegram", "lan", "unblock")
    await far.act("telegram", "lan", "say", text="a")
    kinds = [set(u) - {"update_id"} for u in (await far.telegram("getUpdates"))[1]["result"]]
    assert kinds == [{"message"}]


async def test_a_block_is_told_as_a_change_of_membership(far):
    """block and unblock arrive as my_chat_member with old and new status."""
    await far.act("telegram", "lan", "block")
    await far.act("telegram", "lan", "unblock")
    changes = [u["my_chat_member"] for u in (await far.telegram("getUpdates"))[1]["result"]]
    assert [(c["old_chat_member"]["status"], c["new_chat_member"]["status"]) for c in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]


async def test_a_duplicate_is_the_same_update_twice(far, hook):
    """The fault sends one update twice under one number."""
    await listen(far, hook)
    await far.faults({"channel": "telegram", "kind": "duplicate_webhook"})
    await far.act("telegram", "lan", "say", text="a")
    await hook.wait(2)
    assert hook.seen[0][1] == hook.seen[1][1]


async def test_a_reordered_update_is_overtaken_by_the_next(far, hook):
    """The fault lets the following update go first, with the numbers as they were given."""
    await listen(far, hook)
    await far.faults({"channel": "telegram", "kind": "reorder_webhook"})
    await far.act("telegram", "lan", "say", text="1")
    await far.act("telegram", "lan", "say", text="2")
    await hook.wait(2)
    assert [b["message"]["text"] for b in hook.bodies] == ["2", "1"]
    assert hook.bodies[0]["update_id"] > hook.bodies[1]["update_id"]


async def test_a_forged_secret_is_sent_once_and_then_the_right_one(far, hook):
    """The fault spoils the secret; a bot that refuses it gets the update again with the right one."""

    async def strict(body: dict[str, Any]) -> web.Response:
        right = hook.seen[-1][0]["x-telegram-bot-api-secret-token"] == "s3cret"
        return web.Response(status=200 if right else 401)

    hook.answer = strict
    await listen(far, hook)
    await far.faults({"channel": "telegram", "kind": "bad_signature"})
    await far.act("telegram", "lan", "say", text="a")
    await hook.wait(1)
    await far.advance(seconds=20)
    await hook.wait(2)
    assert [h["x-telegram-bot-api-secret-token"] for h, _ in hook.seen] == ["wrong-s3cret", "s3cret"]


async def test_a_call_in_the_answer_of_a_webhook_is_carried_out(far, hook):
    """A bot may answer the request itself with a method and its parameters."""

    async def reply(body: dict[str, Any]) -> web.Response:
        chat = body["message"]["chat"]["id"]
        return web.json_response({"method": "sendMessage", "chat_id": chat, "text": "nhận rồi"})

    hook.answer = reply
    await listen(far, hook)
    await far.act("telegram", "lan", "say", text="a")
    shown = await far.eventually(lambda: far.inbox("telegram", "lan"), bool)
    assert shown[-1]["text"] == "nhận rồi"


@pytest.mark.parametrize(
    ("act", "given", "field"),
    [
        pytest.param("voice", {}, "voice", id="voice"),
        pytest.param("image", {}, "photo", id="image"),
        pytest.param("location", {"latitude": 22.5, "longitude": 103.9}, "location", id="location"),
        pytest.param("sticker", {}, "sticker", id="sticker"),
    ],
)
async def test_everything_a_person_sends_parses_as_the_library_expects(far, act, given, field):
    """python-telegram-bot reads each kind of message without complaint."""
    from telegram import Update

    await far.act("telegram", "lan", act, **given)
    raw = (await far.telegram("getUpdates"))[1]["result"][0]
    update = Update.de_json(json.loads(json.dumps(raw)), None)
    assert getattr(update.message, field)
