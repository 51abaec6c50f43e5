"""The settings that every account has; each channel's package adds its own."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]


class Account(BaseModel):
    """One account on one channel. `rate` and `chat_rate` are messages a second; 0 means unlimited.

    A channel's class names itself: `channel: Literal["…"]`, and gives the rates that its platform allows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: str
    name: Slug
    rate: float = Field(ge=0)
    chat_rate: float = Field(ge=0)
    in_flight: int = Field(ge=1, le=512)

    @property
    def polled(self) -> bool:
        """Whether the platform is asked for news instead of calling us."""
        return False


class BotAccess(msgspec.Struct, frozen=True):
    """How a bot and its platform know each other; `base_url` ends where the token follows.

    `webhook_url` is where the platform brings its events, with `secret`; None: it is asked for them.
    """

    name: str
    token: str
    base_url: str
    webhook_url: str | None
    secret: str

    def __repr__(self) -> str:
        return f"BotAccess({self.name!r})"


class BotAccount(Account):
    """A bot with a token, of a platform that brings its news to a webhook or hands them to whoever asks."""

    token: SecretStr
    secret: SecretStr = Field(min_length=16, max_length=256)
    base_url: str
    mode: Literal["webhook", "poll"] = "webhook"

    @property
    def polled(self) -> bool:
        """Whether the platform is asked for news instead of calling us."""
        return self.mode == "poll"

    def access(self, webhook_url: str | None) -> BotAccess:
        """Give the adapter what it needs to speak for this bot."""
        token, secret = self.token.get_secret_value(), self.secret.get_secret_value()
        return BotAccess(self.name, token, self.base_url, webhook_url, secret)
