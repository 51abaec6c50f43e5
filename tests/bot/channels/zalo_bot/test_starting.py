"""Opening and closing a Zalo bot's account, being polled, and keeping the token to itself."""

from __future__ import annotations

import json
import logging
import traceback
from typing import Any

import pytest

from bot.channels.accounts import BotAccess
from bot.channels.base import Failure, Human, Permanent
from bot.channels.zalo_bot.adapter import ZaloBot
from flows.model.messages import Shown
from tests.support.content import limits_of

SECRET = "s3cret-of-the-test-0123456789"
CANARY = " ".join(["canary", "of", "the", "text"])


def adapter(stand_in, webhook: str | None = None, token: str = "", **more: float) -> ZaloBot:
    """An adapter pointed at the stand-in."""
    token = token or stand_in.world.zalo_bot.token
    return ZaloBot(
        BotAccess("b1", token, f"{stand_in.url}/sim/zalo_bot/bot", webhook, SECRET),
        limits_of("zalo_bot"),
        **{"read": 1.0, **more},
    )


def fault(stand_in, **planned: Any) -> None:
    """Plan one fault of the stand-in."""
    from simulator.core.faults import read_fault

    stand_in.world.faults.replace([read_fault({"channel": "zalo_bot", **planned})])


def people(stand_in):
    """The stand-in's bot, a phone, and what a person can do."""
    from simulator.zalo_bot import person

    return stand_in.world.zalo_bot, stand_in.world.phone("zalo_bot", "lan"), person


@pytest.mark.parametrize("documented", [False, True], ids=["captured", "documented"])
async def test_start_registers_the_webhook_and_updates_come_with_the_secret(
    stand_in, receiver, documented: bool
) -> None:
    """The address is tried with an empty body, and then whatever she does is believed and read, in both shapes."""
    account, lan, person = people(stand_in)
    account.conditions.wrapped = account.conditions.documented_photo = documented
    bot = adapter(stand_in, receiver.url)
    await bot.start()
    assert (account.updates.webhook.url, account.updates.webhook.secret) == (receiver.url, SECRET)
    person.follow(account, lan)
    person.write(account, lan, "cứu em với \ud83d")
    person.speak(account, lan, stand_in.url)
    person.show_picture(account, lan, stand_in.url, caption="xem")
    person.share_place(account, lan, 21.0285, 105.8542)
    person.stick(account, lan)
    person.write(account, lan, "chào nhóm", group="g1")
    person.unfollow(account, lan)
    (_, probe), *events = await receiver.wait(9)
    assert probe == b""
    heard = []
    for headers, raw in events:
        bot.verify(headers, raw)
        arrived = bot.read(raw)
        assert bot.event_id(raw).conversation == arrived.address
        assert bool(arrived.incoming.media) == (arrived.incoming.kind in ("voice", "image", "sticker"))
        heard.append((arrived.address, arrived.incoming.kind, arrived.incoming.text))
    assert sorted(heard) == sorted(
        [
            (lan.address, "follow", ""),
            (lan.address, "text", "cứu em với \ufffd"),
            (lan.address, "voice", ""),
            (lan.address, "image", "xem"),
            (lan.address, "other", ""),
            (lan.address, "sticker", ""),
            ("group:g1", "group", ""),
            (lan.address, "unfollow", ""),
        ]
    )
    await bot.close()


async def test_a_voice_can_be_fetched_where_it_says(stand_in, receiver) -> None:
    """An .aac address without a token, as the platform gives it."""
    from bot.http import aiohttp_session

    account, lan, person = people(stand_in)
    bot = adapter(stand_in, receiver.url)
    await bot.start()
    person.speak(account, lan, stand_in.url)
    media = bot.read((await receiver.wait(2))[1][1]).incoming.media
    async with aiohttp_session(1) as http, http.get(media) as answer:
        assert (await answer.read())[:2] == b"\xff\xf1"
    await bot.close()


async def test_polling_gives_one_update_at_a_time_and_never_again(stand_in, receiver) -> None:
    """An old webhook is taken away first; the offset means nothing here."""
    account, lan, person = people(stand_in)
    hooked = adapter(stand_in, receiver.url)
    await hooked.start()
    with pytest.raises(Permanent):
        await hooked.poll(0)
    bot = adapter(stand_in)
    await bot.start()
    assert account.updates.webhook is None
    for text in ("một", "hai \ud83d"):
        person.write(account, lan, text)
    for text in ("một", "hai \ufffd"):
        [raw], offset = await bot.poll(7)
        assert (bot.read(raw).incoming.text, offset) == (text, 7)
    assert len(account.updates.pending) == 0
    await hooked.close()
    await bot.close()


@pytest.mark.parametrize("answer", [{"ok": True, "result": {}}, {"ok": True}, {"ok": True, "result": []}])
async def test_no_news_in_every_shape_is_no_update(serving_status, answer: dict[str, Any]) -> None:
    """An empty object, nothing, an empty list."""
    async with serving_status(200, json.dumps(answer).encode()) as url:
        bot = ZaloBot(BotAccess("b1", "1:x", f"{url}/bot", None, SECRET), limits_of("zalo_bot"))
        assert await bot.poll(3) == ([], 3)
        await bot.close()


async def test_no_news_as_an_error_is_no_update_either(stand_in) -> None:
    """408."""
    fault(stand_in, kind="error", method="getUpdates", code=408)
    bot = adapter(stand_in)
    assert await bot.poll(3) == ([], 3)
    await bot.close()


async def test_a_wrong_token_is_one_sentence_without_the_token(stand_in, receiver) -> None:
    """Human, naming the account and the way out."""
    bot = adapter(stand_in, receiver.url, token="12345:tokenThatMustNotBeSeenAnywhere0123456")
    with pytest.raises(Human, match=r"^zalo bot b1: the token was refused \(401\)") as failed:
        await bot.start()
    assert "tokenThat" not in str(failed.value)
    await bot.close()


async def test_a_webhook_that_zalo_cannot_reach_or_take_calls_a_human(stand_in) -> None:
    """Set but not reached: the proxy; refused: an address without https."""
    unreached = adapter(stand_in, "http://127.0.0.1:9/hooks/b1")
    with pytest.raises(Human, match="could not reach it; check public_url"):
        await unreached.start()
    refused = adapter(stand_in, "http://example.test/hooks/b1")
    with pytest.raises(Human, match="public_url must be an https address"):
        await refused.start()
    await unreached.close()
    await refused.close()


async def test_zalo_down_at_start_is_asked_again_until_it_answers(stand_in, receiver, until) -> None:
    """One sentence for the humans, and the webhook is set as soon as there is somebody to set it."""
    fault(stand_in, kind="5xx", method="getMe", times=3)
    bot = adapter(stand_in, receiver.url, again=0.02)
    with pytest.raises(Human, match="zalo bot b1: Zalo does not answer"):
        await bot.start()
    await until(lambda: stand_in.world.zalo_bot.updates.webhook is not None)
    await bot.close()


FAULTS = ["429", "5xx", "html", "reset", "empty", "truncated", "timeout_after", "token_revoked", "lost_response"]


@pytest.mark.parametrize("kind", FAULTS)
async def test_the_token_is_in_no_log_and_no_error(stand_in, kind: str) -> None:
    """With every logger at DEBUG: neither records nor tracebacks, their causes and contexts hold it."""
    token = stand_in.world.zalo_bot.token
    told = ZaloBotLog()
    root = logging.getLogger()
    level = root.level
    root.addHandler(told)
    root.setLevel(0)
    try:
        for method in ("getMe", "sendMessage", "getUpdates"):
            fault(stand_in, kind=kind, method=method)
            bot = adapter(stand_in)
            failure = await failing(bot)
            told.lines.append("".join(traceback.format_exception(failure)))
            told.lines.append(repr([bot, failure, failure.__cause__, failure.__context__, failure.args]))
            await bot.close()
            assert failure.__context__ is None
    finally:
        root.removeHandler(told)
        root.setLevel(level)
    everything = "\n".join(told.lines)
    assert token not in everything
    assert token.split(":")[1] not in everything
    assert CANARY not in everything


async def failing(bot: ZaloBot) -> Failure:
    """Open the account, send and poll; return what went wrong."""
    with pytest.raises(Failure) as failed:
        await everything_once(bot)
    return failed.value


async def everything_once(bot: ZaloBot) -> None:
    """Open the account, poll, and send to nobody."""
    await bot.start()
    await bot.poll(0)
    await bot.send("5", Shown(CANARY))


class ZaloBotLog(logging.Handler):
    """Keeps every record as it would be printed."""

    def __init__(self) -> None:
        super().__init__(0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record, with its traceback."""
        self.lines.append(self.format(record))
