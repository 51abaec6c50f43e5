"""Her own two words: one opens what waits behind the cover, the other does the same on the screen and pages a human.

After ten minutes without her, or a hurried exit, whoever holds the phone meets the cover: the bot answers as if no case
were open, and every word still reaches the people of the case. It is put on whether or not she has words; without them
a cry takes it off, or whoever has her case. Both words are answered by the same card; what differs is nothing that
shows. In the chat only the first is chosen, a thing from a numbered list that is another one each time it opens; the
second is agreed aloud and typed by staff (store/own_words/service.py). Pure; the words are kept as keyed hashes inside
the session, which is sealed under the person's key.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from flows.context import Context
from flows.features.cases import raise_for
from flows.features.shelves import number
from flows.model.definition import State
from flows.model.effects import COVER, AddToCase, Forget, Later, NoteOnCase, OpenCase, RaiseLevel, RecordConsent
from flows.model.messages import Outgoing
from flows.model.session import Session, SmallSigns
from flows.parsing.code_words import LONGEST, folded, is_one, tag, tags
from flows.registry import action, prompt
from flows.rendering.harmless_things import ON_A_PAGE, PAGE, PAGES, drawn, things_page
from flows.rendering.phrasing import Phrasing

CONSENT_TO_WORDS = "C5"
WORDS_CARD = "words_offer"
DURESS_LEVEL = 3
COVERS_AFTER = timedelta(minutes=10)
"""How long after her last word somebody else may hold the phone."""
CHOSEN_IN = "Words:own"
"""The state in which the first word is chosen: nothing typed there is one of them."""
OWN, DURESS = "own", "duress"
SHOWN = "shown"
"""The word that was chosen behind the cover."""
KEPT_BEHIND = ("words", "profiles", "level", "nonce", "written", "typed", "present_at")
"""What stays of a session that seems forgotten: nothing that shows."""
ORDER = "order"
_NONE = bytes(16)


def word_typed(context: Context) -> str:
    """Say which of her words a typed message is, "" for neither; the same is done whichever it is."""
    typed, words = tags(context.incoming.text, context.facts.salt or _NONE), context.session.words
    hashes = {OWN: words.own, DURESS: words.duress, SHOWN: words.shown}
    which = [name for name, hashed in hashes.items() if is_one(typed, hashed or _NONE)]
    fits = len(context.incoming.text) <= LONGEST * 4 and context.session.state != CHOSEN_IN
    return which[0] if which and fits else ""


def cover_after(context: Context, silent_for: timedelta) -> None:
    """Put the cover on after a silence where there is something to cover: her words, or a case that nobody has."""
    case = context.facts.case
    if not context.session.words.own and (case is None or case.human_here):
        context.session.words = context.session.words.uncovered()
    elif silent_for > COVERS_AFTER:
        cover(context)


def cover(context: Context) -> None:
    """Put the cover on: the question on offer is gone with it, case or no case, and what this talk was of."""
    put_on(context)
    context.session.offered, context.session.signs, context.session.misses = None, SmallSigns(), 0
    if context.facts.case is None or not context.facts.case.human_here:
        context.session.state, context.session.situation = "Idle:away", ""
        context.clear()
        context.withdraw()


def cover_at_once(context: Context) -> None:
    """Put the cover on over a case in sight: what was written now is what somebody else asks."""
    if context.facts.case is not None:
        cover(context)
        hide(context)


def put_on(context: Context) -> None:
    """Let the bot's own talk be that of a phone without a case from her next message on, where there is one to hide."""
    if context.session.words.own or context.facts.case is not None:
        context.session.words = msgspec.structs.replace(context.session.words, covered=True)


def hide(context: Context) -> None:
    """Behind the cover, take the case out of sight before she is answered; beside a human nothing is hidden."""
    if context.session.words.covered and context.facts.case is not None and not context.facts.case.human_here:
        context.hidden, context.facts.case = context.facts.case, None


def restore(context: Context) -> None:
    """Bring the hidden case back, and hand her message to its people if nothing else has.

    A case opened behind the cover is no secret to whoever holds the phone: the cover comes off. Nothing behind it can
    make us forget her.
    """
    off = context.session.words.uncovered()
    if context.facts.case is not None and (context.hidden is not None or _opened(context)):
        context.session.words = off
    if context.hidden is None:
        return
    context.effects = [effect for effect in context.effects if not isinstance(effect, Forget)]
    if _for_people(context):
        context.effects.append(AddToCase(context.incoming.text, context.incoming.media, COVER))
    level = max(context.hidden.level, context.facts.case.level if context.facts.case else 0)
    context.facts.case = msgspec.structs.replace(context.hidden, level=level)


def _opened(context: Context) -> bool:
    """Say whether a case was opened where none was behind the cover, and not under a greeting."""
    opened = any(isinstance(effect, OpenCase) for effect in context.effects)
    return opened and context.session.state != "CheckIn:cover"


def _for_people(context: Context) -> bool:
    """Say whether what she sent is words for people that are not with them yet; one of her own words never is."""
    if context.answer or context.reason == "own_word":
        return False
    known = any(isinstance(effect, AddToCase) for effect in context.effects)
    return not known and bool(context.incoming.text.strip() or context.incoming.media)


@action(without_consent="the cover stays on; no word is kept")
def stay_covered(context: Context) -> None:
    """Let what was opened now stay behind the cover."""
    put_on(context)


@action()
def seem_forgotten(context: Context) -> None:
    """Behind the cover, let the talk look as if we had forgotten her: her people are asked, and keep all they have."""
    new = Session(**{name: getattr(context.session, name) for name in KEPT_BEHIND})
    for name in Session.__struct_fields__:
        setattr(context.session, name, getattr(new, name))


@action(consent=CONSENT_TO_WORDS, agreement=WORDS_CARD)
def agree_to_words(context: Context) -> None:
    """Record her yes to keeping a word, in the version of the text she saw; behind the cover nobody can say it."""
    if not context.session.words.covered:
        context.effects.append(RecordConsent(CONSENT_TO_WORDS, context.version_seen(WORDS_CARD), True))


@action(agreement=WORDS_CARD, without_consent="her no is recorded and words kept before are let go")
def decline_words(context: Context) -> None:
    """Record her no, and let go of words kept before; behind the cover nobody can, and neither is done."""
    if not context.session.words.covered:
        context.effects.append(RecordConsent(CONSENT_TO_WORDS, context.version_seen(WORDS_CARD), False))
        context.session.words = type(context.session.words)()


@action()
def first_things(context: Context) -> None:
    """Open the list at its first page, in a new order: the order that somebody else saw tells nothing."""
    context.session.data = {PAGE: "0", ORDER: str(context.before.nonce)}


@action()
def more_things(context: Context) -> None:
    """Turn the page; after the last comes none."""
    context.update_data(page=str(min(number(context, PAGE) + 1, PAGES - 1)))


def _longest(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    known = phrasing.library.things
    longest = sorted(known.names, key=lambda thing: -len(known.name(thing, lang)))[: ON_A_PAGE * PAGES]
    yield from (things_page(phrasing, longest, at, state.choices, lang) for at in range(PAGES))


@prompt(samples=_longest, offers=True)
def harmless_things(context: Context, state: State) -> Outgoing:
    """Return the page of harmless things she has turned to; beside them nothing says what the choice is for."""
    names = context.content.library.things.names
    things = drawn(tuple(names), context.facts.salt, context.session.data.get(ORDER, ""))
    return things_page(context.content, things, number(context, PAGE), state.choices, context.session.lang)


@action(consent=CONSENT_TO_WORDS)
def keep_first_word(context: Context) -> None:
    """Keep the keyed hash of the thing she chose, as she would type its name; a second word of the desk stays.

    Behind the cover the screen is that of any phone, and what is chosen takes nothing off: it may not be she who
    chooses.
    """
    things, thing = context.content.library.things, context.answer
    context.reason = "own_word"  # a key of hers: no human reads which it was
    context.clear()
    if thing in things.names:
        hashed = tag(context.facts.salt or _NONE, folded(things.name(thing, context.session.lang)))
        which = SHOWN if context.session.words.covered else OWN
        context.session.words = msgspec.structs.replace(context.session.words, **{which: hashed})


@action(without_consent="the cover comes off or on; no word is kept")
def take_word(context: Context) -> None:
    """Take either word: the cover comes off or stays on, and the people of her case hear which it was.

    With or without a case both do the same, one thing to be done later. What it is tells them apart, and that is
    sealed: without a case the duress word opens one, and her own word has nobody to tell. A word that was chosen
    behind the cover is answered alike, and takes nothing off.
    """
    which, words = word_typed(context), context.session.words
    duress = which == DURESS
    context.clear()
    seen = context.facts.case or context.hidden
    if which != SHOWN:
        _tell_later(context, which, DURESS_LEVEL if duress else seen.level if seen else 0)
        off, on = words.uncovered(), msgspec.structs.replace(words, covered=True)
        context.session.words = on if duress else off
    context.reason = "own_word"
    context.hidden = context.hidden or context.facts.case
    if duress:
        context.facts.case = None


@action(without_consent="the cover comes off or on; no word is kept")
def take_word_beside_human(context: Context) -> None:
    """Beside a human nothing shows: the note tells whoever is writing with her, duress raises, the cover waits."""
    which = word_typed(context)
    if which == SHOWN:
        context.reason = "own_word"
        return
    level = context.facts.case.level if context.facts.case else DURESS_LEVEL
    _tell_later(context, which, DURESS_LEVEL if which == DURESS else level)
    context.session.words = msgspec.structs.replace(context.session.words, covered=which == DURESS)


def _tell_later(context: Context, which: str, level: int) -> None:
    """Let the people of her case know, once she has been answered; a level opens a case where there is none."""
    context.come_back()
    context.reason = which
    now, context.effects = context.effects, []
    if level:
        raise_for(context, level, which)
    told = [effect for effect in context.effects if isinstance(effect, OpenCase | RaiseLevel)]
    context.effects = [*now, Later((*told, NoteOnCase("word", which)))]
