"""Telegram as a channel: the settings of a bot, and how its adapter is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from bot.channels.accounts import BotAccount
from bot.channels.registry import ChannelContext, channel

if TYPE_CHECKING:
    from bot.channels.base import Channel

API = "https://api.telegram.org"


class TelegramAccount(BotAccount):
    """One Telegram bot. Rates of 0 are for benchmarks only."""

    channel: Literal["telegram"]
    base_url: str = f"{API}/bot"
    rate: float = Field(25, ge=0)
    chat_rate: float = Field(1, ge=0)
    in_flight: int = Field(256, ge=1, le=512)
    proxy: str | None = None


@channel(TelegramAccount)
async def build(account: TelegramAccount, context: ChannelContext) -> Channel:
    """Build the adapter; nothing is opened yet."""
    from bot.channels.telegram.adapter import Telegram  # start time: it loads the platform's library

    return Telegram(
        account.access(context.webhook_url),
        context.limits,
        account.proxy,
        connections=account.in_flight,
        clock=context.clock,
    )
