"""One Official Account with its app: identity, plan, switches, tokens, quotas and everything it stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.core.environment import Environment
from simulator.core.phones import Phone
from simulator.zalo.conditions import AccountConditions
from simulator.zalo.tokens import Tokens
from simulator.zalo.webhook import ZaloWebhook


@dataclass
class Asset:
    """An uploaded file as messages refer to it; dead after 7 days."""

    id: str
    kind: str
    file: str
    name: str
    uploaded_at: datetime


@dataclass
class Group:
    """A group chat owned by the account; members are user ids."""

    id: str
    name: str
    description: str
    asset_id: str
    members: list[str]
    enabled: bool = True


@dataclass
class Belongings:
    """What the account made: uploads, tags, groups, the count of messages in the current windows."""

    assets: dict[str, Asset] = field(default_factory=dict)
    uploads: dict[str, int] = field(default_factory=dict)
    tags: dict[str, set[str]] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    replies: dict[str, int] = field(default_factory=dict)
    sent_templates: dict[str, int] = field(default_factory=dict)


class OfficialAccount:
    """One account and the one app that serves it. Its secrets open nothing outside this world."""

    def __init__(self, environment: Environment, number: int) -> None:
        self.environment = environment
        self.number = number
        self.app_id = str(360_846_524_940_900_000 + number)
        self.oa_id = str(388_613_280_878_800_000 + number)
        self.app_secret = self._secret("app secret")[:20]
        self.name = "Sổ tay phụ nữ"
        self.description = ""
        self.conditions = AccountConditions()
        self.tokens = Tokens(environment, self.oa_id, self.conditions)
        self.webhook = ZaloWebhook(environment, self.app_id, self.oa_id, self._secret("webhook secret")[:24])
        self.has = Belongings()
        self._minute: tuple[int, int] = (0, 0)

    def _secret(self, what: str) -> str:
        return hashlib.sha256(f"stand-in OA {self.number} {what}".encode()).hexdigest()

    def person(self, user_id: str) -> Phone | None:
        """Return the phone behind a user id of this account."""
        return self.environment.phones.at("zalo_oa", self.oa_id, user_id)

    def count_request(self) -> dict[str, str]:
        """Count one call in this minute of the world's clock and return the headers that report it.

        `X-RateLimit-Remain` is -1 when this call is one too many.
        """
        minute = int(self.environment.now().timestamp() // 60)
        used = self._minute[1] + 1 if self._minute[0] == minute else 1
        self._minute = (minute, used)
        limit = self.conditions.rate_per_minute
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remain": str(max(limit - used, -1))}

    def reset(self) -> None:
        """Forget everything made and counted; tokens, webhook and conditions stay."""
        self.has = Belongings()
        self.webhook.clear()
        self._minute = (0, 0)
