"""Everything the service can say, loaded once and never changed: cards, services, lexicons, channel limits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from content.age import age_findings
from content.audio.index import AudioIndex
from content.filling import Filled, Template, first_number
from content.finding import Finding
from content.lexicon_data import LexiconData
from content.places import Spoken, emergency_lines, handoff_lines, known_place
from content.schema import Card, Limits, Retired, Service, Source

__all__ = ["Filled", "Library"]

BASE = "vi"
PREVIEW = 40
"""How many characters of a message a lock screen may show."""


class Library:
    """The content of one folder. Immutable; share it freely between conversations."""

    def __init__(
        self,
        *,
        cards: Mapping[str, Mapping[str, Card]],
        services: Mapping[str, Service],
        limits: Mapping[str, Limits],
        sources: Mapping[str, Source],
        retired: tuple[Retired, ...],
        lexicon: LexiconData,
        audio: AudioIndex | None = None,
    ) -> None:
        self.cards = cards
        self.services = dict(services)
        self.limits = dict(limits)
        self.sources = dict(sources)
        self.retired = retired
        self.lexicon = lexicon
        self.audio = audio or AudioIndex()
        self.sensitive_words: frozenset[str] = lexicon.sensitive
        self._said: dict[tuple[str, str], Filled] = {}
        self._templates: dict[tuple[str, str], Template] = {}
        self._emergency: dict[tuple[str, str], Filled] = {}
        self._sensitive = word_pattern(self.sensitive_words)

    def has(self, card_id: str) -> bool:
        """Say whether a card may be shown (it exists and is not recalled)."""
        card = self.cards.get(card_id, {}).get(BASE)
        return card is not None and card.status != "recalled"

    def card(self, card_id: str, lang: str = BASE) -> Card:
        """Return the card in `lang`, or in Vietnamese; raises KeyError naming an unknown card."""
        versions = self.cards[card_id]
        return versions.get(lang) or versions[BASE]

    def shelf(self, topic: str) -> tuple[str, ...]:
        """Return the ids of the cards of one topic, in reading order, recalled ones left out."""
        return tuple(name for name, versions in self.cards.items() if versions[BASE].topic == topic and self.has(name))

    @property
    def topics(self) -> tuple[str, ...]:
        """Return every topic that has a card, in the order of the files."""
        return tuple(dict.fromkeys(versions[BASE].topic for versions in self.cards.values()))

    def say(self, card_id: str, lang: str = BASE, **slots: str) -> Filled:
        """Return a card filled in. `slots` must be on the card's own list; raises KeyError otherwise."""
        cached = self._said.get((card_id, lang))
        if cached is not None and not slots:
            return cached
        card = self.card(card_id, lang)
        unknown = set(slots) - set(card.slots)
        if unknown:
            raise KeyError(f'{card.file}: the card "{card_id}" has no slot {", ".join(sorted(unknown))}')
        filled = self._fill(card, slots)
        if not card.slots:
            self._said[card_id, lang] = filled
        return filled

    def emergency(self, place: str, lang: str = BASE) -> Filled:
        """Return the numbers card for a place: "vn", "abroad", "abroad:XX" or "" (unknown, perhaps abroad)."""
        known = known_place(place, self.services)
        cached = self._emergency.get((known, lang))
        if cached is None:
            spoken = emergency_lines(self, known, lang)
            cached = self._emergency[known, lang] = self._with_lines(spoken, lang)
        return cached

    def handoff(self, place: str, lang: str, now: datetime) -> Filled:
        """Return what to do when nobody of ours is on duty: who answers there, when, at what cost, what to say.

        `now` is aware; hours are given on the service's own clock.
        """
        known = known_place(place, self.services)
        return self._with_lines(handoff_lines(self, known, lang, now), lang)

    def is_neutral(self, text: str) -> bool:
        """Say whether the first 40 characters hold no word of the sensitive list."""
        opening = " ".join(unicodedata.normalize("NFC", text[:200]).lower().split())
        return all(match.start() >= PREVIEW for match in self._sensitive.finditer(opening))

    def findings_age(self, today: date) -> list[Finding]:
        """Return what is overdue or not yet verified on `today` (Asia/Ho_Chi_Minh); never a reason to stop."""
        return age_findings(self, today)

    def _with_lines(self, spoken: Spoken, lang: str) -> Filled:
        filled = self.say(spoken.card, lang, **spoken.slots)
        return msgspec.structs.replace(filled, phones=_unique(spoken.phones, filled.phones))

    def _fill(self, card: Card, slots: Mapping[str, str]) -> Filled:
        template = self._templates.get((card.id, card.lang))
        if template is None:
            template = self._templates[card.id, card.lang] = Template(card.text)
        phones = tuple(first_number(self.services[name]).number for name in template.numbers)
        choices = tuple((choice.label, choice.value, choice.style) for choice in card.choices)
        text = template.fill(slots, self.services)
        return Filled(text, choices, _unique(phones), card.protect, card.neutral, card.id)


def word_pattern(words: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the words, whole."""
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def _unique(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phone for group in groups for phone in group))
