"""What each simulated phone holds and shows, on any channel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from simulator.core.ids import telegram_group, telegram_user, zalo_bot_user, zalo_user

Channel = Literal["telegram", "telegram_group", "zalo_oa", "zalo_bot"]
PREVIEW = 40  # characters of a message that a lock screen shows

_NUMBERS: dict[Channel, Callable[[str], str]] = {
    "telegram": lambda slug: str(telegram_user(slug)),
    "telegram_group": lambda slug: str(telegram_group(slug)),
    "zalo_oa": zalo_user,
    "zalo_bot": zalo_bot_user,
}
_SLUG = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True)
class Choice:
    """One button: what it says, what it returns to the bot, or the page it opens."""

    label: str
    data: str = ""
    url: str = ""
    style: str = ""


@dataclass(frozen=True)
class Media:
    """A picture, a voice or a file; `file` names the bytes in the world's files, `url` where they were linked."""

    kind: str
    file: str = ""
    url: str = ""
    name: str = ""


@dataclass
class Message:
    """One bubble in a chat. `raw` is the platform's own form of it, where that is needed again."""

    id: str
    sender: Literal["bot", "user"]
    at: datetime
    text: str = ""
    choices: tuple[Choice, ...] = ()
    media: Media | None = None
    push: bool = False
    raw: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """Return the message as the control plane reports it."""
        media = self.media and {"kind": self.media.kind, "url": self.media.url, "name": self.media.name}
        if self.media and self.media.file:
            media = {**(media or {}), "file": f"/__sim/media/{self.media.file}"}
        return {
            "id": self.id,
            "text": self.text,
            "choices": [choice.label for choice in self.choices],
            "media": media,
            "push": self.push,
            "at": self.at.isoformat(),
            "from": self.sender,
        }


@dataclass
class Phone:
    """One person's phone on one channel, in her chat with one account of ours; or a group's chat with it.

    `reachable` ends when she unfollows and begins again when she follows or writes; `away` is a Zalo account
    unused for more than 45 days; `topics` are the numbers of the topics into which she has divided the chat; in a
    `muted` group the bot may not write. With a `conversation` she has not signed in to Zalo: that is its id.
    """

    channel: Channel
    account: str
    slug: str
    address: str
    follows: bool = True
    blocked: bool = False
    reachable: bool = True
    away: bool = False
    muted: bool = False
    conversation: str = ""
    last_interaction: datetime | None = None
    topics: set[int] = field(default_factory=set)
    changed: int = 0
    messages: list[Message] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name she shows on the platform; a group's is its slug."""
        if self.channel == "telegram_group":
            return self.slug
        return self.slug.replace("-", " ").replace("_", " ").title()

    def find(self, message_id: str) -> Message | None:
        """Return the message that is still on the phone under this id."""
        return next((m for m in reversed(self.messages) if m.id == message_id), None)

    def lock_screen(self) -> str:
        """Return the preview of the newest notification: its first 40 characters, or nothing."""
        last = next((m for m in reversed(self.messages) if m.push), None)
        return "" if last is None else " ".join((last.text or f"[{last.media and last.media.kind}]").split())[:PREVIEW]


class Phones:
    """Every phone of a world, by channel, account and slug; created on first use."""

    def __init__(self) -> None:
        self._by_slug: dict[tuple[str, str, str], Phone] = {}
        self._by_address: dict[tuple[str, str, str], Phone] = {}
        self._moved: dict[tuple[str, str, str], Phone] = {}

    def __iter__(self) -> Iterator[Phone]:
        return iter(self._by_slug.values())

    def take(self, channel: Channel, account: str, slug: str, now: datetime) -> Phone:
        """Return the phone, as a new follower (whose following is an interaction) on first use.

        Raises ValueError when the slug is not 1–40 letters, digits, dots, dashes or underscores.
        """
        phone = self._by_slug.get((channel, account, slug))
        if phone is None:
            if not _SLUG.fullmatch(slug):
                raise ValueError(f"{slug!r} is no name for a phone; use letters, digits, dots and dashes")
            phone = Phone(channel, account, slug, _NUMBERS[channel](slug), last_interaction=now)
            self._by_slug[channel, account, slug] = phone
            self._by_address[channel, account, phone.address] = phone
        return phone

    def move(self, phone: Phone, address: str) -> None:
        """Give a chat another id; under the old one it is only known that it has moved."""
        self._moved[phone.channel, phone.account, phone.address] = phone
        del self._by_address[phone.channel, phone.account, phone.address]
        phone.address = address
        self._by_address[phone.channel, phone.account, address] = phone

    def moved_from(self, channel: Channel, account: str, address: str) -> Phone | None:
        """Return the chat that had this id before it was given its present one."""
        return self._moved.get((channel, account, address))

    def at(self, channel: Channel, account: str, address: str) -> Phone | None:
        """Return the phone with this platform id, if anybody has it."""
        return self._by_address.get((channel, account, address))

    def clear(self) -> None:
        """Forget every phone."""
        self._by_slug.clear()
        self._by_address.clear()
        self._moved.clear()
