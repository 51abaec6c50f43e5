"""python-telegram-bot's own Bot class understands every answer of the stand-in, errors included."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.warnings import PTBDeprecationWarning


@pytest.fixture
async def bot(far: Any) -> AsyncIterator[Bot]:
    base = f"{far.base}/sim/telegram"
    made = Bot(far.world.telegram.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot")
    async with made:
        yield made


@pytest.fixture
async def chat(far: Any) -> int:
    await far.act("telegram", "lan", "say", text="chào")
    return int(far.world.phone("telegram", "lan").address)


async def test_messages_of_every_kind_come_back_as_objects(bot, chat):
    """Text with a coloured button, picture, voice, sound and document are parsed, edited and deleted."""
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Có", callback_data="1", style="success")]])
    text = await bot.send_message(chat, "Chào chị", reply_markup=keys, protect_content=True)
    assert (text.text, text.reply_markup, text.has_protected_content) == ("Chào chị", keys, True)
    photo = await bot.send_photo(chat, b"\x89PNG", caption="ảnh", filename="a.png")
    voice = await bot.send_voice(chat, b"OggS", filename="a.ogg")
    audio = await bot.send_audio(chat, voice.voice.file_id)
    document = await bot.send_document(chat, "https://example.org/a.pdf")
    assert (photo.caption, bool(audio.audio), bool(document.document)) == ("ảnh", True, True)
    file = await bot.get_file(voice.voice.file_id)
    assert bytes(await file.download_as_bytearray()) == b"OggS"
    edited = await bot.edit_message_text("Chào em", chat, text.message_id)
    assert (edited.text, edited.reply_markup) == ("Chào em", None)
    assert await bot.delete_messages(chat, [m.message_id for m in (text, photo, voice, audio, document)])


async def test_the_bot_and_its_chats_come_back_as_objects(bot, chat):
    """Profile, commands, chat and webhook calls are parsed."""
    assert (await bot.get_me()).username == "nhip_cau_1_bot"
    assert await bot.set_my_name("Cầu")
    assert (await bot.get_my_name()).name == "Cầu"
    assert await bot.set_my_short_description("Hỏi gì cũng được")
    assert await bot.set_my_commands([BotCommand("help", "Trợ giúp")])
    assert (await bot.get_my_commands())[0].command == "help"
    assert (await bot.get_chat(chat)).first_name == "Lan"
    assert await bot.set_webhook("http://127.0.0.1:9/hook", allowed_updates=["message"], max_connections=10)
    info = await bot.get_webhook_info()
    assert (info.max_connections, info.allowed_updates) == (10, ("message",))
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param({"kind": "429", "retry_after": 3}, RetryAfter, id="429"),
        pytest.param({"kind": "5xx"}, NetworkError, id="502"),
        pytest.param({"kind": "html"}, TelegramError, id="HTML, which it calls no network error"),
        pytest.param({"kind": "reset"}, NetworkError, id="reset"),
        pytest.param({"kind": "lost_response"}, NetworkError, id="lost answer"),
        pytest.param({"kind": "token_revoked"}, InvalidToken, id="revoked"),
        pytest.param({"kind": "error", "code": 403, "description": "Forbidden: bot was kicked"}, Forbidden, id="403"),
    ],
)
async def test_faults_become_the_librarys_errors(bot, chat, far, fault, error):
    """Each fault surfaces as the error class the library has for it."""
    await far.faults({"channel": "telegram", "method": "sendMessage", **fault})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        with pytest.raises(error):
            await bot.send_message(chat, "a")


async def test_refusals_become_bad_requests(bot, chat):
    """Unknown chats and messages, and leaving a private chat, are BadRequest."""
    for refused in (
        bot.send_message(5, "a"),
        bot.delete_message(chat, 5),
        bot.leave_chat(chat),
        bot.answer_callback_query("5"),
    ):
        with pytest.raises(BadRequest):
            await refused
