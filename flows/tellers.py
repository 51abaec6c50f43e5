"""Words that depend on more than a card id: the next card of a shelf, the numbers of a place, the hand-off."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from content.recording_scripts import script
from flows.context import Context
from flows.features import shelves, situations
from flows.features.get_help import looked_up
from flows.features.groups import card_on_show
from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.questions import CHECKLIST, answers_key, judged
from flows.rendering.phrasing import asking_nothing, outgoing
from flows.tables import PAGES

Teller = Callable[[Context, State], Outgoing]


def shelf_page(context: Context, state: State) -> Outgoing:
    """Return the page of her shelf's list that she has turned to, each title a choice."""
    page = shelves.number(context, "page")
    return context.content.listing(shelves.shelf(context), page, state.choices, context.lang)


def shelf_card(context: Context, state: State) -> Outgoing:
    """Return the card she took from her shelf, in the words it had when she took it."""
    return context.content.card(shelves.card(context), context.lang, context.data.get("words", ""))


def numbers_here(context: Context, state: State) -> Outgoing:
    """Return the numbers of the place she looks up, or that work where she is."""
    place = context.data.get(looked_up(state.group), context.place)
    return context.content.numbers(place, context.lang)


def union_of_province(context: Context, state: State) -> Outgoing:
    """Return the Women's Union of the province she named."""
    return context.content.union(context.data.get("Services.province", ""), context.lang)


def hand_off(context: Context, state: State) -> Outgoing:
    """Return who answers where she is while nobody of ours is on duty (safety rule 18)."""
    return context.content.handoff(context.place, context.lang, context.now, situations.told(context))


def invited_to(context: Context, state: State) -> Outgoing:
    """Return what her code offers: to hear from a group, to be a member of it, or to be called when staff is needed."""
    if context.data.get("kind") == "staff":
        return context.content.card("call.bind", context.lang)
    card = "village_join" if context.data.get("kind") == "member" else "village_listen"
    return outgoing(context.content.library.say(card, context.lang, title=context.data.get("title", "")))


def card_to_share(context: Context, state: State) -> Outgoing:
    """Return the card a member would send, exactly as it will be seen, and about how many people will see it."""
    village, content, lang = context.village, context.content, context.lang
    if village is None or not village.cards:
        return content.card("village_no_cards", lang)
    card = content.card(card_on_show(village, context.card_number()), lang)
    about = content.about_people(village.audience, lang)
    tail = outgoing(content.library.say("village_about", lang, title=village.title, count=about))
    return content.joined(asking_nothing(card), tail)


def question(context: Context, state: State) -> Outgoing:
    """Return the question of this state's list that she has come to, with its place in the list."""
    return context.content.question(state.topic, context.card_number(), context.lang)


def checker_result(context: Context, state: State) -> Outgoing:
    """Return what her answers come to and why; never that an offer is safe."""
    found = judged(context)
    because, unsure = (found.because, found.unsure) if found else ((), ())
    return context.content.result(f"checker_{state.name}", because, unsure, context.lang)


def checklist_result(context: Context, state: State) -> Outgoing:
    """Return what is still to be done before she goes, by the ticks of now or the ones she asked us to keep."""
    ticks = context.data.get(answers_key(state.group)) or context.kept.get(CHECKLIST, "")
    return context.content.left_to_do(CHECKLIST, ticks, context.lang)


def quiz_explained(context: Context, state: State) -> Outgoing:
    """Return whether her answer is the right one, and why."""
    guess = context.data.get(f"{state.group}.guess", "")
    return context.content.explained(state.topic, context.card_number(), guess, context.lang)


def chosen_card(context: Context, state: State) -> Outgoing:
    """Return the card of the page she chose."""
    page = PAGES[state.topic]
    chosen = page.get(context.data.get(f"{state.group}.page", ""))
    return asking_nothing(context.content.card(chosen or next(iter(page.values())), context.lang))


def invited_to_speak(context: Context, state: State) -> Outgoing:
    """Return what her code asks for: her voice, in one language, on conditions."""
    title = context.data.get("title", "")
    return outgoing(context.content.library.say("recording_invited", context.lang, language=title))


def script_to_read(context: Context, state: State) -> Outgoing:
    """Return the words a speaker is asked to read aloud, with the neutral words before them."""
    speaking, library = context.speaking, context.content.library
    card = context.data.get("script", "")
    if speaking is None or not library.has(card):
        return context.content.card("recording_finished", context.lang)
    number = str(speaking.cards.index(card) + 1) if card in speaking.cards else "1"
    slots = {"n": number, "total": str(len(speaking.cards)), "language": speaking.name}
    said = outgoing(library.say("recording_script", context.lang, **slots, words=script(library, card, speaking.lang)))
    if card not in speaking.refused:
        return said
    reason = context.content.card(f"fragment.refused.{speaking.refused[card]}", context.lang).text
    before = library.say("recording_before", context.lang, reason=reason).text
    return msgspec.structs.replace(said, text=f"{before}\n\n{said.text}")


TELLERS: Mapping[str, Teller] = {
    teller.__name__: teller
    for teller in (
        *(shelf_page, shelf_card, numbers_here, hand_off, invited_to, card_to_share),
        union_of_province,
        *(question, checker_result, checklist_result, quiz_explained, chosen_card),
        *(invited_to_speak, script_to_read),
    )
}
