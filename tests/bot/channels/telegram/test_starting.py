"""Opening and closing a Telegram account, being polled, and keeping the token to itself."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback

import pytest

from bot.channels.accounts import BotAccess
from bot.channels.base import Failure, Human, Retry
from bot.channels.telegram.adapter import UPDATES, Telegram
from flows.model.addresses import in_thread
from flows.model.messages import Shown
from tests.support.content import limits_of

SECRET = "s3cret-of-the-test-0123456789"
CANARY = " ".join(["canary", "of", "the", "text"])


def adapter(stand_in, webhook: str | None = None, token: str = "", **more: float) -> Telegram:
    """An adapter pointed at the stand-in."""
    token = token or stand_in.world.telegram.token
    return Telegram(
        BotAccess("t1", token, f"{stand_in.url}/sim/telegram/bot", webhook, SECRET),
        limits_of("telegram"),
        read=1.0,
        **more,
    )


async def test_start_registers_the_webhook_and_events_come_with_the_secret(stand_in, receiver, until) -> None:
    """What the platform then sends passes `verify`, carries its id, and reads as what she wrote."""
    bot = adapter(stand_in, receiver.url)
    await bot.start()
    updates = stand_in.world.telegram.updates
    assert (updates.webhook.url, updates.webhook.secret, updates.allowed) == (receiver.url, SECRET, UPDATES)
    lan = stand_in.world.phone("telegram", "lan")
    say(stand_in, lan, "xin chào")
    ((headers, raw),) = await receiver.wait(1)
    bot.verify(headers, raw)
    assert bot.event_id(raw).conversation == lan.address
    assert (bot.read(raw).address, bot.read(raw).incoming.text) == (lan.address, "xin chào")
    await bot.close()


@pytest.mark.parametrize(("has_topics", "told"), [(False, 1), (True, 0), (None, 0)])
@pytest.mark.parametrize("first", ["start", "read", "send"])
async def test_topics_that_are_off_and_used_are_told_of_once(stand_in, caplog, first: str, has_topics, told) -> None:
    """Whether the start, a message in a topic or an answer there comes first; a platform that does not say is silent.

    Nobody's words, chat or topic stand in the warning.
    """
    stand_in.world.telegram.has_topics = has_topics
    bot, lan = adapter(stand_in), stand_in.world.phone("telegram", "lan")
    lan.topics.add(4242)
    raw = json.dumps(update(lan, "xin chào", message_thread_id=4242, is_topic_message=True)).encode()
    acts = {
        "start": bot.start,
        "read": lambda: asyncio.to_thread(bot.read, raw),
        "send": lambda: bot.send(in_thread(lan.address, "4242"), Shown("a")),
    }
    for name in sorted(acts, key=lambda one: one != first):
        await acts[name]()
    warnings = [record.getMessage() for record in caplog.records if "topics" in record.getMessage()]
    assert len(warnings) == told
    assert not any(secret in text for text in warnings for secret in ("4242", lan.address, "xin chào"))
    await bot.close()


def update(phone, text: str, **more: object) -> dict[str, object]:
    """An update with a private message."""
    message = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": int(phone.address), "type": "private"}}
    return {"update_id": 1, "message": message | {"text": text} | more}


async def test_start_without_a_webhook_takes_an_old_one_away(stand_in, receiver) -> None:
    """A polled account must have none."""
    first = adapter(stand_in, receiver.url)
    await first.start()
    second = adapter(stand_in)
    await second.start()
    assert stand_in.world.telegram.updates.webhook is None
    await first.close()
    await second.close()


async def test_polling_gives_the_bytes_and_the_offset_confirms_them(stand_in) -> None:
    """Until the new offset is used the same updates come again, also one with half a character."""
    bot = adapter(stand_in)
    lan = stand_in.world.phone("telegram", "lan")
    for text in ("một", "hai \ud83d"):
        say(stand_in, lan, text)
    raws, offset = await bot.poll(0)
    assert [bot.read(raw).incoming.text for raw in raws] == ["một", "hai \ufffd"]
    again, _ = await bot.poll(0)
    assert again == raws
    say(stand_in, lan, "ba")
    raws, _ = await bot.poll(offset)
    assert [bot.read(raw).incoming.text for raw in raws] == ["ba"]
    await bot.close()


async def test_polling_while_a_webhook_is_set_is_a_retry(stand_in, receiver) -> None:
    """409 is somebody else's turn, not the end."""
    hooked, polled = adapter(stand_in, receiver.url), adapter(stand_in)
    await hooked.start()
    with pytest.raises(Retry):
        await polled.poll(0)
    await hooked.close()
    await polled.close()


async def test_a_press_is_acknowledged_in_the_background(stand_in, receiver, until) -> None:
    """The call goes out without anyone waiting, and its failing disturbs nobody."""
    bot = adapter(stand_in)
    raw = press(b"a-query")
    bot.acknowledge(raw)
    await until(lambda: bool(stand_in.events("request", method="answerCallbackQuery")))
    bot.acknowledge(b'{"update_id":1,"message":{"chat":{"id":1}}}')
    bot.acknowledge(b"\xff")
    await bot.close()
    assert len(stand_in.events("request")) == 1


async def test_the_receipt_of_a_press_acknowledges_it_too(stand_in) -> None:
    """In the body of our 200, without a request."""
    bot = adapter(stand_in)
    assert bot.receipt(press(b"q7")) == b'{"method":"answerCallbackQuery","callback_query_id":"q7"}'
    assert bot.receipt(b'{"update_id":1}') == b""


async def test_a_wrong_token_is_one_sentence_without_the_token(stand_in) -> None:
    """Human, naming the account and the way out."""
    bot = adapter(stand_in, token="12345:AAtokenThatMustNotBeSeenAnywhere0123456")
    with pytest.raises(Human) as failed:
        await bot.start()
    assert str(failed.value).startswith("telegram account t1: the token was refused (401)")
    await bot.close()


async def test_telegram_down_at_start_is_asked_again_until_it_answers(stand_in, receiver, until) -> None:
    """One sentence for the humans, and the webhook is set as soon as there is somebody to set it."""
    from simulator.core.faults import read_fault

    broken = {"channel": "telegram", "kind": "5xx", "method": "getMe", "times": 3}
    stand_in.world.faults.replace([read_fault(broken)])
    bot = adapter(stand_in, receiver.url, again=0.02)
    with pytest.raises(Human, match="telegram account t1: Telegram does not answer"):
        await bot.start()
    await until(lambda: stand_in.world.telegram.updates.webhook is not None)
    await bot.close()


FAULTS = ["429", "5xx", "html", "reset", "empty", "truncated", "timeout_after", "token_revoked", "lost_response"]


@pytest.mark.parametrize("kind", FAULTS)
async def test_the_token_is_in_no_log_and_no_error(stand_in, kind: str) -> None:
    """With every logger at DEBUG: neither records nor tracebacks, their causes and contexts hold it."""
    from simulator.core.faults import read_fault

    token = stand_in.world.telegram.token
    told = TelegramLog()
    with every_logger_at_debug(told):
        for method in ("getMe", "sendMessage"):
            stand_in.world.faults.replace([read_fault({"channel": "telegram", "kind": kind, "method": method})])
            bot = adapter(stand_in)
            failure = await failing(bot)
            told.lines.append("".join(traceback.format_exception(failure)))
            told.lines.append(repr([bot, failure, failure.__cause__, failure.__context__, failure.args]))
            await bot.close()
            assert failure.__context__ is None
    everything = "\n".join(told.lines)
    assert token not in everything
    assert token.split(":")[1] not in everything
    assert CANARY not in everything


async def failing(bot: Telegram) -> Failure:
    """Open the account and send; return what went wrong."""
    with pytest.raises(Failure) as failed:
        await opened_and_sent(bot)
    return failed.value


async def opened_and_sent(bot: Telegram) -> None:
    """Open the account and send."""
    await bot.start()
    await bot.send("5", Shown(CANARY))


class TelegramLog(logging.Handler):
    """Keeps every record as it would be printed."""

    def __init__(self) -> None:
        super().__init__(0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record, with its traceback."""
        self.lines.append(self.format(record))


def every_logger_at_debug(handler: logging.Handler):
    """Turn everything on for a while."""
    from contextlib import contextmanager

    @contextmanager
    def on():
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(0)
        try:
            yield
        finally:
            root.removeHandler(handler)
            root.setLevel(level)

    return on()


def say(stand_in, lan, text: str) -> None:
    """Let her write."""
    from simulator.telegram.person import write

    write(stand_in.world.telegram, lan, text)


def press(query: bytes) -> bytes:
    """A press of a button."""
    return b'{"update_id":1,"callback_query":{"id":"' + query + b'","from":{"id":5},"data":"1:0"}}'
