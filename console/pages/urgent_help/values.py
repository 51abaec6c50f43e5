"""Urgent help as the page of a case shows it: what was asked for, what may be chosen, and who may decide."""

from __future__ import annotations

from typing import Any

import msgspec

from console.pages.cases.fact_values import language_names
from console.pages.cases.referral_form import service_name
from console.web.request import PageRequest
from content.directory.children import children
from content.directory.numbers import text_in
from content.schema import Service
from store.case_page import CasePage
from store.staff.models import SHIFT_LEAD


class Choices(msgspec.Struct, frozen=True):
    """What may be chosen when somebody asks for help without her yes: codes with their words."""

    services: list[tuple[str, str]]
    reasons: list[tuple[str, str]]
    told: list[tuple[str, str]]

    @property
    def names(self) -> dict[str, str]:
        """Every code with its words."""
        return dict([*self.services, *self.reasons, *self.told])


def urgent_help_values(page: PageRequest, found: CasePage) -> dict[str, Any]:
    """What the block of urgent help needs beside the row of the case."""
    choices, view = _choices(page), found.view
    return {
        "helps": found.helps,
        "help_choices": choices,
        "help_numbers": {key: _dial(page.console.library.services[key]) for key, _ in choices.services},
        "change_names": language_names(page.console.library, page.l10n.lang) | choices.names,
        "may_decide_help": view.reads or SHIFT_LEAD in page.visitor.member.roles,
    }


def _choices(page: PageRequest) -> Choices:
    rules, lang, library = children().without_consent, page.l10n.lang, page.console.library
    return Choices(
        [(key, service_name(library, page.l10n, key)) for key in rules.services],
        [(one.key, text_in(one.says, lang)) for one in rules.reasons],
        [(one.key, text_in(one.says, lang)) for one in rules.told],
    )


def _dial(service: Service) -> str:
    return ", ".join(number.display for number in service.numbers)
