"""aiogram 3 as its own guide sets it up: webhook on aiohttp, conversation states in memory, nothing on a disk.

Run with the interpreter of the other clients: `peer_aiogram.py talk` or `peer_aiogram.py send COUNT`.
"""

import asyncio
import os
import sys

import uvloop
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from peer_words import CHOICES, LOOPS, MENU, MORE, PAGES, STEPS

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
dispatcher = Dispatcher(storage=MemoryStorage())


def keys(labels):
    """One button a row."""
    rows = [[InlineKeyboardButton(text=label, callback_data=f"s:{n}")] for n, label in enumerate(labels)]
    return InlineKeyboardMarkup(inline_keyboard=rows)


MENU_KEYS, PAGE_KEYS = keys(CHOICES), keys(STEPS)


class TalkStates(StatesGroup):
    menu = State()
    topic = State()


async def turn_page(state):
    page = (await state.get_data()).get("page", -1) + 1
    await state.update_data(page=page)
    return PAGES[page % len(PAGES)]


@dispatcher.message(TalkStates.menu, F.text.isdigit())
async def choose(message: Message, state: FSMContext):
    await state.set_state(TalkStates.topic)
    await message.answer(await turn_page(state), reply_markup=PAGE_KEYS, link_preview_options=NO_PREVIEW)


@dispatcher.message(TalkStates.topic, F.text == MORE)
async def read_on(message: Message, state: FSMContext):
    await message.answer(await turn_page(state), reply_markup=PAGE_KEYS, link_preview_options=NO_PREVIEW)


@dispatcher.callback_query(F.data.startswith("s:"))
async def press(query: CallbackQuery, state: FSMContext):
    await query.message.answer(await turn_page(state), reply_markup=PAGE_KEYS, link_preview_options=NO_PREVIEW)


@dispatcher.message(F.text.contains("làm"))
async def answer_question(message: Message, state: FSMContext):
    await state.set_state(TalkStates.topic)
    await message.answer(await turn_page(state), reply_markup=PAGE_KEYS, link_preview_options=NO_PREVIEW)


@dispatcher.message()
async def show_menu(message: Message, state: FSMContext):
    await state.set_state(TalkStates.menu)
    await message.answer(MENU, reply_markup=MENU_KEYS, link_preview_options=NO_PREVIEW)


def bot():
    server = TelegramAPIServer.from_base(os.environ["API"])
    return Bot("7:bench", session=AiohttpSession(api=server))


async def talk():
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot(), secret_token=os.environ["SECRET"]).register(app, path="/hook")
    setup_application(app, dispatcher)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    await asyncio.Event().wait()


async def send(count):
    """Send `count` messages, some at a time: the loop a broadcast is usually written as."""
    sender, chats = bot(), iter(range(1, count + 1))

    async def one_after_another():
        for chat in chats:
            await sender.send_message(chat, PAGES[0], reply_markup=PAGE_KEYS, link_preview_options=NO_PREVIEW)

    await asyncio.gather(*(one_after_another() for _ in range(LOOPS["aiogram"])))
    await sender.session.close()


if __name__ == "__main__":
    uvloop.run(talk() if sys.argv[1] == "talk" else send(int(sys.argv[2])))
