"""The send gate: the rules every outgoing message passes. Pure: the same question always gets the same answer.

Planning, the console's explanations and the sender all ask here; no author, staff member or bug can skip it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from scheduler.quiet_hours import DAYTIME, Window, is_open, next_opening, windows_of
from store.broadcasts.models import PAUSED, SENDING
from store.casework.reachability import SILENCE_AFTER
from store.checkins.models import ACTIVE
from store.messages.hot_path.outbound import ClaimedMessage
from store.messages.models import Content, Recipient

PREVIEW_AFTER = timedelta(minutes=2)
"""After this long the screen may be dark again and the first line is read by whoever is near (safety rule 7)."""

PREVIEW_LENGTH = 40
"""Characters that a lock screen shows, safely rounded up."""

LOOK_AGAIN = timedelta(seconds=30)
"""How long a message of a paused broadcast waits before the law is asked again."""


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


class MessageFacts(msgspec.Struct, frozen=True):
    """What the law needs to know of a message: never its whole text, only how it begins.

    `broadcast` is the state of the broadcast it belongs to, as it stands now.
    """

    recipient: int
    content: int
    priority: int
    not_after: datetime
    answers_at: datetime | None
    opening: str
    broadcast: str = ""


class RecipientFacts(msgspec.Struct, frozen=True):
    """What the law needs to know of the person who would read it.

    `hours` and `plan` are those of her check-ins. `apart` says that she must be in no crowd: she has an open case or a
    check-in plan. `subscribed` says that she agreed to hear from the group of this broadcast.
    """

    last_in_at: datetime | None
    reachable: bool = True
    stopped: bool = False
    quiet_until: datetime | None = None
    hours: tuple[Window, ...] = ()
    plan: str = ""
    case_open: bool = False
    apart: bool = False
    subscribed: bool = False


def decide(
    letter: MessageFacts,
    reader: RecipientFacts,
    now: datetime,
    is_sensitive: Callable[[str], bool],
    *,
    held: bool = False,
) -> Decision:
    """Decide whether a message may leave. `is_sensitive` tells whether an opening would betray her.

    While the service is on hold (`held`) everything waits, whoever it is for (safety rule 15).
    """
    if held:
        return Defer(now, "held")
    if now > letter.not_after:
        return Withhold("too_late")
    if letter.recipient == Recipient.GROUP:
        return _to_group(letter, now, is_sensitive)
    if letter.recipient != Recipient.PERSON:
        return Send()
    if not reader.reachable:
        return Withhold("unreachable")
    rule = _BEGUN_BY_US.get(letter.content)
    return (rule or _to_person)(letter, reader, now, is_sensitive)


def _check_in(
    letter: MessageFacts, reader: RecipientFacts, now: datetime, is_sensitive: Callable[[str], bool]
) -> Decision:
    """A question she agreed to: only while her plan runs, only in her hours, never a telling word."""
    if reader.stopped or reader.plan != ACTIVE:
        return Withhold("stopped" if reader.stopped else "no_plan")
    if reader.case_open:
        return Withhold("case_open")
    if reader.quiet_until is not None and now < reader.quiet_until:
        return Withhold("quiet")
    if is_sensitive(letter.opening[:PREVIEW_LENGTH]):
        return Withhold("lock_screen")
    return _in_hours(letter, reader.hours, now)


def _broadcast(
    letter: MessageFacts, reader: RecipientFacts, now: datetime, is_sensitive: Callable[[str], bool]
) -> Decision:
    """An approved card for listeners: nobody who must stay apart, nobody who left, nothing at night."""
    if reader.apart:
        return Withhold("apart")
    if reader.stopped or not reader.subscribed:
        return Withhold("stopped" if reader.stopped else "unsubscribed")
    if reader.quiet_until is not None and now < reader.quiet_until:
        return Withhold("quiet")
    return _to_group(letter, now, is_sensitive)


def _knock(
    letter: MessageFacts, reader: RecipientFacts, now: datetime, is_sensitive: Callable[[str], bool]
) -> Decision:
    """A neutral line that says only that something waits: never after stop or a hurried exit, never in the night."""
    if reader.stopped:
        return Withhold("stopped")
    if reader.quiet_until is not None and now < reader.quiet_until:
        return Withhold("quiet")
    if _person_is_there(reader, now):
        return Withhold("there")
    if is_sensitive(letter.opening[:PREVIEW_LENGTH]):
        return Withhold("lock_screen")
    return _in_hours(letter, reader.hours or DAYTIME, now)


def _to_group(letter: MessageFacts, now: datetime, is_sensitive: Callable[[str], bool]) -> Decision:
    """What many will see: while its broadcast runs, by day, safe on a survivor's screen."""
    if letter.broadcast == PAUSED:
        return Defer(min(now + LOOK_AGAIN, letter.not_after), "paused")
    if letter.broadcast != SENDING:
        return Withhold("broadcast_ended")
    if is_sensitive(letter.opening[:PREVIEW_LENGTH]):
        return Withhold("lock_screen")
    return _in_hours(letter, DAYTIME, now)


def _in_hours(letter: MessageFacts, hours: tuple[Window, ...], now: datetime) -> Decision:
    if is_open(hours, now):
        return Send()
    opens = next_opening(hours, now)
    if opens is None or opens > letter.not_after:
        return Withhold("too_late")
    return Defer(opens, "hours")


_BEGUN_BY_US: dict[int, Callable[[MessageFacts, RecipientFacts, datetime, Callable[[str], bool]], Decision]] = {
    Content.CHECK_IN: _check_in,
    Content.BROADCAST: _broadcast,
    Content.KNOCK: _knock,
}


def _to_person(
    letter: MessageFacts, reader: RecipientFacts, now: datetime, is_sensitive: Callable[[str], bool]
) -> Decision:
    if letter.content == Content.CLEAN and letter.answers_at is None:
        return Send()  # staff closed the case: it only takes away, and shows nothing
    answer = _answers_what_was_just_written(letter, now)
    last_word = answer and (reader.last_in_at is None or letter.answers_at >= reader.last_in_at)  # type: ignore[operator]
    quiet = reader.quiet_until is not None and now < reader.quiet_until
    if reader.stopped and not last_word:
        return Withhold("stopped")
    if letter.content == Content.RELAY and (quiet or not _person_is_there(reader, now)):
        return Defer(letter.not_after, "kept", kept=True)
    if quiet and not last_word:
        return Withhold("quiet")
    if not answer and letter.content != Content.RELAY:
        return Withhold("uninvited")
    if _screen_may_be_dark(reader, now) and is_sensitive(letter.opening[:PREVIEW_LENGTH]):
        return Withhold("lock_screen")
    return Send()


def _answers_what_was_just_written(letter: MessageFacts, now: datetime) -> bool:
    """A reply to her own message, on its way within the silence limit."""
    return (
        letter.content in (Content.REPLY, Content.CLEAN)
        and letter.answers_at is not None
        and now - letter.answers_at <= SILENCE_AFTER
    )


def _person_is_there(reader: RecipientFacts, now: datetime) -> bool:
    return reader.last_in_at is not None and now - reader.last_in_at <= SILENCE_AFTER


def _screen_may_be_dark(reader: RecipientFacts, now: datetime) -> bool:
    return reader.last_in_at is None or now - reader.last_in_at > PREVIEW_AFTER


def recipient_facts(message: ClaimedMessage) -> RecipientFacts:
    """Read what is asked of the person a claimed message goes to."""
    if message.content not in _BEGUN_BY_US:
        return RecipientFacts(message.last_in_at, bool(message.reachable), bool(message.stopped), message.quiet_until)
    return RecipientFacts(
        message.last_in_at,
        bool(message.reachable),
        bool(message.stopped),
        message.quiet_until,
        windows_of(message.hours or ()),
        message.plan or "",
        bool(message.case_open),
        bool(message.case_open or message.plan),
        message.lang is not None,
    )


def message_facts(message: ClaimedMessage, opening: str) -> MessageFacts:
    """Read what is asked of the message itself."""
    return MessageFacts(
        message.recipient,
        message.content,
        message.priority,
        message.not_after,
        message.answers_at,
        opening,
        message.broadcast or "",
    )
