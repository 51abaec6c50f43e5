"""One bot of the Zalo Bot Platform: its token, what the platform grants it, whom it can reach."""

from __future__ import annotations

import hashlib
from typing import Any

from simulator.core.clock import VIETNAM
from simulator.core.environment import Environment
from simulator.core.phones import Phone
from simulator.zalo_bot.conditions import BotConditions
from simulator.zalo_bot.errors import NO_CHAT, ZaloBotRefused
from simulator.zalo_bot.updates import ZaloBotUpdates


class ZaloBot:
    """One account. Its token opens nothing outside this world."""

    def __init__(self, environment: Environment, number: int) -> None:
        self.environment = environment
        self.id = str(1_459_232_241_454_765_000 + number)
        secret = hashlib.sha256(f"stand-in Zalo bot {number}".encode()).hexdigest()[:32]
        self.token = f"{self.id}:{secret}"
        self.account_name = f"bot.SoTay{number}"
        self.name = "Bot Sổ tay phụ nữ"  # the platform wants names that begin with Bot
        self.token_works = True
        self.conditions = BotConditions()
        self.updates = ZaloBotUpdates(environment, self.conditions)
        self._reached: set[str] = set()
        self._month: tuple[str, int] = ("", 0)

    def me(self) -> dict[str, Any]:
        """Return the bot as getMe describes it."""
        kind = {"account_type": "BASIC", "can_join_groups": False}
        return {"id": self.id, "account_name": self.account_name, **kind, "display_name": self.name}

    def reach(self, chat_id: str) -> Phone:
        """Return the phone a message is for and count the message; refused when she is unknown or blocked us.

        Refused with 429 above the number of people or of messages a month.
        """
        if not chat_id:
            raise ZaloBotRefused(400, "chat_id is required")
        phone = self.environment.phones.at("zalo_bot", self.id, chat_id)
        if phone is None or phone.blocked or not phone.reachable:
            raise NO_CHAT
        self._count(phone)
        return phone

    def _count(self, phone: Phone) -> None:
        limits = self.conditions
        month = self.environment.now().astimezone(VIETNAM).strftime("%Y-%m")
        sent = self._month[1] if self._month[0] == month else 0
        if limits.month_cap is not None and sent >= limits.month_cap:
            raise ZaloBotRefused(429, "quota of messages exceeded")
        people = self._reached | {phone.address}
        if limits.user_cap is not None and len(people) > limits.user_cap:
            raise ZaloBotRefused(429, "quota of users exceeded")
        self._reached, self._month = people, (month, sent + 1)

    def reset(self) -> None:
        """Forget people's updates and what was counted; webhook, token and conditions stay."""
        self.updates.clear()
        self._reached.clear()
        self._month = ("", 0)
