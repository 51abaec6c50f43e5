"""Parsing of yes and no that are not a label: "dạ", "đúng rồi", "không ạ", "đang nguy hiểm"."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from content.lexicon.model import LexiconData
from flows.model.messages import Choice
from flows.understanding import understanding_of

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

DANGER_QUESTIONS = frozenset({"danger_now", "voice_unheard", "media_unseen", "tip_danger"})
"""Cards that ask whether somebody is in danger now: there "not safe" is a yes."""

_MEANT: Mapping[str, str] = {**dict.fromkeys(YES, "yes"), **dict.fromkeys(NO, "no")}


def assent(text: str, prompt: tuple[Choice, ...], lexicon: LexiconData, *, about_danger: bool = False) -> Choice | None:
    """Return the choice of a yes-or-no question that her words mean; None for every other word or question."""
    values = {choice.value: choice for choice in prompt}
    if not {"yes", "no"} <= values.keys():
        return None
    said = " ".join(unicodedata.normalize("NFC", text).lower().split()).strip(" .,!?…")
    meant = _MEANT.get(said) or understanding_of(lexicon).answer(text, about_danger=about_danger)
    return values.get(meant)
