"""Render a message for one channel: buttons or a numbered list, pages, nothing lost and no character cut in two."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from content.schema import Limits
from flows.model.messages import Button, Choice, Outgoing, Shown
from flows.rendering.audio import before_the_text
from flows.rendering.pagination import fixed, numbered, on_screen
from flows.text.splitting import length, split

SKIP = "skip"
"""The answer that a line of answers leaves out, the last of them: it was listed with the first question."""


def render(outgoing: Outgoing, limits: Limits, nonce: int) -> tuple[Shown, ...]:
    """Return the messages a channel will carry for `outgoing`, in order; only the first may ring.

    Buttons carry `f"{nonce}:{index}"`, index from 0. Where a channel has no buttons, or a label is too long for
    one, answers are a numbered list from 1; those with a digit of their own stand apart below it. Sounds go first,
    cards to tap last. Raises ValueError when a button's data cannot fit.
    """
    numbered, buttons = _answers(outgoing, limits, nonce)
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


def pressed(data: str, nonce: int, prompt: tuple[Choice, ...]) -> Choice | None:
    """Return the choice of a button; None for a button of an older question or one never offered."""
    asked, _, index = data.partition(":")
    if asked != str(nonce) or not (index.isascii() and index.isdecimal() and len(index) <= 4):
        return None
    shown = on_screen(prompt)
    return shown[int(index)] if int(index) < len(shown) else None


def _answers(outgoing: Outgoing, limits: Limits, nonce: int) -> tuple[str, tuple[Button, ...]]:
    """Return the numbered list to append and the buttons to show."""
    choices = outgoing.choices
    if not choices:
        return "", ()
    shown = on_screen(choices)
    labels = tuple([choice.label for choice in shown])
    own = tuple([(choice.digit, choice.label) for choice in fixed(choices)])
    named = tuple([choice.label for choice in numbered(choices) if not (outgoing.inline and choice.value == SKIP)])
    listing = _listing(named, own, outgoing.inline)
    if limits.choices == "numbered":
        return listing, ()
    labels, long = _on_buttons(labels, limits.text_unit, limits.button_text_max)
    buttons = tuple(
        Button((choice.digit or str(index + 1)) if long else labels[index], _data(nonce, index, limits), choice.style)
        for index, choice in enumerate(shown)
    )
    return (listing if long else ""), buttons


@lru_cache(maxsize=1024)
def _listing(labels: tuple[str, ...], own: tuple[tuple[str, str], ...], inline: bool) -> str:
    """Number the labels of a question, those with a digit of their own below; the same ones are shown to everybody."""
    lists = ([(str(number), label) for number, label in enumerate(labels, 1)], own)
    if inline:
        text = "\n".join("  ".join([f"{digit} {label}" for digit, label in part]) for part in lists if part)
        return unicodedata.normalize("NFC", text)
    text = "\n\n".join("\n".join([f"{digit}. {label}" for digit, label in part]) for part in lists if part)
    return unicodedata.normalize("NFC", text)


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
    return ("\n" if outgoing.inline else "\n\n").join(part for part in (body, numbered) if part)


def _pages(texts: list[str], buttons: tuple[Button, ...], buttons_max: int) -> list[tuple[str, tuple[Button, ...]]]:
    """Put the buttons under the last text; those that do not fit go under messages that only say there are more."""
    groups = [buttons[at : at + buttons_max] for at in range(0, len(buttons), max(buttons_max, 1))] or [()]
    pages: list[tuple[str, tuple[Button, ...]]] = [(text, ()) for text in texts[:-1]]
    pages.append((texts[-1], groups[0]))
    pages += [("…", group) for group in groups[1:]]
    return pages
