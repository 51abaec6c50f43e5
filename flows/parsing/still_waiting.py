"""Parsing of words that only somebody who waits says: "em vẫn ở đây", "sao chưa ai trả lời em", "em chờ mãi". Pure."""

from __future__ import annotations

import re

from flows.parsing.choices import LONGEST
from flows.text.letters import fold

_ME = "(?:em|toi|minh|chau|con|chi|tui|tao)"
_NOBODY = "(?:khong|chua|chang|ko|k) (?:thay |co )?ai (?:tra loi|nhan|nhan lai|rep|doc|giup)"
_CALLS = "(?:(?:da|vang|alo|chi oi|co oi|ban oi|oi|chi|em|cho hoi) )*"
_ANYBODY = re.compile(
    rf"{_CALLS}co ai (?:o |dang |con )?(?:do |day |kia )?(?:(?:nghe|doc|tra loi|truc|giup) )?"
    r"(?:khong|ko|k|hong|chua)(?: \w+){0,2}"
)
_WAITS = re.compile(
    rf"(?:(?:da|vang|alo|chi oi|co oi|ban oi|oi) )*(?:"
    rf"{_ME} (?:van|con|dang|van con|van dang) (?:o day|day|cho|doi)(?: \w+){{0,3}}"
    rf"|{_ME} (?:cho|doi) (?:mai|hoai|lau|tu)(?: \w+){{0,4}}"
    rf"|(?:sao )?(?:\w+ ){{0,2}}{_NOBODY} (?:cho )?{_ME}(?: \w+){{0,2}}"
    rf"|sao (?:\w+ ){{0,1}}{_NOBODY}(?: \w+){{0,2}}"
    rf"|i am still (?:here|waiting)|im still (?:here|waiting)|nobody (?:has )?answer(?:s|ed)(?: me)?)"
)


def is_still_waiting(text: str) -> bool:
    """Say whether a whole short message says that she still waits for people."""
    return _says(_WAITS, text)


def asks_for_anybody(text: str) -> bool:
    """Say whether a whole short message asks whether anybody is there: she may, and so may whoever holds the phone."""
    return _says(_ANYBODY, text)


def _says(pattern: re.Pattern[str], text: str) -> bool:
    if len(text) > LONGEST:
        return False
    words = re.findall(r"\w+", fold(text.replace("'", "").replace("’", "")))
    return bool(pattern.fullmatch(" ".join(words)))
