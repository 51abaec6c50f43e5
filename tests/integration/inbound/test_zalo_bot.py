"""The third channel through the whole service: what a Zalo bot hears, repeats and fails at."""

from __future__ import annotations

import json
from typing import Any

from simulator.core.faults import read_fault
from tests.support.stage import until

SECRET = {"x-bot-api-secret-token": "another-secret-of-the-tests"}
NUMBERS = "+84 981 84 84 84"


def update(system, **content: Any) -> dict[str, Any]:
    """An update from Lan, as captured."""
    her = system.world.phone("zalo_bot", "lan").address
    frame = {"from": {"id": her}, "chat": {"id": her, "chat_type": "PRIVATE"}, "message_id": "2d758cb5e222177a4e35"}
    return {"event_name": "message.text.received", "message": {**frame, **content}}


async def post(system, body: Any) -> None:
    """Post one body as Zalo would."""
    raw = json.dumps(body).encode()
    async with system.http.post(f"{system.base}/hooks/zalo-bot", data=raw, headers=SECRET) as answer:
        assert answer.status == 200


async def test_the_account_starts_without_calling_a_human(system) -> None:
    """Token proved, webhook set, address tried and found."""
    assert system.runtime.alarms == []
    assert system.world.zalo_bot.updates.webhook.url == f"{system.base}/hooks/zalo-bot"


async def test_one_message_in_both_shapes_has_one_effect(system) -> None:
    """Bare, wrapped, and again with other spacing: one row, answered once."""
    body = update(system, text="xin chào")
    for shape in (body, {"ok": True, "result": body}, body):
        await post(system, shape)
    await system.quiet()
    assert await system.count("SELECT count(*) FROM inbox") == 1
    assert await system.count("SELECT count(DISTINCT cause) FROM ledger") == 1


async def test_an_update_that_cannot_be_read_is_answered_with_the_numbers(system) -> None:
    """A text that is no text, from a known chat."""
    await post(system, update(system, text={"?": 1}))

    async def answered() -> bool:
        return any(NUMBERS in message["text"] for message in await system.inbox("zalo_bot", "lan"))

    await until(answered, 5)
    assert len(await system.cases()) == 1


async def test_a_voice_a_picture_and_a_place_are_answered(system) -> None:
    """Nothing she can send is met with silence, not even what Zalo does not tell us."""
    await system.talk("zalo_bot", "lan", "xin chào")
    for act in ("voice", "image", "location", "sticker"):
        before = len(await system.inbox("zalo_bot", "lan"))
        await system.do("zalo_bot", "lan", act)

        async def more(before: int = before) -> bool:
            return len(await system.inbox("zalo_bot", "lan")) > before

        await until(more, 5)
        await system.quiet()


async def test_nothing_is_said_to_a_group(system) -> None:
    """A cry in a group is taken in and answered neither there nor to her."""
    await system.do("zalo_bot", "lan", "say", text="cứu em với", group="g1")
    await until(lambda: system.count("SELECT count(*) FROM inbox WHERE state = 1"), 5)
    await system.quiet()
    assert await system.count("SELECT count(*) FROM ledger") == 0
    assert await system.inbox("zalo_bot", "lan") == []


async def test_an_error_of_zalos_server_delays_one_person_only(system) -> None:
    """403 for Lan: Mai is answered at once, Lan after five seconds and once."""
    fault = {"channel": "zalo_bot", "kind": "error", "code": 403, "method": "sendMessage", "user": "lan"}
    system.world.faults.replace([read_fault(fault)])
    await system.do("zalo_bot", "lan", "say", text="cuu em voi")
    await system.do("zalo_bot", "mai", "say", text="xin chào")
    await until(lambda: system.inbox("zalo_bot", "mai"), 3)
    await until(lambda: system.count("SELECT count(*) FROM ledger WHERE status = 4"), 5)  # refused, and parked
    assert await system.inbox("zalo_bot", "lan") == []
    await system.advance(6)

    async def answered() -> bool:
        return any(NUMBERS in message["text"] for message in await system.inbox("zalo_bot", "lan"))

    await until(answered, 5)
    await system.quiet()
    texts = [message["text"] for message in await system.inbox("zalo_bot", "lan")]
    assert len(texts) == len(set(texts))
