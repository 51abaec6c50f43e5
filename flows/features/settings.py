"""Pages and settings: which card a choice opens, her language and exit, her province."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from content.directory.numbers import HOME, is_home
from flows.context import Context
from flows.features.places import looked_up
from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.parsing.places import province_named
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import Phrasing, asking_nothing
from flows.tables import PAGES


@action()
def open_page(context: Context) -> None:
    """Open the card that belongs to the choice just made."""
    group = context.session.state.partition(":")[0]
    context.update_data(**{f"{group}.page": context.answer})


@action()
def open_law(context: Context) -> None:
    """Open the page about free legal advice."""
    context.update_data(**{"Returning.page": "law"})


@action()
def say_before_calling(context: Context) -> None:
    """Say above the numbers what to know before calling in the country she looks up, where there is a card about it."""
    country = context.session.data.get(looked_up("Stuck"), "").partition(":")[2]
    card = f"before_calling.{country.lower()}"
    if context.content.library.has(card):
        context.above = asking_nothing(context.content.card(card, context.session.lang))


@condition()
def card_on_show(context: Context) -> bool:
    """Where she stands a card is shown; the button of one that the cover has put away passes nothing on."""
    state = context.states[context.session.state]
    return bool(state.tell) and state.group != "Menu"


@action()
def send_card_alone(context: Context) -> None:
    """Send the card on show as a message of its own, so that it can be passed on as it is."""
    state = context.states[context.session.state]
    shelf = context.content.shelf(state.topic) if state.tell == "question" else ()
    if shelf:
        told = context.content.card(shelf[min(context.card_number(), len(shelf) - 1)], context.session.lang)
    else:
        told = context.prompt_of(state)
    context.say(asking_nothing(told))


@action()
def take_language(context: Context) -> None:
    """Speak the language she chose from here on."""
    context.session.lang = context.answer


@action()
def take_address(context: Context) -> None:
    """Call her from here on as she asked to be called; "as before" is no choice of a word."""
    known = context.content.library.tone.addresses
    context.session.address = context.answer if context.answer in known else ""


@action()
def take_exit(context: Context) -> None:
    """Remember whether a hurried exit shows cover messages or nothing."""
    context.session.quiet_exit = context.answer == "nothing"


@action()
def take_province(context: Context) -> None:
    """Remember the province she named; where she said that she is in Viet Nam, it is where she is, as a code."""
    province = province_named(context.content.library, context.incoming.text)
    context.update_data(**{"Services.province": province})
    if province and is_home(context.session.place):
        context.session.place = f"{HOME.lower()}:{province}"


@condition()
def province_typed(context: Context) -> bool:
    """What she typed names a province, of today or of before July 2025."""
    return bool(province_named(context.content.library, context.incoming.text))


def _pages(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for card in PAGES[state.topic].values():
        yield phrasing.card(card, lang)


@prompt(samples=_pages, topics=PAGES)
def chosen_card(context: Context, state: State) -> Outgoing:
    """Return the card of the page she chose."""
    page = PAGES[state.topic]
    chosen = page.get(context.session.data.get(f"{state.group}.page", ""))
    return asking_nothing(context.content.card(chosen or next(iter(page.values())), context.session.lang))


def _unions(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    home = HOME.lower()
    for province, place, above in product(("", *phrasing.library.areas.provinces), ("", home), (None, "", home)):
        yield phrasing.union(province, lang, place, above)


@prompt(samples=_unions)
def union_of_province(context: Context, state: State) -> Outgoing:
    """Return the Women's Union of the province she named, below the numbers that she has just looked up."""
    session = context.session
    above = session.data.get(looked_up(state.group), session.place)
    return context.content.union(session.data.get("Services.province", ""), session.lang, session.place, above)
