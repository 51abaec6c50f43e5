"""Errors of the Bot API as it words them: a status, a description, sometimes a hint when to come back."""

from __future__ import annotations

from typing import Any


class TelegramRefused(Exception):
    """A call that fails with `status` and `description` exactly as the Bot API words it."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad_request(description: str) -> TelegramRefused:
    """Return the 400 with this description."""
    return TelegramRefused(400, f"Bad Request: {description}")


def too_many(retry_after: int) -> TelegramRefused:
    """Return the 429 that asks for a wait of `retry_after` seconds."""
    return TelegramRefused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def upgraded(chat: int) -> TelegramRefused:
    """Return the 400 of a group that has become the supergroup `chat`."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return TelegramRefused(400, words, migrate_to_chat_id=chat)


UNAUTHORIZED = TelegramRefused(401, "Unauthorized")
NO_METHOD = TelegramRefused(404, "Not Found: method not found")
KICKED = TelegramRefused(403, "Forbidden: bot was kicked from the supergroup chat")
BLOCKED = TelegramRefused(403, "Forbidden: bot was blocked by the user")
NO_RIGHTS = bad_request("not enough rights to send text messages to the chat")
CHAT_NOT_FOUND = bad_request("chat not found")
