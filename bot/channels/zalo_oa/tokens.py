"""The keeper of an Official Account's tokens, and what each of its alarms asks of a human."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.zalo_oa.account import ZaloOAAccount
from bot.zalo_sdk.oauth import OAuth
from bot.zalo_sdk.token_keeper import TokenKeeper
from store.crypto.oauth_tokens import KekSealer, Tokens
from store.db.engine import Store, raw

if TYPE_CHECKING:
    import httpx

ALARMS = {
    "needs_consent": "an administrator of the OA must give consent again: `nhipcau admin zalo-consent {name}`",
    "refresh_unanswered": "Zalo did not answer the refresh of the token; it is tried once more",
    "refresh_refused": "Zalo refused to refresh the token; sending goes on until the present one ends",
    "kept_in_file": "the new token could not be stored and waits in a sealed file: look at the keyring database",
    "refresh_old": "the refresh token is older than 60 days and dies at 90: give consent again",
}
"""What each alarm of the token keeper asks of a human."""


def token_keeper(
    account: ZaloOAAccount,
    store: Store,
    keys_dir: Path,
    http: httpx.AsyncClient,
    clock: Callable[[], datetime],
    alarm: Callable[[str], None],
) -> TokenKeeper:
    """Build the keeper of an account's tokens; `alarm` gets one sentence."""
    return TokenKeeper(
        account.name,
        OAuth(http, account.oauth_base, account.app_id, account.secret_key.get_secret_value()),
        Tokens(KekSealer(store.keys.kek)),
        lambda: raw(store.keyring),
        clock=clock,
        alarm=lambda name, reason: alarm(f"zalo account {name}: {ALARMS[reason].format(name=name)}"),
        emergency=keys_dir / "tokens",
    )


async def seed_tokens(account: ZaloOAAccount, keeper: TokenKeeper) -> None:
    """Offer the keeper the pair that the settings name, if they do."""
    if account.access_token and account.refresh_token:
        await keeper.seed(account.access_token.get_secret_value(), account.refresh_token.get_secret_value())
