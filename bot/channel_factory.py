"""Build a channel from an account's settings."""

from __future__ import annotations

from bot.channels.accounts import Account
from bot.channels.base import Channel
from bot.channels.registry import ChannelContext, channels
from bot.runtime import Runtime


async def build_channel(account: Account, runtime: Runtime) -> Channel:
    """Build the adapter of one account; nothing is opened yet."""
    context = ChannelContext(
        _webhook_url(account, runtime),
        runtime.library.limits[account.channel],
        runtime.clock.now,
        runtime.store,
        runtime.settings.keys_dir,
        runtime.alarm,
    )
    return await channels()[account.channel].build(account, context)


def _webhook_url(account: Account, runtime: Runtime) -> str | None:
    return None if account.polled else f"{runtime.settings.public_url.rstrip('/')}/hooks/{account.name}"
