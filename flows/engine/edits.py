"""Edited messages: an edit counts only if its words are new, and then not as a word of now.

It may raise, stop, or correct a place; it lowers nothing, releases nothing and asks nothing (safety rule 19).
"""

from __future__ import annotations

import hashlib

import msgspec

from flows.context import Context
from flows.engine.machine import Engine
from flows.engine.routing import route_text
from flows.features import own_words
from flows.features.messages import show_numbers
from flows.features.places import PLACE_ASKED_IN, PLACE_GIVEN_IN, place_typed, take_place, take_typed_place
from flows.model.effects import COVER, HELP, AddToCase, Effect, OpenCase, Say, Silence
from flows.model.messages import Incoming
from flows.model.session import Session, Typed
from flows.rendering.render import match

PLACE_QUESTIONS = frozenset({"GetHelp:where", "GetHelp:country", "GetHelp:country_later"})
"""The states whose question asks for a place of her own."""
MOST_TYPED = 10
"""Messages of hers whose words are told apart from a change of them."""
_NONE = bytes(16)


def remember(session: Session, incoming: Incoming, effects: list[Effect]) -> Session:
    """Remember what she typed, by a keyed hash; a message without an id can be changed by nobody."""
    if not incoming.message_id or incoming.kind == "press":
        return session
    handed = any(isinstance(effect, AddToCase) for effect in effects)
    return _with(session, Typed(incoming.message_id, _mark(session, incoming.text), handed))


def is_new(session: Session, incoming: Incoming) -> bool:
    """Say whether an edit changed the words, as far as they are remembered."""
    known = _typed(session, incoming.message_id)
    return known is None or known.mark != _mark(session, incoming.text)


def replaced(session: Session, incoming: Incoming) -> Session:
    """Remember the new words in place of the old ones."""
    known = _typed(session, incoming.message_id)
    return _with(session, Typed(incoming.message_id, _mark(session, incoming.text), known is not None and known.handed))


def try_out(context: Context, engine: Engine) -> bool:
    """Hear the new words as if they were typed now; what came of it may yet be dropped.

    They answer no question but that of a place, for she corrects what she said to an earlier one. Her own words are
    none here.
    """
    if own_words.word_typed(context):
        return False
    if _corrects_place(context):
        return True
    if context.state not in PLACE_QUESTIONS or context.incoming.text.strip().isdecimal():
        context.prompt = ()
    return route_text(context, engine)


def counts(before: Session, after: Session, effects: list[Effect]) -> bool:
    """Say whether something came of an edit that an edit may do: a cry, a stop, another place."""
    opened = any(isinstance(effect, OpenCase) for effect in effects)
    urgent = any(isinstance(effect, Say) and effect.priority == HELP for effect in effects)
    stopped = any(isinstance(effect, Silence) for effect in effects)
    return (opened and urgent) or stopped or (bool(after.place) and after.place != before.place)


def kept_back(before: Session, after: Session, effects: list[Effect]) -> Session:
    """Leave what an edit may not touch as it was: when she last wrote, and a stop or exit unless she cries."""
    after = msgspec.structs.replace(after, last_at=before.last_at)
    if any(isinstance(effect, OpenCase | Silence) for effect in effects):
        return after
    return msgspec.structs.replace(after, stopped=before.stopped, quiet_until=before.quiet_until)


def for_people(session: Session, incoming: Incoming) -> list[Effect]:
    """Hand the new words to the people of her case, if they have the old ones."""
    known = _typed(session, incoming.message_id)
    if session.case is None or known is None or not known.handed or not incoming.text.strip():
        return []
    return [AddToCase(incoming.text, "", COVER if session.words.covered else "")]


def _corrects_place(context: Context) -> bool:
    """Take another answer to where she is, if the old words of this message were one."""
    number, data = context.incoming.message_id, context.data
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
    if context.case is not None:
        show_numbers(context)
    return True


def _typed(session: Session, number: str) -> Typed | None:
    return next((one for one in session.typed if one.id == number), None)


def _with(session: Session, typed: Typed) -> Session:
    others = tuple(one for one in session.typed if one.id != typed.id)
    return msgspec.structs.replace(session, typed=(*others, typed)[-MOST_TYPED:])


def _mark(session: Session, text: str) -> bytes:
    words = text.encode("utf-8", "replace")
    return hashlib.blake2b(words, key=session.salt or _NONE, digest_size=8).digest()
