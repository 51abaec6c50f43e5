"""A voice among the lines of a case: its reference is sealed like her words, its sound stays where she sent it.

Nothing of it is stored here; whoever may read the line has it fetched, hears it, and that is all.
"""

from __future__ import annotations

import re

import msgspec

_MARK = re.compile(r"(?:\A|\n)voice:(\d{1,4}):(\S{1,2000})\Z")


class Voice(msgspec.Struct, frozen=True):
    """A voice message of hers: the account it came to, and the channel's reference to it."""

    account: int
    reference: str


def with_voice(words: str, account: int, reference: str) -> str:
    """Write a voice below the words that came with it, as one line of a case."""
    return f"{words}\nvoice:{account}:{reference}".strip()


def parted(text: str) -> tuple[str, Voice | None]:
    """Part a line of a case into words and voice.

    Typed words may look like a voice; then a reference of her own making is asked for at the channel, which knows none.
    """
    found = _MARK.search(text)
    return (text, None) if found is None else (text[: found.start()], Voice(int(found[1]), found[2]))
