"""The case of a person: open it, raise it, hand her words to its people. No action lowers a level."""

from __future__ import annotations

from collections.abc import Callable

from content.cards.languages import BASE
from flows.context import Context
from flows.model.effects import COVER, AddToCase, NoteOnCase, OpenCase, RaiseLevel
from flows.parsing.ages import of_a_child
from flows.registry import action, condition

WITHOUT_A_CASE = 1
"""The highest level that is kept without a case: where a higher one stands and no case does, a human closed it."""


def raise_for(context: Context, level: int, reason: str) -> None:
    """Open the case or raise it. OpenCase is sent even when one was seen open: it may be closing right now."""
    case = context.facts.case
    context.effects.append(OpenCase(level, reason, context.session.place, _flags(context)))
    if case is not None and level > case.level:
        context.effects.append(RaiseLevel(level, reason))
    context.opened(level)


def _flags(context: Context) -> tuple[str, ...]:
    language = context.session.voice or context.session.lang
    flags = (
        ("abroad", context.session.place.startswith("abroad")),
        ("watched", context.session.state.startswith("SilentCall:")),
        ("voice", context.incoming.kind == "voice"),
        ("suicidal", context.reason.startswith("suicide.")),
        ("duress", context.reason == "duress"),
        ("child", _may_be_a_child(context)),
        ("returned", context.session.state.startswith("Returning:")),
        (f"lang:{language}", language != BASE),
    )
    return tuple(flag for flag, holds in flags if holds)


def _may_be_a_child(context: Context) -> bool:
    """Say whether she said so, named an age, or stands in the corner of the young."""
    said = context.session.data.get("minor") == "yes" or context.session.state.startswith("Youth:")
    return said or of_a_child(context.incoming.text, context.lexicon)


def _raise_to(level: int) -> Callable[[Context], None]:
    def raise_to(context: Context) -> None:
        raise_for(context, level, context.before.state)

    raise_to.__doc__ = f"Open the case at level {level}, or raise it to that; never lower it."
    return raise_to


for _level in (2, 3, 4):
    action(f"raise_to_{_level}", helps=True)(_raise_to(_level))


@action()
def raise_cry(context: Context) -> None:
    """Open or raise the case at the level of the cry that was heard."""
    raise_for(context, context.cry, context.reason)


@action()
def raise_unreadable(context: Context) -> None:
    """Show staff a message nobody can read: level 3 where she was already near help, else 2.

    It may be her one message, so a human always looks; but most such messages are a channel's novelty, and
    paging everybody at night for each would teach the roster to look away. She has the numbers either way.
    """
    near = (
        context.facts.case is not None or context.session.level > 0 or context.states[context.session.state].sensitive
    )
    raise_for(context, 3 if near else 2, "unreadable")


@action()
def remember_level(context: Context) -> None:
    """Keep that she spoke of danger, without a case: help is offered, she decides."""
    context.session.level = max(context.session.level, min(context.cry, WITHOUT_A_CASE))


@action()
def keep_words(context: Context) -> None:
    """Hand her message to the people of her case; without a case it is kept nowhere.

    An answer to a question of the bot is no message for people: what matters of it is a note. So is a sticker, and
    whatever came without anything to read: that it came may be all she could say.
    """
    if context.facts.case is None or context.answer:
        return
    incoming = context.incoming
    behind = COVER if context.session.words.covered else ""
    if incoming.text.strip() or (incoming.media and incoming.kind != "sticker"):
        context.effects.append(AddToCase(incoming.text, incoming.media, behind))
    else:
        context.effects.append(wordless(incoming.kind))
    if context.before.state != "Exit:hidden":
        context.come_back()


def wordless(kind: str) -> NoteOnCase:
    """Say that something came without a word; a text in which nothing stands is something else."""
    return NoteOnCase("came", "other" if kind == "text" else kind)


@condition()
def case_open(context: Context) -> bool:
    """A case of this person is open, or was opened earlier in this very step."""
    return context.facts.case is not None


@condition()
def case_behind_cover(context: Context) -> bool:
    """A case of hers is open that whoever holds the phone does not see."""
    return context.hidden is not None


@condition()
def human_here(context: Context) -> bool:
    """A human is talking with her; the bot keeps out of it."""
    return context.facts.case is not None and context.facts.case.human_here
