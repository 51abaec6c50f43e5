"""Edited messages: an edit counts only if its words are new, and then not as a word of now.

It may raise, stop, or correct a place; it lowers nothing, releases nothing and asks nothing (safety rule 19).
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flows.context import Context
from flows.engine.machine import Engine
from flows.engine.routing import route_text
from flows.features import own_words
from flows.features.messages import show_numbers
from flows.features.places import PLACE_ASKED_IN, PLACE_GIVEN_IN, place_typed, take_place, take_typed_place
from flows.model.effects import COVER, HELP, AddToCase, Effect, NoteOnCase, OpenCase, Say, Silence
from flows.model.session import Typed
from flows.parsing.choices import match

PLACE_QUESTIONS = frozenset({"GetHelp:where", "GetHelp:country", "GetHelp:country_later"})
"""The states whose question asks for a place of her own."""
CHANGEABLE = timedelta(hours=48)
"""How long she can change a message. Source: telegram.org/faq (2026-11): within 48 hours of sending."""
MOST_TYPED = 60
"""Messages of hers, of that time, whose words are told apart from a change of them."""
_NONE = bytes(16)


def remember(context: Context) -> None:
    """Remember what she typed, by a keyed hash; a message without an id can be changed by nobody."""
    if context.incoming.message_id and context.incoming.kind != "press":
        _keep(context, handed=any(isinstance(effect, AddToCase) for effect in context.effects))


def is_new(context: Context) -> bool:
    """Say whether an edit changed the words, as far as they are remembered."""
    known = _typed(context)
    return known is None or known.mark != _mark(context)


def replace(context: Context) -> None:
    """Remember the new words in place of the old ones."""
    known = _typed(context)
    _keep(context, handed=known is not None and known.handed)


def try_out(context: Context, engine: Engine) -> bool:
    """Hear the new words as if they were typed now; what came of it may yet be dropped.

    They answer no question but that of a place, for she corrects what she said to an earlier one. Her own words are
    none here.
    """
    if own_words.word_typed(context):
        return False
    context.session.offered = None
    if _corrects_place(context):
        return True
    if context.session.state not in PLACE_QUESTIONS or context.incoming.text.strip().isdecimal():
        context.session.prompt = ()
    return route_text(context, engine)


def counts(context: Context) -> bool:
    """Say whether something came of an edit that an edit may do: a cry, a stop, another place."""
    effects, place = context.effects, context.session.place
    opened = any(isinstance(effect, OpenCase) for effect in effects)
    urgent = any(isinstance(effect, Say) and effect.priority == HELP for effect in effects)
    stopped = any(isinstance(effect, Silence) for effect in effects)
    return (opened and urgent) or stopped or (bool(place) and place != context.before.place)


def keep_back(context: Context) -> None:
    """Leave what an edit may not touch as it was: when she last wrote, and a stop or exit unless she cries."""
    before, after = context.before, context.session
    after.last_at, after.signs, after.misses = before.last_at, before.signs, before.misses
    if not any(isinstance(effect, OpenCase | Silence) for effect in context.effects):
        after.offered = before.offered
    if not any(isinstance(effect, OpenCase | Silence) for effect in context.effects):
        after.stopped, after.quiet_until = before.stopped, before.quiet_until


def tell_people(context: Context) -> None:
    """Hand the new words to the people of her case, if they have the old ones."""
    known, text = _typed(context), context.incoming.text
    if context.facts.case is not None and known is not None and known.handed and text.strip():
        context.effects.append(AddToCase(text, "", COVER if context.session.words.covered else ""))


def announce(context: Context) -> None:
    """Say before the new words in her case that they take the place of old ones, which stay there, too."""
    effects: list[Effect] = []
    for effect in context.effects:
        if isinstance(effect, AddToCase) and not effect.kind:
            effects.append(NoteOnCase("edited", "text"))
        effects.append(effect)
    context.effects = effects


def _corrects_place(context: Context) -> bool:
    """Take another answer to where she is, if the old words of this message were one."""
    number, data = context.incoming.message_id, context.session.data
    state = context.states.get(data.get(PLACE_ASKED_IN, ""))
    if not number or data.get(PLACE_GIVEN_IN) != number or state is None:
        return False
    asked = context.text_of(state)
    choice = match(context.incoming.text, asked.choices) if asked is not None else None
    if choice is not None:
        context.answer = choice.value
        take_place(context)
    elif place_typed(context):
        take_typed_place(context)
    else:
        return False
    if context.facts.case is not None:
        show_numbers(context)
    return True


def _typed(context: Context) -> Typed | None:
    return next((one for one in context.session.typed if one.id == context.incoming.message_id), None)


def _keep(context: Context, handed: bool) -> None:
    known = _typed(context)
    at = known.at if known is not None and known.at is not None else context.now
    typed = Typed(context.incoming.message_id, _mark(context), handed, at)
    others = (one for one in context.session.typed if one.id != typed.id)
    fresh = (one for one in others if one.at is None or context.now - one.at <= CHANGEABLE)
    context.session.typed = (*fresh, typed)[-MOST_TYPED:]


def _mark(context: Context) -> bytes:
    words = context.incoming.text.encode("utf-8", "replace")
    return hashlib.blake2b(words, key=context.facts.salt or _NONE, digest_size=8).digest()
