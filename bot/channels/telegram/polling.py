"""Telegram long polling: asks for updates and keeps each as the bytes it came in."""

from __future__ import annotations

import json

from telegram.error import TelegramError
from telegram.request import RequestData

from bot.channels.base import Failure
from bot.channels.telegram.errors import failure_of
from bot.channels.telegram.http import AiohttpRequest


async def news(request: AiohttpRequest, url: str, query: RequestData, offset: int) -> tuple[list[bytes], int]:
    """Return the raw updates after `offset` and the offset that confirms them. Raises a Failure."""
    failure: Failure
    try:
        updates = await request.post(url, query)
    except (TelegramError, KeyError) as error:
        failure = failure_of(error)
    else:
        return _split(updates, offset)
    raise failure


def _split(updates: object, offset: int) -> tuple[list[bytes], int]:
    found = [u for u in updates if isinstance(u, dict)] if isinstance(updates, list) else []
    ids = [u["update_id"] for u in found if isinstance(u.get("update_id"), int)]
    raws = [json.dumps(u, separators=(",", ":")).encode() for u in found]  # ASCII keeps half characters
    return raws, max([offset, *(i + 1 for i in ids)])
