"""Form 01 of the decree on children: what is known of a case in the lines of the form, blanks for the rest. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from console.pages.cases.referral_sheet import BLANK, Sender, known_of_case
from console.web.i18n import Localization
from content.directory.children import children
from content.library import Library
from store.casework.reading import CaseView


class FormLine(msgspec.Struct, frozen=True):
    """A line with what is known; "" is left to be written by hand."""

    label: str
    value: str
    exact: bool


class FormSection(msgspec.Struct, frozen=True):
    """A part of the form."""

    title: str
    lines: list[FormLine]


class Handing(msgspec.Struct, frozen=True):
    """Who hands the form over, by which channel the child wrote, and under which code it is handed over."""

    sender: Sender
    channel: str
    code: str


def form_values(view: CaseView, handing: Handing, library: Library, l10n: Localization) -> dict[str, Any]:
    """What the template of the form needs. No word of the case and no private note is in it."""
    form, filled = children().form, _filled(view, handing, library, l10n)
    return {
        "form": form,
        "act": library.law[form.law].number,
        "blank": BLANK,
        "sources": [library.sources[key].where for key in form.source],
        "sections": [
            FormSection(part.title, [FormLine(one.label, filled.get(one.fill, ""), one.exact) for one in part.fields])
            for part in form.sections
        ],
    }


def _filled(view: CaseView, handing: Handing, library: Library, l10n: Localization) -> Mapping[str, str]:
    known, sender = known_of_case(view, library, l10n), handing.sender
    place = known["place"] and l10n.gettext("Is now in: %(place)s") % {"place": known["place"]}
    return {
        "channel": l10n.gettext("Messages, %(channel)s") % {"channel": handing.channel},
        "opened": _time(view.row.opened_at, l10n),
        "age": known["age"],
        "place": place,
        "state": "; ".join(part for part in (known["danger"], known["needs"]) if part),
        "done": _done(view, l10n),
        "sender": ", ".join(part for part in (sender.organisation, sender.counsellor) if part),
        "phone": sender.phone,
        "code": handing.code,
    }


def _done(view: CaseView, l10n: Localization) -> str:
    at = view.row.reported_at
    return "" if at is None else l10n.gettext("Reported by telephone: %(at)s") % {"at": _time(at, l10n)}


def _time(at: datetime, l10n: Localization) -> str:
    return f"{l10n.hour(at)}, {l10n.day(at)}"
