"""Listening: actions for people who would rather hear than read, or cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from content.cards.languages import spoken
from content.cards.shelves import text_of
from flows.context import Context
from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.parsing.languages import languages_named, own_language_named
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import Phrasing, outgoing

FIRST_HEARD = "menu"
"""The card that is heard first: a language without it has no voice to begin with."""


@action()
def listen_first(context: Context) -> None:
    """Let everything be heard before it is read, from here on."""
    context.session.listening = True


@action()
def read_only(context: Context) -> None:
    """Send texts without sound from here on."""
    context.session.listening = False


@action()
def take_voice(context: Context) -> None:
    """Hear the language she chose or named, as soon as it has a voice; the texts stay in the language they are in."""
    context.session.voice = _language(context)


@condition()
def voice_recorded(context: Context) -> bool:
    """Somebody has lent the language she chose or named a voice."""
    return f"{FIRST_HEARD}.{_language(context)}" in context.facts.sounds


@condition()
def language_named(context: Context) -> bool:
    """What she typed names one language that is heard rather than read."""
    return not context.answer and len(_named(context)) == 1


@condition()
def own_language_meant(context: Context) -> bool:
    """What she typed speaks of her own language, by a name that several have or by none."""
    return bool(_named(context)) or own_language_named(context.incoming.text)


def _language(context: Context) -> str:
    return context.answer or next(iter(_named(context)), "")


def _named(context: Context) -> tuple[str, ...]:
    return languages_named(context.content.library.languages, context.incoming.text)


def _unspoken(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for code in spoken(phrasing.library.languages):
        yield no_voice(phrasing, code, lang)


@prompt(samples=_unspoken)
def no_voice_yet(context: Context, state: State) -> Outgoing:
    """Return that nobody has recorded her language yet, and who she can turn to."""
    return no_voice(context.content, context.session.voice, context.session.lang)


def no_voice(phrasing: Phrasing, code: str, lang: str) -> Outgoing:
    """Return that nobody has recorded a language (code) yet."""
    language = phrasing.library.languages.get(code)
    name = text_of(language.name, lang) if language else phrasing.card("fragment.language", lang).text
    within = name[:1].lower() + name[1:] if lang == "vi" else name
    return outgoing(phrasing.library.say("no_voice_yet", lang, language=within))
