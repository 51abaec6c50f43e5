"""A form of two questions in aiogram's own manner (FSM in memory), polling; only its API server is set."""

import asyncio
import os

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

KEYS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Xong", callback_data="done")]])
dispatcher = Dispatcher()


class Form(StatesGroup):
    topic = State()
    place = State()


@dispatcher.message(CommandStart())
async def begin(message: Message, state: FSMContext):
    await state.set_state(Form.topic)
    await message.answer("Chị cần gì?")


@dispatcher.message(Form.topic, F.text)
async def topic(message: Message, state: FSMContext):
    await state.update_data(topic=message.text)
    await state.set_state(Form.place)
    await message.answer("Chị ở đâu?")


@dispatcher.message(Form.place, F.location)
async def place(message: Message, state: FSMContext):
    kept = await state.get_data()
    await message.answer(f"{kept['topic']} ở {message.location.latitude}", reply_markup=KEYS)


@dispatcher.callback_query(F.data == "done")
async def done(query: CallbackQuery, state: FSMContext):
    await state.clear()
    await query.answer()
    await query.message.answer_photo(BufferedInputFile(b"\x89PNG", "map.png"), caption="Bản đồ")
    await query.message.delete()


async def main():
    server = TelegramAPIServer.from_base(os.environ["BASE"] + "/sim/telegram")
    bot = Bot(os.environ["TOKEN"], session=AiohttpSession(api=server))
    await dispatcher.start_polling(bot, polling_timeout=5, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main())
