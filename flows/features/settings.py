"""Actions of pages, shelves and settings that only remember where she is or what she likes."""

from __future__ import annotations

from content.directory.numbers import HOME, is_home
from flows.context import Context
from flows.features import profiles
from flows.parsing.places import province_named
from flows.questions import CHECKLIST, answers_key
from flows.rendering.phrasing import asking_nothing


def open_page(context: Context) -> None:
    """Open the card that belongs to the choice just made."""
    group = context.state.partition(":")[0]
    context.update_data(**{f"{group}.page": context.answer})


def open_law(context: Context) -> None:
    """Open the page about free legal advice."""
    context.update_data(**{"Returning.page": "law"})


def note_guess(context: Context) -> None:
    """Remember the answer to a quiz question until its explanation is read."""
    group = context.state.partition(":")[0]
    context.update_data(**{f"{group}.guess": context.answer})


def keep_checklist(context: Context) -> None:
    """Keep her ticks because she asked for it."""
    context.kept = {**context.kept, CHECKLIST: context.data.get(answers_key("Checklist"), "")}


def drop_checklist(context: Context) -> None:
    """Keep her ticks no longer."""
    context.kept = {key: value for key, value in context.kept.items() if key != CHECKLIST}


def take_province(context: Context) -> None:
    """Remember the province she named; where she said that she is in Viet Nam, it is where she is, as a code."""
    province = province_named(context.content.library, context.incoming.text)
    context.update_data(**{"Services.province": province})
    if province and is_home(context.place):
        context.place = f"{HOME.lower()}:{province}"


def open_profile(context: Context) -> None:
    """Open the profile of the key she typed; with a wrong one the neutral profile. The place was somebody's own."""
    profiles.switch(context, profiles.tag(profiles.key_in(context.incoming.text)))
    context.forget_place()


def make_profile(context: Context) -> None:
    """Make a profile that this key opens, with what was kept so far."""
    profiles.make(context, profiles.key_in(context.incoming.text))


def say_country_card(context: Context) -> None:
    """Say what is known of help in the country she chose, where there is a card about it."""
    card = f"stuck.{context.answer}"
    if context.content.library.has(card):
        context.say(asking_nothing(context.content.card(card, context.lang)))


def send_card_alone(context: Context) -> None:
    """Send the card on show as a message of its own, so that it can be passed on as it is."""
    state = context.content.states[context.state]
    shelf = context.content.shelf(state.topic) if state.tell == "question" else ()
    if shelf:
        told = context.content.card(shelf[min(context.card_number(), len(shelf) - 1)], context.lang)
    else:
        told = context.content.told(context, state)
    context.say(asking_nothing(told))
