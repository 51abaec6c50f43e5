"""The content library: cards, services, law, languages, lexicons and channel limits, loaded once.

Nothing of it changes while the service runs, but for one thing: cards can be withdrawn (`withdraw`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from content.cards.harmless_things import HarmlessThings
from content.cards.languages import BASE, Language, chain
from content.cards.law import LawFact
from content.cards.readability import Reading
from content.cards.recalls import ShownCards
from content.cards.shelves import Shelf, text_of
from content.cards.templates import NUMBERS, FilledTemplate, Template, first_number
from content.cards.tone import Tone
from content.directory.areas import Areas
from content.directory.handoff import HANDOFF, UNANSWERED, handoff_lines
from content.directory.hours_words import hours_words
from content.directory.numbers import SpokenNumbers, cost_words, emergency_lines, is_home, known_place, offered
from content.directory.situations import Situation, SituationTable, lead_card
from content.lexicon.model import LexiconData
from content.recordings.index import AudioIndex, FirstRecording
from content.schema import Card, Limits, RetiredPattern, Service, Source

__all__ = ["BASE", "FilledTemplate", "Library"]

PREVIEW = 40
"""How many characters of a message a lock screen may show."""


class Library:
    """The content of one folder; share it freely between conversations."""

    def __init__(
        self,
        *,
        cards: Mapping[str, Mapping[str, Card]],
        services: Mapping[str, Service],
        limits: Mapping[str, Limits],
        sources: Mapping[str, Source],
        retired: tuple[RetiredPattern, ...],
        lexicon: LexiconData,
        shelves: Mapping[str, Shelf] | None = None,
        law: Mapping[str, LawFact] | None = None,
        languages: Mapping[str, Language] | None = None,
        reading: Reading | None = None,
        tone: Tone | None = None,
        areas: Areas | None = None,
        audio: AudioIndex | None = None,
        situation_table: SituationTable | None = None,
        things: HarmlessThings | None = None,
    ) -> None:
        self.cards = cards
        self.shelves = dict(shelves or {})
        self.law = dict(law or {})
        self.languages = dict(languages or {})
        self.reading = reading or Reading()
        self.tone = tone or Tone()
        self.areas = areas or Areas({})
        self.situation_table = situation_table or SituationTable()
        self.things = things or HarmlessThings()
        self._standing = ShownCards(cards, {})
        self.services = dict(services)
        self.limits = dict(limits)
        self.sources = dict(sources)
        self.retired = retired
        self.lexicon = lexicon
        self.audio = audio or AudioIndex()
        self.sensitive_words: frozenset[str] = lexicon.sensitive
        self._said: dict[tuple[str, str, str], FilledTemplate] = {}
        self._templates: dict[str, Template] = {}
        self._emergency: dict[tuple[str, str, str, tuple[str, ...]], FilledTemplate] = {}
        self._sensitive = word_pattern(self.sensitive_words)
        self._sensitive_end = PREVIEW + max(map(len, self.sensitive_words), default=0) + 1

    def read_first(self, cards: tuple[FirstRecording, ...]) -> None:
        """Have these cards recorded before all others; the flows say which (once, while loading)."""
        self.audio = msgspec.structs.replace(self.audio, first=cards)

    @property
    def deletable(self) -> timedelta:
        """How young a message must be for the most patient channel to take it back, less an hour for the way."""
        return timedelta(hours=max(0, *(one.delete_hours - 1 for one in self.limits.values())))

    def has(self, card_id: str) -> bool:
        """Say whether a card may be shown (it exists and is not recalled)."""
        return card_id in self.cards and not self._standing.gone(card_id)

    @property
    def edition(self) -> int:
        """Count how often cards were withdrawn or put back: whoever keeps a filled card asks whether it moved."""
        return self._standing.edition

    @property
    def withdrawn(self) -> frozenset[str]:
        """Return every card that is recalled, by its file or since."""
        return self._standing.withdrawn

    def withdraw(self, recalled: Mapping[str, str]) -> frozenset[str]:
        """Show these cards no more from now on, but the one named instead ("" = a neutral sentence).

        The mapping replaces the last one. Returns what cannot be withdrawn because the service needs it.
        """
        if dict(recalled) != self._standing.recalled:
            self._standing = ShownCards(self.cards, recalled, self._standing.edition + 1)
            self._said.clear()
            self._emergency.clear()
        return self._standing.kept

    def card(self, card_id: str, lang: str = BASE, digest: str = "") -> Card:
        """Return the card in `lang` or what stands in for it; raises KeyError naming an unknown card.

        With a `digest`, the text that has this mark, if it is still known: a conversation keeps what it began with.
        """
        versions = self.cards[card_id]
        for code in chain(self.languages, lang):
            card = versions.get(code)
            if card is not None and self._open(card):
                return card.as_read(digest) if digest and card.earlier else card
        return versions[BASE]

    def _open(self, card: Card) -> bool:
        """Say whether a text may be shown: one in a language of its own only after all its reviews."""
        language = self.languages.get(card.lang)
        return language is None or language.status == "complete" or card.status == "approved"

    def shelf(self, topic: str) -> tuple[str, ...]:
        """Return the ids of the cards of one shelf, or of all shelves of a room, recalled ones left out.

        In reading order: a shelf's own cards first, then those that also stand there.
        """
        topics = [shelf.id for shelf in self.shelves.values() if shelf.room == topic] or [topic]
        own = [name for name in topics for name in self._of_topic(name)]
        return tuple(dict.fromkeys(name for name in own if self.has(name)))

    def _of_topic(self, topic: str) -> list[str]:
        base = {name: versions[BASE] for name, versions in self.cards.items()}
        return [
            *(name for name, card in base.items() if card.topic == topic),
            *(name for name, card in base.items() if topic in card.also),
        ]

    def shelf_for(self, typed: str) -> str:
        """Return the shelf a topic of the understanding, or a shelf's own id, leads to; "" when none does."""
        if typed in self.shelves:
            return typed
        return next((shelf.id for shelf in self.shelves.values() if typed in shelf.typed), "")

    def card_for(self, typed: str) -> tuple[str, str]:
        """Return the shelf and the card that a topic leads to, or that a rule names itself; "" for none."""
        if typed in self.cards and self.cards[typed][BASE].topic in self.shelves:
            return self.cards[typed][BASE].topic, typed
        opens = ((shelf.id, shelf.opens[typed]) for shelf in self.shelves.values() if typed in shelf.opens)
        return next(opens, ("", ""))

    def title(self, card_id: str, lang: str = BASE) -> str:
        """Return the line under which a card is listed."""
        return self.card(card_id, lang).title or card_id

    def label(self, shelf: str, lang: str = BASE) -> str:
        """Return the name of a shelf."""
        return text_of(self.shelves[shelf].label, lang)

    @property
    def rooms(self) -> tuple[str, ...]:
        """Return the rooms of the shelves, in reading order."""
        return tuple(dict.fromkeys(shelf.room for shelf in self.shelves.values()))

    @property
    def topics(self) -> tuple[str, ...]:
        """Return every topic that has a card, in the order of the files."""
        return tuple(dict.fromkeys(versions[BASE].topic for versions in self.cards.values()))

    def say(self, card_id: str, lang: str = BASE, digest: str = "", **slots: str) -> FilledTemplate:
        """Return a card filled in. `slots` must be on the card's own list; raises KeyError otherwise.

        Of a recalled card, what stands in for it. `digest` as in `card`.
        """
        cached = self._said.get((card_id, lang, digest))
        if cached is not None and not slots:
            return cached
        shown, filled = self._standing.shown(card_id), None
        card = self.card(shown, lang, digest if shown == card_id else "")
        unknown = set(slots) - set(card.slots) if shown == card_id else set()
        if unknown:
            raise KeyError(f'{card.file}: the card "{card_id}" has no slot {", ".join(sorted(unknown))}')
        filled = self._fill(card, slots)
        if shown != card_id:
            filled = self._instead(filled, self.card(card_id, lang))
        if not card.slots:
            self._said[card_id, lang, digest] = filled
        return filled

    def _instead(self, filled: FilledTemplate, recalled: Card) -> FilledTemplate:
        """Keep the answers of a recalled card, so that whoever was asked is not left without a way on."""
        choices = tuple((choice.label, choice.value, choice.style) for choice in recalled.choices)
        return msgspec.structs.replace(filled, choices=choices)

    @property
    def situations(self) -> Mapping[str, Situation]:
        """Return the situations by name, in the order in which they are tried."""
        return self.situation_table.rows

    def emergency(
        self, place: str, lang: str = BASE, situation: str = "", now: datetime | None = None
    ) -> FilledTemplate:
        """Return the numbers card for a place: "vn", "vn:NN" (a province), "abroad", "abroad:XX" or "" (unknown).

        The sentence of the `situation` stands in front and its numbers first; an unknown one is none. A line that
        belongs to it alone is named while somebody answers there at `now` (aware; None: no such line).
        """
        known, name = known_place(place, self.services), situation if situation in self.situations else ""
        wanted = self.numbers_first(known, name, now)
        cached = self._emergency.get((known, lang, name, wanted))
        if cached is None:
            spoken = emergency_lines(self.say, self.services, known, lang, wanted)
            slots = {"lead": self.say(lead_card(name), lang).text, "care": self._care(known, name, lang)}
            spoken = msgspec.structs.replace(spoken, slots=spoken.slots | slots)
            cached = self._emergency[known, lang, name, wanted] = self._with_lines(spoken, lang)
        return cached

    def numbers_first(self, known: str, situation: str, now: datetime | None) -> tuple[str, ...]:
        """Return the services that stand first at a known place; one that is named only here must be open."""
        fits = self.situations.get(situation)
        return offered(self.services, known, fits.first, now) if fits is not None else ()

    def _care(self, known: str, situation: str, lang: str) -> str:
        """Return the word of care before the numbers of another country; "" where minutes count, and at home."""
        fits = self.situations.get(situation)
        careful = not is_home(known) and (fits is None or fits.when_safe)
        return self.say("fragment.when_safe", lang).text if careful else ""

    def handoff(
        self, place: str, lang: str, now: datetime, situation: str = "", shift: datetime | None = None
    ) -> FilledTemplate:
        """Return what stands below the numbers of a place when nobody of ours is on duty: what they ask, what to say.

        It names only services that those numbers leave out. `now` is aware; hours are given on the service's own clock.
        What she can say fits the `situation`. `shift` is when somebody is on duty next, as far as the roster knows it.
        """
        return self._handed(place, lang, now, HANDOFF, situation, shift)

    def unanswered(self, place: str, lang: str, now: datetime, situation: str = "") -> FilledTemplate:
        """Return the truth for somebody whose case nobody has taken in time, and who answers meanwhile."""
        return self._handed(place, lang, now, UNANSWERED, situation)

    def _handed(
        self, place: str, lang: str, now: datetime, kind: str, situation: str, shift: datetime | None = None
    ) -> FilledTemplate:
        known, wrote = known_place(place, self.services), situation if situation in self.situations else ""
        spoken = handoff_lines(self.say, self.services.values(), known, lang, now, kind, wrote, shift)
        if kind == UNANSWERED:
            slots = spoken.slots | {"care": self._care(known, wrote, lang)}
            spoken = msgspec.structs.replace(spoken, slots=slots)
        return msgspec.structs.replace(self._with_lines(spoken, lang), contacts=spoken.contacts)

    def fact(self, kind: str, name: str, lang: str) -> str:
        """Word one placeholder: number, hours, cost or name of a service, or law. KeyError names a stranger."""
        if kind == "law":
            return text_of(self.law[name].says, lang)
        service = self.services[name]
        if kind in NUMBERS:
            return first_number(service).display
        if kind == "name":
            return text_of(service.name, lang)
        return hours_words(self.say, service, lang) if kind == "hours" else cost_words(self.say, service, lang)

    def languages_of(self, card_id: str) -> tuple[str, ...]:
        """Return the languages in which a card may be read, Vietnamese first."""
        return tuple(lang for lang, card in self.cards[card_id].items() if self._open(card))

    def may_go_unasked(self, card_id: str) -> bool:
        """Say whether a card may reach somebody who has not asked: promised by its authors, held by its first words."""
        langs = self.languages_of(card_id)
        return bool(langs) and all(
            self.cards[card_id][lang].neutral and self.is_neutral(self.say(card_id, lang).text) for lang in langs
        )

    def is_neutral(self, text: str) -> bool:
        """Say whether the first 40 characters hold no word of the sensitive list."""
        opening = " ".join(unicodedata.normalize("NFC", text[:200]).lower().split())
        found = self._sensitive.search(opening, 0, self._sensitive_end)
        return found is None or found.start() >= PREVIEW

    def _with_lines(self, spoken: SpokenNumbers, lang: str) -> FilledTemplate:
        filled = self.say(spoken.card, lang, **spoken.slots)
        return msgspec.structs.replace(filled, phones=_unique(spoken.phones, filled.phones))

    def _fill(self, card: Card, slots: Mapping[str, str]) -> FilledTemplate:
        template = self._templates.get(card.text)
        if template is None:
            template = self._templates[card.text] = Template(card.text)
        phones = tuple(first_number(self.services[name]).number for name in template.numbers)
        choices = tuple((choice.label, choice.value, choice.style) for choice in card.choices)
        text = template.fill(slots, lambda kind, name: self.fact(kind, name, card.lang))
        dialled = tuple(first_number(self.services[name]).display for name in template.dialled)
        return FilledTemplate(text, choices, _unique(phones), card.protect, card.neutral, card.id, dialled=dialled)


def word_pattern(words: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the words, whole."""
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def _unique(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phone for group in groups for phone in group))
