"""A child's case on its page: the report and its receipt first, then the steps in their order, and who is trained."""

from __future__ import annotations

from typing import Any

import msgspec

from console.web.request import PageRequest
from content.directory.children import CHILD, children
from content.directory.numbers import text_in
from store.case_page import CasePage
from store.referrals.models import AGREED, CONFIRMED, HANDED


class ChildStep(msgspec.Struct, frozen=True):
    """One step in words."""

    key: str
    text: str


def child_values(page: PageRequest, found: CasePage) -> dict[str, Any]:
    """What the block of a child's case needs beside its row."""
    rules = children()
    duty = [one for one in found.referrals if one.basis == CHILD and not one.blocked]
    return {
        "child_steps": child_steps(page),
        "children_reviewed": rules.status != "draft",
        "report_service": rules.report.service,
        "trained": found.trained,
        "form_ready": next((one for one in duty if one.state in (CONFIRMED, HANDED)), None),
        "form_asked": next((one for one in duty if one.state == AGREED), None),
    }


def child_steps(page: PageRequest) -> list[ChildStep]:
    """The steps of a child's case in their order, with the number, the age and the act as the data have them."""
    report, library, lang = children().report, page.console.library, page.l10n.lang
    values = {
        "number": page.report_number,
        "age": text_in(library.law[report.age].says, lang),
        "act": library.law[report.law].number,
    }
    return [ChildStep(one.key, text_in(one.says, lang).format(**values)) for one in children().steps]
