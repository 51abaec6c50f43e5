"""Short words that answer a yes-or-no question without being its label: "dạ", "đúng rồi", "không ạ"."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from flows.messages import Choice

YES = (
    *("có", "co", "dạ", "da", "dạ vâng", "da vang", "vâng", "vang", "vâng ạ", "ừ", "ừm", "uh", "um", "u"),
    *("đúng", "đúng ạ", "đúng rồi", "đúng vậy", "dạ đúng", "vâng đúng", "phải", "phải ạ", "dạ phải", "phai"),
    *("rồi", "có rồi", "có đó", "yes", "y", "yeah", "yep", "right"),
)
NO = (
    *("không", "khong", "ko", "k", "kg", "hông", "hong", "hổng", "hok", "dạ không", "da khong", "không ạ"),
    *("không có", "chưa", "chua", "no", "n", "nope", "not now"),
)
"""Toneless `dung` is in neither list: it may mean yes, stop, do not or use (safety rule 17)."""

_MEANT: Mapping[str, str] = {**dict.fromkeys(YES, "yes"), **dict.fromkeys(NO, "no")}


def assent(text: str, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the yes or no choice of a question that a short word answers; None for every other word or question."""
    if len(text) > 20 or not prompt:
        return None
    said = " ".join(unicodedata.normalize("NFC", text).lower().split()).strip(" .,!?…")
    value = _MEANT.get(said)
    return next((choice for choice in prompt if choice.value == value), None) if value else None
