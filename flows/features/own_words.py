"""Actions of her own words: agree, choose them, and answer both alike."""

from __future__ import annotations

import msgspec

from flows import own_words
from flows.context import Context
from flows.features.cases import raise_for
from flows.model.effects import Later, NoteOnCase, OpenCase, RaiseLevel, RecordConsent

CONSENT_TO_WORDS = "C5"
WORDS_CARD = "words_offer"
DURESS_LEVEL = 3


def agree_to_words(context: Context) -> None:
    """Record her yes to keeping two words, in the version of the text she saw."""
    context.effects.append(RecordConsent(CONSENT_TO_WORDS, context.version_seen(WORDS_CARD), True))


def decline_words(context: Context) -> None:
    """Record her no, and let go of words kept before."""
    context.effects.append(RecordConsent(CONSENT_TO_WORDS, context.version_seen(WORDS_CARD), False))
    context.words = type(context.words)()


def keep_own_word(context: Context) -> None:
    """Keep the word that opens what waits; a duress word kept before is chosen anew."""
    context.words = type(context.words)()
    own_words.keep(context, own_words.OWN)


def keep_duress_word(context: Context) -> None:
    """Keep the word that looks the same and calls a human."""
    own_words.keep(context, own_words.DURESS)


def take_word(context: Context) -> None:
    """Take either word: the cover comes off or stays on, and the people of her case hear which it was.

    With or without a case both do the same, one thing to be done later. What it is tells them apart, and that is
    sealed: without a case the duress word opens one, and her own word has nobody to tell.
    """
    which = own_words.heard(context)
    duress = which == own_words.DURESS
    context.words = msgspec.structs.replace(context.words, covered=duress)
    context.clear()
    seen = context.case or context.hidden
    _tell_later(context, which, DURESS_LEVEL if duress else seen.level if seen else 0)
    context.reason = "own_word"
    context.hidden = context.hidden or context.case
    if duress:
        context.case = None


def take_word_beside_human(context: Context) -> None:
    """Beside a human nothing shows: the note tells whoever is writing with her, duress raises, the cover waits."""
    which = own_words.heard(context)
    level = context.case.level if context.case else DURESS_LEVEL
    _tell_later(context, which, DURESS_LEVEL if which == own_words.DURESS else level)
    context.words = msgspec.structs.replace(context.words, covered=which == own_words.DURESS)


def _tell_later(context: Context, which: str, level: int) -> None:
    """Let the people of her case know, once she has been answered; a level opens a case where there is none."""
    context.come_back()
    context.reason = which
    now, context.effects = context.effects, []
    if level:
        raise_for(context, level, which)
    told = [effect for effect in context.effects if isinstance(effect, OpenCase | RaiseLevel)]
    context.effects = [*now, Later((*told, NoteOnCase("word", which)))]
