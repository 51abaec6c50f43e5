"""A bot in python-telegram-bot's own manner, polling: only its base URLs know about the stand-in."""

import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters


async def start(update, context):
    keys = [
        [InlineKeyboardButton("Cần giúp", callback_data="help"), InlineKeyboardButton("Dừng", callback_data="stop")]
    ]
    await update.message.reply_text("Chào chị", reply_markup=InlineKeyboardMarkup(keys))


async def echo(update, context):
    await update.message.reply_text(f"nghe: {update.message.text}")


async def pressed(update, context):
    await update.callback_query.answer()
    await update.callback_query.edit_message_text(f"chọn: {update.callback_query.data}")


async def heard(update, context):
    file = await update.message.voice.get_file()
    sound = await file.download_as_bytearray()
    await update.message.reply_voice(bytes(sound), caption=f"{len(sound)} byte")


def build():
    app = (
        Application.builder()
        .token(os.environ["TOKEN"])
        .base_url(os.environ["BASE"] + "/sim/telegram/bot")
        .base_file_url(os.environ["BASE"] + "/sim/telegram/file/bot")
        .build()
    )
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(MessageHandler(filters.VOICE, heard))
    app.add_handler(MessageHandler(filters.TEXT, echo))
    return app


if __name__ == "__main__":
    build().run_polling(timeout=5)
