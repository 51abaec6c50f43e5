"""Telex and VNI repair, for keyboards that do not compose: `cuwsu`, `giups`, `cu7u1`, `ddanhs`."""

from __future__ import annotations

import re
import unicodedata
from itertools import product

_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VNI_MARKS = {"6": "\u0302", "7": "\u031b", "8": "\u0306"}
_KEYS = {mark: key for key, mark in _TELEX_TONES.items()} | {"\u0306": "w", "\u031b": "w", "đ": "dd"}
_VOWELS = "aeiouy"
INITIALS = ("ngh", "ng", "nh", "ch", "tr", "th", "ph", "kh", "gi", "gh", "qu", *"bcdghklmnprstvx")
ENDINGS = ("ng", "nh", "ch", *"cnmpt")
_TWO = (
    "ia",
    "ie",
    "io",
    "iu",
    "ua",
    "ue",
    "ui",
    "uo",
    "uu",
    "uy",
    "oa",
    "oe",
    "oi",
    "ao",
    "au",
    "ai",
    "ay",
    "eo",
    "eu",
    "ye",
)
VOWELS = ("uye", "uya", "uyu", "oai", "oay", "oeo", "uay", "uoi", "uou", "ieu", "yeu", *_TWO, *_VOWELS)
_UNHEARD = re.compile("uu[a-z]|^gi(?:iu|uu)")
"""What is no syllable though its parts are: nothing follows `ưu`, and `gi` has its i already."""
_SYLLABLES = frozenset(
    syllable
    for syllable in map("".join, product(("", *INITIALS), VOWELS, ("", *ENDINGS)))
    if not _UNHEARD.search(syllable)
)
_SUSPECT = re.compile(r"[0-9]|[sfrxj]|w|aa|ee|oo|dd|^d.*d")


def is_syllable(bare_word: str) -> bool:
    """Say whether a word without marks can be a Vietnamese syllable."""
    return bare_word in _SYLLABLES


def repair(word: str) -> str:
    """Return the composed syllable that the keys of `word` (small ASCII letters and digits) were meant to make, or "".

    Only words that are no Vietnamese syllable as they stand are repaired, and only into one.
    """
    if len(word) > 9 or is_syllable(word) or _SUSPECT.search(word) is None:
        return ""
    composed = _vni(word) if any(key.isdigit() for key in word) else _telex(word)
    return composed if composed and is_syllable(_without_marks(composed)) else ""


def as_keys(word: str) -> str:
    """Return the Telex keys of a word of which some letters were composed and some were not: `hôj`, `giữs`."""
    keys = ""
    for letter in unicodedata.normalize("NFD", word):
        keys += keys[-1:] if letter == "\u0302" else _KEYS.get(letter, letter)
    return keys


def _telex(word: str) -> str:
    letters: list[str] = []
    tone = ""
    for key in word:
        if key in _TELEX_TONES and _has_vowel(letters):
            tone = _TELEX_TONES[key]
        elif key == "w":
            if not _horn_or_breve(letters):
                letters.append("\u01b0")
        elif key == "d" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif key in "aeo" and _circumflex(letters, key):
            continue
        else:
            letters.append(key)
    return _composed(letters, tone)


def _vni(word: str) -> str:
    letters: list[str] = []
    tone = ""
    for key in word:
        if key in _VNI_TONES and _has_vowel(letters):
            if tone:
                return ""
            tone = _VNI_TONES[key]
        elif key == "9" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif key in _VNI_MARKS and _has_vowel(letters):
            _put_mark(letters, _VNI_MARKS[key])
        elif key.isdigit():
            return ""
        else:
            letters.append(key)
    return _composed(letters, tone)


def _has_vowel(letters: list[str]) -> bool:
    return any(_without_marks(letter) in _VOWELS for letter in letters)


def _circumflex(letters: list[str], key: str) -> bool:
    """Turn the last `key` into its circumflex when it was typed twice (`aa`, or `nhoto` with the o at the end)."""
    for index in range(len(letters) - 1, -1, -1):
        if letters[index] == key:
            letters[index] = unicodedata.normalize("NFC", key + "\u0302")
            return True
        if letters[index] in _VOWELS:
            return False
    return False


def _horn_or_breve(letters: list[str]) -> bool:
    """Put the horn on o and u (both in `uow`), else the breve on a; say whether there was a place for it."""
    for index in range(len(letters) - 1, -1, -1):
        if letters[index] == "o":
            letters[index] = "ơ"
            if index and letters[index - 1] == "u":
                letters[index - 1] = "ư"
            return True
        if letters[index] == "u":
            before = index and letters[index - 1] == "u"
            letters[index - 1 if before else index] = "ư"
            return True
        if letters[index] == "a":
            letters[index] = "ă"
            return True
    return False


def _put_mark(letters: list[str], mark: str) -> None:
    if mark == "\u031b":
        _horn_or_breve(letters)
        return
    for index in range(len(letters) - 1, -1, -1):
        marked = unicodedata.normalize("NFC", letters[index] + mark)
        if len(marked) == 1 and letters[index] in _VOWELS:
            letters[index] = marked
            return


def _composed(letters: list[str], tone: str) -> str:
    """Join the letters and put the tone on one vowel; which one does not matter to whoever compares syllables."""
    if tone:
        for index in range(len(letters) - 1, -1, -1):
            marked = unicodedata.normalize("NFC", letters[index] + tone)
            if len(marked) == 1 and _without_marks(letters[index]) in _VOWELS:
                letters[index] = marked
                break
    return "".join(letters)


def _without_marks(text: str) -> str:
    plain = unicodedata.normalize("NFD", text).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
