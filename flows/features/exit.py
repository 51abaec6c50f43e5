"""Exit: stop, the quick exit, and forgetting what a left flow had remembered."""

from __future__ import annotations

from datetime import timedelta

from flows.context import Context
from flows.features import own_words, profiles
from flows.features.groups import end_news
from flows.model.effects import CleanChat, NoteOnCase, Silence
from flows.registry import action

HIDDEN_HOURS = 24


@action()
def clear(context: Context) -> None:
    """Forget the answers of the flow she leaves."""
    context.clear()


@action(without_consent="it closes a profile and adds nothing to it")
def stop(context: Context) -> None:
    """Send nothing more until she writes, and no village news after that either; a private profile is closed."""
    profiles.close(context)
    context.session.stopped = True
    context.effects.append(Silence(0))
    end_news(context)


@action()
def stay_stopped(context: Context) -> None:
    """Answer a second stop with nothing at all."""
    context.session.stopped = True
    context.effects.clear()


@action()
def clean_chat(context: Context) -> None:
    """Take back what the channel lets us take back: ours, and hers of the talk."""
    context.effects.append(CleanChat(tuple(written.id for written in context.session.written)))
    context.session.written = ()


@action(without_consent="it closes a profile and adds nothing to it")
def hide(context: Context) -> None:
    """Keep silent for a day, unless she writes; a private profile is closed, and the cover is on."""
    profiles.close(context)
    own_words.put_on(context)
    if context.facts.case is None:  # nothing that was told shows in how whoever writes next is called
        context.session.situation = ""
    context.session.quiet_until = context.now + timedelta(hours=HIDDEN_HOURS)
    context.effects.append(Silence(HIDDEN_HOURS))


@action()
def note_left(context: Context) -> None:
    """Tell the people of her case that she stopped us or left in a hurry."""
    if context.facts.case is not None:
        context.effects.append(NoteOnCase("left", context.reason))
