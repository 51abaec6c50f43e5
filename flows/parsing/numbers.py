"""Numbers that answer a question: `2`, `số 2 ạ`, `cái thứ hai`, `em chọn hai`, `②`. Pure.

A number counts only among words that point at an answer; beside any other word it tells something: `2 đứa con em`,
`2 chị em`, `chị Hai`.
"""

from __future__ import annotations

import re
import unicodedata

from flows.text.letters import bare, tidy

LONGEST = 60
"""Letters of a message that may be a number with words around it."""

WORDS = {
    **{"một": 1, "mot": 1, "hai": 2, "ba": 3, "bốn": 4, "bon": 4, "tư": 4, "năm": 5, "sáu": 6},
    **{"bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "chin": 9, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5},
}
"""Numbers in words; a tone may be missing only where no common word is left: `nam` is a man, `sau` is after."""
COUNTED = {"tu": 4, "nam": 5, "bay": 7, "tam": 8}
"""What may also be a number without its tone right behind a word that counts: `so nam`."""
COUNTS = frozenset(("so", "cau", "muc", "y", "la", "cai", "dong", "phan"))
POINTS = frozenset(("chon", "bam", "go", "loi", "chot"))
"""Words before a number in words that make it an answer: `hỏi ba` asks a father."""
POLITE = frozenset(("da", "vang", "a", "ah", "nhe", "nha"))
FIRST = {"nhất": 1, "nhat": 1, "nhì": 2, "nhi": 2}
PLACES = {**FIRST, **WORDS}
"""Numbers behind "thứ". From `thứ hai` to `thứ bảy` they are also days of the week."""

_POLITE = "da|vang|u|ok|oke"
_WHO = "em|minh|toi|tui|chau|to"
_OTHERS = "con|chi|anh|co|bac|ban"
_DOES = "chon|bam|an|nhan|nhap|go|lay|xem|doc|mo|vao|muon|xin|tra loi|chot|hoi"
_WHAT = "so|y|cau|muc|cai|dong|phan|nut|phim|o|la|dap an|lua chon|phuong an|number|option"
_LEAD = (
    rf"(?:(?:{_POLITE}) )*(?:(?:{_WHO}) |(?:{_OTHERS}) (?=(?:{_DOES}) ))?"
    rf"(?:cho (?:(?:{_WHO}|{_OTHERS}) )?)?"
    rf"(?P<does>(?:(?:{_DOES}) ){{0,3}})(?P<what>(?:(?:{_WHAT}) ){{0,3}})(?P<place>thu )?"
)
_CALLED = "chi|anh|co|bac|ban|ad|em"
_AFTER = (
    rf"(?: (?:a|ah|nhe|nha|nhen|nghen|hen|di|day|do|roi|oke|ok|please|nhi|luon|"
    rf"(?:{_CALLED})(?: oi| a| nhe| nha)|cam on(?: (?:{_CALLED}))?(?: nhieu)?)"
    rf"(?: (?:{_CALLED})(?= |$)(?! em))?| chi$)*"
)
_NUMBERED = re.compile(rf"{_LEAD}(?P<number>[a-z]+|\d{{1,2}}){_AFTER}")
_CODED = re.compile(rf"{_LEAD}(?P<number>\d ?\d ?\d){_AFTER}")
_WORD = re.compile(r"[^\W_]+")


def number_in(text: str, *, days: bool = False) -> int:
    """Return the number that a text is, in digits or in words; 0 for any other text. `days`: a day may be meant."""
    if len(text) > LONGEST:
        return 0
    words = _WORD.findall(tidy(_plain_digits(text)))
    found = _NUMBERED.fullmatch(bare(" ".join(words)))
    if found is None:
        return 0
    said = words[len(found.string[: found.start("number")].split())]
    if found["place"] and days and not found["what"] and said not in FIRST:
        return 0
    if said.isdecimal():
        return int(said)
    if found["place"]:
        return PLACES.get(said, 0)
    return _in_words(said, found)


def code_number_in(text: str) -> str:
    """Return the three digits that a text is, among polite words; "" for any other text."""
    words = _WORD.findall(tidy(_plain_digits(text[: LONGEST + 1]))) if len(text) <= LONGEST else []
    found = _CODED.fullmatch(bare(" ".join(words)))
    return found["number"].replace(" ", "") if found else ""


def _in_words(said: str, found: re.Match[str]) -> int:
    """Return a number in words, where nothing but politeness is around it or a word that points at an answer."""
    before, after = found.string[: found.start("number")].split(), found.string[found.end("number") :].split()
    counted = bool(found["what"]) and found["what"].split()[-1] in COUNTS
    if counted and found.string.isascii() and said in COUNTED:
        return COUNTED[said]
    points = counted or bool(found["does"] and POINTS & {*found["does"].split()})
    return WORDS.get(said, 0) if points or {*before, *after} <= POLITE else 0


def _plain_digits(text: str) -> str:
    """Write digits in circles as digits; those that Unicode calls compatible are read so anyway."""
    if text.isascii():
        return text
    return "".join(
        [str(unicodedata.digit(sign, sign)) if unicodedata.category(sign) == "No" else sign for sign in text]
    )
