"""One Telegram bot account: who it is, whom it can reach, what it waits for."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from simulator.core.environment import Environment
from simulator.core.errors import BLOCKED, CHAT_NOT_FOUND, KICKED, NO_RIGHTS, bad_request, too_many, upgraded
from simulator.core.parameters import Parameters
from simulator.core.phones import Message, Phone
from simulator.telegram.updates import TelegramUpdates


@dataclass
class Profile:
    """What people see before they press Start, and the commands offered; keys are language codes."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)


class TelegramBot:
    """One account. Its token opens nothing outside this world.

    `call` carries out the call in a webhook's answer.
    """

    def __init__(
        self, environment: Environment, number: int, call: Callable[[TelegramBot, bytes], Awaitable[None]]
    ) -> None:
        self.environment = environment
        self.id = str(7_000_000_000 + number)
        secret = hashlib.sha256(f"stand-in bot {number}".encode()).hexdigest()[:35]
        self.token = f"{self.id}:{secret}"
        self.username = f"nhip_cau_{number}_bot"
        self.profile = Profile(names={"": "Sổ tay phụ nữ"})
        self.updates = TelegramUpdates(environment, self.find, partial(call, self))
        self.presses: dict[str, str] = {}
        self.token_works = True
        self.messages_per_second: int | None = None
        self.has_topics: bool | None = True
        self._second = (0, 0)

    def me(self) -> dict[str, Any]:
        """Return the bot as a Telegram User object."""
        name = self.profile.names.get("", "")
        return {"id": int(self.id), "is_bot": True, "first_name": name, "username": self.username}

    def person(self, phone: Phone) -> dict[str, Any]:
        """Return a phone's owner as a Telegram User object."""
        return {"id": int(phone.address), "is_bot": False, "first_name": phone.name, "language_code": "vi"}

    def chat(self, phone: Phone) -> dict[str, Any]:
        """Return the private chat with a phone, or a group, as a Telegram Chat object."""
        if phone.channel == "telegram_group":
            return {"id": int(phone.address), "type": "supergroup", "title": phone.name}
        return {"id": int(phone.address), "type": "private", "first_name": phone.name}

    def find(self, chat_id: str) -> Phone | None:
        """Return the phone or the group behind a chat id, if there is one; ids of groups are negative."""
        return self.environment.phones.at("telegram_group" if chat_id.startswith("-") else "telegram", self.id, chat_id)

    def phone(self, chat_id: str) -> Phone:
        """Return the phone behind a chat id; refused as the Bot API does when there is none."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        phone = self.find(chat_id)
        if phone is None:
            moved = self.environment.phones.moved_from("telegram_group", self.id, chat_id)
            raise upgraded(int(moved.address)) if moved else CHAT_NOT_FOUND
        return phone

    def reach(self, parameters: Parameters) -> Phone:
        """Return the phone a message is for; refused when it is unknown, has blocked the bot, or it is too soon."""
        phone = self.phone(parameters.text("chat_id"))
        if phone.blocked:
            raise KICKED if phone.channel == "telegram_group" else BLOCKED
        if phone.muted:
            raise NO_RIGHTS
        self._count_message()
        return phone

    def _count_message(self) -> None:
        """Count one message in this second of the world's clock; refused (429) above the limit, if there is one.

        Telegram's own limits are unpublished (about 30 a second over all chats), so none is set by default.
        """
        second = int(self.environment.now().timestamp())
        sent = self._second[1] + 1 if self._second[0] == second else 1
        if self.messages_per_second is not None and sent > self.messages_per_second:
            raise too_many(1)
        self._second = (second, sent)

    def message(self, phone: Phone, message_id: str) -> Message:
        """Return a message still on that phone; refused when it is gone."""
        found = phone.find(message_id)
        if found is None:
            raise bad_request("message not found")
        return found

    def reset(self) -> None:
        """Forget people's updates and presses; the webhook and the profile stay."""
        self.updates.clear()
        self.presses.clear()
