"""Render a message for one channel: buttons or a numbered list, pages, nothing lost and no character cut in two."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from content.schema import Limits
from flows.model.messages import Button, Choice, Outgoing, Shown
from flows.rendering.audio import before_the_text
from flows.rendering.pagination import on_screen
from flows.text.letters import fold
from flows.text.splitting import length, split

POLITE = frozenset(
    ("da", "vang", "a", "nhe", "nha", "oi", "em", "chi", "anh", "ban", "minh", "toi", "chon", "so", "y", "cau", "la")
)
"""Small words around an answer ("dạ có ạ") that change nothing; compared without tones."""

SHORT = {"k": "khong", "ko": "khong", "kg": "khong", "kh": "khong", "hok": "khong", "hong": "khong", "hem": "khong"}
"""Quick ways to type an answer; compared without tones."""

YES = frozenset(
    {"vâng", "vang", "vâng ạ", "ừ", "uh", "uhm", "ok", "oke", "yes", "yep", "phải", "đúng", "đúng rồi", "đúng vậy"}
)
NO = frozenset({"no", "nope", "không có", "khong co", "không phải", "khong phai"})
"""Other ways to answer a question whose labels are Có and Không. Toneless `dung` is not among them (safety rule 17)."""

MAYBE_WELL = frozenset({"ok", "oke"})
"""A yes to most questions; to one about danger it may as well say that all is well."""

NUMBERS = {
    **{"một": 1, "mot": 1, "hai": 2, "ba": 3, "bốn": 4, "bon": 4, "tư": 4, "năm": 5, "sáu": 6},
    **{"bảy": 7, "tám": 8, "chín": 9, "chin": 9, "one": 1, "two": 2, "three": 3},
}
"""Numbers in words; a tone may be missing only where no common word is left: `nam` is a man, `sau` is after."""

AROUND_A_NUMBER = frozenset(("da", "vang", "a", "nhe", "nha", "chon", "so", "y", "cau", "muc", "la"))
"""What may stand beside a number in words; compared without tones. `ba ơi` calls a father."""

_LETTERS = re.compile(r"[^\W_]+")
_LINE = re.compile(r"(?:số )?([1-9])(?: ?[.:)–-] ?| )(.+)")


def render(outgoing: Outgoing, limits: Limits, nonce: int) -> tuple[Shown, ...]:
    """Return the messages a channel will carry for `outgoing`, in order; only the first may ring.

    Buttons carry `f"{nonce}:{index}"`, index from 0. Where a channel has no buttons, or a label is too long for
    one, answers are a numbered list from 1. Sounds go first, cards to tap last. Raises
    ValueError when a button's data cannot fit.
    """
    numbered, buttons = _answers(outgoing.choices, limits, nonce)
    text = _whole_text(outgoing, numbered)
    shown, media, room = before_the_text(outgoing, limits)
    if shown and not text:
        return tuple(shown)
    if media and length(text, limits.text_unit) > room:
        shown.append(Shown("", media=media, protect=outgoing.protect))
        media = ""
    texts = split(text, limits.text_max, limits.text_unit)
    for page in _pages(texts, buttons, limits.buttons_max):
        shown.append(Shown(page[0], page[1], media, outgoing.protect, quiet=bool(shown)))
        media = ""
    return (*shown, *(_cards(outgoing) if limits.contact_card else ()))


def _cards(outgoing: Outgoing) -> list[Shown]:
    """Return the cards to tap, which make no sound; elsewhere a number in plain text is what can be tapped."""
    return [Shown(contact.name, quiet=True, phone=contact.number) for contact in outgoing.contacts]


def match(text: str, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the choice a typed answer means: its number, its label, or its label without tones; else None.

    Two labels that only tones keep apart are never guessed between.
    """
    if not prompt or len(text) > 200:
        return None
    said = " ".join(unicodedata.normalize("NFC", text).lower().split()).strip(" .,:;!?)(\"'“”")
    for choice in prompt:
        if said == _label(choice):
            return choice
    agreed = _agreement(said, prompt)
    if agreed is not None:
        return agreed
    numbered = _numbered(said, prompt)
    if numbered is not None:
        return numbered
    plain = _plain(said)
    for candidate in (plain, _bare(plain)):
        index = _number(candidate)
        if index is not None:
            shown = on_screen(prompt)
            return shown[index - 1] if 1 <= index <= len(shown) else None
        found = [choice for choice in prompt if candidate and candidate in _plain_label(choice.label)]
        found = found or [choice for choice in prompt if candidate and candidate in _parts(choice.label)]
        if len(found) == 1:
            return found[0]
    return None


def pressed(data: str, nonce: int, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the choice of a button; None for a button of an older question or one never offered."""
    asked, _, index = data.partition(":")
    if asked != str(nonce) or not (index.isascii() and index.isdecimal() and len(index) <= 4):
        return None
    shown = on_screen(prompt)
    return shown[int(index)] if int(index) < len(shown) else None


def _answers(choices: tuple[Choice, ...], limits: Limits, nonce: int) -> tuple[str, tuple[Button, ...]]:
    """Return the numbered list to append and the buttons to show."""
    if not choices:
        return "", ()
    labels = tuple([choice.label for choice in choices])
    listing = _listing(labels)
    if limits.choices == "numbered":
        return listing, ()
    labels, long = _on_buttons(labels, limits.text_unit, limits.button_text_max)
    buttons = tuple(
        Button(str(index + 1) if long else labels[index], _data(nonce, index, limits), choice.style)
        for index, choice in enumerate(choices)
    )
    return (listing if long else ""), buttons


@lru_cache(maxsize=1024)
def _listing(labels: tuple[str, ...]) -> str:
    """Number the labels of a question; the same questions are asked of everybody."""
    return "\n".join(f"{number}. {unicodedata.normalize('NFC', label)}" for number, label in enumerate(labels, 1))


@lru_cache(maxsize=1024)
def _on_buttons(labels: tuple[str, ...], unit: str, longest: int) -> tuple[tuple[str, ...], bool]:
    """The labels as buttons show them, and whether one is too long for its button."""
    labels = tuple([unicodedata.normalize("NFC", label) for label in labels])
    return labels, any(length(label, unit) > longest for label in labels)


def _data(nonce: int, index: int, limits: Limits) -> str:
    data = f"{nonce}:{index}"
    if len(data) > limits.callback_bytes:
        raise ValueError(f"{limits.channel}: a button may carry {limits.callback_bytes} bytes, not {len(data)}")
    return data


def _whole_text(outgoing: Outgoing, numbered: str) -> str:
    """Put text, link, numbers that the text does not name, and the numbered list together."""
    text = unicodedata.normalize("NFC", outgoing.text)
    unnamed = []
    if outgoing.phones:
        digits = "".join(character for character in text if character.isdigit() or character == "+")
        unnamed = [phone for phone in outgoing.phones if phone not in digits]
    link = outgoing.link if outgoing.link and outgoing.link not in text else ""
    body = "\n".join(part for part in (text, link, *unnamed) if part)
    return "\n\n".join(part for part in (body, numbered) if part)


def _pages(texts: list[str], buttons: tuple[Button, ...], buttons_max: int) -> list[tuple[str, tuple[Button, ...]]]:
    """Put the buttons under the last text; those that do not fit go under messages that only say there are more."""
    groups = [buttons[at : at + buttons_max] for at in range(0, len(buttons), max(buttons_max, 1))] or [()]
    pages: list[tuple[str, tuple[Button, ...]]] = [(text, ()) for text in texts[:-1]]
    pages.append((texts[-1], groups[0]))
    pages += [("…", group) for group in groups[1:]]
    return pages


def _agreement(said: str, prompt: tuple[Choice, ...]) -> Choice | None:
    if said in MAYBE_WELL and any(choice.style == "danger" for choice in prompt):
        return None
    wanted = ("có", "yes") if said in YES else ("không", "no") if said in NO else ()
    return next((choice for choice in prompt if _label(choice) in wanted), None)


def _numbered(said: str, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the choice of a number in words (`số hai ạ`), or of a line typed as it stands (`1. Việt Nam`)."""
    words = [word for word in said.split() if fold(word).strip(".,") not in AROUND_A_NUMBER]
    shown = on_screen(prompt)
    index = NUMBERS.get(words[0], 0) if len(words) == 1 else 0
    line = _LINE.fullmatch(said)
    if line is not None and int(line[1]) <= len(shown):
        labels = _plain_label(shown[int(line[1]) - 1].label)
        plain = _plain(line[2])
        index = int(line[1]) if plain in labels or _bare(plain) in labels else 0
    return shown[index - 1] if 0 < index <= len(shown) else None


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


@lru_cache(maxsize=4096)
def _parts(label: str) -> frozenset[str]:
    """Remember what stands between the commas of a label: "Không biết, bỏ qua" is either."""
    return frozenset(_plain(part) for part in _spoken_label(label).split(",")) if "," in label else frozenset()


def _plain(text: str) -> str:
    """Return folded words without signs: `1️⃣`, `(1)`, `"Có"` become `1`, `1`, `co`."""
    return " ".join([SHORT.get(word, word) for word in _LETTERS.findall(fold(text))])


def _bare(plain: str) -> str:
    return " ".join([word for word in plain.split() if word not in POLITE])


def _number(plain: str) -> int | None:
    if plain.isascii() and plain.isdecimal() and len(plain) <= 3:
        return int(plain)
    return None
