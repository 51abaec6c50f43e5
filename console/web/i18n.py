"""Translations: gettext catalogues, times in Viet Nam, spans of time in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from starlette.requests import Request

from console.labels import audit as audit_labels
from console.labels import casework as casework_labels
from console.labels import corrections as correction_labels
from console.labels import general as labels
from console.labels import referrals as referral_labels
from content.zone import VIETNAM
from store.cases.changes import Change
from store.errors import plain

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "lang"


@cache
def catalogue(lang: str) -> NullTranslations:
    """Load the catalogue of a language, compiled in memory from its text; English is in the code."""
    if lang == "en":
        return NullTranslations()
    path = resources.files("console").joinpath("locale", lang, "LC_MESSAGES", "console.po")
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=lang, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_of(request: Request) -> str:
    """The reader's language: her choice, else Vietnamese."""
    asked = request.cookies.get(COOKIE, "vi")
    return asked if asked in LANGUAGES else "vi"


_NOTES = labels.NOTES | referral_labels.NOTES
_NOTE_VALUES = labels.NOTE_VALUES | referral_labels.NOTE_VALUES
_CODES = (
    labels.REASONS
    | correction_labels.LEVEL_REASONS
    | casework_labels.TRANSFER_REASONS
    | labels.STATES
    | casework_labels.NEXT_STEPS
)


class Localization:
    """Texts, times and numbers in one language, as templates call them. `provinces`: names by official code."""

    def __init__(self, lang: str, provinces: Mapping[str, str] = {}) -> None:
        self.lang = lang
        self.provinces = provinces
        self.gettext = catalogue(lang).gettext
        self.ngettext = catalogue(lang).ngettext

    def name(self, table: Mapping[str, str], code: str) -> str:
        """Name a code; a code of a later version is shown as it is rather than hidden."""
        plain = table.get(code) or table.get(code.partition(":")[0])
        return self.gettext(plain) if plain else code

    def level(self, level: int) -> str:
        """Name a danger level."""
        return self.gettext(labels.LEVELS.get(level, labels.LEVELS[1]))

    def details(self, meta: Mapping[str, object], named: Mapping[str, str] = {}) -> str:
        """Put the small codes of a record in a row; `named` are members by their ids."""
        said = []
        for code, value in meta.items():
            name = self.name(audit_labels.META | labels.ROLES, code)
            known = named.get(str(value)) or self.name(_CODES, str(value))
            said.append(name if value is True else f"{name}: {known}")
        return ", ".join(said)

    def place(self, code: str) -> str:
        """Name where she is: Viet Nam (with the province), abroad (with the country's name), or unknown."""
        kind, _, part = code.partition(":")
        known = self.provinces if kind == "vn" else Locale(self.lang).territories
        named = known.get(part, part) if part else ""
        return f"{self.name(labels.PLACES, kind)} · {named}" if named else self.name(labels.PLACES, kind)

    def short_place(self, code: str) -> str:
        """Name where she is in as few words as can be: the province or the country, else as `place` does."""
        return self.place(code).rpartition(" · ")[2]

    def note(self, text: str) -> str:
        """Put a structured answer (`where=abroad:KH`) into words; what it answers, on lines below it, goes before."""
        code, _, answered = text.partition("\n")
        key, _, value = code.partition("=")
        said = self.place(value) if key == "where" and ":" in value else self.name(_NOTE_VALUES, value)
        told = f"{self.name(_NOTES, key)}: {said}"
        return f"“{answered}” → {told}" if answered else told

    def change(self, change: Change, alias: str, names: Mapping[str, str] = {}) -> str:
        """Put what a member changed by hand into words; a change of a later version is shown as its codes."""
        said = self.name(correction_labels.CHANGES, change.fact)
        named = self._names(change.fact, names)
        if change.fact not in correction_labels.CHANGES:
            return f"{alias}: {change.fact}: {change.old} → {change.new}"
        told = said % {"alias": alias, "old": named(change.old), "new": named(change.new)}
        reason = names.get(change.reason) or self.name(correction_labels.LEVEL_REASONS, change.reason)
        return f"{told}. {reason}" if change.reason else told

    def _names(self, fact: str, names: Mapping[str, str]) -> Callable[[str], str]:
        """What the codes of a fact are called."""
        ages = {"": correction_labels.AGE_UNKNOWN, **correction_labels.AGES}
        by_fact: dict[str, Callable[[str], str]] = {
            "place": self.place,
            "age": lambda code: self.gettext(ages[code]) if code in ages else code,
            "language": lambda code: names.get(code, code),
            "report": lambda code: f"{self.hour(_moment(code))}, {self.day(_moment(code))}" if code else "",
            "mark_on": lambda code: self.name(labels.FLAGS, code) if code else "",
            "mark_off": lambda code: self.name(labels.FLAGS, code) if code else "",
        }
        if fact.startswith(("help_", "notice_")):
            return lambda code: names.get(code, code)
        return by_fact.get(fact, str)

    def number(self, count: int) -> str:
        """Write a number as it is written in the reader's language."""
        return str(format_decimal(count, locale=self.lang))

    def day(self, day: date | datetime) -> str:
        """Tell a day, without an hour; of a moment its day in Viet Nam."""
        here = day.astimezone(VIETNAM).date() if isinstance(day, datetime) else day
        return str(format_date(here, "d/M/yyyy", locale=self.lang))

    def weekday(self, day: datetime) -> str:
        """Tell a day of a week that is named: the day of the week and the date; Viet Nam time."""
        return str(format_datetime(day, "EEEEEE d/M", tzinfo=VIETNAM, locale=self.lang))

    def typed(self, at: datetime) -> str:
        """A time as a field for date and time holds it; Viet Nam time."""
        return at.astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M")

    def hours(self, minutes: Sequence[int]) -> str:
        """Tell windows of a day, given as minutes (start, end …): 19:30–20:30."""
        told = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes]
        return ", ".join(f"{start}–{end}" for start, end in zip(told[::2], told[1::2], strict=True))

    def about(self, count: int) -> str:
        """Tell a number of people rounded to tens: an exact count would tell who is left out (safety rule 13)."""
        if count == 0:
            return self.gettext("nobody")
        if count < 10:
            return self.gettext("fewer than 10")
        return self.gettext("about %(num)s") % {"num": count // 10 * 10}

    def clock(self, at: datetime, now: datetime) -> str:
        """Tell a time of today as hours and minutes, another with its date, and its year if it is not this one's.

        Viet Nam time.
        """
        here, today = at.astimezone(VIETNAM), now.astimezone(VIETNAM).date()
        pattern = "HH:mm" if here.date() == today else "d/M HH:mm" if here.year == today.year else "d/M/yyyy HH:mm"
        return format_datetime(here, pattern, tzinfo=VIETNAM, locale=self.lang)

    def hour(self, at: datetime) -> str:
        """Tell a time as hours and minutes, under a day that is told already; Viet Nam time."""
        return format_time(at.astimezone(VIETNAM), "HH:mm", tzinfo=VIETNAM, locale=self.lang)

    def stamp(self, at: datetime) -> str:
        """Tell a time in full, for the audit; Viet Nam time."""
        return format_datetime(at.astimezone(VIETNAM), "dd/MM/yyyy HH:mm:ss", tzinfo=VIETNAM, locale=self.lang)

    def value(self, value: object, now: datetime) -> str:
        """Tell whatever a sentence is filled with: a moment, a day, a span, a number, a text or several."""
        match value:
            case datetime():
                return self.clock(value, now)
            case date():
                return self.day(value)
            case timedelta():
                return self.span(value)
            case int():
                return self.number(value)
        return plain(value)

    def span(self, length: timedelta) -> str:
        """Tell a span in its largest unit."""
        minutes = max(int(length.total_seconds() // 60), 0)
        count, say = _unit(minutes, self.ngettext)
        return say % {"num": count}


def _unit(minutes: int, ngettext: Callable[[str, str, int], str]) -> tuple[int, str]:
    if minutes < 60:
        return minutes, ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if minutes < 48 * 60:
        return minutes // 60, ngettext("%(num)d hour", "%(num)d hours", minutes // 60)
    return minutes // 1440, ngettext("%(num)d day", "%(num)d days", minutes // 1440)


def _moment(code: str) -> datetime:
    """A minute in Viet Nam as a line keeps it."""
    return datetime.fromisoformat(code).replace(tzinfo=VIETNAM)
