"""Typed answers: the choice that a message means, by its number, its label or a part of the label. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from flows.model.messages import Choice
from flows.parsing.numbers import number_in
from flows.parsing.zero import is_zero
from flows.rendering.pagination import by_number, numbered
from flows.text.letters import fold, tidy

LONGEST = 200
"""Letters of a message that may be an answer."""

POLITE = frozenset(
    ("da", "vang", "a", "nhe", "nha", "oi", "em", "chi", "anh", "ban", "minh", "toi", "chon", "so", "y", "cau", "la")
)
"""Small words around an answer ("dạ có ạ") that change nothing; compared without tones."""

MANNERS = POLITE - {"chon", "so", "y", "cau", "la"}
"""Those of them that are no part of any answer: `Chọn` is a label."""
PARTICLES = frozenset(("da", "vang", "a", "ah", "nhe", "nha"))
"""Those that are no word of a label without their tone either: `tối` is one."""

SHOWS = frozenset(("muon", "xem", "mo", "vao", "bam", "doc", "chon", "nghe"))
BEFORE = POLITE | SHOWS | {"cho", "can", "xin"}
AFTER = POLITE | {"di", "co", "bac", "con", "chau", "voi", "cam", "on", "luon", "ah", "hen", "nghen"}
"""Words before and behind a label of several words; compared without tones."""
AROUND = BEFORE | AFTER | PARTICLES | {"ad", "nhieu"}
"""Every word that is taken off: a message with any other is a label only where the label has that word too."""
MOST_AROUND = 5
"""Words that are taken off either end."""
FEW = 2
"""Words of a label that one of them names."""
SMALL = frozenset(("xem", "khong", "co", "cho", "minh", "lai", "het", "khac"))
"""Words that name no label by themselves; compared without tones."""

SHORT = {"k": "khong", "ko": "khong", "kg": "khong", "kh": "khong", "hok": "khong", "hong": "khong", "hem": "khong"}
"""Quick ways to type an answer; compared without tones."""

YES = frozenset(
    {"vâng", "vang", "vâng ạ", "ừ", "uh", "uhm", "ok", "oke", "yes", "yep", "phải", "đúng", "đúng rồi", "đúng vậy"}
)
NO = frozenset({"no", "nope", "không có", "khong co", "không phải", "khong phai"})
"""Other ways to answer a question whose labels are Có and Không. Toneless `dung` is not among them (safety rule 17)."""

MAYBE_WELL = frozenset({"ok", "oke"})
"""A yes to most questions; to one about danger it may as well say that all is well."""

FIRST = frozenset(
    ("cai dau", "cai dau tien", "y dau", "y dau tien", "cau dau", "cau dau tien", "dong dau", "dong dau tien")
)
LAST = frozenset(("cai cuoi", "cai cuoi cung", "y cuoi", "y cuoi cung", "cau cuoi", "cau cuoi cung", "dong cuoi"))
"""The first and the last line, without tones."""
EDGES = frozenset(("dau", "cuoi"))
"""Words of which each of these has one."""

LONGEST_SIGN = 6
SHOWN_AS_PICTURE = "\ufe0f"
"""Letters of a sign that may be sent more than once, and what phones add to one."""

TIMES = frozenset(("hom", "tuan", "sang", "trua", "gio"))
"""Words of labels that tell a time: there `thứ hai` may be Monday; compared without tones."""

_THANKS = re.compile(r"(?<=.) (?:xin )?cam on(?: (?:chi|anh|em|co|bac|ban|ad))?(?: (?:nhieu|a|nhe|nha))*$")
"""Thanks behind an answer, without tones."""
_LETTERS = re.compile(r"[^\W_]+")
_LINE = re.compile(r"(?:số )?([1-9])(?: ?[.:)–-] ?| )(.+)")


def match(text: str, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the choice a typed answer means: its number, its label, or its label without tones; else None.

    Two labels that only tones keep apart are never guessed between.
    """
    if not prompt or len(text) > LONGEST:
        return None
    said, labels = _said(text), _labels(prompt)
    place = _as_shown(labels).get(said)
    if place is not None:
        return prompt[place]
    agreed = _agreement(said, prompt) or _face(text, prompt)
    if agreed is not None:
        return agreed
    number = number_in(text, days=_tell_time(labels))
    number = number or _line(said, prompt) or _edge(said, prompt)
    return by_number(prompt, number) if number or is_zero(text) else _around(said, prompt)


def is_label(text: str, prompt: tuple[Choice, ...]) -> bool:
    """Say whether a message is a label as it stands, signs, capitals, tones and polite words aside."""
    return bool(prompt) and len(text) <= LONGEST and _around(_said(text), prompt) is not None


def match_part(text: str, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the one choice whose label holds a message as some of its words: `giấy tờ` is "Làm giấy tờ".

    Typed with tones it must stand there with these. One word is enough only where the label has no more than two.
    """
    words = _LETTERS.findall(tidy(text)) if prompt and len(text) <= LONGEST else []
    said = words if any(not word.isascii() for word in words) else [fold(word) for word in words]
    for part in without_ends(said, AFTER):
        shown = fold(part[0]) in SHOWS or part[0] == said[0]
        found = [choice for choice in prompt if shown and _holds(choice.label, tuple(part))]
        if len(found) == 1:
            return found[0]
    return None


def _said(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().split()).strip(" .,:;!?)(\"'“”")


def _around(said: str, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the choice of a label that stands alone, or between small words."""
    plain = _plain(said)
    words, shown = plain.split(), _words_shown(_labels(prompt))
    if shown.isdisjoint(words) or any([word not in shown and word not in AROUND for word in words]):
        return None
    plain = _THANKS.sub("", plain)
    for small in (frozenset(), PARTICLES, MANNERS, POLITE):
        candidate = " ".join([word for word in plain.split() if word not in small])
        found = _labelled(candidate, prompt)
        if found is not None and _has_tones_of(found.label, candidate, said):
            return found
    inner = (" ".join(words) for words in without_ends(plain.split(), AFTER) if len(words) > 1)
    return next((found for words in inner if (found := _labelled(words, prompt)) is not None), None)


def _has_tones_of(label: str, plain: str, said: str) -> bool:
    """Say whether one word that was typed with its tone has that of the label: `tôi` is not `tối`."""
    typed = [word for word in _LETTERS.findall(tidy(said)) if fold(word) == plain]
    return not typed or typed[0].isascii() or typed[0] in _label_words(label)[0]


def without_ends(words: list[str], after: frozenset[str]) -> Iterator[list[str]]:
    """Yield words without those that may stand before and behind a label, the longest first."""
    first = next((place for place, word in enumerate(words) if fold(word) not in BEFORE), len(words))
    last = next((place for place, word in enumerate(words[::-1]) if fold(word) not in after), len(words))
    ends = product(range(min(first, MOST_AROUND) + 1), range(min(last, MOST_AROUND) + 1))
    kept = (words[before : len(words) - behind] for before, behind in sorted(ends, key=sum))
    yield from (one for one in kept if one)


def _labelled(plain: str, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the one choice with these words, without tones, as its label or as what is between its commas."""
    place = _places(_labels(prompt)).get(plain)
    return None if place is None else prompt[place]


def _agreement(said: str, prompt: tuple[Choice, ...]) -> Choice | None:
    if said in MAYBE_WELL and any(choice.style == "danger" for choice in prompt):
        return None
    wanted = ("có", "yes") if said in YES else ("không", "no") if said in NO else ()
    return next((choice for choice in prompt if _label(choice) in wanted), None) if wanted else None


def _face(text: str, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the choice whose label begins with the sign that is all she sent: 😟 is "😟 Khó"."""
    sign = text.strip()
    if not sign or sign.isascii() or len(sign) > LONGEST_SIGN or any(letter.isalnum() for letter in sign):
        return None
    found = [choice for choice in prompt if choice.label.startswith(f"{sign[0]} ")]
    return found[0] if len(found) == 1 and set(sign) <= {sign[0], SHOWN_AS_PICTURE} else None


def _line(said: str, prompt: tuple[Choice, ...]) -> int:
    """Return the number of a line of the list typed as it stands (`1. Việt Nam`)."""
    line = _LINE.fullmatch(said)
    choice = by_number(prompt, int(line[1])) if line is not None else None
    return int(line[1]) if line is not None and choice is not None and _around(line[2], (choice,)) is not None else 0


def _edge(said: str, prompt: tuple[Choice, ...]) -> int:
    """Return the number of the first or the last line, named as that."""
    words = _plain(said).split()
    if EDGES.isdisjoint(words):
        return 0
    inner = {" ".join(part) for part in without_ends(words, AFTER)} if len(words) <= MOST_AROUND else set()
    return 1 if inner & FIRST else len(numbered(prompt)) if inner & LAST else 0


def _label(choice: Choice) -> str:
    return _spoken_label(choice.label)


@lru_cache(maxsize=4096)
def _spoken_label(label: str) -> str:
    """Remember a label as it would be typed: every message is held against the same few."""
    return " ".join(unicodedata.normalize("NFC", label).lower().split())


@lru_cache(maxsize=4096)
def _plain_label(label: str) -> tuple[str, str]:
    """Remember a label without tones and signs, and the same without its polite words."""
    plain = _plain(_spoken_label(label))
    return plain, _bare(plain)


def _labels(prompt: tuple[Choice, ...]) -> tuple[str, ...]:
    return tuple([choice.label for choice in prompt])


@lru_cache(maxsize=1024)
def _as_shown(labels: tuple[str, ...]) -> dict[str, int]:
    """Remember the place of each label as it would be typed; of two alike the first."""
    return {_spoken_label(label): place for place, label in reversed([*enumerate(labels)])}


@lru_cache(maxsize=1024)
def _places(labels: tuple[str, ...]) -> dict[str, int | None]:
    """Remember the place of the one label that words without tones are, or that has them between its commas."""
    found: dict[str, int | None] = {}
    for forms in (_plain_label, _parts):
        places: dict[str, set[int]] = defaultdict(set)
        for place, label in enumerate(labels):
            for plain in forms(label):
                places[plain].add(place)
        found = {plain: at.pop() if len(at) == 1 else None for plain, at in places.items() if plain} | found
    return found


@lru_cache(maxsize=1024)
def _words_shown(labels: tuple[str, ...]) -> frozenset[str]:
    """Remember every word of the labels of a question, without tones: what has none of them is no label."""
    return frozenset(word for label in labels for word in _plain_label(label)[0].split())


@lru_cache(maxsize=1024)
def _tell_time(labels: tuple[str, ...]) -> bool:
    return not _words_shown(labels).isdisjoint(TIMES)


@lru_cache(maxsize=4096)
def _parts(label: str) -> frozenset[str]:
    """Remember what stands between the commas of a label: "Không biết, bỏ qua" is either."""
    return frozenset(_plain(part) for part in _spoken_label(label).split(",")) if "," in label else frozenset()


@lru_cache(maxsize=4096)
def _label_words(label: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remember the words of a label with and without their tones."""
    words = _LETTERS.findall(tidy(label))
    return tuple(words), tuple(map(fold, words))


def _holds(label: str, part: tuple[str, ...]) -> bool:
    """Say whether some words of a label are these, and whether they are enough to name it."""
    if not part or (len(part) == 1 and (len(part[0]) < 3 or fold(part[0]) in SMALL)):
        return False
    return any(
        words[at : at + len(part)] == part and (len(part) > 1 or len(words) <= FEW)
        for words in _label_words(label)
        for at in range(len(words) - len(part) + 1)
    )


def _plain(text: str) -> str:
    """Return folded words without signs: `(1)`, `"Có"` become `1`, `co`."""
    return " ".join([SHORT.get(word, word) for word in _LETTERS.findall(fold(text))])


def _bare(plain: str) -> str:
    return " ".join([word for word in plain.split() if word not in POLITE])
