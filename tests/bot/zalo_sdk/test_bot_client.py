"""The client of the Bot Platform against the stand-in: every method we have, and what may never be seen of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.http import httpx_client
from bot.zalo_sdk.bot_client import BotProfile, WebhookInfo, ZaloBotClient
from bot.zalo_sdk.errors import Action, ZaloError, ZaloNoAnswer, ZaloNotSent

SECRET = "eight-letters-or-more"


@pytest.fixture
async def bot(zalo) -> AsyncIterator[ZaloBotClient]:
    """A client with a good token."""
    async with httpx_client(8) as http:
        yield ZaloBotClient(http, f"{zalo.url}/sim/zalo_bot/bot", zalo.world.zalo_bot.token, patience=1.0)


async def test_the_bot_knows_itself(bot, zalo) -> None:
    """getMe."""
    account = zalo.world.zalo_bot
    assert await bot.get_me() == BotProfile(account.id, account.account_name, "BASIC", can_join_groups=False)


async def test_a_webhook_is_set_asked_about_and_taken_away(bot, zalo) -> None:
    """Kept although nobody answers there, which the verification says; then nowhere."""
    set_up = await bot.set_webhook("http://127.0.0.1:9/hooks/b1", SECRET)
    assert set_up == WebhookInfo("http://127.0.0.1:9/hooks/b1", verified=False, outcome="webhook.unreachable")
    assert await bot.get_webhook_info() == WebhookInfo("http://127.0.0.1:9/hooks/b1")
    assert await bot.delete_webhook() == WebhookInfo("")
    assert await bot.get_webhook_info() == WebhookInfo("")


async def test_updates_come_one_by_one_and_then_there_is_none(bot, zalo) -> None:
    """In both shapes of no news."""
    from simulator.zalo_bot.person import write

    account, lan = zalo.world.zalo_bot, zalo.world.phone("zalo_bot", "lan")
    write(account, lan, "một")
    write(account, lan, "hai")
    texts = [(await bot.get_updates(0))["message"]["text"] for _ in range(2)]
    assert texts == ["một", "hai"]
    assert await bot.get_updates(0) is None
    account.conditions.no_news_is_error = False
    assert await bot.get_updates(0) is None


async def test_everything_that_can_be_sent_is_on_the_phone(bot, zalo) -> None:
    """Text, picture with words, sticker, voice; typing leaves nothing."""
    lan = zalo.world.phone("zalo_bot", "lan")
    await bot.send_chat_action(lan.address)
    sent = [
        await bot.send_message(lan.address, "Chào chi\u0323", parse_mode="markdown"),
        await bot.send_photo(lan.address, "https://x.test/a.png", "Xem"),
        await bot.send_sticker(lan.address, "bfe4"),
        await bot.send_voice(lan.address, "https://x.test/a.aac"),
    ]
    assert [one.message_id for one in sent] == [message.id for message in lan.messages]
    assert [message.text for message in lan.messages] == ["Chào chị", "Xem", "", ""]
    assert sent[0].date == int(lan.messages[0].at.timestamp() * 1000)


@pytest.mark.parametrize(
    ("planned", "error"),
    [
        ({"kind": "error", "code": 401}, ZaloError),
        ({"kind": "error", "code": 408}, ZaloNoAnswer),
        ({"kind": "reset"}, ZaloNoAnswer),
        ({"kind": "html"}, ZaloNoAnswer),
        ({"kind": "error", "code": 503}, ZaloNoAnswer),
    ],
)
async def test_an_error_holds_neither_token_nor_text(bot, zalo, planned: dict, error: type[Exception]) -> None:
    """Not in its words, its arguments, its attributes or its causes."""
    from simulator.core.faults import read_fault

    token, text = zalo.world.zalo_bot.token, "canary of the text"
    fault = {"channel": "zalo_bot", "description": f"bad {text} for bot{token}", **planned}
    zalo.world.faults.replace([read_fault(fault)])
    with pytest.raises(error) as failed:
        await bot.send_message("5", text)
    seen = repr([failed.value, failed.value.args, vars(failed.value), failed.value.__cause__, failed.value.__context__])
    assert token.split(":")[1] not in seen
    assert text not in seen
    assert token not in repr(bot)


async def test_a_host_that_is_not_there_was_not_reached() -> None:
    """The request may be repeated."""
    async with httpx_client(1) as http:
        with pytest.raises(ZaloNotSent):
            await ZaloBotClient(http, "http://127.0.0.1:9/bot", "1:x").get_me()


async def test_a_token_that_is_wrong_is_a_humans_business(zalo) -> None:
    """401."""
    async with httpx_client(1) as http:
        with pytest.raises(ZaloError) as refused:
            await ZaloBotClient(http, f"{zalo.url}/sim/zalo_bot/bot", "1:x").get_me()
    assert (refused.value.code, refused.value.action) == (401, Action.HUMAN)
