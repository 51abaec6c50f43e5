"""One step of a conversation: what came in and what is remembered go in, what to remember and do come out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from flows.context import STAFF_SPOKE, Context, Outcome
from flows.engine import closing, edits, human_relay, kept_answers, offers, pictures, proposals, set_aside, unanswered
from flows.engine.conversation import Conversation
from flows.engine.machine import Engine
from flows.engine.routing import route_other, route_press, route_text
from flows.features import own_words, profiles, situations
from flows.model.effects import COVER, AddToCase, NoteOnCase, OpenTask, Say, Unreachable, Withdraw
from flows.model.facts import Facts
from flows.model.messages import Incoming
from flows.model.session import Session, Written

TALK_ENDS = timedelta(hours=2)
"""After so long without a word from her a new talk begins, and where she is is unknown again."""
PLACE_HOLDS = timedelta(hours=12)
"""How long a place holds after she said it, however much she writes: she may have crossed a border since."""

CALLS_AGAIN = timedelta(minutes=10)
"""How soon after a call another one is the same: who rings and rings is told once that messages are read."""
MOST_WRITTEN = 60
"""Ids of her messages that are remembered."""


def step(session: Session, facts: Facts, incoming: Incoming, now: datetime, content: Conversation) -> Outcome:
    """Answer one incoming thing. `now` is aware UTC; `facts` are fresh.

    Never raises for anything a person or a channel can send, and leaves what it is given as it is. The effects are in
    the order in which they must happen; after a cry the first `Say` is the numbers card.
    """
    context = content.context(session, facts, incoming, now)
    route = PERSON.get(incoming.kind)
    if route is not None:
        if not _hear(context, content.engine, route):
            context = content.context(session, facts, incoming, now)
        _mark_present(context)
        edits.remember(context)
        human_relay.quote(context, content)
        return context.close()
    if incoming.kind == "edit":
        context = _edited(context, content)
        human_relay.quote(context, content)
        edits.announce(context)
        return context.close()
    CHANNEL.get(incoming.kind, _nothing)(context, content.engine)
    human_relay.quote(context, content)
    return context.close()


def unreadable(session: Session, facts: Facts, now: datetime, content: Conversation) -> Outcome:
    """Answer an authentic message that nobody could read: numbers, a look by staff, one yes/no question."""
    context = content.context(session, facts, Incoming(kind="other", at=now), now)
    _wake(context)
    content.engine.fire("unreadable", context)
    return context.close()


def _hear(context: Context, engine: Engine, route: Callable[[Context, Engine], bool]) -> bool:
    """Take what a person sent; False when nothing came of it, and then nothing of the context may be kept."""
    _wake(context)
    _remember_written(context)
    own_words.hide(context)
    human_relay.withdraw_answered(context)
    set_aside.begin(context)
    came = route(context, engine)
    if context.session.misses == context.before.misses:
        context.session.misses = 0
    offers.end(context)
    offers.settle(context)
    set_aside.settle(context)
    closing.announce(context)
    kept_answers.release_after(context)
    human_relay.pass_on(context)
    own_words.restore(context)
    pictures.settle(context)
    unanswered.settle(context)
    proposals.tell_decisions(context)
    return came


def _remember_written(context: Context) -> None:
    """Keep the ids of her latest messages beside a case while they can still be deleted; presses are ours."""
    incoming = context.incoming
    others = (one for one in context.session.written if one.id != incoming.message_id)
    fresh = tuple(one for one in others if context.now - one.at < context.content.library.deletable)
    if incoming.message_id and incoming.kind != "press" and (context.facts.case is not None or context.in_help()):
        fresh = (*fresh, Written(incoming.message_id, context.now))[-MOST_WRITTEN:]
    context.session.written = fresh


def _wake(context: Context) -> None:
    """Bring the conversation up to now: she is back if she had stopped, and old questions are old."""
    before = context.before
    context.session.last_at = context.now
    if before.stopped:
        context.session.stopped = False
        context.mark_reachable()
    state = context.states.get(context.session.state)
    if state is None:  # the flow files changed since her last message
        context.session.state = "Idle:away"
        context.withdraw()
        return
    if before.last_at is None:
        return
    silent_for = context.now - before.last_at
    if silent_for > profiles.CLOSES_AFTER:
        profiles.close(context)
    own_words.cover_after(context, silent_for)
    closing.expire(context, silent_for)
    _age_talk(context)
    context.expired = state.timeout is not None and silent_for > state.timeout and context.facts.case is None


def _age_talk(context: Context) -> None:
    """Forget where she is when she said it in an earlier talk (safety rule 4), and what that talk was of."""
    last, said = context.before.last_at, context.session.place_at
    over = last is not None and context.now - last > TALK_ENDS
    if over or (said is not None and context.now - said > PLACE_HOLDS):
        context.forget_place()
    if over:
        situations.expire(context)
        offers.expire(context)


def _nothing(context: Context, engine: Engine) -> None:
    """Report that moves nothing."""


def _answered_by_staff(context: Context, engine: Engine) -> None:
    """Staff answered her in the account's own console: the bot leaves her words, digits too, to them for a while."""
    if context.facts.case is not None:
        context.effects.append(NoteOnCase("console", "spoke"))
    context.update_data(**{STAFF_SPOKE: context.now.isoformat()})
    context.withdraw()


def _gone(context: Context, engine: Engine) -> None:
    """She blocked us or unfollowed: nothing gets to her until she writes; the conversation stays where it is."""
    if not _is_late(context):
        _mark_present(context)
        context.effects.append(Unreachable())


def _back(context: Context, engine: Engine) -> None:
    """She follows us or unblocked us: she can be reached, and nothing that she chose is undone by it.

    Only a newcomer who follows is answered: she is welcomed.
    """
    if _is_late(context):
        return
    _mark_present(context)
    context.mark_reachable()
    if context.incoming.kind == "follow" and context.before.last_at is None:
        context.session.last_at = context.now
        engine.fire("follow", context)


def _mark_present(context: Context) -> None:
    """Remember when she wrote, came or went; a clock of the channel that runs ahead is not believed."""
    at, known = min(context.incoming.at, context.now), context.before.present_at
    if known is None or at > known:
        context.session.present_at = at


def _is_late(context: Context) -> bool:
    """Say whether a report of her coming or going is older than what we know of her since.

    Telegram tells whole seconds: within the same one what arrives later is later.
    """
    at, known = context.incoming.at, context.before.present_at
    if known is None:
        return False
    return at < (known if at.microsecond else known.replace(microsecond=0))


def _edited(context: Context, content: Conversation) -> Context:
    """She changed the words of a message: heard as if typed now, and dropped unless it may count (safety rule 19)."""
    if not edits.is_new(context):
        return context
    edits.replace(context)
    as_typed = msgspec.structs.replace(context.incoming, kind="text")
    heard = content.context(context.session, context.facts, as_typed, context.now)
    if _hear(heard, content.engine, edits.try_out) and edits.counts(heard):
        edits.keep_back(heard)
        edits.remember(heard)
        return heard
    edits.tell_people(context)
    return context


def _passed_on(context: Context, engine: Engine) -> None:
    """She passed on a card of ours: its words are ours; who helps her sees that it came."""
    text = context.incoming.text
    if context.facts.case is not None and text.strip():
        context.effects.append(AddToCase(text, "", COVER if context.session.words.covered else ""))


def _reacted(context: Context, engine: Engine) -> None:
    """She reacted to a message of ours: a mark for the people of her case, and nothing else."""
    if context.facts.case is not None and context.incoming.text:
        context.effects.append(NoteOnCase("reacted", context.incoming.text))


def _rang(context: Context, engine: Engine) -> None:
    """She called and nobody can take it: her case is told, and she, once and neutrally, that messages are read.

    Who stopped us or left in a hurry hears nothing: her phone stays as she left it. Nor does who calls again at once.
    """
    session = context.session
    hidden = session.stopped or (session.quiet_until is not None and context.now < session.quiet_until)
    told = session.called_at is not None and context.now - session.called_at < CALLS_AGAIN
    session.called_at = context.now
    if not (hidden or told):
        context.effects.append(Say(context.content.card("call_missed", session.lang)))
    missed = NoteOnCase("call", "missed") if context.facts.case is not None else OpenTask("call", "call.missed")
    context.effects.append(missed)


def _talked(context: Context, engine: Engine) -> None:
    """Somebody took her call: the people of her case see that."""
    if context.facts.case is not None:
        context.effects.append(NoteOnCase("call", "taken"))


def _withdrew(context: Context, engine: Engine) -> None:
    """The platform says that she takes back what it may do with her data: it is done within a day.

    Nothing gets to her until she writes; a late report says nothing of that, but is done all the same.
    """
    _gone(context, engine)
    context.effects.append(Withdraw())


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

CHANNEL: Mapping[str, Callable[[Context, Engine], None]] = {
    "blocked": _gone,
    "unfollow": _gone,
    "follow": _back,
    "unblocked": _back,
    "staff_spoke": _answered_by_staff,
    "own_card": _passed_on,
    "reaction": _reacted,
    "call_missed": _rang,
    "call_answered": _talked,
    "withdrawal": _withdrew,
    "receipt": _nothing,
    "group": _nothing,
    "group_moved": _nothing,
    "group_left": _nothing,
    "group_muted": _nothing,
}
"""What a channel reports about a person, and what is no word of now: none of it says that she is there."""

FROM_PERSON = frozenset(PERSON)
"""What says that she is there: her own words and presses, nothing that a channel reports of her (safety rule 19)."""
