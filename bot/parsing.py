"""Parsing of untrusted bytes: nothing that anyone can type or send may crash the reader."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

Clock = Callable[[], datetime]

UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
"""What a decoder raises on hostile bytes: bad syntax, lone surrogates, huge numbers, bottomless nesting."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile(
    "[\\s\\x00-\\x1f\\x7f-\\xa0\\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]*"
)
"""Spaces, marks of direction, joiners, fillers. Source: Unicode 17.0, Default_Ignorable_Code_Point (2025-09)."""
_EARLIEST, _LATEST = (
    1_262_304_000,
    4_102_444_800,
)  # 2010 and 2100: outside, the clock is wrong

_LONGEST_NUMBER = 40

T = TypeVar("T")


class NotReadable(Exception):
    """The event is authentic but cannot be understood; it is kept and answered with the emergency card."""


def utc_now() -> datetime:
    """The real time, aware, UTC; the default of every injected clock."""
    return datetime.now(UTC)


def loose(raw: bytes) -> object:
    """Parse JSON as far as possible: lone surrogates, NaN, broken UTF-8 pass. Raises NotReadable."""
    try:
        return json.loads(raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"), parse_int=_whole)
    except UNREADABLE:
        raise NotReadable("not json") from None


def _whole(digits: str) -> int:
    """Read an integer; one that no channel could mean becomes 0 instead of an error."""
    return int(digits) if len(digits) < _LONGEST_NUMBER else 0


def typed(raw: bytes, decoder: msgspec.json.Decoder[T], kind: type[T]) -> T:
    """Parse into `kind`: strictly and fast, or else loosely. Raises NotReadable."""
    try:
        return decoder.decode(raw)
    except UNREADABLE:
        pass
    try:
        return msgspec.convert(loose(raw), kind)
    except UNREADABLE:
        raise NotReadable("not of the expected form") from None


def clean(text: str) -> str:
    """Make a text that every database and channel takes: no NUL, U+FFFD for half a character.

    A text in which there is nothing to be seen is none.
    """
    if _UNSEEN.fullmatch(text):
        return ""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    return _SURROGATE.sub("\ufffd", text).replace("\x00", "")


def instant(seconds: float, clock: Clock) -> datetime:
    """Turn Unix seconds into an aware UTC time; a senseless number becomes the present."""
    if not _EARLIEST < seconds < _LATEST:
        return clock()
    return datetime.fromtimestamp(seconds, UTC)


def geo(latitude: float, longitude: float) -> str:
    """Write a position as a geo URI (RFC 5870), five decimals: about one metre."""
    return f"geo:{latitude:.5f},{longitude:.5f}"
