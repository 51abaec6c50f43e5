"""Parsing of words that only somebody who waits says: "em vẫn ở đây", "sao chưa ai trả lời em", "em chờ mãi". Pure."""

from __future__ import annotations

import re

from flows.parsing.choices import LONGEST
from flows.text.letters import fold

_ME = "(?:em|toi|minh|chau|con|chi|tui|tao)"
_NOBODY = "(?:khong|chua|chang|ko|k) (?:thay |co )?ai (?:tra loi|nhan|nhan lai|rep|doc|giup)"
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
    if len(text) > LONGEST:
        return False
    words = re.findall(r"\w+", fold(text.replace("'", "").replace("’", "")))
    return bool(_WAITS.fullmatch(" ".join(words)))
