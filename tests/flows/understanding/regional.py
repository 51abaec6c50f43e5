"""How a message is written where the sounds of two letters have become one: North, South and Centre."""

from __future__ import annotations

import re
import unicodedata
from random import Random

NORTH = {"l": ("n",), "n": ("l",), "tr": ("ch",), "ch": ("tr",), "s": ("x",), "x": ("s",), "r": ("d", "gi"), "gi": ("d",), "d": ("gi", "r")}
"""Initials that are one sound from Hải Phòng to Nam Định and in Hà Nội; `ng`, `nh` and `th` are not touched."""

SOUTH = {"v": ("d", "gi"), "gi": ("d", "v"), "d": ("v", "gi")}
"""Initials that are one sound from Huế to Cà Mau."""

FINALS = ((re.compile(r"(?<=[aăâeoôơuư])n$"), "ng"), (re.compile(r"(?<=[aăâeoôơuư])t$"), "c"), (re.compile(r"(?<=i)nh$"), "n"))
HOI, NGA = "\u0309", "\u0303"
ALONE = re.compile("ngh|ng|nh|th|tr|ch|ph|kh|gi(?=[aeouy])|qu|đ|[bcdghklmnprstvx]")
CENTRAL = {
    "tôi": "tui", "gì": "chi", "sao": "răng", "đâu": "mô", "thế": "rứa", "này": "ni", "kia": "tê", "giờ": "chừ",
    "không": "nỏ", "mẹ": "mạ", "cô": "o", "làm": "mần", "đầu": "trốc", "vậy": "rứa", "chúng": "bầy", "về": "dìa",
    "nào": "mô", "sẽ": "sẹ", "bố": "bọ", "nhiều": "nhiều chi mô",
}  # fmt: skip


def north(word: str, chance: Random) -> str:
    """Write the other initial of the pair."""
    return _initial(word, NORTH, chance)


def south(word: str, chance: Random) -> str:
    """Write v as d, -n as -ng, -t as -c, and ngã as hỏi."""
    plain = unicodedata.normalize("NFD", _initial(word, SOUTH, chance))
    tone = next((mark for mark in plain if mark in "\u0301\u0300\u0309\u0303\u0323"), "")
    toneless = unicodedata.normalize("NFC", plain.replace(tone, "")) if tone else word and unicodedata.normalize("NFC", plain)
    for final, written in FINALS:
        if final.search(toneless):
            toneless = final.sub(written, toneless)
            break
    return with_tone(toneless, HOI if tone == NGA else tone)


def central(text: str, chance: Random) -> str:
    """Use the words of Nghệ An to Huế."""
    return " ".join(CENTRAL.get(word, word) for word in text.split(" "))


def with_tone(word: str, tone: str) -> str:
    """Put a tone on the last vowel that can carry it, marked ones first."""
    places = [place for place, letter in enumerate(word) if letter in "aăâeêioôơuưy"]
    marked = [place for place in places if word[place] in "ăâêôơư"]
    if not tone or not places:
        return word
    at = marked[-1] if marked else places[0] if len(places) < 3 else places[1]
    return unicodedata.normalize("NFC", word[: at + 1] + tone + word[at + 1 :])


def _initial(word: str, pairs: dict[str, tuple[str, ...]], chance: Random) -> str:
    found = ALONE.match(word)
    if found is None or found.group() not in pairs or found.end() == len(word):
        return word
    rest, written = word[found.end() :], chance.choice(pairs[found.group()])
    return "gi" + rest[1:] if written == "gi" and rest[0] == "i" else written + rest
