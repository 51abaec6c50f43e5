"""Messages beside the words of a state, and questions about the message and the moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from content.directory.numbers import is_home
from content.directory.shifts import shift_words
from content.escalation.loader import escalation_policy
from flows.context import Context
from flows.features import situations
from flows.features.despair import ASKED
from flows.features.doubt import help_offered
from flows.features.get_help import TOLD_OF_DUTY, numbers_of
from flows.model.effects import NoteOnCase
from flows.model.facts import CaseSeen
from flows.model.session import Offered
from flows.parsing.ages import of_a_child
from flows.registry import action, condition
from flows.rendering.phrasing import framed, outgoing
from flows.understanding.classifier import ARTICLE

COVERS_SHOWN = 3
GREETING, AGREED, PUZZLED = "courtesy.greeting", "courtesy.agreed", "courtesy.puzzled"
"""The rules of a greeting, of "ok" and the signs that say the same, of "I do not understand"."""
ACKNOWLEDGE_AGAIN = timedelta(minutes=3)
"""How often she is told that her words are kept; only ever in answer to her (safety rule 6)."""


@action(helps=True)
def show_numbers(context: Context) -> None:
    """Show the numbers that work where she is, before anything else that is waiting to leave."""
    context.urgent()
    session, situation = context.session, situations.shown(context)
    session.numbers_at = context.now
    situations.note_numbers(context)
    context.say(context.content.emergency(session.place, session.lang, situation, context.now))


@action(helps=True)
def show_numbers_once(context: Context) -> None:
    """Show the numbers that work where she is, unless she has just seen them all."""
    if not situations.numbers_seen(context):
        show_numbers(context)


@action(helps=True)
def list_numbers(context: Context) -> None:
    """List the numbers that work where she is, a child's first for a child; nothing is said about her words."""
    context.urgent()
    situation = situations.CHILD if context.session.data.get("minor") == "yes" else ""
    context.say(context.content.numbers(context.session.place, context.session.lang, situation))


@action()
def hand_off_if_alone(context: Context) -> None:
    """With nobody on duty, say so and what to say to who answers (safety rule 18), below the numbers of her place."""
    if context.facts.on_duty:
        return
    numbers = None if situations.numbers_seen(context) else numbers_of(context)
    told = framed(situations.who_answers(context), numbers, None, apart="\n")
    if context.session.state.startswith(
        "SilentCall:"
    ):  # somebody may see this phone: a card would stay in its contacts
        told = msgspec.structs.replace(told, contacts=())
    context.say(told)


@action()
def hand_off_once_if_alone(context: Context) -> None:
    """The same for an answer of hers: what stands on her screen already is not said again."""
    if not (situations.numbers_seen(context) and situations.handed_off(context)):
        hand_off_if_alone(context)


@action(cards=("minor_duty",))
def tell_duty_if_minor(context: Context) -> None:
    """Tell that we must call 111 for a child, when an age was named: in the very next message (safety rule 16).

    Where the first sentence has told it already nothing is added.
    """
    if of_a_child(context.incoming.text, context.lexicon) and not situations.tells_duty(context):
        context.say(context.content.card("minor_duty", context.session.lang))


@action(cards=("minor_duty",))
def tell_duty_of_age(context: Context) -> None:
    """Tell who says that the person is under sixteen that we must call 111, before the next question."""
    if context.answer == TOLD_OF_DUTY:
        context.say(context.content.card("minor_duty", context.session.lang))


@action(cards=("minor_duty",))
def tell_duty_of_child(context: Context) -> None:
    """Tell who asks for help now that we must call 111, when what she wrote before named an age below eighteen."""
    if context.session.data.get("minor") == "yes" and not situations.tells_duty(context):
        context.say(context.content.card("minor_duty", context.session.lang))


@action(cards=("help_number",))
def tell_number(context: Context) -> None:
    """Give her the number of her case to come back with; a case opened in this very step has none yet."""
    if context.facts.case is not None and context.facts.case.number:
        library = context.content.library
        context.say(outgoing(library.say("help_number", context.session.lang, number=context.facts.case.number)))


@action(cards=("welcome",))
def greet(context: Context) -> None:
    """Introduce ourselves, once: to somebody we have never heard from."""
    if context.before.last_at is None:
        welcome(context)


@action(cards=("welcome",))
def welcome(context: Context) -> None:
    """Say who we are: an automatic notebook that asks no names."""
    context.say(context.content.card("welcome", context.session.lang))


@action(cards=("case_kept", "case_still", "despair_here", "unanswered_still"))
def acknowledge(context: Context) -> None:
    """Tell her that her words are with the people of her case; not after every message, never beside a human.

    When nobody has taken it in time she is told that instead, once, with who answers where she is (safety rule 18).
    """
    case, session = context.facts.case, context.session
    if case is None or case.human_here or context.staff_spoke():
        return
    if tell_nobody_came(context):
        context.update_data(acknowledged=context.now.isoformat())
        return
    last = session.data.get("acknowledged")
    if last is None or context.now - datetime.fromisoformat(last) >= ACKNOWLEDGE_AGAIN:
        card = "despair_here" if ASKED in session.data else "case_kept" if last is None else "case_still"
        context.say(context.content.card(card, session.lang))
        context.update_data(acknowledged=context.now.isoformat())


@action(cards=("unanswered_still",))
def tell_if_nobody_came(context: Context) -> None:
    """After her own word: tell her if nobody has taken her case."""
    tell_nobody_came(context)


@action(cards=("unanswered_still",))
def tell_below_numbers(context: Context) -> None:
    """After a cry: tell her in one line if nobody has taken her case; the numbers stand above."""
    tell_nobody_came(context, below_numbers=True)


def tell_nobody_came(context: Context, *, below_numbers: bool = False) -> bool:
    """Tell her that nobody has taken her case, where it has waited so long that she has a right to know.

    The first time with who answers where she is, later in one line: the numbers are on her screen.
    """
    case, session = context.hidden or context.facts.case, context.session
    if case is None or case.since is None or case.human_here:
        return False
    moments = [at for at in escalation_policy().tells_person(case.level, case.since) if at <= context.now]
    told = _told_at(context, case)
    if not moments or (told is not None and told >= moments[-1]):
        return False
    again, first = context.content.card("unanswered_still", session.lang), context.content.unanswered
    shown = situations.shown(context)
    brief = below_numbers or told is not None
    context.say(again if brief else first(session.place, session.lang, context.now, shown))
    context.effects.append(NoteOnCase("told", "hotline"))
    context.update_data(told=f"{case.id} {context.now.isoformat()}")
    return True


def _told_at(context: Context, case: CaseSeen) -> datetime | None:
    """Return when she was told last, as the store saw it or in this very talk."""
    told, _, at = context.session.data.get("told", "").partition(" ")
    return datetime.fromisoformat(at) if told == case.id and at else case.told_at


@action(cards=("still_unanswered",))
def tell_still_unanswered(context: Context) -> None:
    """Tell who still waits that nobody has answered yet, and when the next turn of duty begins where that is known."""
    library, lang, facts = context.content.library, context.session.lang, context.facts
    away = not is_home(context.session.place)
    told = shift_words(library.say, None if facts.on_duty else facts.next_shift, lang, context.now, away=away)
    context.say(outgoing(library.say("still_unanswered", lang, shift=told and f" {told}.")))
    context.update_data(acknowledged=context.now.isoformat(), still_told=context.now.isoformat())


@action(cards=("unanswered_still", "still_unanswered"))
def tell_whether_anybody(context: Context) -> None:
    """Tell who asks whether anybody is there that nobody has answered yet, in time with who does."""
    if tell_nobody_came(context):
        context.update_data(acknowledged=context.now.isoformat(), still_told=context.now.isoformat())
    else:
        tell_still_unanswered(context)


@condition()
def told_just_now(context: Context) -> bool:
    """Who still waits was told a moment ago that nobody has answered yet."""
    at = context.session.data.get("still_told")
    return at is not None and context.now - datetime.fromisoformat(at) < ACKNOWLEDGE_AGAIN


@action(shelves=("cover",))
def cover(context: Context) -> None:
    """Push the screen up with harmless messages, other ones each time; nothing if she chose nothing."""
    if context.session.quiet_exit:
        return
    covers = context.content.shelf("cover")
    first = context.before.nonce * COVERS_SHOWN
    for number in range(COVERS_SHOWN):
        context.say(context.content.card(covers[(first + number) % len(covers)], context.session.lang))


def _say(card: str) -> Callable[[Context], None]:
    def say(context: Context) -> None:
        context.say(context.content.card(card, context.session.lang))

    say.__doc__ = f"Send the card {card}."
    return say


@action(cards=("not_understood", "missed_twice", "missed_alone", "missed_again"))
def say_not_understood(context: Context) -> None:
    """Say that she was not understood; from the second time on help is on offer, and no text comes twice in a row.

    With nobody on duty "0" leads to who answers now (safety rule 18). Beside an offer nothing more is said.
    """
    _miss(context, "not_understood")


@action(cards=("explained",))
def say_explained(context: Context) -> None:
    """Say how a question is answered, once: that she does not understand us is a miss of ours as well."""
    _miss(context, "explained")


def _miss(context: Context, first: str) -> None:
    """Count one more miss; the first one is answered with the card `first`."""
    if context.offer is not None:
        return
    session = context.session
    session.misses += 1
    offering = "missed_twice" if context.facts.on_duty else "missed_alone"
    name = first if session.misses == 1 else "missed_again" if session.misses % 2 else offering
    context.say(context.content.card(name, session.lang))
    if session.misses > 1 and context.facts.case is None and not help_offered(context):
        session.offered = Offered(context.now)


@action(cards=("greeted", "thanked", "agreed_with", "goodbye", "newcomer"))
def say_in_passing(context: Context) -> None:
    """Answer a greeting, thanks, "ok", a farewell, or whoever asks about her, in one line."""
    context.say(context.content.card(context.meaning.card, context.session.lang))


@condition()
def greets(context: Context) -> bool:
    """What she wrote is a greeting."""
    return context.meaning.rule == GREETING


@condition()
def puzzled(context: Context) -> bool:
    """She does not understand us, or waits for an answer."""
    return context.meaning.rule == PUZZLED


@condition()
def agrees_to_an_offer(context: Context) -> bool:
    """She says yes or "ok" while help is on offer: perhaps she means it, though only "0" brings help."""
    return context.meaning.rule == AGREED and help_offered(context)


SAID = (
    *("calm", "silent_calm", "agree_code_again", "agree_code_differs", "noted"),
    *("youth_duty", "dialogue_again", "place_unknown", "too_long", "village_code_unknown"),
    *("profile_easy", "recording_kept", "offer_again", "closing_counted", "newcomer", "voice_kept", "media_left"),
    "privacy_forgotten",
    *("news_ended", "village_left", "village_card_gone"),
    *("listening_on", "reading_on", "address_taken"),
    *("checklist_dropped", "agree_rested", "agree_resumed", "agree_ended", "privacy_alone"),
)
"""Cards that an action sends beside a state's own words; each is the action `say_<card>`."""

for _card in SAID:
    action(f"say_{_card}", cards=(_card,))(_say(_card))


@condition()
def newcomer(context: Context) -> bool:
    """Say whether we have never heard from her."""
    return context.before.last_at is None


@condition()
def on_duty(context: Context) -> bool:
    """Somebody is on the roster now."""
    return context.facts.on_duty


@condition()
def staff_spoke(context: Context) -> bool:
    """Staff answered her in the account's own console a short while ago; they read what she writes there."""
    return context.staff_spoke()


@condition()
def in_private(context: Context) -> bool:
    """The conversation is at a point that must not be disturbed by a greeting."""
    return context.states[context.session.state].sensitive


@condition()
def very_long(context: Context) -> bool:
    """What she sent is an article rather than a message."""
    return len(context.incoming.text) > ARTICLE
