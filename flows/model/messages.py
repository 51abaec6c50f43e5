"""Messages, channel-neutral: what came in, what goes out, what a phone shows."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

IncomingKind = Literal[
    "text",
    "press",
    "voice",
    "image",
    "sticker",
    "location",
    "file",
    "contact",
    "follow",
    "unfollow",
    "blocked",
    "unblocked",
    "staff_spoke",
    "edit",
    "own_card",
    "reaction",
    "call_missed",
    "call_answered",
    "withdrawal",
    "receipt",
    "group",
    "group_moved",
    "group_left",
    "group_muted",
    "other",
]


class Incoming(msgspec.Struct, frozen=True):
    """One thing that reached us from a person, in no channel's dialect.

    `text` is as typed (never normalised here). `press` is the data of a button and `text` its label where the channel
    tells, `media` the channel's own reference (URL or file id), one a line where several files came as one message.
    `at` is aware, UTC, by the
    channel's clock. An "edit" holds the new text of the message `message_id`; an "own_card" is a message of ours
    that she passed on; a "reaction" has its name in `text`.
    A "group" is a code written in one; a "group_moved" has the new address in `text`; "group_left": we were put out;
    "group_muted": we may not write there any more.
    `answers` is the beginning of the message that she replied to, ours or hers, where the channel tells.
    `card` is what a platform says of a page she shared: words for who helps her, and none of hers.
    `album` is the channel's name of what was sent at once as several messages.
    """

    kind: IncomingKind
    at: datetime
    text: str = ""
    press: str = ""
    media: str = ""
    message_id: str = ""
    answers: str = ""
    card: str = ""
    album: str = ""


class Choice(msgspec.Struct, frozen=True):
    """One answer a person can give: a short label she sees and the value the flow reads.

    `digit` is a number of its own, the same on every screen; without one an answer is numbered by its place.
    """

    label: str
    value: str
    style: Literal["", "good", "danger"] = ""
    digit: str = ""


class Sound(msgspec.Struct, frozen=True):
    """An approved recording: its number, how long it is, and whether it is a mere tone (in a trial)."""

    recording: int
    milliseconds: int
    tone: bool = False


class Contact(msgspec.Struct, frozen=True):
    """A number to tap, under a name that tells nothing: others see the screen and the phone's contacts."""

    number: str
    name: str


class Outgoing(msgspec.Struct, frozen=True):
    """One message of ours before any channel has shaped it.

    `phones` are dialable numbers named in the text, `contacts` those of them that follow as a card to tap where the
    channel has such cards.
    `protect` forbids forwarding where the channel can; `neutral` marks a text that is safe on a lock screen.
    `inline`: its answers were listed before, and stand in one line where they are numbered.
    `cards` are the cards it says, in order; `sounds` the recordings of them that go before the text. `dialled` are the
    numbers that somebody in Viet Nam reads as they are dialled there.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    media: str = ""
    link: str = ""
    phones: tuple[str, ...] = ()
    protect: bool = False
    neutral: bool = False
    cards: tuple[str, ...] = ()
    sounds: tuple[Sound, ...] = ()
    contacts: tuple[Contact, ...] = ()
    inline: bool = False
    dialled: tuple[str, ...] = ()


class Button(msgspec.Struct, frozen=True):
    """A button as a channel shows it; `data` comes back as `Incoming.press`."""

    label: str
    data: str
    style: Literal["", "good", "danger"] = ""


class Shown(msgspec.Struct, frozen=True):
    """One message exactly as one channel will carry it: one ledger row, one call of `send`.

    `phone` makes it a contact card: the number that is dialled, `text` the name above it.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    media: str = ""
    protect: bool = False
    quiet: bool = False
    phone: str = ""
