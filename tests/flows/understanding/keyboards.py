"""What keyboards and fingers do to a word: keys that were not composed, a tone elsewhere, a slip, a letter held."""

from __future__ import annotations

import unicodedata
from random import Random

from flows.text.letters import bare

TONE_KEYS = dict(zip("\u0301\u0300\u0309\u0303\u0323", "sfrxj", strict=True))
VNI_KEYS = dict(zip("\u0301\u0300\u0309\u0303\u0323\u0302\u031b\u0306đ", "123456789", strict=True))
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def telex(word: str, *, tone_last: bool) -> str:
    """Return the keys that make a word in Telex; the tone's key after its vowel, or at the end."""
    keys = tone = ""
    for letter in unicodedata.normalize("NFC", word.lower()).replace("đ", "dd"):
        plain, *above = unicodedata.normalize("NFD", letter)
        tone += "".join(TONE_KEYS.get(mark, "") for mark in above)
        keys += plain + "".join(plain if mark == "\u0302" else "w" for mark in above if mark not in TONE_KEYS)
        if not tone_last:
            keys, tone = keys + tone, ""
    return keys + tone


def vni(word: str) -> str:
    """Return the keys that make a word in VNI, each right after its letter."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(f"d{VNI_KEYS[letter]}" if letter == "đ" else VNI_KEYS.get(letter, letter) for letter in decomposed)


def stretched(word: str, chance: Random) -> str:
    """Hold the last letter of a word down."""
    return word + word[-1] * chance.randint(2, 6)


def tone_moved(word: str, chance: Random) -> str:
    """Put the tone of a word on another of its vowels: cưú, nhaà."""
    letters = [unicodedata.normalize("NFD", letter) for letter in unicodedata.normalize("NFC", word)]
    toned = next((place for place, letter in enumerate(letters) if not TONE_KEYS.keys().isdisjoint(letter)), None)
    others = [place for place, letter in enumerate(letters) if bare(letter[0]) in "aeiouy" and place != toned]
    if toned is None or not others:
        return word
    tone = next(mark for mark in letters[toned] if mark in TONE_KEYS)
    letters[toned] = letters[toned].replace(tone, "")
    letters[chance.choice(others)] += tone
    return unicodedata.normalize("NFC", "".join(letters))


def hoi_for_nga(word: str, chance: Random) -> str:
    """Write hỏi for ngã and ngã for hỏi."""
    swap = str.maketrans("\u0309\u0303", "\u0303\u0309")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(swap))


def typo(word: str, chance: Random) -> str:
    """Slip once: two letters changed about, one left out, one twice, or the key beside it."""
    if len(word) < 3 or not word.isalpha():
        return word
    place = chance.randrange(1, len(word))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    slips = (before[:-1] + letter + before[-1], before, before + letter * 2, before + _beside(letter))
    return chance.choice(slips) + after


def _beside(letter: str) -> str:
    row = next((row for row in ROWS if letter in row), letter)
    return row[min(row.index(letter) + 1, len(row) - 1)]
