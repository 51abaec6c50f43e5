"""One step of a conversation: what came in and what is remembered go in, what to remember and do come out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from flows.context import STAFF_SPOKE, Context
from flows.engine import edits, human_relay
from flows.engine.conversation import Conversation
from flows.engine.machine import Engine
from flows.engine.routing import route_other, route_press, route_text
from flows.features import own_words, profiles, situations
from flows.model.effects import COVER, AddToCase, Effect, NoteOnCase, OpenTask, Reachable, Say, Unreachable
from flows.model.messages import Incoming
from flows.model.session import Session, Written

Outcome = tuple[Session, list[Effect]]

TALK_ENDS = timedelta(hours=2)
"""After so long without a word from her a new talk begins, and where she is is unknown again."""
PLACE_HOLDS = timedelta(hours=12)
"""How long a place holds after she said it, however much she writes: she may have crossed a border since."""

DELETABLE = timedelta(hours=47)
"""The longest that a channel deletes messages (`delete_hours` of its limits), less an hour for the way."""
MOST_WRITTEN = 60
"""Ids of her messages that are remembered."""


def step(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """Answer one incoming thing. `now` is aware UTC; `session.case` and `session.on_duty` are fresh.

    Never raises for anything a person or a channel can send. The effects are in the order in which they must
    happen; after a cry the first `Say` is the numbers card.
    """
    route = PERSON.get(incoming.kind)
    if route is not None:
        after, effects = _from_person(session, incoming, now, content, route)
        return edits.remember(_present(after, incoming, now), incoming, effects), effects
    tell = CHANNEL.get(incoming.kind)
    return (session, []) if tell is None else tell(session, incoming, now, content)


def unreadable(session: Session, now: datetime, content: Conversation) -> Outcome:
    """Answer an authentic message that nobody could read: numbers, a look by staff, one yes/no question."""
    context = content.context(session, Incoming(kind="other", at=now), now)
    _wake(context)
    content.engine.fire("unreadable", context)
    return context.close()


def _from_person(
    session: Session,
    incoming: Incoming,
    now: datetime,
    content: Conversation,
    route: Callable[[Context, Engine], bool],
) -> Outcome:
    context = content.context(session, incoming, now)
    _wake(context)
    _remember_written(context)
    own_words.hide(context)
    human_relay.withdraw_answered(context)
    came = route(context, content.engine)
    human_relay.pass_on(context)
    own_words.restore(context)
    return context.close() if came else (session, [])


def _remember_written(context: Context) -> None:
    """Keep the ids of her latest messages beside a case while they can still be deleted; presses are ours."""
    incoming = context.incoming
    fresh = tuple(one for one in context.written if context.now - one.at < DELETABLE and one.id != incoming.message_id)
    if incoming.message_id and incoming.kind != "press" and (context.case is not None or context.in_help()):
        fresh = (*fresh, Written(incoming.message_id, context.now))[-MOST_WRITTEN:]
    context.written = fresh


def _wake(context: Context) -> None:
    """Bring the conversation up to now: she is back if she had stopped, and old questions are old."""
    session = context.session
    if session.stopped:
        context.stopped = False
        context.mark_reachable()
    state = context.states.get(context.state)
    if state is None:  # the flow files changed since her last message
        context.state = "Idle:away"
        context.withdraw()
        return
    if session.last_at is None:
        return
    silent_for = context.now - session.last_at
    if silent_for > profiles.CLOSES_AFTER:
        profiles.close(context)
    own_words.cover_after(context, silent_for)
    _age_talk(context)
    context.expired = state.timeout is not None and silent_for > state.timeout and session.case is None


def _age_talk(context: Context) -> None:
    """Forget where she is when she said it in an earlier talk (safety rule 4), and what that talk was of."""
    last, said = context.session.last_at, context.place_at
    over = last is not None and context.now - last > TALK_ENDS
    if over or (said is not None and context.now - said > PLACE_HOLDS):
        context.forget_place()
    if over:
        situations.expire(context)


def _nothing(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    return session, []


def _answered_by_staff(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """Staff answered her in the account's own console: the bot leaves her words, digits too, to them for a while."""
    told: list[Effect] = [NoteOnCase("console", "spoke")] if session.case is not None else []
    data = {**session.data, STAFF_SPOKE: now.isoformat()}
    return msgspec.structs.replace(session, data=data, prompt=(), nonce=session.nonce + 1), told


def _gone(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """She blocked us or unfollowed: nothing gets to her until she writes; the conversation stays where it is."""
    if _is_late(session, incoming):
        return session, []
    return _present(session, incoming, now), [Unreachable()]


def _back(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """She follows us or unblocked us: she can be reached, and nothing that she chose is undone by it.

    Only a newcomer who follows is answered: she is welcomed.
    """
    if _is_late(session, incoming):
        return session, []
    session = _present(session, incoming, now)
    if incoming.kind != "follow" or session.last_at is not None:
        return session, [Reachable()]
    context = content.context(session, incoming, now)
    context.mark_reachable()
    content.engine.fire("follow", context)
    return context.close()


def _present(session: Session, incoming: Incoming, now: datetime) -> Session:
    """Remember when she wrote, came or went; a clock of the channel that runs ahead is not believed."""
    at, known = min(incoming.at, now), session.present_at
    return session if known is not None and at <= known else msgspec.structs.replace(session, present_at=at)


def _is_late(session: Session, incoming: Incoming) -> bool:
    """Say whether a report of her coming or going is older than what we know of her since.

    Telegram tells whole seconds: within the same one what arrives later is later.
    """
    known = session.present_at
    if known is None:
        return False
    return incoming.at < (known if incoming.at.microsecond else known.replace(microsecond=0))


def _edited(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """She changed the words of a message: heard as if typed now, and dropped unless it may count (safety rule 19)."""
    if not edits.is_new(session, incoming):
        return session, []
    before = edits.replaced(session, incoming)
    as_typed = msgspec.structs.replace(incoming, kind="text")
    after, effects = _from_person(before, as_typed, now, content, edits.try_out)
    if edits.counts(before, after, effects):
        return edits.kept_back(before, after, effects), effects
    return before, edits.for_people(before, incoming)


def _passed_on(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """She passed on a card of ours: its words are ours; who helps her sees that it came."""
    if session.case is None or not incoming.text.strip():
        return session, []
    return session, [AddToCase(incoming.text, "", COVER if session.words.covered else "")]


def _reacted(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """She reacted to a message of ours: a mark for the people of her case, and nothing else."""
    noted = session.case is not None and incoming.text
    return session, [NoteOnCase("reacted", incoming.text)] if noted else []


def _rang(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """She called and nobody can take it: her case is told, and she, once and neutrally, that messages are read.

    Who stopped us or left in a hurry hears nothing: her phone stays as she left it.
    """
    told: list[Effect] = [NoteOnCase("call", "missed") if session.case is not None else OpenTask("call", "call.missed")]
    hidden = session.stopped or (session.quiet_until is not None and now < session.quiet_until)
    return session, told if hidden else [Say(content.card("call_missed", session.lang)), *told]


def _talked(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """Somebody took her call: the people of her case see that."""
    return session, [NoteOnCase("call", "taken")] if session.case is not None else []


def _withdrew(session: Session, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """The platform says that she takes back what it may do with her data: a human looks, and forgets her.

    Nothing gets to her until she writes. Nothing is destroyed by a report: whoever holds her phone can cause one.
    """
    left, effects = _gone(session, incoming, now, content)
    return left, [*effects, OpenTask("withdrawal", "withdrawal.told")]


PERSON: Mapping[str, Callable[[Context, Engine], bool]] = {
    "text": route_text,
    "press": route_press,
    "voice": route_other,
    "image": route_other,
    "file": route_other,
    "contact": route_other,
    "location": route_other,
    "sticker": route_other,
    "other": route_other,
}
"""What a person sends; each says whether anything came of it (False: an old button, nothing at all)."""

CHANNEL: Mapping[str, Callable[[Session, Incoming, datetime, Conversation], Outcome]] = {
    "blocked": _gone,
    "unfollow": _gone,
    "follow": _back,
    "unblocked": _back,
    "staff_spoke": _answered_by_staff,
    "edit": _edited,
    "own_card": _passed_on,
    "reaction": _reacted,
    "call_missed": _rang,
    "call_answered": _talked,
    "withdrawal": _withdrew,
    "receipt": _nothing,
    "group": _nothing,
}
"""What a channel reports about a person, and what is no word of now: none of it says that she is there."""

FROM_PERSON = frozenset(PERSON)
"""What says that she is there: her own words and presses, nothing that a channel reports of her (safety rule 19)."""
