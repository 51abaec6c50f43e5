"""Pagination: eight numbered answers on a screen, one digit each; the last one shows the others. Words reach all.

Below them stand the answers with a digit of their own (flows/tables/fixed_answers.yaml), on every page.
"""

from __future__ import annotations

from flows.model.messages import Choice

MOST = 8
"""Numbered answers on one screen: a number of one digit is easier on a keypad, and 0 and 9 mean the same everywhere."""
MORE, FIRST = "more_choices", "first_choices"
"""The values of the answers that turn the page, answered by the list itself, never by a flow.

"More" leads on and never back; the last page says that it begins anew.
"""
TURNS = (MORE, FIRST)


def paged(choices: tuple[Choice, ...], labels: tuple[str, str], first: int = 0) -> tuple[Choice, ...]:
    """Return the choices in the order of a page that begins with number `first` (from 0).

    Those on the screen come first and end with the one that turns the page, called by `labels` (more, from the
    beginning); behind it stand those that can only be named, and those with a digit of their own.
    """
    plain = tuple([choice for choice in choices if not choice.digit])
    if len(plain) <= MOST:
        return choices
    here = plain[first : first + MOST - 1]
    others = tuple(choice for choice in choices if choice not in here)
    last = first + len(here) == len(plain)
    return (*here, Choice(labels[last], TURNS[last]), *others)


def numbered(prompt: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return the choices of a prompt whose number is their place on the screen."""
    plain = tuple([choice for choice in prompt if not choice.digit])
    end = next((number for number, choice in enumerate(plain, 1) if choice.value in TURNS), len(plain))
    return plain[:end]


def fixed(prompt: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return the choices of a prompt that have a digit of their own."""
    return tuple([choice for choice in prompt if choice.digit])


def on_screen(prompt: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return the choices of a prompt that have a number or a button, those with a digit of their own last."""
    return (*numbered(prompt), *fixed(prompt))


def by_number(prompt: tuple[Choice, ...], number: int) -> Choice | None:
    """Return the choice that a typed number means: a digit of its own, else its place on the screen, from 1."""
    own = next((choice for choice in prompt if choice.digit == str(number)), None)
    shown = numbered(prompt) if own is None else ()
    return shown[number - 1] if 0 < number <= len(shown) else own


def next_page(choices: tuple[Choice, ...], prompt: tuple[Choice, ...]) -> int:
    """Return with which of `choices` (from 0) the page after the one of `prompt` begins; after the last, the first."""
    shown = [choice.value for choice in numbered(prompt)]
    last = max((number for number, choice in enumerate(choices) if choice.value in shown), default=-1)
    return (last + 1) % len(choices)
