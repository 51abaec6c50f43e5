"""What real typing does to a clean message, kind by kind, and the share of cries that is still heard.

Usage: `python -m tests.flows.understanding.noise [FILE]` (`make noise`); a labelled file other than `clean.psv` may be
named. Every kind is seeded by the message alone: a figure changes when the understanding does, and never by itself.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

from content.loader import load_lexicon
from flows.text.letters import bare, fold
from flows.understanding import understand
from flows.understanding.evaluation import URGENT, Row, read_rows
from flows.understanding.telex import is_syllable
from tests.flows.understanding.regional import central, north, south
from tests.flows.understanding.social import english, social

CLEAN = Path(__file__).parents[1] / "data/understanding/clean.psv"
BY_CHANCE = "suspicion"
"""The rule of the learnt weights: what only they ask about is heard by chance."""

TONE_KEYS = dict(zip("\u0301\u0300\u0309\u0303\u0323", "sfrxj", strict=True))
VNI_KEYS = dict(zip("\u0301\u0300\u0309\u0303\u0323\u0302\u031b\u0306đ", "123456789", strict=True))
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
FILLERS = ("à", "ờ", "ừm", "thì", "là", "dạ", "kiểu như là")
FACES = ("😭", "🙏", "😰", "💔", "😢😢", "🥺")
Noise = Callable[[str, Random], str]


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


def words_of(text: str) -> list[str]:
    """Split a message into words without its stops."""
    return "".join(letter if letter.isalnum() or letter == " " else "" for letter in text).split()


def each_word(change: Callable[[str, Random], str], share: float = 1) -> Noise:
    """Return the noise that changes this share of the words."""
    return lambda text, chance: " ".join(
        change(word, chance) if chance.random() < share else word for word in text.split(" ")
    )


def stretched(word: str, chance: Random) -> str:
    """Hold the last letter of a word down."""
    return word + word[-1] * chance.randint(2, 6) if word[-1].isalpha() else word


def tone_moved(word: str, chance: Random) -> str:
    """Put the tone of a word on another of its vowels: cưú, nhaà."""
    letters = list(unicodedata.normalize("NFC", word))
    toned = [place for place, letter in enumerate(letters) if set(unicodedata.normalize("NFD", letter)) & {*TONE_KEYS}]
    others = [place for place, letter in enumerate(letters) if bare(letter) in "aeiouy" and place not in toned]
    if not toned or not others:
        return word
    tone = next(mark for mark in unicodedata.normalize("NFD", letters[toned[0]]) if mark in TONE_KEYS)
    letters[toned[0]] = unicodedata.normalize("NFC", unicodedata.normalize("NFD", letters[toned[0]]).replace(tone, ""))
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
    row = next((row for row in KEYBOARD if letter in row), letter)
    beside = row[min(row.index(letter) + 1, len(row) - 1)]
    return chance.choice(
        [before[:-1] + letter + before[-1] + after, before + after, before + letter * 2 + after, before + beside + after]
    )


def spoken(text: str, chance: Random) -> str:
    """Write down what a phone hears: no stops, no capitals, and what people say while they think."""
    said = [[word, chance.choice(FILLERS)] if chance.random() < 0.25 else [word] for word in words_of(text.lower())]
    return " ".join(word for part in said for word in part)


def put_between(signs: tuple[str, ...]) -> Noise:
    """Return the noise that puts a sign behind every word."""
    return lambda text, chance: " ".join(f"{word}{chance.choice(signs)}" for word in words_of(text))


def spelt_out(word: str, chance: Random) -> str:
    """Put a dot between the letters of a word."""
    return ".".join(word) if word.isalpha() else word


def run_together(text: str, chance: Random) -> str:
    """Leave out every space and stop."""
    return "".join(words_of(text))


KINDS: dict[str, Noise] = {
    "clean": lambda text, chance: text,
    "no tones": lambda text, chance: fold(text),
    "half without tones": each_word(lambda word, chance: fold(word), 0.5),
    "Telex, tone last": each_word(lambda word, chance: telex(word, tone_last=True)),
    "Telex, tone in the word": each_word(lambda word, chance: telex(word, tone_last=False)),
    "VNI": each_word(lambda word, chance: vni(word)),
    "decomposed": lambda text, chance: unicodedata.normalize("NFD", text),
    "capitals": lambda text, chance: text.upper(),
    "stretched": each_word(stretched, 0.3),
    "hỏi for ngã": each_word(hoi_for_nga),
    "tone on another vowel": each_word(tone_moved),
    "spoken, with fillers": spoken,
    "one typo in four words": each_word(typo, 0.25),
    "social spelling, every second word": each_word(social, 0.5),
    "social spelling, every word": each_word(social),
    "social spelling, no tones": lambda text, chance: fold(each_word(social)(text, chance)),
    "North, every word": each_word(north),
    "North, every second word": each_word(north, 0.5),
    "North, no tones": lambda text, chance: fold(each_word(north)(text, chance)),
    "South, every word": each_word(south),
    "South, every second word": each_word(south, 0.5),
    "Central words": central,
    "English mixed": english,
    "no spaces": run_together,
    "no spaces, no tones": lambda text, chance: run_together(fold(text), chance),
    "signs between": put_between(FACES),
    "dots between": put_between((".", "...", "..")),
    "every third word spelt out": each_word(spelt_out, 0.33),
}


def noisy(kind: str, text: str) -> str:
    """Return a message as this kind of noise leaves it, the same each time."""
    return KINDS[kind](unicodedata.normalize("NFC", text), Random(f"{kind}:{text}"))


def cries(path: Path = CLEAN) -> list[Row]:
    """Return the cries of a labelled file."""
    return [row for row in read_rows(path.read_text("utf-8")) if row.level >= URGENT]


def table(rows: list[Row]) -> dict[str, dict[str, object]]:
    """Return for each kind the per cent of cries heard, the per cent heard by a rule, and what was lost."""
    lexicon, figures = load_lexicon(), {}
    for kind in KINDS:
        typed = [noisy(kind, row.text) for row in rows]
        meanings = [understand(text, lexicon) for text in typed]
        lost = [text for text, meaning in zip(typed, meanings, strict=True) if meaning.action == "calm"]
        ruled = sum(meaning.action != "calm" and meaning.rule != BY_CHANCE for meaning in meanings)
        heard = 100 * (1 - len(lost) / len(rows))
        figures[kind] = {"heard": round(heard, 1), "by a rule": round(100 * ruled / len(rows), 1), "lost": lost}
    return figures


if __name__ == "__main__":
    print(json.dumps(table(cries(Path(sys.argv[1]) if sys.argv[1:] else CLEAN)), ensure_ascii=False, indent=1))
