"""A bot on PyPI's python-zalo-bot 0.1.9, asking for updates; only its base URL knows about the stand-in.

Its Updater is a stub, so the loop is written out; its Update drops the event's name and the voice's address, which
are found in `api_kwargs`.
"""

import asyncio
import os

from zalo_bot import Bot


async def answer(bot, update):
    """Do what the person asks for by a word and say what came of it."""
    message = update.message
    heard = message.api_kwargs
    if message.text == "ảnh":
        await bot.send_photo(message.chat.id, "Bản đồ", "https://example.test/map.png")
    elif message.text == "nhãn":
        await bot.send_sticker(message.chat.id, "bfe458bf64fa8da4d4eb")
    elif message.text:
        await bot.send_chat_action(message.chat.id, "typing")
        await message.reply_text(f"{message.from_user.display_name}: {message.text}")
    elif message.photo_url:
        await message.reply_text("ảnh đã nhận")
    elif heard.get("voice_url"):
        await message.reply_text("giọng đã nhận")
    else:
        await message.reply_text(update.api_kwargs["event_name"])


async def main():
    async with Bot(os.environ["TOKEN"], base_url=os.environ["BASE"] + "/sim/zalo_bot") as bot:
        while True:
            update = await bot.get_update(timeout=5)
            if update is not None:
                await answer(bot, update)


if __name__ == "__main__":
    asyncio.run(main())
