"""Parsing of yes and no that are not a label: "dạ", "đúng rồi", "không ạ", "đang nguy hiểm", "dạ em đồng ý"."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from content.lexicon.model import LexiconData
from flows.model.messages import Choice
from flows.understanding import understanding_of

YES = (
    *("có", "co", "dạ", "da", "dạ vâng", "da vang", "vâng", "vang", "vâng ạ", "ừ", "ừm", "uh", "um", "u"),
    *("đúng", "đúng ạ", "đúng rồi", "đúng vậy", "dạ đúng", "vâng đúng", "phải", "phải ạ", "dạ phải", "phai"),
    *("rồi", "rồi ạ", "dạ rồi", "dạ rồi ạ", "có rồi", "có đó", "yes", "y", "yeah", "yep", "right"),
)
NO = (
    *("không", "khong", "ko", "k", "kg", "hông", "hong", "hổng", "hok", "dạ không", "da khong", "không ạ"),
    *("không có", "chưa", "chua", "no", "n", "nope", "not now"),
)
"""Toneless `dung` is in neither list: it may mean yes, stop, do not or use (safety rule 17)."""

UNSURE = (
    *("chịu", "chịu ạ", "em chịu", "chịu thôi", "quên", "quên rồi", "em quên rồi", "em quên mất rồi", "quên mất rồi"),
    *("bó tay", "i dont know", "i don't know", "don't know", "dont know", "no idea", "not sure", "i am not sure"),
)
"""Not knowing without a word of denial. `Chịu` is also "I agree" in the South: it is no consent."""

FAINT = frozenset({"dạ", "da", "ừm", "uh", "um", "u", "y", "rồi"})
"""What is a yes to a question, but no consent to anything being kept."""

DANGER_QUESTIONS = frozenset({"danger_now", "voice_unheard", "media_unseen", "tip_danger"})
"""Cards that ask whether somebody is in danger now: there "not safe" is a yes."""

OFFERS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("agree_offer", "help_second_way", "help_share", "words_offer"), ("agree", "decline")),
    **dict.fromkeys(("village_answer", "recording_answer"), ("accept", "decline")),
    **dict.fromkeys(("tip_confirm", "dialogue_confirm", "village_card"), ("send", "decline")),
    **dict.fromkeys(("checker_marriage_first", "checker_surrogacy_first"), ("start", "menu")),
    **dict.fromkeys(("youth_next", "topic_next"), ("more", "menu")),
    **{
        "recording_leaving": ("yes", "decline"),
        "privacy_forget": ("forget_now", "decline"),
        "privacy_forget_case": ("forget_now", "decline"),
        "help_need_more": ("", "done"),
    },
    "help_offer": ("human", "menu"),
    **{"checker_red_next": ("human", "menu"), "papers_next": ("again", "menu"), "dung_unclear": ("stop", "menu")},
    **dict.fromkeys(("silent_ask", "silent_brief", "words_back"), ("yes", "no")),
}
"""Cards that end with "shall we?" or "do you agree?", and which of their answers is a yes and which a no."""

FACTS: Mapping[str, tuple[str, str]] = {"checklist_answers": ("done", "not_yet"), "privacy_shared": ("seen", "only_me")}
"""Cards that ask what is, with other labels than yes and no."""

UNKNOWN = ("unsure", "unknown", "skip", "elsewhere")
"""Values of "I do not know" and of "I leave it out", the nearest first."""

ENOUGH = "menu"
"""What a no to "anything else?" leads to where the card has no answer for it."""

_MEANT: Mapping[str, str] = {**dict.fromkeys(YES, "yes"), **dict.fromkeys(NO, "no"), **dict.fromkeys(UNSURE, "unsure")}


def assent(
    text: str, prompt: tuple[Choice, ...], lexicon: LexiconData, *, card: str = "", consent: bool = False
) -> Choice | None:
    """Return the choice that yes, no or "I do not know" means at the question of a card; None for other words.

    `consent`: a yes lets something be kept, and then it must be plain.
    """
    values = {choice.value: choice for choice in prompt}
    said = " ".join(unicodedata.normalize("NFC", text).lower().split()).strip(" .,!?…")
    meant = "" if consent and said in FAINT else _MEANT.get(said)
    if meant is None:
        danger = card in DANGER_QUESTIONS
        meant = understanding_of(lexicon).answer(text, about_danger=danger, offered=_is_offer(card, values))
    return next((values[value] for value in _values(meant, card, values) if value in values), None)


def _is_offer(card: str, values: Mapping[str, Choice]) -> bool:
    return card in OFFERS or not ({"yes", "no"} <= values.keys() or card in FACTS)


def _values(meant: str, card: str, values: Mapping[str, Choice]) -> tuple[str, ...]:
    """Return the values that an answer may have at this question, the first that is there counts."""
    yes, no = OFFERS.get(card) or FACTS.get(card) or (("yes", "no") if {"yes", "no"} <= values.keys() else ("", ""))
    if meant == "unsure":
        return UNKNOWN if len(values) > 1 else ()  # beside a question for a few words it is an answer in words
    return (yes,) if meant == "yes" else (no or ENOUGH,) if meant == "no" else ()
