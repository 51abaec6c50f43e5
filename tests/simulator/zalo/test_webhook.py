"""Events reach the webhook signed, in Zalo's shapes, and along its schedule of retries."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import pytest
from aiohttp import web

PLACE = {"latitude": 22.5, "longitude": 103.9}


@pytest.fixture
async def listening(far: Any, hook: Any) -> Any:
    """Return the far side with its webhook pointed at the hook."""
    await far.post("/__sim/accounts/zalo_oa/first", {"webhook_url": hook.url})
    return far


async def test_what_she_writes_arrives_signed(listening, hook):
    """The header is mac= and the SHA-256 over app id, raw body, timestamp and webhook secret."""
    number = await listening.act("zalo_oa", "lan", "say", text="cứu em với")
    await hook.wait(1)
    headers, raw = hook.seen[0]
    body, account = hook.bodies[0], listening.world.zalo
    signed = account.app_id.encode() + raw + body["timestamp"].encode() + account.webhook.secret.encode()
    assert headers["x-zevent-signature"] == "mac=" + hashlib.sha256(signed).hexdigest()
    assert body["message"] == {"text": "cứu em với", "msg_id": number}
    assert (body["sender"]["id"], body["recipient"]["id"]) == (
        listening.world.phone("zalo_oa", "lan").address,
        account.oa_id,
    )


async def test_every_send_is_echoed_and_its_arrival_reported(listening, hook):
    """A consultation makes oa_send_text without admin_id, then user_received_message."""
    await listening.consult("lan", "Chào chị")
    await hook.wait(2)
    by_name = {body["event_name"]: body for body in hook.bodies}
    assert set(by_name) == {"oa_send_text", "user_received_message"}
    assert by_name["oa_send_text"]["message"]["text"] == "Chào chị"
    assert "admin_id" not in by_name["oa_send_text"]["sender"]


async def test_a_human_at_the_accounts_own_console_is_named(listening, hook):
    """A message by hand is echoed with admin_id, so that a bot knows a human took over."""
    await listening.act("zalo_oa", "lan", "staff", text="Chị đây")
    await hook.wait(2)  # the echo, and that it was received, in whatever order they come
    echoes = [body for body in hook.bodies if body["event_name"] == "oa_send_text"]
    assert echoes[0]["sender"] == {"id": listening.world.zalo.oa_id, "admin_id": "admin-1"}


@pytest.mark.parametrize(
    ("act", "given", "event", "kind"),
    [
        pytest.param("voice", {}, "user_send_audio", "audio", id="voice"),
        pytest.param("image", {}, "user_send_image", "image", id="image"),
        pytest.param("sticker", {}, "user_send_sticker", "sticker", id="sticker"),
        pytest.param(
            "location", {"latitude": 22.5, "longitude": 103.9}, "user_send_location", "location", id="location"
        ),
    ],
)
async def test_what_she_sends_has_its_own_event(listening, hook, act, given, event, kind):
    """Each kind arrives with one attachment; coordinates are strings, media can be downloaded."""
    await listening.act("zalo_oa", "lan", act, **given)
    await hook.wait(1)
    body = hook.bodies[0]
    attachment = body["message"]["attachments"][0]
    assert (body["event_name"], attachment["type"]) == (event, kind)
    if act == "location":
        assert attachment["payload"]["coordinates"] == {"latitude": "22.5", "longitude": "103.9"}
    if act in ("voice", "image"):
        async with listening.web.get(attachment["payload"]["url"]) as answer:
            assert (answer.status, len(await answer.read()) > 20) == (200, True)


async def test_following_and_unfollowing_are_told_and_unfollowing_ends_sends(listening, hook):
    """follow and unfollow name the follower; afterwards a send is -213 until she writes."""
    await listening.act("zalo_oa", "lan", "follow")
    await listening.act("zalo_oa", "lan", "unfollow")
    await hook.wait(2)
    assert {body["event_name"] for body in hook.bodies} == {"follow", "unfollow"}
    assert {body["follower"]["id"] for body in hook.bodies} == {listening.world.phone("zalo_oa", "lan").address}
    assert (await listening.consult("lan"))["error"] == -213
    await listening.act("zalo_oa", "lan", "say", text="em đây")
    assert (await listening.consult("lan"))["error"] == 0


async def test_a_failing_webhook_is_retried_and_loses_its_subscription(listening, hook):
    """The same body comes after 30 s, 5, 15, 30 min and 1 h with num_retry; then no event comes at all."""

    async def refuse(body: dict[str, Any]) -> web.Response:
        return web.Response(status=500)

    hook.answer = refuse
    await listening.act("zalo_oa", "lan", "say", text="a")
    for number, seconds in enumerate((30, 300, 900, 1800, 3600), start=1):
        await hook.wait(number)
        await listening.eventually(lambda: listening.log(kind="webhook"), lambda log, n=number: len(log) == n)
        await listening.advance(seconds=seconds)
    await hook.wait(6)
    assert [headers.get("num_retry") for headers, _ in hook.seen] == [None, "1", "2", "3", "4", "5"]
    assert len({raw for _, raw in hook.seen}) == 1
    await listening.eventually(lambda: listening.log(status="disabled"), bool)
    await listening.act("zalo_oa", "lan", "say", text="b")
    assert (await listening.log(status="lost"))[0]["method"] == "user_send_text"
    assert len(hook.seen) == 6


async def test_a_retry_is_not_early(listening, hook):
    """29 seconds after a failure nothing has come again."""

    async def refuse(body: dict[str, Any]) -> web.Response:
        return web.Response(status=500)

    hook.answer = refuse
    await listening.act("zalo_oa", "lan", "say", text="a")
    await listening.eventually(lambda: listening.log(kind="webhook"), bool)
    await listening.advance(seconds=29)
    await listening.act("zalo_oa", "mai", "say", text="b")
    await hook.wait(2)
    assert [body["message"]["text"] for body in hook.bodies] == ["a", "b"]


async def test_an_answer_after_two_seconds_counts_as_none(listening, hook):
    """A webhook slower than 2 s has failed; the retry follows."""
    pauses = iter([2.3])

    async def slow(body: dict[str, Any]) -> web.Response:
        await asyncio.sleep(next(pauses, 0))
        return web.Response()

    hook.answer = slow
    await listening.act("zalo_oa", "lan", "say", text="a")
    await listening.eventually(lambda: listening.log(kind="webhook", status="0"), bool)
    await listening.advance(seconds=30)
    await hook.wait(2)


async def test_faults_duplicate_reorder_and_forge(listening, hook):
    """Each switch works once: the same event twice, the next one first, a signature by a wrong secret."""
    account = listening.world.zalo
    await listening.faults({"channel": "zalo_oa", "kind": "duplicate_webhook"})
    await listening.act("zalo_oa", "lan", "say", text="1")
    await hook.wait(2)
    assert hook.seen[0][1] == hook.seen[1][1]
    await listening.faults({"channel": "zalo_oa", "kind": "bad_signature"})
    await listening.act("zalo_oa", "lan", "say", text="2")
    await hook.wait(3)
    headers, raw = hook.seen[2]
    when = hook.bodies[2]["timestamp"]
    right = hashlib.sha256(account.app_id.encode() + raw + when.encode() + account.webhook.secret.encode())
    assert headers["x-zevent-signature"] != f"mac={right.hexdigest()}"
    await listening.faults({"channel": "zalo_oa", "kind": "reorder_webhook"})
    await listening.act("zalo_oa", "lan", "say", text="3")
    assert len(hook.seen) == 3
    await listening.act("zalo_oa", "lan", "say", text="4")
    await hook.wait(5)


async def test_a_group_has_its_own_events(listening, hook):
    """Members see what the account posts; what a member writes names the group as recipient."""
    lan, mai = (listening.world.phone("zalo_oa", user).address for user in ("lan", "mai"))
    made = {"group_name": "Hội", "asset_id": "g1", "member_user_ids": [lan, mai]}
    group = (await listening.zalo("openapi/v3.0/oa/group/creategroupwithoa", made))["data"]["group_id"]
    sent = {"recipient": {"group_id": group}, "message": {"text": "Chào cả nhà"}}
    assert (await listening.zalo("openapi/v3.0/oa/group/message", sent))["error"] == 0
    for user in ("lan", "mai"):
        assert (await listening.inbox("zalo_oa", user))[-1]["text"] == "Chào cả nhà"
    await listening.act("zalo_oa", "lan", "say", text="chào", group=group)
    await hook.wait(3)
    by_name = {body["event_name"]: body for body in hook.bodies}
    assert by_name["user_send_group_text"]["recipient"]["id"] == group
    assert by_name["oa_send_group_text"]["message"]["text"] == "Chào cả nhà"
    missing = {"recipient": {"group_id": "none"}, "message": {"text": "a"}}
    assert (await listening.zalo("openapi/v3.0/oa/group/message", missing))["error"] == -403


async def test_a_webhook_that_drops_everything_leaves_it_in_the_list_of_messages(listening, hook):
    """Nothing is tried and nothing repeated; the account can still read what was written."""
    await listening.faults({"channel": "zalo_oa", "kind": "lost_webhook", "times": None})
    await listening.act("zalo_oa", "lan", "say", text="a")
    await listening.act("zalo_oa", "lan", "voice")
    assert [entry["method"] for entry in await listening.log(status="lost")] == ["user_send_text", "user_send_audio"]
    await listening.faults()
    await listening.act("zalo_oa", "lan", "say", text="b")
    await hook.wait(1)
    assert [body["message"]["text"] for body in hook.bodies] == ["b"]
