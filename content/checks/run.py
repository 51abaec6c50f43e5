"""Run every check on a whole library: what no single file shows. Every finding stops the service, none is about age."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from content import platform_texts
from content.cards.languages import BASE
from content.cards.recalls import NEUTRAL
from content.cards.templates import ANY, stray_braces
from content.checks.dialling import dialling_findings
from content.checks.languages import language_findings
from content.checks.law import card_findings, law_findings
from content.checks.lexicon import lexicon_findings
from content.checks.numbers import place_findings
from content.checks.platform_texts import static_findings
from content.checks.readability import reading_findings
from content.checks.recalls import recall_findings
from content.checks.recordings import audio_findings
from content.checks.shelves import shelf_findings
from content.checks.situations import situation_findings
from content.checks.tone import tone_findings
from content.checks.wording import wording_findings
from content.directory.areas import area_findings
from content.directory.handoff import HANDOFF, UNANSWERED
from content.directory.referrals import ASK, ASK_LIFE, FIELDS, field_card
from content.findings import Finding
from content.schema import Card

if TYPE_CHECKING:
    from content.library import Library

REQUIRED = (
    *(f"{kind}.{place}" for kind in ("emergency", HANDOFF, UNANSWERED) for place in ("vn", "abroad", "unknown")),
    *(f"fragment.hours.{name}" for name in ("always", "unknown", "open", "closed", "office", "vn", "holidays")),
    *(f"fragment.time.{name}" for name in ("hour", "minutes")),
    *(f"fragment.part.{name}" for name in ("morning", "noon", "afternoon", "evening", "night")),
    *(f"fragment.langs.{name}" for name in ("vi", "interpreter", "other")),
    *(
        f"fragment.{name}"
        for name in (
            "closed",
            "contact",
            "door",
            "door.ask",
            "union",
            "when_safe",
            "shift",
            "day.today",
            "day.tomorrow",
        )
    ),
    *(ASK, ASK_LIFE),
    *(field_card(field) for field in FIELDS),
    *(f"fragment.cost.{name}" for name in ("free", "charged", "unknown")),
    "fragment.more",
    "fragment.first",
    "fragment.resume",
    *(f"fragment.day.{number}" for number in range(1, 8)),
    *platform_texts.REQUIRED,
    NEUTRAL,
)


def structure_findings(library: Library) -> list[Finding]:
    """Return every structural mistake of a library whose files could each be read."""
    checks: tuple[Callable[[Library], Iterator[Finding]], ...] = (
        _required,
        _translations,
        _sources,
        _days,
        _slots,
        _areas,
        shelf_findings,
        law_findings,
        language_findings,
        recall_findings,
        wording_findings,
        reading_findings,
        tone_findings,
        lexicon_findings,
        situation_findings,
        dialling_findings,
    )
    found = [finding for check in checks for finding in check(library)]
    return sorted(found or [*place_findings(library), *static_findings(library), *audio_findings(library)])


def single_findings(library: Library) -> list[Finding]:
    """Return the mistakes that each card shows alone, for a library of which other parts could not be read."""
    return [*_days(library), *wording_findings(library), *reading_findings(library)]


def _cards(library: Library) -> Iterator[Card]:
    for versions in library.cards.values():
        yield from versions.values()


def _required(library: Library) -> Iterator[Finding]:
    for name in (*REQUIRED, *platform_texts.sheet_cards(library)):
        if BASE not in library.cards.get(name, {}):
            yield Finding(f"cards/{BASE}/", 1, f'the card "{name}" is missing', f"add it to cards/{BASE} and cards/en")
    if not library.limits:
        yield Finding("channels/", 1, "there are no channels", "add the limits of each as channels/<name>.yaml")
    if not library.lexicon.rules:
        yield Finding("lexicon/", 1, "there are no rules", "put the safety rules back")


def _translations(library: Library) -> Iterator[Finding]:
    for name, versions in library.cards.items():
        base, english = versions[BASE], versions.get("en")
        if english is None:
            yield _of(base, f'the card "{name}" has no English text', f"add {name} to cards/en/{_file(base)}")
        elif [choice.value for choice in base.choices] != [choice.value for choice in english.choices]:
            yield _of(english, f'the choices of "{name}" differ from the Vietnamese card', "offer the same values")


def _sources(library: Library) -> Iterator[Finding]:
    for card in _cards(library):
        yield from _known_sources(library, card, f'the card "{card.id}"')
        if card.status != "approved":
            continue
        if card.needs_review:
            gates = ", ".join(card.needs_review)
            yield _of(card, f'the card "{card.id}" is approved but not reviewed ({gates})', "finish the reviews first")
        if any(library.sources[key].reading == "unread" for key in card.source if key in library.sources):
            yield _of(card, f'the card "{card.id}" is approved without a source that was read', "find a source first")
    for service in library.services.values():
        yield from _known_sources(library, service, f'the service "{service.id}"')
    for fact in library.law.values():
        yield from _known_sources(library, fact, f'the fact "{fact.id}"')


def _known_sources(library: Library, fact: Any, name: str) -> Iterator[Finding]:
    for key in fact.source:
        if key not in library.sources:
            yield _of(fact, f'{name} names an unknown source "{key}"', "add it to sources.yaml with place and date")


def _days(library: Library) -> Iterator[Finding]:
    facts: tuple[Any, ...] = (*_cards(library), *library.services.values(), *library.law.values())
    for fact in facts:
        for name in ("review_by", "verified_on", "in_force"):
            day = getattr(fact, name, "")
            if day and not _is_day(day):
                yield _of(fact, f'"{name}" of "{fact.id}" is no day: {day}', 'write a day: "2027-05-22"')


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _areas(library: Library) -> Iterator[Finding]:
    yield from area_findings(library.areas, library.services.values())


def _slots(library: Library) -> Iterator[Finding]:
    for card in _cards(library):
        for brace in stray_braces(card.text):
            yield _of(card, f'a stray "{brace}" in the card "{card.id}"', "write slots as {name} or {number:vn.111}")
        for kind, name, slot in ANY.findall(card.text):
            if kind == "law":
                yield from card_findings(library.law, card, name)
            elif kind:
                yield from _service_slot(library, card, kind, name)
            elif slot not in card.slots:
                yield _of(card, f'the card "{card.id}" uses {{{slot}}}', f'allow it: slots: ["{slot}"]')


def _service_slot(library: Library, card: Card, kind: str, name: str) -> Iterator[Finding]:
    service = library.services.get(name)
    if service is None:
        yield _of(card, f'the card "{card.id}" names an unknown service "{name}"', "use an id of services/")
    elif kind in ("hours", "name"):
        return
    elif not service.numbers or service.status == "retired":
        yield _of(card, f'the service "{name}" has no number to show', "name another service, or find its number")
    elif service.staff_only:
        yield _of(card, f'the service "{name}" is for staff only', "name another service")


def _file(card: Card) -> str:
    return card.file.rpartition("/")[2]


def _of(fact: Any, message: str, remedy: str) -> Finding:
    return Finding(fact.file, fact.line, message, remedy)
