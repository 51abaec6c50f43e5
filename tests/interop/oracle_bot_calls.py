"""The calls of PyPI's python-zalo-bot 0.1.9 that we make too; run in an environment of its own against a recorder.

Its webhook methods call `asyncio.run` and cannot be used inside a loop: their coroutines are called instead.
"""

import asyncio
import os

from zalo_bot import Bot


async def main():
    bot = Bot("1:secret", base_url=os.environ["BASE"])
    await bot.get_me()
    await bot._set_webhook_async("https://example.test/hooks/b1", "a-secret")
    await bot._delete_webhook_async()
    await bot.get_update(timeout=30)
    await bot.send_message("42", "Chào chị")
    await bot.send_photo("42", "Xem", "https://example.test/a.png")
    await bot.send_sticker("42", "bfe4")
    await bot.send_chat_action("42", "typing")


asyncio.run(main())
