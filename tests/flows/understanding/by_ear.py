"""How a word is written by ear: in the North, in the South, between friends; and words of the Centre and of English."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from random import Random

from content import strict_yaml

WRITTEN = strict_yaml.read(Path(__file__).parents[1] / "data/understanding/spellings.yaml").value
NORTH = {"l": "n", "n": "l", "tr": "ch", "ch": "tr", "s": "x", "x": "s", "r": "d gi", "gi": "d", "d": "gi r"}
"""Initials that are one sound from Hà Nội to Nam Định; `ng`, `nh` and `th` are not touched."""

SOUTH = {"v": "d gi", "gi": "d v", "d": "v gi"}
"""Initials that are one sound from Huế to Cà Mau."""

ENDINGS = {"(?<=[aăâeoôơuư])n$": "ng", "(?<=[aăâeoôơuư])t$": "c", "(?<=i)nh$": "n"}
FRIENDS = {
    "^ph": "f",
    "^gi": "j",
    "^c(?!h)": "k",
    "^v": "z",
    "^qu": "q",
    "(?<=.)ng$": "g",
    "(?<=.)nh$": "h",
    "(?<=.)ch$": "k",
}
"""Habits of friends for a word that has no spelling of its own; the first that fits."""

HOI, NGA = "\u0309", "\u0303"
TONES = f"\u0301\u0300{HOI}{NGA}\u0323"
INITIAL = re.compile("ngh|ng|nh|th|tr|ch|ph|kh|gi(?=[aeouy])|qu|đ|[bcdghklmnprstvx]")


def north(word: str, chance: Random) -> str:
    """Write the other initial of the pair."""
    return _with_initial(word, NORTH, chance)


def south(word: str, chance: Random) -> str:
    """Write v as d, -n as -ng, -t as -c, and ngã as hỏi."""
    plain = unicodedata.normalize("NFD", _with_initial(word, SOUTH, chance))
    tone = next((mark for mark in plain if mark in TONES), "")
    ended = _changed(unicodedata.normalize("NFC", re.sub(f"[{TONES}]", "", plain)), ENDINGS)
    return _with_tone(ended, HOI if tone == NGA else tone)


def friends(word: str, chance: Random) -> str:
    """Write a word as friends do, where they have a way; else by a habit of theirs."""
    return chance.choice(WRITTEN["friends"].get(word) or [_changed(word, FRIENDS)])


def central(word: str, chance: Random) -> str:
    """Use the words of Nghệ An to Huế."""
    return chance.choice(WRITTEN["central"].get(word, [word]))


def english(text: str, chance: Random) -> str:
    """Say up to two things of a message in English."""
    said = [phrase for phrase in WRITTEN["english"] if re.search(rf"\b{phrase}\b", text)]
    for phrase in chance.sample(said, min(2, len(said))):
        text = re.sub(rf"\b{phrase}\b", WRITTEN["english"][phrase][0], text, count=1)
    return text


def _with_initial(word: str, pairs: dict[str, str], chance: Random) -> str:
    found = INITIAL.match(word)
    if found is None or found.group() not in pairs or found.end() == len(word):
        return word
    rest, written = word[found.end() :], chance.choice(pairs[found.group()].split())
    return written + rest.removeprefix("i") if written == "gi" else written + rest


def _changed(word: str, habits: dict[str, str]) -> str:
    for pattern, written in habits.items():
        if re.search(pattern, word):
            return re.sub(pattern, written, word)
    return word


def _with_tone(word: str, tone: str) -> str:
    """Put a tone on the last vowel that has a mark, else on the first of two vowels or the middle one of three."""
    places = [place for place, letter in enumerate(word) if letter in "aăâeêioôơuưy"]
    marked = [place for place in places if word[place] in "ăâêôơư"]
    if not tone or not places:
        return word
    at = marked[-1] if marked else places[len(places) // 3]
    return unicodedata.normalize("NFC", word[: at + 1] + tone + word[at + 1 :])
