"""The surface every channel shares, in one order: verify, event_id, read, send; then what only some can."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from content.media.attachment import Taken
from content.media.clip import Clip
from content.platform_texts import StaticTexts
from flows.model.messages import Incoming, Shown

GROUPS = ("-", "group:")
"""How the addresses of groups begin; a crowd is never answered with numbers."""


class EventKey(msgspec.Struct, frozen=True):
    """What intake may know of a raw event: its id (for duplicates) and its conversation (for the lane)."""

    event: str
    conversation: str


class Arrived(msgspec.Struct, frozen=True):
    """A parsed event: whose address it came from (also where answers go) and what it says."""

    address: str
    incoming: Incoming


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
    """Nothing left us, or the channel asked for patience: try again after `after` seconds (one chat only if `chat`)."""

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


class NotReadable(Exception):
    """The event is authentic but cannot be understood; it is kept and answered with the emergency card."""


class NotKnown(Exception):
    """The event is authentic and of a kind that nobody knows, or of nobody: kept, shown to staff, not answered.

    The message is a code for the kind of thing that it is.
    """


@runtime_checkable
class Channel(Protocol):
    """One account on one channel."""

    kind: str

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


@runtime_checkable
class CanDelete(Protocol):
    """A channel that can take back what was sent (Telegram, younger than 48 h)."""

    async def delete(self, address: str, message_ids: list[str]) -> None:
        """Delete messages, ours and hers; the missing ones are skipped."""


@runtime_checkable
class CanPace(Protocol):
    """A channel that tells how fast it may be asked (Zalo: requests a minute, in every answer)."""

    def pace(self) -> float | None:
        """Messages a second that it allows; None before it has spoken."""


@runtime_checkable
class CanReply(Protocol):
    """A channel whose acknowledgement may carry a message (Telegram), so that none of our requests is needed."""

    def reply(self, address: str, shown: Shown) -> bytes:
        """The body of the 200 that sends `shown` to `address`. Raises Permanent."""


@runtime_checkable
class CanReceipt(Protocol):
    """A channel whose acknowledgement may say something (Telegram: a press has been noticed)."""

    def receipt(self, raw: bytes) -> bytes:
        """The body of the 200 that acknowledges `raw`: JSON, or nothing."""


@runtime_checkable
class CanUpload(Channel, Protocol):
    """A channel that takes the bytes of a sound once and knows them by a name from then on (Telegram)."""

    async def send_sound(self, address: str, shown: Shown, clip: Clip) -> tuple[Sent, str]:
        """Send `shown` with this sound; returns the reference that `Shown.media` may hold later, "" if none.

        Raises a Failure.
        """


@runtime_checkable
class CanAttach(Protocol):
    """A channel that takes the bytes of a picture or a document (Telegram, a Zalo Official Account)."""

    async def send_file(self, address: str, shown: Shown, taken: Taken) -> Sent:
        """Send a file, with the words of `shown` where it has any. Raises a Failure."""


@runtime_checkable
class CanFetch(Protocol):
    """A channel whose voices, pictures and files can be fetched by the reference that came with them."""

    async def fetch(self, reference: str, most: int) -> bytes:
        """Return the bytes of a file, at most `most`. Raises a Failure; Permanent when it is not to be had."""


@runtime_checkable
class CanStandAlone(Protocol):
    """A channel whose standing texts an API reads and writes, language by language ("" is everybody else's)."""

    async def read_static(self, language: str) -> StaticTexts:
        """What the platform shows now. Raises a Failure."""

    async def write_static(self, language: str, texts: StaticTexts) -> None:
        """Put these texts there. Raises a Failure."""


@runtime_checkable
class CanDescribe(Protocol):
    """A channel that tells its account's description, which only a human can change."""

    async def described(self) -> str:
        """The description as the platform shows it. Raises a Failure."""


@runtime_checkable
class CanPoll(Protocol):
    """A channel that can be asked for news instead of calling us."""

    async def poll(self, offset: int) -> tuple[list[bytes], int]:
        """Return raw events and the next offset; the caller stores them before it uses that offset."""


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


@runtime_checkable
class CanCatchUp(Channel, Protocol):
    """A channel whose platform can be asked for what was written while it could not bring it (a Zalo OA)."""

    async def may_read(self) -> bool:
        """Whether the account's grant is in force; without one nothing is brought either."""

    def spare(self) -> int:
        """How many questions may be asked now without keeping an answer waiting; at least one."""

    async def recent_chats(self, offset: int) -> Page:
        """The newest messages of the latest conversations. Raises a Failure."""

    async def conversation(self, address: str, offset: int) -> Page:
        """The messages of one conversation. Raises a Failure."""
