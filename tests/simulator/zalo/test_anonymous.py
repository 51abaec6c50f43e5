"""Somebody who has not signed in to Zalo: events and sends name an anonymous id and a conversation."""

from __future__ import annotations

from typing import Any

import pytest

V2 = "openapi/v2.0/oa/message"


async def recipient(far) -> dict[str, Any]:
    """Let Lan write without a Zalo account, and say how she is reached."""
    conversation = await far.act("zalo_oa", "lan", "anonymous")
    await far.act("zalo_oa", "lan", "say", text="chào")
    body = (await far.eventually(lambda: events(far), bool))[-1]
    assert body["event_name"] == "anonymous_send_text"
    assert body["message"]["conversation_id"] == conversation
    assert body["sender"]["id"] != far.world.phone("zalo_oa", "lan").address
    assert "user_id_by_app" not in body
    return {"anonymous_id": body["sender"]["id"], "conversation_id": conversation}


async def events(far) -> list[dict[str, Any]]:
    """Return what the webhook was told of her so far."""
    return [body for body in far.listener.bodies if body["event_name"].startswith("anonymous_")]


@pytest.fixture
def listening(far, hook):
    """Let the account's webhook be heard."""
    far.listener, far.world.zalo.webhook.url = hook, hook.url
    return far


async def test_an_answer_goes_to_the_conversation(listening):
    """It stands on her phone; Zalo answers with both ids and echoes the message under another name."""
    her = await recipient(listening)
    answer = await listening.zalo(V2, {"recipient": her, "message": {"text": "Chào chị"}})
    assert (answer["error"], set(answer["data"])) == (0, {"message_id", *her})
    assert [m["text"] for m in await listening.inbox("zalo_oa", "lan")] == ["Chào chị"]

    async def echoes() -> list[dict[str, Any]]:
        return [b for b in listening.listener.bodies if b["event_name"] == "oa_send_anonymous_text"]

    [echo] = await listening.eventually(echoes, bool)
    assert echo["recipient"]["id"] == her["anonymous_id"]
    assert echo["message"]["conversation_id"] == her["conversation_id"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"conversation_id": "another"}, -213),
        ({"anonymous_id": "nobody"}, -213),
        ({"conversation_id": ""}, -201),
        ({"anonymous_id": 5}, -201),
    ],
)
async def test_nobody_else_is_reached(listening, changed, error):
    """Both ids have to be hers; a conversation that has ended is nobody."""
    her = await recipient(listening)
    assert (await listening.zalo(V2, {"recipient": her | changed, "message": {"text": "a"}}))["error"] == error
    await listening.act("zalo_oa", "lan", "anonymous")
    assert (await listening.zalo(V2, {"recipient": her, "message": {"text": "a"}}))["error"] == -213


async def test_she_is_on_no_list(listening):
    """Neither the newest chats nor an id tell of her."""
    await recipient(listening)
    assert (await listening.zalo_get("openapi/v2.0/oa/listrecentchat", {"offset": 0, "count": 5}))["data"] == []
