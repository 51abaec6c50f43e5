"""The index of recordings that ship."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from content.schema import LangCode

FOLDER = "audio"


class ShippedRecording(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that ships as a file. `version` is that of the card it speaks.

    `intro`: it begins with the neutral words, so that a loudspeaker betrays nobody. `synthetic` "tone" holds no word.
    """

    id: str
    card: str
    lang: LangCode
    version: int
    file: str
    format: Literal["opus", "aac"]
    milliseconds: int
    bytes: int
    intro: bool
    transcript: Annotated[str, msgspec.Meta(min_length=1)]
    synthetic: Literal["no", "tone"]
    status: Literal["recorded", "one_approval", "approved", "retired"]
    speaker: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    line: int = 0


Reason = Literal["everybody", "human", "talk"]
"""Why a card is recorded first: everybody hears it, it leads to a human, it belongs to a talk of the first page."""


class FirstRecording(msgspec.Struct, frozen=True):
    """A card that is recorded before others, and the answers that lead to it from the first page."""

    card: str
    reason: Reason
    way: tuple[str, ...] = ()


class AudioIndex(msgspec.Struct, frozen=True):
    """Everything the content says about sound; `files` are the bytes that ship, by name.

    `first` are the cards to be recorded before all others, in their order: the flows say which, once they are loaded.
    """

    recordings: tuple[ShippedRecording, ...] = ()
    first: tuple[FirstRecording, ...] = ()
    files: Mapping[str, bytes] = {}
