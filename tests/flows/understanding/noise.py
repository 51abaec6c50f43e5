"""What real typing does to a clean message, kind by kind, and the share of cries that is still heard.

Usage: `python -m tests.flows.understanding.noise [FILE]` (`make noise`); a labelled file other than `clean.psv` may be
named. Every kind is seeded by the message alone: a figure changes when the understanding does, and never by itself.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

from content.loader import load_lexicon
from flows.text.letters import fold
from flows.understanding import understand
from flows.understanding.decision import SUSPICION
from flows.understanding.evaluation import URGENT, Row, read_rows
from tests.flows.understanding.by_ear import central, english, friends, north, south
from tests.flows.understanding.keyboards import hoi_for_nga, stretched, telex, tone_moved, typo, vni

CLEAN = Path(__file__).parents[1] / "data/understanding/clean.psv"
FILLERS = ("à", "ờ", "ừm", "thì", "là", "dạ", "kiểu như là")
FACES = ("😭", "🙏", "😰", "💔", "😢😢", "🥺")
Noise = Callable[[str, Random], str]


def each_word(change: Noise, share: float = 1) -> Noise:
    """Return the noise that changes this share of the words, and no stop."""
    return lambda text, chance: re.sub(
        r"\w+", lambda found: change(found.group(), chance) if chance.random() < share else found.group(), text
    )


def words_of(text: str) -> list[str]:
    """Split a message into words without its stops."""
    return re.findall(r"\w+", text)


def spoken(text: str, chance: Random) -> str:
    """Write down what a phone hears: no stops, no capitals, and what people say while they think."""
    said = [[word, chance.choice(FILLERS)] if chance.random() < 0.25 else [word] for word in words_of(text.lower())]
    return " ".join(word for part in said for word in part)


def put_between(*signs: str) -> Noise:
    """Return the noise that puts a sign behind every word."""
    return lambda text, chance: " ".join(f"{word}{chance.choice(signs)}" for word in words_of(text))


def run_together(text: str, chance: Random) -> str:
    """Leave out every space and stop."""
    return "".join(words_of(text))


def without_tones(noise: Noise) -> Noise:
    """Return a noise after which nothing has a tone."""
    return lambda text, chance: fold(noise(text, chance))


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
    "friends, every second word": each_word(friends, 0.5),
    "friends, every word": each_word(friends),
    "friends, no tones": without_tones(each_word(friends)),
    "North, every second word": each_word(north, 0.5),
    "North, every word": each_word(north),
    "North, no tones": without_tones(each_word(north)),
    "South, every second word": each_word(south, 0.5),
    "South, every word": each_word(south),
    "South, no tones": without_tones(each_word(south)),
    "Central words": each_word(central),
    "English mixed": english,
    "no spaces": run_together,
    "no spaces, no tones": without_tones(run_together),
    "signs between": put_between(*FACES),
    "dots between": put_between(".", "...", ".."),
    "every third word spelt out": each_word(lambda word, chance: ".".join(word), 0.33),
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
        heard = [meaning.action != "calm" for meaning in meanings]
        ruled = [meaning.action != "calm" and meaning.rule != SUSPICION.rule.id for meaning in meanings]
        lost = [text for text, meaning in zip(typed, meanings, strict=True) if meaning.action == "calm"]
        figures[kind] = {"heard": percent(heard), "by a rule": percent(ruled), "lost": lost}
    return figures


def percent(right: list[bool]) -> float:
    """Return what share is right."""
    return round(100 * sum(right) / len(right), 1)


if __name__ == "__main__":
    named = Path(sys.argv[1]) if sys.argv[1:] else CLEAN
    sys.stdout.write(json.dumps(table(cries(named)), ensure_ascii=False, indent=1) + "\n")
