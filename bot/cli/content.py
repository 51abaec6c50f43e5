"""`nhipcau content audio`: how much of each language is heard, and the sheets that speakers read from."""

from __future__ import annotations

import html
import sys
from collections.abc import Iterator
from pathlib import Path

import uvloop

from bot.cli.bootstrap import open_databases
from bot.config.settings import SettingsWrong, read_settings
from content.cards.languages import spoken
from content.cards.shelves import text_of
from content.findings import ContentErrors
from content.library import BASE, Library
from content.recording_scripts import coverage, script, shipped_voices, wanted
from content.recordings.index import Reason
from flows.load import load_all
from store.db.engine import DatabaseDown
from store.errors import KeysUnsafe, UnknownSchema
from store.recordings import playback

WORDS_A_SECOND = 2.2
"""Syllables of slow Vietnamese in a second; Vietnamese is written one syllable a word."""

Voices = dict[str, set[str]]
REASONS: dict[Reason, str] = {
    "everybody": "everybody hears it",
    "human": "on the way to a human",
    "talk": "a talk of the first page",
}


def run_audio(
    require: list[str],
    scripts: str | None,
    *,
    plain: bool,
    every: bool,
    own_recordings: bool,
    content: Path | None,
    settings: Path | None,
) -> int:
    """Print coverage or scripts; 1 when something required is silent, or a name is unknown."""
    try:
        library = load_all(content).library
        heard = shipped_voices(library)
        if own_recordings:
            for lang, cards in uvloop.run(_recorded(library, settings)).items():
                heard.setdefault(lang, set()).update(cards)
    except (ContentErrors, SettingsWrong, KeysUnsafe, UnknownSchema, DatabaseDown) as problem:
        print(problem, file=sys.stderr)
        return 1
    if scripts is not None:
        return _scripts(library, scripts, set() if every else heard.get(scripts, set()), plain=plain)
    for line in table(library, heard):
        print(line)
    for line in first(library, heard):
        print(line)
    missing = list(unmet(library, heard, require))
    for line in missing:
        print(line)
    return int(bool(missing))


async def _recorded(library: Library, settings: Path | None) -> Voices:
    """The cards that speakers of this installation have given a voice."""
    store, _ = await open_databases(read_settings(settings))
    try:
        async with store.data.connect() as conn:
            return (await playback.heard(conn, library)).voices()
    finally:
        await store.close()


def table(library: Library, heard: Voices) -> Iterator[str]:
    """Yield a line for each language: code, name, how soon it is wanted, and how many cards are heard in it."""
    total = len(wanted(library))
    for lang, silent in coverage(library, heard):
        language = library.languages[lang]
        done = total - len(silent)
        share = f"{done:3} of {total} cards  {done * 100 // total:3} %"
        yield f"{lang:4} {text_of(language.name, BASE):24} priority {language.sound}  {share}"


def first(library: Library, heard: Voices) -> Iterator[str]:
    """Yield what is to be recorded first: place, card, how long it takes, why, and the languages it is heard in."""
    cards = library.audio.first
    minutes = -(-sum(seconds(script(library, one.card)) for one in cards) // 60)
    yield f"\nto be recorded first: {len(cards)} cards that carry a whole talk, about {minutes} minutes a language"
    for place, one in enumerate(cards, 1):
        why = " › ".join((REASONS[one.reason], *one.way))
        voices = [lang for lang in spoken(library.languages) if one.card in heard.get(lang, ())]
        told = f"  heard: {', '.join(voices)}" if voices else ""
        yield f"{place:3} {one.card:24} ~{seconds(script(library, one.card)):3} s  {why}{told}"


def unmet(library: Library, heard: Voices, require: list[str]) -> Iterator[str]:
    """Yield a line for each requirement that is not met, with the cards that are silent."""
    by_lang = dict(coverage(library, heard))
    for asked in require:
        lang, _, topic = asked.partition(":")
        if lang not in by_lang or (topic and topic not in library.topics):
            yield f"{asked}: there is no such language to be recorded, or no such topic"
            continue
        silent = [card for card in by_lang[lang] if not topic or library.card(card).topic == topic]
        if silent:
            yield f"{asked}: {len(silent)} silent: {', '.join(silent)}"


def _scripts(library: Library, lang: str, heard: set[str], *, plain: bool) -> int:
    language = library.languages.get(lang)
    if language is None or lang not in spoken(library.languages):
        print(f"{lang} is not recorded: choose one of {', '.join(spoken(library.languages))}", file=sys.stderr)
        return 1
    cards = [card for card in wanted(library) if card not in heard]
    head = library.say("recording_sheet", BASE, language=text_of(language.name, BASE)).text
    texts = [script(library, card, lang) for card in cards]
    print(_as_text(head, cards, texts) if plain else _as_page(head, cards, texts))
    return 0


def seconds(text: str) -> int:
    """About how long a text takes to be read slowly, in whole seconds."""
    return max(1, round(len(text.split()) / WORDS_A_SECOND))


def _as_text(head: str, cards: list[str], texts: list[str]) -> str:
    parts = [f"{n}/{len(cards)}  {card}  ~{seconds(t)} s\n\n{t}" for n, (card, t) in enumerate(_pairs(cards, texts), 1)]
    return "\n\n----\n\n".join((head, *parts))


def _as_page(head: str, cards: list[str], texts: list[str]) -> str:
    """One page for a printer, without anything from elsewhere."""
    articles = "\n".join(
        f"<article><h2>{n}/{len(cards)} <small>{html.escape(card)} · ~{seconds(t)} s</small></h2>"
        f"<p>{html.escape(t)}</p></article>"
        for n, (card, t) in enumerate(_pairs(cards, texts), 1)
    )
    return (
        '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Nhịp Cầu</title><style>'
        "body{font:14pt/1.5 serif;max-width:42em;margin:auto}p{white-space:pre-line}"
        "article{break-inside:avoid;border-top:1px solid}small{font-weight:normal;font-size:.7em}</style>"
        f"<header><p>{html.escape(head)}</p></header>\n{articles}</html>"
    )


def _pairs(cards: list[str], texts: list[str]) -> Iterator[tuple[str, str]]:
    return zip(cards, texts, strict=True)
