"""Zalo as a channel: how the adapter of an Official Account is built, beside the keeper of its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.registry import ChannelContext, channel
from bot.channels.zalo_oa.account import ZaloOAAccount

if TYPE_CHECKING:
    from bot.channels.base import Channel


@channel(ZaloOAAccount)
async def build(account: ZaloOAAccount, context: ChannelContext) -> Channel:
    """Build the adapter and store its first tokens."""
    from bot.channels.zalo_oa.adapter import ZaloOA  # start time: it loads the platform's library
    from bot.channels.zalo_oa.tokens import seed_tokens, token_keeper  # start time: it loads the database's
    from bot.http import httpx_client  # start time: it loads aiohttp

    http = httpx_client(account.in_flight)
    keeper = token_keeper(account, context.store, context.keys_dir, http, context.clock, context.alarm)
    await seed_tokens(account, keeper)
    return ZaloOA(
        account.name,
        account.app_id,
        account.oa_id,
        [secret.get_secret_value() for secret in account.webhook_secrets],
        account.api_base,
        keeper,
        context.limits,
        http=http,
        clock=context.clock,
    )
