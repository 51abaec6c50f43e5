"""The one law every outgoing message passes. Pure: the same question always gets the same answer.

Planning, the console's explanations and the sender all ask here; no author, staff member or bug can skip it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from store.messages import Content, Recipient

SILENCE_AFTER = timedelta(minutes=15)
"""Without a word from her for this long, no content leaves (safety rule 6)."""

PREVIEW_AFTER = timedelta(minutes=2)
"""After this long the screen may be dark again and the first line is read by whoever is near (safety rule 7)."""

PREVIEW_LENGTH = 40
"""Characters that a lock screen shows, safely rounded up."""


class Send(msgspec.Struct, frozen=True):
    """It may leave now."""


class Defer(msgspec.Struct, frozen=True):
    """Not now; ask again at `until`, or when she writes if `kept`."""

    until: datetime
    reason: str
    kept: bool = False


class Withhold(msgspec.Struct, frozen=True):
    """It will not leave; `reason` is shown to staff and may become a person's task."""

    reason: str


Decision = Send | Defer | Withhold


class Letter(msgspec.Struct, frozen=True):
    """What the law needs to know of a message: never its whole text, only how it begins."""

    recipient: int
    content: int
    priority: int
    not_after: datetime
    answers_at: datetime | None
    opening: str


class Reader(msgspec.Struct, frozen=True):
    """What the law needs to know of the person who would read it."""

    last_in_at: datetime | None
    reachable: bool = True
    stopped: bool = False
    quiet_until: datetime | None = None


def decide(
    letter: Letter, reader: Reader, now: datetime, is_sensitive: Callable[[str], bool], *, held: bool = False
) -> Decision:
    """Decide whether a message may leave. `is_sensitive` tells whether an opening would betray her.

    While the house is `held` everything waits, whoever it is for (safety rule 15).
    """
    if held:
        return Defer(now, "held")
    if now > letter.not_after:
        return Withhold("too_late")
    if letter.recipient != Recipient.PERSON:
        return Send()
    if not reader.reachable:
        return Withhold("unreachable")
    return _to_person(letter, reader, now, is_sensitive)


def _to_person(letter: Letter, reader: Reader, now: datetime, is_sensitive: Callable[[str], bool]) -> Decision:
    answer = _answers_what_she_just_wrote(letter, now)
    last_word = answer and (reader.last_in_at is None or letter.answers_at >= reader.last_in_at)  # type: ignore[operator]
    quiet = reader.quiet_until is not None and now < reader.quiet_until
    if reader.stopped and not last_word:
        return Withhold("stopped")
    if letter.content == Content.RELAY and (quiet or not _she_is_there(reader, now)):
        return Defer(letter.not_after, "kept", kept=True)
    if quiet and not last_word:
        return Withhold("quiet")
    if not answer and letter.content not in (Content.RELAY, Content.KNOCK):
        return Withhold("uninvited")
    if _screen_may_be_dark(reader, now) and is_sensitive(letter.opening[:PREVIEW_LENGTH]):
        return Withhold("lock_screen")
    return Send()


def _answers_what_she_just_wrote(letter: Letter, now: datetime) -> bool:
    """A reply to her own message, on its way within the silence limit."""
    return (
        letter.content in (Content.REPLY, Content.CLEAN)
        and letter.answers_at is not None
        and now - letter.answers_at <= SILENCE_AFTER
    )


def _she_is_there(reader: Reader, now: datetime) -> bool:
    return reader.last_in_at is not None and now - reader.last_in_at <= SILENCE_AFTER


def _screen_may_be_dark(reader: Reader, now: datetime) -> bool:
    return reader.last_in_at is None or now - reader.last_in_at > PREVIEW_AFTER


def reader_of(row: Any) -> Reader:
    """Read the person's side of a claimed ledger row."""
    return Reader(row["last_in_at"], bool(row["reachable"]), bool(row["stopped"]), row["quiet_until"])


def letter_of(row: Any, opening: str) -> Letter:
    """Read the message's side of a claimed ledger row."""
    return Letter(
        row["recipient"],
        row["content"],
        row["priority"],
        row["not_after"],
        row["answers_at"],
        opening,
    )
