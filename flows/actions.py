"""What a flow file may do with a message on its way; each adds effects to the context and touches nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flows.context import Context
from flows.effects import (
    AddToCase,
    CleanChat,
    NoteOnCase,
    OpenCase,
    RaiseLevel,
    RecordConsent,
    Silence,
)

Action = Callable[[Context], None]

HIDDEN_HOURS = 24
COVERS_SHOWN = 3
ACKNOWLEDGE_AGAIN = timedelta(minutes=10)
CONSENT_TO_HANDOFF = "C2"
CONSENT_CARD = "help_contact"

# --- what she sees -----------------------------------------------------------------------------------------


def show_numbers(context: Context) -> None:
    """Show the numbers that work where she is, before anything else that is waiting to leave."""
    context.urgent()
    context.say(context.content.emergency(context.place, context.lang))


def hand_off_if_alone(context: Context) -> None:
    """With nobody on duty, say who answers where she is and what to say to them (safety rule 18)."""
    if not context.session.on_duty:
        context.say(context.content.handoff(context.place, context.lang, context.now))


def greet(context: Context) -> None:
    """Introduce ourselves, once: to somebody we have never heard from."""
    if context.session.last_at is None:
        welcome(context)


def welcome(context: Context) -> None:
    """Say who we are: an automatic notebook that asks no names."""
    context.say(context.content.card("welcome", context.lang))


def acknowledge(context: Context) -> None:
    """Tell her that her words are with the people of her case; not after every message, never beside a human."""
    assert context.case is not None
    if context.case.human_here:
        return
    last = context.data.get("acknowledged")
    if last is None or context.now - datetime.fromisoformat(last) >= ACKNOWLEDGE_AGAIN:
        context.say(context.content.card("case_kept", context.lang))
        context.update_data(acknowledged=context.now.isoformat())


def cover(context: Context) -> None:
    """Push the screen up with harmless messages, other ones each time; nothing if she chose nothing."""
    if context.quiet_exit:
        return
    covers = context.content.shelf("cover")
    first = context.session.nonce * COVERS_SHOWN
    for number in range(COVERS_SHOWN):
        context.say(context.content.card(covers[(first + number) % len(covers)], context.lang))


def _says(card: str) -> Action:
    def say(context: Context) -> None:
        context.say(context.content.card(card, context.lang))

    say.__name__ = f"say_{card}"
    say.__doc__ = f"Send the card {card}."
    return say


SAID = ("not_understood", "glad", "silent_calm")
"""Cards that an action sends beside a state's own words; each is the action `say_<card>`."""

# --- her case ----------------------------------------------------------------------------------------------


def _raise(context: Context, level: int, reason: str) -> None:
    """Open the case or raise it. OpenCase is sent even when one was seen open: it may be closing right now."""
    case = context.case
    context.effects.append(OpenCase(level, reason, context.place, _flags(context)))
    if case is not None and level > case.level:
        context.effects.append(RaiseLevel(level, reason))
    context.opened(level)


def _flags(context: Context) -> tuple[str, ...]:
    flags = (
        ("abroad", context.place.startswith("abroad")),
        ("watched", context.state.startswith("SilentCall:")),
        ("voice", context.incoming.kind == "voice"),
    )
    return tuple(flag for flag, holds in flags if holds)


def _raises(level: int) -> Action:
    def raise_to(context: Context) -> None:
        _raise(context, level, context.session.state)

    raise_to.__name__ = f"raise_to_{level}"
    raise_to.__doc__ = f"Open the case at level {level}, or raise it to that; never lower it."
    return raise_to


def raise_cry(context: Context) -> None:
    """Open or raise the case at the level of the cry that was heard."""
    _raise(context, context.cry, context.reason)


def raise_unreadable(context: Context) -> None:
    """Show staff a message nobody can read: level 3 where she was already near help, else 2.

    It may be her one message, so a human always looks; but most such messages are a channel's novelty, and
    paging everybody at night for each would teach the roster to look away. She has the numbers either way.
    """
    near = context.case is not None or context.level > 0 or context.content.states[context.state].sensitive
    _raise(context, 3 if near else 2, "unreadable")


def remember_level(context: Context) -> None:
    """Keep the danger level of what she said, without a case: help is offered, she decides."""
    context.level = max(context.level, context.cry)


def keep_words(context: Context) -> None:
    """Hand her message to the people of her case; without a case it is kept nowhere."""
    if context.case is None:
        return
    context.effects.append(AddToCase(context.incoming.text, context.incoming.media))
    if context.session.state != "Exit:hidden":
        context.come_back()


def take_place(context: Context) -> None:
    """Remember where she is, as she chose it; the country stays a code, never an address."""
    assert context.choice is not None
    value = context.choice.value
    context.place = PLACES.get(value, f"abroad:{value.upper()}")
    context.update_data(where=value)
    if context.case is not None:
        context.effects.append(NoteOnCase("where", context.place or "unknown"))


PLACES = {"vn": "vn", "abroad": "abroad", "other": "abroad", "unknown": ""}


def note_contact(context: Context) -> None:
    """Tell the people of the case how she may be written to."""
    assert context.choice is not None
    context.update_data(contact=context.choice.value)
    context.effects.append(NoteOnCase("contact", context.choice.value))


def consent(context: Context) -> None:
    """Record her yes to being read by the people of her case, in the version of the text she saw."""
    _record(context, given=True)


def refuse(context: Context) -> None:
    """Record her no. A case that danger has opened stays open; nothing more is asked."""
    _record(context, given=False)
    context.clear()


def _record(context: Context, *, given: bool) -> None:
    version = context.content.version(CONSENT_CARD, context.lang)
    context.effects.append(RecordConsent(CONSENT_TO_HANDOFF, version, given))


# --- leaving -----------------------------------------------------------------------------------------------


def clear(context: Context) -> None:
    """Forget the answers of the flow she leaves."""
    context.clear()


def stop(context: Context) -> None:
    """Send nothing more until she writes."""
    context.stopped = True
    context.effects.append(Silence(0))


def stay_stopped(context: Context) -> None:
    """Answer a second stop with nothing at all."""
    context.stopped = True
    context.effects.clear()


def clean_chat(context: Context) -> None:
    """Take back what the channel lets us take back."""
    context.effects.append(CleanChat())


def hide(context: Context) -> None:
    """Keep silent for a day, unless she writes."""
    context.quiet_until = context.now + timedelta(hours=HIDDEN_HOURS)
    context.effects.append(Silence(HIDDEN_HOURS))


def note_left(context: Context) -> None:
    """Tell the people of her case that she stopped us or left in a hurry."""
    if context.case is not None:
        context.effects.append(NoteOnCase("left", context.reason))


# --- the rest ----------------------------------------------------------------------------------------------


def first_card(context: Context) -> None:
    """Begin the shelf at its first card."""
    context.data = {"card": "0"}


def next_card(context: Context) -> None:
    """Go on to the next card of the shelf."""
    context.update_data(card=str(context.card_number() + 1))


def take_language(context: Context) -> None:
    """Speak the language she chose from here on."""
    assert context.choice is not None
    context.lang = context.choice.value


def take_exit(context: Context) -> None:
    """Remember whether a hurried exit shows cover messages or nothing."""
    assert context.choice is not None
    context.quiet_exit = context.choice.value == "nothing"


ACTIONS: Mapping[str, Action] = {
    action.__name__: action
    for action in (
        show_numbers,
        hand_off_if_alone,
        greet,
        welcome,
        acknowledge,
        cover,
        *(_says(card) for card in SAID),
        *(_raises(level) for level in (2, 3, 4)),
        raise_cry,
        raise_unreadable,
        remember_level,
        keep_words,
        take_place,
        note_contact,
        consent,
        refuse,
        clear,
        stop,
        stay_stopped,
        clean_chat,
        hide,
        note_left,
        first_card,
        next_card,
        take_language,
        take_exit,
    )
}
CARDS_SAID = ("welcome", "case_kept", CONSENT_CARD, *SAID)
"""Cards that actions send; the check looks them up like any state's."""
SHELVES_SAID = ("cover",)

