"""Scripted faults break the wire in exactly the way asked for, as often as asked for."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest


async def chat(far: Any) -> int:
    """Return the chat id of a person who has written."""
    await far.act("telegram", "lan", "say", text="chào")
    return int(far.world.phone("telegram", "lan").address)


async def raw(far: Any, text: str = "a", timeout: float = 5) -> tuple[int, bytes]:
    """Send a message on a connection of its own and return status and bytes."""
    url = f"{far.base}/sim/telegram/bot{far.world.telegram.token}/sendMessage"
    body = {"chat_id": int(far.world.phone("telegram", "lan").address), "text": text}
    limit = aiohttp.ClientTimeout(total=timeout)
    async with aiohttp.ClientSession() as web, web.post(url, json=body, timeout=limit) as answer:
        return answer.status, await answer.read()


@pytest.mark.parametrize(
    ("kind", "delivered"),
    [
        pytest.param("reset", False, id="connection reset before anything"),
        pytest.param("timeout_before", False, id="hanging before"),
        pytest.param("lost_response", True, id="delivered, answer lost"),
        pytest.param("timeout_after", True, id="delivered, then hanging"),
        pytest.param("truncated", True, id="delivered, half an answer"),
    ],
)
async def test_a_broken_wire_breaks_before_or_after_the_act(far, kind, delivered):
    """The client sees no whole answer; the phone shows the message only where the act came first."""
    await chat(far)
    await far.faults({"channel": "telegram", "kind": kind, "method": "sendMessage"})
    with pytest.raises((aiohttp.ClientError, TimeoutError)):
        await raw(far, timeout=0.5)
    assert [m["text"] for m in await far.inbox("telegram", "lan")] == (["a"] if delivered else [])
    assert (await far.log(kind="request"))[-1]["status"] == kind
    assert (await raw(far, "b"))[0] == 200


@pytest.mark.parametrize(
    ("fault", "status", "start"),
    [
        pytest.param({"kind": "5xx"}, 502, b"<html>", id="bad gateway"),
        pytest.param({"kind": "5xx", "status": 503}, 503, b"<html>", id="unavailable"),
        pytest.param({"kind": "html"}, 200, b"<html>", id="HTML instead of JSON"),
        pytest.param({"kind": "empty"}, 200, b"", id="nothing"),
        pytest.param({"kind": "429", "retry_after": 7}, 429, b'{"ok": false', id="patience"),
        pytest.param({"kind": "token_revoked"}, 401, b'{"ok": false', id="revoked"),
        pytest.param(
            {"kind": "error", "code": 403, "description": "Forbidden: x"}, 403, b'{"ok": false', id="any code"
        ),
    ],
)
async def test_a_wrong_answer_is_the_one_asked_for(far, fault, status, start):
    """Status and body are those of the fault, once."""
    await chat(far)
    await far.faults({"channel": "telegram", **fault})
    got, body = await raw(far)
    assert (got, body[: len(start)]) == (status, start)
    if fault["kind"] == "429":
        assert json.loads(body)["parameters"] == {"retry_after": 7}
    assert (await raw(far))[0] == 200


async def test_faults_pick_user_method_and_count(far):
    """A fault lets `after` calls pass, strikes `times`, and only for its user and method."""
    await chat(far)
    await far.faults(
        {"channel": "telegram", "kind": "429", "user": "mai", "times": None},
        {"channel": "telegram", "kind": "5xx", "method": "sendMessage", "after": 1, "times": 2},
    )
    assert [(await raw(far))[0] for _ in range(4)] == [200, 502, 502, 200]
    assert (await far.telegram("getMe"))[0] == 200
    left = (await far.get("/__sim/faults"))["faults"]
    assert [fault["kind"] for fault in left] == ["429"]
    await far.faults()
    assert (await far.get("/__sim/faults"))["faults"] == []


async def test_a_slow_answer_is_right_but_late(far):
    """The fault delays an answer that is otherwise whole."""
    await chat(far)
    await far.faults({"channel": "telegram", "kind": "slow", "seconds": 0.3})
    began = asyncio.get_running_loop().time()
    assert (await raw(far))[0] == 200
    assert asyncio.get_running_loop().time() - began >= 0.3


async def test_zalo_faults_speak_zalos_envelope(far):
    """An error is HTTP 200 with the code asked for; a revoked token is dead afterwards too."""
    await far.faults({"channel": "zalo_oa", "method": "message/cs", "kind": "error", "code": -200})
    assert (await far.consult("lan"))["error"] == -200
    assert (await far.consult("lan"))["error"] == 0
    await far.faults({"channel": "zalo_oa", "kind": "token_revoked"})
    assert [(await far.consult("lan"))["error"] for _ in range(2)] == [-216, -216]


@pytest.mark.parametrize("channel", ["telegram", "zalo_oa"])
async def test_a_dripping_answer_is_whole_and_takes_its_time(far, channel):
    """Byte by byte, from the first to the last in the seconds asked for; the act came first."""
    await far.act(channel, "lan", "say", text="chào")
    await far.faults({"channel": channel, "kind": "drip", "seconds": 0.3})
    began = asyncio.get_running_loop().time()
    if channel == "telegram":
        status, body = await raw(far)
        assert (status, json.loads(body)["ok"]) == (200, True)
    else:
        assert (await far.consult("lan"))["error"] == 0
    assert asyncio.get_running_loop().time() - began >= 0.3
    assert len(await far.inbox(channel, "lan")) == 1


@pytest.mark.parametrize("channel", ["telegram", "zalo_oa"])
async def test_an_event_can_come_hours_late_and_many_times(far, hook, channel):
    """Nothing before its hour on the world's clock; then as many copies as asked for, the same bytes each."""
    if channel == "telegram":
        await far.telegram("setWebhook", url=hook.url)
    else:
        far.world.zalo.webhook.url = hook.url
    event = "message" if channel == "telegram" else "user_send_text"
    await far.faults(
        {"channel": channel, "kind": "late_webhook", "method": event, "later": 7200},
        {"channel": channel, "kind": "duplicate_webhook", "method": event, "copies": 5},
    )
    await far.act(channel, "lan", "say", text="chào")
    await far.advance(hours=1.9)
    assert hook.seen == []
    await far.advance(hours=0.2)
    await hook.wait(5)
    assert len({raw for _, raw in hook.seen}) == 1


@pytest.mark.parametrize(
    ("code", "life"),
    [
        pytest.param(-32, lambda zalo: setattr(zalo.conditions, "rate_per_minute", 0), id="rate used up"),
        pytest.param(-209, lambda zalo: setattr(zalo.conditions, "app_active", False), id="app not active"),
        pytest.param(-216, lambda zalo: zalo.tokens.revoke(), id="token revoked"),
        pytest.param(-221, lambda zalo: setattr(zalo.conditions, "verified", False), id="not verified"),
        pytest.param(-223, lambda zalo: setattr(zalo.conditions, "granted", False), id="not granted"),
        pytest.param(-224, lambda zalo: setattr(zalo.conditions, "plan_has_api", False), id="plan too small"),
    ],
)
async def test_zalo_refuses_as_life_would_have_it(far, code, life):
    """What an account may do is changed as life would; the same message is refused with Zalo's own code."""
    await far.act("zalo_oa", "lan", "say", text="chào")
    assert (await far.consult("lan"))["error"] == 0
    life(far.world.zalo)
    assert (await far.consult("lan"))["error"] == code


@pytest.mark.parametrize("code", [-211, -218, -32, -234, -100, -200, -305, -311, -320, -321, -244, -227])
async def test_every_code_of_zalo_can_be_scripted(far, code):
    """Quotas, night, windows, money: each in Zalo's envelope, once, and the next call is well."""
    await far.act("zalo_oa", "lan", "say", text="chào")
    await far.faults({"channel": "zalo_oa", "method": "message/cs", "kind": "error", "code": code})
    assert [(await far.consult("lan"))["error"] for _ in range(2)] == [code, 0]
