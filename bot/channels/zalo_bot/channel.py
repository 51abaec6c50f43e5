"""The Zalo Bot Platform as a channel: the settings of a bot, and how its adapter is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr

from bot.channels.accounts import PollableAccount
from bot.channels.registry import ChannelContext, channel

if TYPE_CHECKING:
    from bot.channels.base import Channel

API = "https://bot-api.zaloplatforms.com"


class ZaloBotAccount(PollableAccount):
    """One bot of the Zalo Bot Platform. Zalo publishes no rates: these are careful ones; 0 means unlimited.

    `mode` "poll" is for the demo: Zalo's getUpdates gives an update once and never again.
    """

    channel: Literal["zalo_bot"]
    token: SecretStr
    secret: SecretStr = Field(min_length=16, max_length=256)
    base_url: str = f"{API}/bot"
    rate: float = Field(5, ge=0)
    chat_rate: float = Field(1, ge=0)
    in_flight: int = Field(16, ge=1, le=512)

    def objection(self, *, demo: bool) -> str:
        """Refuse to poll outside the demo."""
        if demo or not self.polled:
            return ""
        return (
            f"the Zalo bot {self.name} is set to poll, and what Zalo hands to a poller is gone from Zalo "
            'before it is stored here, so that a crash loses it; set mode = "webhook"'
        )


@channel(ZaloBotAccount)
async def build(account: ZaloBotAccount, context: ChannelContext) -> Channel:
    """Build the adapter; nothing is opened yet."""
    from bot.channels.zalo_bot.adapter import ZaloBot  # start time: it loads the platform's library

    return ZaloBot(
        account.name,
        account.token.get_secret_value(),
        account.base_url,
        context.webhook_url,
        account.secret.get_secret_value(),
        context.limits,
        connections=account.in_flight,
        clock=context.clock,
    )
