"""Village news: a card as a group sends it, under the group's name and above how to ask, to get help and to stop."""

from __future__ import annotations

import msgspec

from content.library import Library
from flows.model.messages import Choice, Outgoing
from flows.rendering.phrasing import TITLES_PER_PAGE, Phrasing, outgoing


def as_listeners_see(library: Library, card: str, title: str, lang: str) -> Outgoing:
    """Return a card as it comes to whoever hears from the group called `title`: who sends it, and how to stop.

    Every number stands in it once: what the card names is not said again below it.
    """
    said = library.say(card, lang)
    below = library.say(_below(library, said.phones), lang)
    phones = tuple(dict.fromkeys((*said.phones, *below.phones)))
    return Outgoing(_signed(library, f"{said.text}\n{below.text}", title, lang), phones=phones, neutral=True)


def as_a_chat_sees(library: Library, card: str, title: str, lang: str) -> Outgoing:
    """Return a card as it comes to the group's own chat, where nobody can stop it for herself or ask for help."""
    said = library.say(card, lang)
    return Outgoing(_signed(library, said.text, title, lang), phones=said.phones, neutral=True)


def _signed(library: Library, text: str, title: str, lang: str) -> str:
    """Say first whose news it is; last where the title has a word that must not stand on a lock screen (rule 7)."""
    signed = f"{library.say('news_from', lang, title=title).text}\n{text}"
    return signed if library.is_neutral(signed) else f"{text}\n{library.say('news_by', lang, title=title).text}"


def _below(library: Library, phones: tuple[str, ...]) -> str:
    """Name the card of the last line: the numbers to call in need that the card itself does not name."""
    if _names(library, "vn.consular", phones):
        return "news_below"
    return "news_below_abroad" if _names(library, "vn.111", phones) else "news_below_help"


def _names(library: Library, service: str, phones: tuple[str, ...]) -> bool:
    return any(number.number in phones for number in library.services[service].numbers)


def as_proposed(phrasing: Phrasing, card: str, title: str, about: dict[str, str], lang: str) -> Outgoing:
    """Return what the village will see, above who will see it."""
    told = as_listeners_see(phrasing.library, card, title, lang)
    return phrasing.joined(told, outgoing(phrasing.library.say("village_about", lang, title=title, **about)))


def titles_page(phrasing: Phrasing, cards: tuple[str, ...], at: int, tail: str, lang: str) -> Outgoing:
    """Return one page of titles, which says how many there are, with what is before and behind it."""
    shown, last = cards[at : at + TITLES_PER_PAGE], phrasing.card(tail, lang)
    titles = [Choice(phrasing.library.title(card, lang), card) for card in shown]
    there = {"titles_before": at > 0, "next_titles": at + TITLES_PER_PAGE < len(cards)}
    others = [choice for choice in last.choices if there.get(choice.value, True)]
    slots = {"first": str(at + 1), "last": str(at + len(shown)), "total": str(len(cards))}
    heading = phrasing.library.say("village_titles", lang, **slots).text
    return msgspec.structs.replace(last, text=f"{heading} {last.text}", choices=(*titles, *others))
