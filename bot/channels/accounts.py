"""The settings that every account has; each channel's package adds its own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

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

    def objection(self, *, demo: bool) -> str:
        """Why the account cannot be used like this, in one sentence; "" when it can."""
        return ""


class PollableAccount(Account):
    """An account of a platform that brings its news to a webhook or hands them to whoever asks."""

    mode: Literal["webhook", "poll"] = "webhook"

    @property
    def polled(self) -> bool:
        """Whether the platform is asked for news instead of calling us."""
        return self.mode == "poll"
