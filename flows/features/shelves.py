"""Shelves: open one, turn its pages, take a card from it, go on to the next."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import Phrasing


@action()
def open_shelf(context: Context) -> None:
    """Open the shelf she chose, or the one that what she typed leads to, at its first page."""
    context.session.data = {"shelf": context.content.library.shelf_for(context.answer or context.reason), "page": "0"}


@action()
def open_card(context: Context) -> None:
    """Open the one card that what she typed leads to, as if she had taken it from its shelf."""
    shelf, card = context.content.library.card_for(context.reason)
    context.session.data = {"shelf": shelf, "page": "0"}
    _take(context, card)


@action()
def say_card_asked(context: Context) -> None:
    """Say the one card that answers what she asked in between; what she stands at stays."""
    _, name = context.content.library.card_for(context.reason)
    if name:
        context.say(context.content.card(name, context.session.lang))


@action()
def next_page(context: Context) -> None:
    """Turn the page of the shelf's list; after the last comes none."""
    pages = context.content.pages(shelf(context))
    context.update_data(page=str(min(number(context, "page") + 1, pages - 1)))


@action()
def pick_card(context: Context) -> None:
    """Take the card she chose from the list, in the words it has now."""
    _take(context, context.answer)


@action()
def next_card(context: Context) -> None:
    """Go on to the next card of the shelf."""
    following = after(context)
    if following:
        _take(context, following)


def shelf(context: Context) -> str:
    """Return the shelf she stands before; the first of all when it is not known."""
    shelves = context.content.library.shelves
    name = context.session.data.get("shelf", "")
    return name if name in shelves else next(iter(shelves), "")


def room(context: Context) -> str:
    """Return the room of her shelf."""
    return context.content.library.shelves[shelf(context)].room


def card(context: Context) -> str:
    """Return the card she reads; the first of the shelf when it is not known or stands there no more."""
    cards = context.content.shelf(shelf(context))
    read = context.session.data.get("read", "")
    return read if read in context.content.library.cards else next(iter(cards), "")


def after(context: Context) -> str:
    """Return the card that follows on the shelf, recalled ones left out; "" after the last."""
    cards, read = context.content.shelf(shelf(context)), card(context)
    if read in cards:
        return next(iter(cards[cards.index(read) + 1 :]), "")
    later = [name for name in context.content.library.cards if name in cards]
    known = list(context.content.library.cards)
    return next((name for name in later if known.index(name) > known.index(read)), "")


def number(context: Context, name: str) -> int:
    """Return a number of the flow's data; 0 when it is not there."""
    return int(context.session.data.get(name, "0"))


def _take(context: Context, name: str) -> None:
    """Remember the card and the mark of its words: a text that changes meanwhile is not changed under her eyes."""
    library = context.content.library
    if name in library.cards:
        context.update_data(read=name, words=library.card(name, context.session.lang).digest)


@condition()
def more_cards(context: Context) -> bool:
    """The shelf she reads from has a card after this one."""
    return bool(after(context))


@condition()
def from_offers(context: Context) -> bool:
    """The shelf she stands before is in the room of offers."""
    return room(context) == "offers"


@condition()
def from_journey(context: Context) -> bool:
    """The shelf she stands before is in the room of going and coming back."""
    return room(context) == "journey"


def _every_page(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for name in phrasing.library.shelves:
        yield from (phrasing.listing(name, page, state.choices, lang) for page in range(phrasing.pages(name)))


@prompt(samples=_every_page, offers=True)
def shelf_page(context: Context, state: State) -> Outgoing:
    """Return the page of her shelf's list that she has turned to, each title a choice."""
    page = number(context, "page")
    return context.content.listing(shelf(context), page, state.choices, context.session.lang)


def _every_card(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    yield from (phrasing.card(name, lang) for topic in phrasing.library.shelves for name in phrasing.shelf(topic))


@prompt(samples=_every_card)
def shelf_card(context: Context, state: State) -> Outgoing:
    """Return the card she took from her shelf, in the words it had when she took it."""
    return context.content.card(card(context), context.session.lang, context.session.data.get("words", ""))
