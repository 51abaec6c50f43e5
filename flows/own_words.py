"""Her own two words: one opens what waits behind the cover, the other does the same on the screen and calls a human.

After ten minutes without her, whoever holds the phone meets the cover: the bot answers as if no case were open, and
every word still reaches the people of the case. Both words are answered by the same card; what differs is nothing
that shows. Pure; the words are kept as keyed hashes inside the session, which is sealed under the person's key.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from flows.model.effects import AddToCase, Forget
from flows.parsing.code_words import LONGEST, folded, tag, usable

if TYPE_CHECKING:
    from flows.context import Context

COVERS_AFTER = timedelta(minutes=10)
"""How long after her last word somebody else may hold the phone."""
CHOSEN_IN = ("Words:own", "Words:other")
"""The states in which the words are chosen: nothing typed there is one of them."""
OWN, DURESS = "own", "duress"
COVER = "cover"
"""How a message is marked that was written before her own word."""
_NONE = bytes(16)


def heard(context: Context) -> str:
    """Say which of her words a typed message is, "" for neither; the same is done whichever it is."""
    typed = tag(context.session.salt or _NONE, folded(context.incoming.text))
    own = hmac.compare_digest(typed, context.words.own or _NONE)
    duress = hmac.compare_digest(typed, context.words.duress or _NONE)
    fits = len(context.incoming.text) <= LONGEST * 4 and not context.state.startswith(CHOSEN_IN)
    return (OWN if own else DURESS if duress else "") if fits else ""


def keep(context: Context, which: str) -> None:
    """Keep the keyed hash of the word she typed."""
    hashed = tag(context.session.salt or _NONE, folded(context.incoming.text))
    context.words = msgspec.structs.replace(context.words, **{which: hashed})


def other_word_usable(context: Context) -> bool:
    """What she typed can be her other word: usable, and not the one she chose before."""
    salt = context.session.salt or _NONE
    same = tag(salt, folded(context.incoming.text)) == context.words.own
    return not same and usable(context.incoming.text, context.content.lexicon)


def grow_old(context: Context, silent_for: timedelta) -> None:
    """Put the cover on when she has words and was silent: the question on offer is gone with it, case or no case."""
    if context.words.own and silent_for > COVERS_AFTER:
        context.words = msgspec.structs.replace(context.words, covered=True)
        if context.case is None or not context.case.human_here:
            context.state = "Idle:away"
            context.clear()
            context.withdraw()


def hide(context: Context) -> None:
    """Behind the cover, take the case out of sight before she is answered; beside a human nothing is hidden."""
    if context.words.covered and context.case is not None and not context.case.human_here:
        context.hidden, context.case = context.case, None


def restore(context: Context) -> None:
    """Bring the hidden case back, and hand her message to its people if nothing else has.

    A case opened behind the cover is no secret to whoever holds the phone: the cover comes off. Nothing behind it can
    make us forget her.
    """
    if context.hidden is None:
        return
    if context.case is not None:
        context.words = msgspec.structs.replace(context.words, covered=False)
    context.effects = [effect for effect in context.effects if not isinstance(effect, Forget)]
    if _for_people(context):
        context.effects.append(AddToCase(context.incoming.text, context.incoming.media, COVER))
    level = max(context.hidden.level, context.case.level if context.case else 0)
    context.case = msgspec.structs.replace(context.hidden, level=level)


def _for_people(context: Context) -> bool:
    """Say whether what she sent is words for people that are not with them yet; one of her own words never is."""
    if context.answer or context.reason == "own_word" or context.session.state.startswith(CHOSEN_IN):
        return False
    known = any(isinstance(effect, AddToCase) for effect in context.effects)
    return not known and bool(context.incoming.text.strip() or context.incoming.media)
