"""python-telegram-bot's `Application` with its own web server and defaults: one update after the other, in memory.

Run with the interpreter of the other clients: `peer_ptb.py talk` or `peer_ptb.py send COUNT`.
"""

import asyncio
import os
import sys

import uvloop
from peer_words import CHOICES, LOOPS, MENU, MORE, PAGES, STEPS
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters
from telegram.request import HTTPXRequest

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def keys(labels):
    """One button a row."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"s:{n}")] for n, label in enumerate(labels)]
    )


MENU_KEYS, PAGE_KEYS = keys(CHOICES), keys(STEPS)


async def show_page(update, data):
    data["in_topic"] = True
    data["page"] = data.get("page", -1) + 1
    page = PAGES[data["page"] % len(PAGES)]
    await update.effective_chat.send_message(page, reply_markup=PAGE_KEYS, link_preview_options=NO_PREVIEW)


async def hear(update, context):
    data, text = context.user_data, update.message.text
    if "làm" in text or (text == MORE if data.get("in_topic") else text.isdigit()):
        await show_page(update, data)
        return
    data["in_topic"] = False
    await update.message.reply_text(MENU, reply_markup=MENU_KEYS, link_preview_options=NO_PREVIEW)


async def press(update, context):
    await show_page(update, context.user_data)


def talk():
    application = ApplicationBuilder().token("7:bench").base_url(os.environ["API"] + "/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, hear))
    application.add_handler(CallbackQueryHandler(press))
    port = int(os.environ["PORT"])
    application.run_webhook(
        "127.0.0.1",
        port,
        "hook",
        webhook_url=f"http://127.0.0.1:{port}/hook",
        secret_token=os.environ["SECRET"],
    )


async def send(count):
    """Send `count` messages, some at a time: the loop a broadcast is usually written as."""
    request = HTTPXRequest(connection_pool_size=LOOPS["ptb"], pool_timeout=60)
    chats = iter(range(1, count + 1))
    async with Bot("7:bench", os.environ["API"] + "/bot", request=request) as sender:

        async def one_after_another():
            for chat in chats:
                await sender.send_message(chat, PAGES[0], reply_markup=PAGE_KEYS, link_preview_options=NO_PREVIEW)

        await asyncio.gather(*(one_after_another() for _ in range(LOOPS["ptb"])))


if __name__ == "__main__":
    if sys.argv[1] == "talk":
        uvloop.install()
        talk()
    else:
        uvloop.run(send(int(sys.argv[2])))
