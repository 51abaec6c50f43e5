"""The channel protocol, in one order: verify, event_id, read, send; and in Abilities what only some channels can."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from content.media.attachment import SanitizedFile
from content.media.clip import Clip
from content.platform_texts import StaticTexts
from flows.model.messages import Incoming, Shown


class EventKey(msgspec.Struct, frozen=True):
    """What intake may know of a raw event: its id (for duplicates) and its conversation (for the lane)."""

    event: str
    conversation: str
    group: bool = False

    @property
    def person(self) -> str:
        """The conversation where one person is on the other side, else "": a crowd is never answered with numbers."""
        return "" if self.group else self.conversation


class Arrived(msgspec.Struct, frozen=True):
    """A parsed event: whose address it came from (also where answers go), what it says, in which thread ("" = none)."""

    address: str
    incoming: Incoming
    thread: str = ""


class Sent(msgspec.Struct, frozen=True):
    """The channel took the message; `message_id` is its name there."""

    message_id: str


class Failure(Exception):
    """A send did not succeed; the subclass says what to do about it. `detail` never holds text, id or token."""

    def __init__(self, detail: str = "", *, code: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


class Retry(Failure):
    """Nothing left us, or the channel asked us to wait: try again after `after` seconds (one chat only if `chat`)."""

    def __init__(self, detail: str = "", *, after: float = 1.0, chat: bool = False, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.after = after
        self.chat = chat


class Unknown(Failure):
    """The bytes left and no answer came: it may have been delivered."""


class Unreachable(Failure):
    """This person cannot be reached now (blocked, unfollowed, window closed); no retry."""


class Permanent(Failure):
    """The message can never be sent like this (a bug or a refused payload)."""


class Human(Failure):
    """The account needs a person (token revoked, plan, billing): stop this account, alarm, keep the rows."""


class NotAuthentic(Exception):
    """The event did not come from the channel. The message is a reason for a counter, nothing more."""


class NotKnown(Exception):
    """The event is authentic and of a kind that nobody knows, or of nobody: kept, shown to staff, not answered.

    The message is a code for the kind of thing that it is.
    """


class Kept(msgspec.Struct, frozen=True):
    """A message that the platform still holds: with whom, when (aware, UTC), and the event that would have brought it.

    `event` is empty when it is one of ours.
    """

    address: str
    at: datetime
    event: bytes


class Page(msgspec.Struct, frozen=True):
    """Some messages, newest first; how many the platform told of, readable or not; whether there may be more."""

    kept: list[Kept]
    size: int
    more: bool


class History(Protocol):
    """The messages that a platform still holds, for what was written while it could not bring it."""

    async def may_read(self) -> bool:
        """Whether the account's grant is in force; without one nothing is brought either."""

    def spare(self) -> int:
        """How many questions may be asked now without keeping an answer waiting; at least one."""

    async def recent_chats(self, offset: int) -> Page:
        """The newest messages of the latest conversations. Raises a Failure."""

    async def conversation(self, address: str, offset: int) -> Page:
        """The messages of one conversation. Raises a Failure."""

    def silent_webhook(self, minutes: int) -> str:
        """The sentence that asks a human to look at a webhook that says nothing though people write."""


class Profile(Protocol):
    """An account's standing texts, read and written by an API, language by language ("" is everybody else's)."""

    async def read_static(self, language: str) -> StaticTexts:
        """What the platform shows now. Raises a Failure."""

    async def write_static(self, language: str, texts: StaticTexts) -> None:
        """Put these texts there. Raises a Failure."""


class Tokens(Protocol):
    """Access tokens that end and must be renewed; the health check looks at their life in the keyring."""

    async def tick(self) -> None:
        """Take in what a dead process left, renew what is due. Never raises."""

    async def consent(self, code: str) -> None:
        """Exchange the code of an administrator's consent for the first pair."""


class Abilities(msgspec.Struct, frozen=True, kw_only=True):
    """What one channel can do beyond what all can; None or False: it cannot.

    The one place to ask: nothing outside a channel's package asks which channel it has before it. What is no code (what
    a message may hold, whether a platform probes or hands over what it is asked for) is in the channel's Limits.
    """

    delete: Callable[[str, list[str]], Awaitable[None]] | None = None
    """Take back the messages of these ids at an address, ours and hers; the missing ones are skipped."""
    fetch: Callable[[str, int], Awaitable[bytes]] | None = None
    """Fetch what a person sent by the reference that came with it, at most so many bytes. Raises a Failure;
    Permanent when it is not to be had."""
    send_file: Callable[[str, Shown, SanitizedFile], Awaitable[Sent]] | None = None
    """Send the bytes of a picture or a document, with the words of `shown` where it has any. Raises a Failure."""
    send_sound: Callable[[str, Shown, Clip], Awaitable[tuple[Sent, str]]] | None = None
    """Send `shown` with the bytes of a sound; returns the reference that `Shown.media` may hold later, "" if none.
    Raises a Failure."""
    receipt: Callable[[bytes], bytes] | None = None
    """The body of the 200 that acknowledges an event (a press has been noticed): JSON, or nothing."""
    reply: Callable[[str, Shown], bytes] | None = None
    """The body of the 200 that sends a message to an address, so that no request of ours is needed. Raises
    Permanent."""
    pace: Callable[[], float | None] | None = None
    """Messages a second that the platform allows, as it says in its answers; None before it has spoken."""
    poll: Callable[[int], Awaitable[tuple[list[bytes], int]]] | None = None
    """Ask for news from an offset: raw events and the next offset; the caller stores them before it uses that."""
    describe: Callable[[], Awaitable[str]] | None = None
    """The account's description as the platform shows it, which only a human can change. Raises a Failure."""
    profile: Profile | None = None
    history: History | None = None
    tokens: Tokens | None = None


@runtime_checkable
class Channel(Protocol):
    """One account on one channel."""

    kind: str
    abilities: Abilities

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Raise NotAuthentic unless `raw` was sent by the channel. Header names are lower case."""

    def event_id(self, raw: bytes) -> EventKey:
        """Name the event and its conversation, reading no more than that; never raises on authentic bytes."""

    def read(self, raw: bytes) -> Arrived | None:
        """Parse one event; None when it concerns no person (a receipt, an echo). Raises NotReadable, NotKnown."""

    async def send(self, address: str, shown: Shown) -> Sent:
        """Send one message. Raises a Failure subclass."""

    async def start(self) -> None:
        """Open the HTTP client and, where the channel has it, register the webhook. Raises Human with one sentence."""

    async def close(self) -> None:
        """Close the HTTP client."""
