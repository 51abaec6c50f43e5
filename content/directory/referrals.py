"""Referral rules: what a service may be told, to whom without asking her again, how long a receipt may take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated

import msgspec

from content import strict_yaml
from content.findings import ContentErrors, Finding
from content.packaged import PACKAGED
from content.strict_yaml import Document
from content.validation import shape

FILE = "referral.yaml"
INTEGERS = frozenset({"receipt_within"})
FIELDS = ("place", "age", "who", "needs", "danger", "language", "number")
"""What may be told of her, each by itself. Never her words, her account, or who she is."""
ASK, ASK_LIFE = "referral.ask", "referral.ask_life"
"""The cards that ask her: for one service with its fields (C3), for a danger to her life (C6)."""
CHILD, LIFE = "child", "life"


class Referral(msgspec.Struct, frozen=True):
    """`receipt_within` in hours; `duty`: services by the reason for which they may be told without asking again."""

    receipt_within: Annotated[int, msgspec.Meta(ge=1, le=24 * 14)]
    duty: Mapping[str, tuple[str, ...]]

    def receipt_due(self, handed_at: datetime) -> datetime:
        """Return when a receipt is asked for."""
        return handed_at + timedelta(hours=self.receipt_within)


def field_card(field: str) -> str:
    """Return the card that names a field to her."""
    return f"referral.field.{field}"


def read_referral(document: Document | None, findings: list[Finding]) -> Referral | None:
    """Return what the file says, or None with what is wrong added to `findings`."""
    if document is None:
        return None
    given = document.value if isinstance(document.value, dict) else {}
    made = shape(Referral, document, (), given, findings)
    for reason in made.duty if made is not None else ():
        if reason not in (CHILD, LIFE):
            line = document.line("duty", reason)
            findings.append(Finding(FILE, line, f'the duty "{reason}" is none', f"use {CHILD} or {LIFE}"))
    return made


def duty_findings(document: Document | None, services: Iterable[str]) -> Iterator[Finding]:
    """Yield every service that a duty of a well-formed file names and that is not there."""
    if document is None:
        return
    for reason, named in document.value["duty"].items():
        for service in sorted({*named} - {*services}):
            message = f'the duty "{reason}" names an unknown service "{service}"'
            yield Finding(FILE, document.line("duty", reason), message, "use ids of content/data/services")


@cache
def referral() -> Referral:
    """Return the file as it ships. Raises ContentErrors."""
    findings: list[Finding] = []
    made = read_referral(strict_yaml.read(PACKAGED / FILE, integers=INTEGERS), findings)
    if made is None or findings:
        raise ContentErrors(findings)
    return made
