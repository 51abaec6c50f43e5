"""The Zalo Bot Platform as a channel: the settings of a bot, and how its adapter is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from bot.channels.accounts import BotAccount
from bot.channels.registry import ChannelContext, channel

if TYPE_CHECKING:
    from bot.channels.base import Channel

API = "https://bot-api.zaloplatforms.com"


class ZaloBotAccount(BotAccount):
    """One bot of the Zalo Bot Platform. Zalo publishes no rates: these are careful ones; 0 means unlimited."""

    channel: Literal["zalo_bot"]
    base_url: str = f"{API}/bot"
    rate: float = Field(5, ge=0)
    chat_rate: float = Field(1, ge=0)
    in_flight: int = Field(16, ge=1, le=512)


@channel(ZaloBotAccount)
async def build(account: ZaloBotAccount, context: ChannelContext) -> Channel:
    """Build the adapter; nothing is opened yet."""
    from bot.channels.zalo_bot.adapter import ZaloBot  # start time: it loads the platform's library

    return ZaloBot(
        account.access(context.webhook_url),
        context.limits,
        connections=account.in_flight,
        clock=context.clock,
    )
