"""The settings of a Zalo Official Account."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from bot.channels.accounts import Account

API = "https://openapi.zalo.me"
OAUTH = "https://oauth.zaloapp.com"


class ZaloOAAccount(Account):
    """One Zalo Official Account. `rate` is messages a second (plan Tăng trưởng: 100 requests a minute).

    `pkce_verifier` belongs to the code challenge saved in Zalo's console, where one is.
    """

    channel: Literal["zalo_oa"]
    app_id: str = Field(pattern=r"^\d+$")
    oa_id: str = Field(pattern=r"^\d+$")
    secret_key: SecretStr
    webhook_secrets: tuple[SecretStr, ...] = Field(min_length=1)
    access_token: SecretStr | None = None
    refresh_token: SecretStr | None = None
    pkce_verifier: SecretStr | None = Field(None, min_length=43, max_length=128)
    api_base: str = API
    oauth_base: str = OAUTH
    rate: float = Field(1.3, ge=0)
    chat_rate: float = Field(0, ge=0)
    in_flight: int = Field(16, ge=1, le=512)
