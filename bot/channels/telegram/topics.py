"""Topics of private chats: whether the bot has them, and a warning once when they are used though they are off.

Source: core.telegram.org/bots/api#user, `has_topics_enabled`, told by getMe alone (Bot API 9.3, 2025-12).
"""

from __future__ import annotations

from bot.logs.journal import log


class TopicsWatch:
    """What one bot's `getMe` said of topics, and whether anybody writes in them or is answered there."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._off = False
        self._used = False
        self._warned = False

    def learn(self, enabled: bool | None) -> None:
        """Take in what the platform says at the start; None: it does not say."""
        self._off = enabled is False
        self._warn()

    def use(self, thread: str) -> None:
        """Take note of the thread of a message, "" for none."""
        if thread and not self._used:
            self._used = True
            self._warn()

    def _warn(self) -> None:
        if self._off and self._used and not self._warned:
            self._warned = True
            log.warning(
                "people use topics that are off for this bot: answers may stand outside them; switch topics on "
                "in BotFather",
                extra={"account": self._name},
            )
