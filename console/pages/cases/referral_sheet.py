"""The referral sheet: the fields that were agreed and no other, from the case as its reader opened it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from console.labels import casework as casework_labels
from console.labels import general as labels
from console.labels import referrals as referral_labels
from console.pages.cases.fact_values import commune_name
from console.web.i18n import Localization
from content.cards.languages import BASE
from content.cards.shelves import text_of
from content.library import Library
from store.casework.reading import CaseView
from store.referrals.models import ReferralRow

UNKNOWN = "—"
BLANK = "………………………………"
"""A line to be filled in by hand."""


def agreed_fields(row: ReferralRow, view: CaseView, library: Library, l10n: Localization) -> list[tuple[str, str]]:
    """The agreed fields with their values, in the order they were agreed; what is not known is a dash."""
    values = known_of_case(view, library, l10n)
    return [(l10n.name(referral_labels.FIELDS, field), values.get(field) or UNKNOWN) for field in row.fields]


class Sender(msgspec.Struct, frozen=True):
    """Who hands somebody on: the organisation and its telephone ("" while nobody has said), the counsellor's alias."""

    organisation: str
    phone: str
    counsellor: str


def sent_by(sender: Sender, at: datetime, l10n: Localization) -> list[tuple[str, str]]:
    """Who sends it and when; what is not known is left to be written by hand, and never invented."""
    said = referral_labels
    return [
        (l10n.gettext(said.FROM), sender.organisation or BLANK),
        (l10n.gettext(said.COUNSELLOR), sender.counsellor),
        (l10n.gettext(said.OFFICE_PHONE), sender.phone or BLANK),
        (l10n.gettext(said.PRINTED), l10n.stamp(at)),
    ]


def as_text(code: str, service: str, lines: list[tuple[str, str]]) -> bytes:
    """The same as plain text, for a file."""
    return "\n".join([code, service, *(f"{label}: {value}" for label, value in lines), ""]).encode()


def known_of_case(view: CaseView, library: Library, l10n: Localization) -> Mapping[str, str]:
    """What is known of a case, by the field it may be told in."""
    row, noted = view.row, _noted(view)
    said = [l10n.name(labels.NOTE_VALUES, need) for need in _needs(view)]
    needs = [*(l10n.name(casework_labels.NEEDS, need) for need in row.needs), *said]
    langs = [flag.removeprefix("lang:") for flag in row.flags if flag.startswith("lang:")]
    return {
        "place": _place(view, library, l10n),
        "age": l10n.name(labels.NOTE_VALUES, view.age or noted.get("age", "")),
        "who": l10n.name(labels.NOTE_VALUES, noted.get("who", "")),
        "needs": ", ".join(dict.fromkeys(needs)),
        "danger": l10n.level(row.level),
        "language": ", ".join(_language(library, lang) for lang in langs or [BASE]),
        "number": view.second_way,
    }


def _place(view: CaseView, library: Library, l10n: Localization) -> str:
    commune = commune_name(library, view.commune)
    return f"{l10n.place(view.row.place)} · {commune}" if commune else l10n.place(view.row.place)


def _needs(view: CaseView) -> list[str]:
    """Every need that she chose in the talk, in her order."""
    notes = (line.text.partition("\n")[0] for line in view.lines if line.direction == "note")
    return [value for key, _, value in (note.partition("=") for note in notes) if key == "need"]


def _noted(view: CaseView) -> dict[str, str]:
    """Her latest answer to each question of the flow, as codes."""
    notes = (line.text.partition("\n")[0].partition("=") for line in view.lines if line.direction == "note")
    return {key: value for key, _, value in notes}


def _language(library: Library, lang: str) -> str:
    known = library.languages.get(lang)
    return text_of(known.name, BASE) if known else lang
