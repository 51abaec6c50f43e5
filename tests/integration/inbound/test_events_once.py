"""Whatever a platform repeats, reorders or delays, every event has exactly one effect."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import UTC, datetime
from typing import Any

from tests.support.stage import until

SECRET = {"x-telegram-bot-api-secret-token": "a-secret-of-the-tests"}


def update(number: int, user: int, text: str) -> dict[str, Any]:
    """A Telegram update as the platform writes it."""
    now = int(datetime.now(UTC).timestamp())
    who = {"id": user, "is_bot": False, "first_name": "-"}
    chat = {"id": user, "type": "private", "first_name": "-"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": now, "chat": chat, "from": who, "text": text},
    }


async def post(system, body: dict[str, Any]) -> None:
    """Post one update as Telegram would."""
    url = f"{system.base}/hooks/telegram"
    async with system.http.post(url, data=json.dumps(body).encode(), headers=SECRET) as answer:
        assert answer.status == 200


async def test_ten_thousand_events_repeated_and_shuffled_have_one_effect_each(system) -> None:
    """2,500 updates, each posted four times in random order: 2,500 inbox rows, all done, none answered twice."""
    rng = random.Random(1)
    bodies = [update(n, 5_000_000_000 + n % 200, "xin chào") for n in range(1, 2501)]
    posts = bodies * 4
    rng.shuffle(posts)
    room = asyncio.Semaphore(64)

    async def one(body: dict[str, Any]) -> None:
        async with room:
            await post(system, body)

    await asyncio.gather(*(one(body) for body in posts))

    async def done() -> bool:
        return await system.count("SELECT count(*) FROM inbox WHERE state = 1") == 2500

    await until(done, 60)
    assert await system.count("SELECT count(*) FROM inbox") == 2500
    assert await system.count("SELECT count(*) FROM person") == 200
    assert await system.count("SELECT count(DISTINCT cause) FROM ledger") == 2500


async def test_a_press_sent_again_under_a_new_id_does_nothing(system) -> None:
    """Telegram repeats a press after a reconnect with a new update id; the question was answered already."""
    await system.talk("telegram", "mai", "xin chào")
    [*_, question] = await system.inbox("telegram", "mai")
    assert question["choices"]
    await system.do("telegram", "mai", "press", choice=1)
    await system.quiet()
    after_first = len(await system.inbox("telegram", "mai"))
    phone = system.world.phone("telegram", "mai")
    pressed = next(m for m in phone.messages if m.id == question["id"])
    data = next(iter(pressed.choices)).data
    body = update(2_000_000_000, int(phone.address), "")
    message = body.pop("message") | {"from": {"id": 1, "is_bot": True, "first_name": "-"}, "text": "-"}
    body["callback_query"] = {
        "id": "77",
        "from": {"id": int(phone.address), "is_bot": False, "first_name": "-"},
        "message": message,
        "chat_instance": "1",
        "data": data,
    }
    await post(system, body)
    await system.quiet()
    assert len(await system.inbox("telegram", "mai")) == after_first


async def test_events_out_of_order_are_all_taken(system) -> None:
    """Updates that arrive in reverse order are each answered once."""
    for number in (30, 20, 10):
        await post(system, update(number, 6_000_000_001, "xin chào"))
    await system.quiet()
    assert await system.count("SELECT count(*) FROM inbox WHERE state = 1") == 3
    assert await system.count("SELECT count(DISTINCT cause) FROM ledger") == 3
