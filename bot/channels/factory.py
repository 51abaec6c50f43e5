"""Build a channel from an account's settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.channels.base import Channel
from bot.config.settings import Account, Settings, TelegramAccount, ZaloBotAccount, ZaloOAAccount
from bot.runtime import Runtime
from store.crypto.oauth_tokens import KekSealer, Tokens
from store.db.engine import Store, raw

if TYPE_CHECKING:
    import httpx

    from bot.zalo_sdk.token_keeper import TokenKeeper


ALARMS = {
    "needs_consent": "an administrator of the OA must give consent again: `nhipcau admin zalo-consent {name}`",
    "refresh_unanswered": "Zalo did not answer the refresh of the token; it is tried once more",
    "refresh_refused": "Zalo refused to refresh the token; sending goes on until the present one ends",
    "kept_in_file": "the new token could not be stored and waits in a sealed file: look at the keyring database",
    "refresh_old": "the refresh token is older than 60 days and dies at 90: give consent again",
}
"""What each alarm of the token keeper asks of a human."""


async def build_channel(account: Account, runtime: Runtime) -> Channel:
    """Build the adapter of one account and store its first tokens; nothing is opened yet."""
    if isinstance(account, TelegramAccount):
        return _telegram(account, runtime)
    if isinstance(account, ZaloBotAccount):
        return _zalo_bot(account, runtime)
    return await _zalo_oa(account, runtime)


def _webhook_url(account: TelegramAccount | ZaloBotAccount, runtime: Runtime) -> str | None:
    """Return where a platform shall bring its updates; None when it is asked for them."""
    return f"{runtime.settings.public_url.rstrip('/')}/hooks/{account.name}" if account.mode == "webhook" else None


def _telegram(account: TelegramAccount, runtime: Runtime) -> Channel:
    from bot.channels.telegram.adapter import Telegram

    return Telegram(
        account.name,
        account.token.get_secret_value(),
        account.base_url,
        _webhook_url(account, runtime),
        account.secret.get_secret_value(),
        runtime.library.limits["telegram"],
        account.proxy,
        connections=account.in_flight,
        clock=runtime.clock.now,
    )


def _zalo_bot(account: ZaloBotAccount, runtime: Runtime) -> Channel:
    from bot.channels.zalo_bot.adapter import ZaloBot

    return ZaloBot(
        account.name,
        account.token.get_secret_value(),
        account.base_url,
        _webhook_url(account, runtime),
        account.secret.get_secret_value(),
        runtime.library.limits["zalo_bot"],
        connections=account.in_flight,
        clock=runtime.clock.now,
    )


async def _zalo_oa(account: ZaloOAAccount, runtime: Runtime) -> Channel:
    from bot.channels.zalo_oa.adapter import ZaloOA
    from bot.http import httpx_client

    http = httpx_client(account.in_flight)
    keeper = token_keeper(
        account,
        runtime.store,
        runtime.settings,
        http,
        runtime.clock.now,
        lambda name, reason: runtime.alarm(f"zalo account {name}: {ALARMS[reason].format(name=name)}"),
    )
    await seed_tokens(account, keeper)
    return ZaloOA(
        account.name,
        account.app_id,
        account.oa_id,
        [secret.get_secret_value() for secret in account.webhook_secrets],
        account.api_base,
        keeper,
        runtime.library.limits["zalo_oa"],
        http=http,
        clock=runtime.clock.now,
    )


def token_keeper(
    account: ZaloOAAccount,
    store: Store,
    settings: Settings,
    http: httpx.AsyncClient,
    clock: Callable[[], datetime],
    alarm: Callable[[str, str], None],
) -> TokenKeeper:
    """Build the keeper of an account's tokens; `alarm` gets the account's name and one of ALARMS."""
    from bot.zalo_sdk.oauth import OAuth
    from bot.zalo_sdk.token_keeper import TokenKeeper

    return TokenKeeper(
        account.name,
        OAuth(http, account.oauth_base, account.app_id, account.secret_key.get_secret_value()),
        Tokens(KekSealer(store.house.kek)),
        lambda: raw(store.keyring),
        clock=clock,
        alarm=alarm,
        emergency=settings.keys_dir / "tokens",
    )


async def seed_tokens(account: ZaloOAAccount, keeper: TokenKeeper) -> None:
    """Offer the keeper the pair that the settings name, if they do."""
    if account.access_token and account.refresh_token:
        await keeper.seed(account.access_token.get_secret_value(), account.refresh_token.get_secret_value())
