"""Pagination: nine answers on a screen, one digit each; the last one shows the others. Words reach all of them."""

from __future__ import annotations

from flows.model.messages import Choice

MOST = 9
"""Answers on one screen: a number of one digit is easier on a keypad, and the question stays in sight."""
MORE = "more_choices"
"""The value of the answer that turns the page; it is answered by the list itself, never by a flow."""


def paged(choices: tuple[Choice, ...], label: str, first: int = 0) -> tuple[Choice, ...]:
    """Return the choices in the order of a page that begins with number `first` (from 0).

    Those on the screen come first and end with the one called `label`; behind it stand those that can only be named.
    """
    if len(choices) <= MOST:
        return choices
    here = choices[first : first + MOST - 1]
    others = tuple(choice for choice in choices if choice not in here)
    return (*here, Choice(label, MORE), *others)


def on_screen(prompt: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return the choices of a prompt that have a number or a button."""
    end = next((number for number, choice in enumerate(prompt, 1) if choice.value == MORE), len(prompt))
    return prompt[:end]


def next_page(choices: tuple[Choice, ...], prompt: tuple[Choice, ...]) -> int:
    """Return with which of `choices` (from 0) the page after the one of `prompt` begins; after the last, the first."""
    shown = [choice.value for choice in on_screen(prompt)]
    last = max((number for number, choice in enumerate(choices) if choice.value in shown), default=-1)
    return (last + 1) % len(choices)
