"""What does not belong here is refused with an empty body, counted, and leaves no row."""

from __future__ import annotations

import gzip
import json
import socket
from urllib.parse import urlsplit

import pytest

from store.messages import inbox
from tests.bot.channels.zalo_oa.test_reader import from_person
from tests.chaos.bad_updates import ZALO, proven
from tests.support.stage import until

SECRET = {"x-telegram-bot-api-secret-token": "a-secret-of-the-tests"}
GOOD = json.dumps({"update_id": 1, "message": {"text": "x"}}).encode()

REFUSED = [
    pytest.param("/hooks/telegram", GOOD, {}, 401, id="no secret"),
    pytest.param("/hooks/telegram", GOOD, {"x-telegram-bot-api-secret-token": "wrong"}, 403, id="wrong secret"),
    pytest.param("/hooks/telegram", b"x" * (256 * 1024 + 1), SECRET, 413, id="over 256 KB"),
    pytest.param("/hooks/telegram", gzip.compress(GOOD), SECRET | {"content-encoding": "gzip"}, 415, id="compressed"),
    pytest.param("/hooks/zalo", GOOD, {}, 401, id="no signature"),
    pytest.param("/hooks/zalo", GOOD, {"x-zevent-signature": "mac=" + "0" * 64}, 403, id="wrong signature"),
    pytest.param("/hooks/zalo", b"<html>", {"x-zevent-signature": "mac=" + "0" * 64}, 403, id="not json"),
    pytest.param("/hooks/zalo-bot", GOOD, {}, 401, id="no secret of a Zalo bot"),
    pytest.param("/hooks/zalo-bot", GOOD, {"x-bot-api-secret-token": "wrong"}, 403, id="wrong secret of a Zalo bot"),
    pytest.param("/hooks/nobody", GOOD, {}, 404, id="no such account"),
]


@pytest.mark.parametrize(("path", "body", "headers", "status"), REFUSED)
async def test_a_body_that_is_not_authentic_is_refused(system, path, body, headers, status) -> None:
    """The answer has no body, the refusal is counted, nothing is stored."""
    counted = system.application.intake.counted
    counted.clear()  # Zalo Bot has tried its address already
    async with system.http.post(system.base + path, data=body, headers=headers) as answer:
        assert answer.status == status
        assert await answer.read() == b""
    assert sum(counted.values()) == 1
    assert await system.count("SELECT count(*) FROM inbox") == 0


@pytest.mark.parametrize("account", ["zalo", "zalo-bot"])
async def test_an_empty_probe_of_zalo_is_welcome(system, account: str) -> None:
    """Zalo checks an address with an empty body: 200, and nothing is stored."""
    async with system.http.post(f"{system.base}/hooks/{account}") as answer:
        assert answer.status == 200
    assert await system.count("SELECT count(*) FROM inbox") == 0


async def test_authentic_nonsense_is_kept_and_answered(system) -> None:
    """An authentic update nobody can parse: numbers for the person, a case for staff, the row done."""
    phone = system.world.phone("telegram", "lan")
    body = {"update_id": 9, "message": {"chat": {"id": int(phone.address), "type": "private"}, "date": "yesterday"}}
    async with system.http.post(f"{system.base}/hooks/telegram", json=body, headers=SECRET) as answer:
        assert answer.status == 200

    async def answered() -> bool:
        return any("+84 981 84 84 84" in message["text"] for message in await system.inbox("telegram", "lan"))

    await until(answered, 5)
    assert len(await system.cases()) == 1


async def test_a_message_whose_name_is_half_a_character_is_answered_like_any_other(system) -> None:
    """Nobody's words are lost because of what her platform calls them; an address that is none is set aside."""
    oa = system.world.zalo
    account = {"app_id": oa.app_id, "webhook_secrets": [oa.webhook.secret]}
    lan = system.world.phone("zalo_oa", "lan").address
    await system.talk("zalo_oa", "lan", "cuu em voi")
    for name, who in (("m\ud800", lan), ("m2", "\udfff")):
        message = {"msg_id": name, "text": "em ở gần chợ"}
        whose = {"sender": {"id": who}, "recipient": {"id": oa.oa_id}, "app_id": oa.app_id}
        raw = json.dumps(from_person("user_send_text", message) | whose).encode()
        async with system.http.post(
            f"{system.base}/hooks/zalo", data=raw, headers=proven(ZALO, account, raw)
        ) as answer:
            assert answer.status == 200
    await system.quiet()
    assert await system.count("SELECT count(*) FROM case_line WHERE direction = 'in'") == 2
    assert await system.count("SELECT count(*) FROM inbox WHERE state = 2") == 1


async def test_nonsense_of_nobody_is_set_aside_for_staff(system) -> None:
    """Authentic bytes without a person: kept sealed in quarantine, the lane goes on."""
    async with system.http.post(f"{system.base}/hooks/telegram", data=b"\xff{{{", headers=SECRET) as answer:
        assert answer.status == 200

    async def set_aside() -> bool:
        return await system.count("SELECT count(*) FROM inbox WHERE state = 2 AND sealed IS NOT NULL") == 1

    await until(set_aside, 5)
    assert await system.talk("telegram", "mai", "xin chào")


async def test_a_slow_body_is_cut_off_and_nobody_waits_for_it(system) -> None:
    """A body that drips is given up after five seconds; others are served meanwhile."""
    where = urlsplit(system.base)
    with socket.create_connection((where.hostname, where.port)) as slow:
        slow.sendall(b"POST /hooks/telegram HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        assert await system.talk("telegram", "mai", "xin chào")
        await until(lambda: system.application.intake.counted["slow body"] == 1, 8)


async def test_staff_see_that_something_was_set_aside(system) -> None:
    """What lies in quarantine is counted for the queue page; its bytes are not shown to anybody."""
    async with system.http.post(f"{system.base}/hooks/telegram", data=b"\xff{{{", headers=SECRET) as answer:
        assert answer.status == 200

    async def counted() -> bool:
        async with system.store.data.connect() as conn:
            return await inbox.set_aside(conn) == 1

    await until(counted, 5)
