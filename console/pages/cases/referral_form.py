"""The referral form: the referrals of a case, and what may be chosen for a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from console.labels import referrals as referral_labels
from console.web.i18n import Localization
from console.web.request import PageRequest
from content.directory.numbers import HOME, name_of, text_in
from content.directory.referrals import CHILD, FIELDS, LIFE, referral
from content.library import BASE, Library
from content.schema import Service
from store.case_page import CasePage
from store.casework.reading import CaseView
from store.referrals.models import ReferralRow
from store.referrals.service import C6


def referral_values(page: PageRequest, found: CasePage) -> dict[str, Any]:
    """The referrals of a case with what this visitor may do, and the choices of a new one."""
    view, rows, library = found.view, found.referrals, page.console.library
    return {
        "referrals": rows,
        "referral_names": {row.service: service_name(library, page.l10n, row.service) for row in rows},
        "referral_aliases": found.aliases,
        "may_confirm": view.reads and view.row.state != "closed" and page.staff_id != view.row.acked_by,
        "services": _services(page, view) if view.can_write else [],
        "fields": [field for field in FIELDS if field != "number" or view.second_way] if view.can_write else [],
        "duties": _duties(view, rows) if view.can_write else [],
        "partners": page.console.partners,
        "referral_key": uuid4(),
        "library": library,
    }


def service_name(library: Library, l10n: Localization, service: str) -> str:
    """The name of a service as its directory has it; of none, what a danger to her life is called."""
    known = library.services.get(service)
    if known is not None:
        return text_in(known.name, l10n.lang if l10n.lang in known.name else BASE)
    return service or l10n.gettext(referral_labels.FOR_LIFE)


def _services(page: PageRequest, view: CaseView) -> list[tuple[str, str]]:
    """Whom she may be handed on to: of Viet Nam and of where she is; her province first."""
    kind, _, part = view.row.place.partition(":")
    near = [one for one in page.console.library.services.values() if _fits(one, kind, part)]
    near.sort(key=lambda one: (one.province != part, one.area == HOME, name_of(one, BASE)))
    return [(one.id, service_name(page.console.library, page.l10n, one.id)) for one in near]


def _fits(service: Service, kind: str, part: str) -> bool:
    if service.status == "retired" or service.kind == "emergency":
        return False
    province = part if kind == "vn" else ""
    return (service.area == HOME and service.province in ("", province)) or (kind == "abroad" and service.area == part)


def _duties(view: CaseView, rows: Sequence[ReferralRow]) -> list[tuple[str, str]]:
    """What may be told without asking her, by reason and service, in this case as it is marked."""
    duty: Mapping[str, tuple[str, ...]] = referral().duty
    allowed = any(row.purpose == C6 and row.state == "agreed" and not row.blocked for row in rows)
    reasons = [CHILD] if "under_16" in view.row.flags else []
    reasons += [LIFE] if view.row.level >= 4 and allowed else []
    return [(reason, service) for reason in reasons for service in duty.get(reason, ())]
