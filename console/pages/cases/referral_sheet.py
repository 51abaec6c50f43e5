"""The referral sheet: the fields that were agreed and no other, from the case as its reader opened it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from console.labels import casework as casework_labels
from console.labels import general as labels
from console.labels import referrals as referral_labels
from console.web.i18n import Speech
from content.cards.languages import BASE
from content.cards.shelves import text_of
from content.library import Library
from store.casework.queue import CaseView
from store.referrals.models import Row

UNKNOWN = "—"


def told(row: Row, view: CaseView, library: Library, speech: Speech) -> list[tuple[str, str]]:
    """The agreed fields with their values, in the order they were agreed; what is not known is a dash."""
    values = _values(view, library, speech)
    return [(speech.name(referral_labels.FIELDS, field), values.get(field) or UNKNOWN) for field in row.fields]


def as_text(code: str, service: str, lines: list[tuple[str, str]]) -> bytes:
    """The same as plain text, for a file."""
    return "\n".join([code, service, *(f"{label}: {value}" for label, value in lines), ""]).encode()


def _values(view: CaseView, library: Library, speech: Speech) -> Mapping[str, str]:
    row, noted = view.row, _noted(view)
    needs = [speech.name(casework_labels.NEEDS, need) for need in row.needs]
    langs = [flag.removeprefix("lang:") for flag in row.flags if flag.startswith("lang:")]
    return {
        "place": speech.place(row.place),
        "age": speech.name(labels.NOTE_VALUES, noted.get("age", "")),
        "who": speech.name(labels.NOTE_VALUES, noted.get("who", "")),
        "needs": ", ".join(needs) or speech.name(labels.NOTE_VALUES, noted.get("need", "")),
        "danger": speech.level(row.level),
        "language": ", ".join(_language(library, lang) for lang in langs or [BASE]),
        "number": view.second_way,
    }


def _noted(view: CaseView) -> dict[str, str]:
    """Her latest answer to each question of the flow, as codes."""
    notes = (line.text.partition("=") for line in view.lines if line.direction == "note")
    return {key: value for key, _, value in notes}


def _language(library: Library, lang: str) -> str:
    known = library.languages.get(lang)
    return text_of(known.name, BASE) if known else lang
