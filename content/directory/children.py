"""Rules for children and for help without a yes: whom we must tell and until when, the order of steps, Form 01."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Literal

import msgspec

from content import strict_yaml
from content.escalation.policy import EscalationPolicy
from content.findings import ContentErrors, Finding
from content.packaged import PACKAGED
from content.schema import Day, Key, Texts, Words
from content.strict_yaml import Document
from content.validation import shape

FILE = "children.yaml"
INTEGERS = frozenset({"level", "notice_within"})
FLAGS = frozenset({"exact", "child"})
UNDER_16, CHILD = "under_16", "child"
"""Marks of a case: somebody said to be under sixteen, and somebody who may be a child."""
FILLS = ("", "channel", "opened", "age", "place", "state", "done", "sender", "phone", "code")
"""What a line of the form may be filled with."""

_Source = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Report(msgspec.Struct, frozen=True):
    """Whom we must tell of a child, by which law and below which age; `level`: as whose answer it is due."""

    service: str
    law: str
    age: str
    level: Annotated[int, msgspec.Meta(ge=1, le=4)]
    source: _Source

    def due(self, policy: EscalationPolicy, level: int, since: datetime) -> datetime:
        """Return until when the report is taken, of a case of `level` that is a child's since `since` (aware)."""
        return policy.promised(max(self.level, level), since)


class Step(msgspec.Struct, frozen=True):
    """One step of a child's case, in the order of the file."""

    key: Key
    says: Texts
    source: _Source


class Field(msgspec.Struct, frozen=True):
    """A line of the form; `exact`: its wording was read in a whole copy."""

    label: Words
    exact: bool
    fill: Literal["", "channel", "opened", "age", "place", "state", "done", "sender", "phone", "code"] = ""


class Section(msgspec.Struct, frozen=True):
    """A part of the form."""

    title: Words
    fields: Annotated[tuple[Field, ...], msgspec.Meta(min_length=1)]


class Form(msgspec.Struct, frozen=True):
    """The form a report is written down in; `status` says whether its official text was read."""

    number: str
    law: str
    title: Words
    source: _Source
    status: Literal["verified", "unverified"]
    sections: Annotated[tuple[Section, ...], msgspec.Meta(min_length=1)]


class Reason(msgspec.Struct, frozen=True):
    """Why somebody may be helped without her yes: the least level of the case, and whether it must be a child's."""

    key: Key
    says: Texts
    level: Annotated[int, msgspec.Meta(ge=1, le=4)]
    source: _Source
    child: bool = False


class Told(msgspec.Struct, frozen=True):
    """What she was told beforehand."""

    key: Key
    says: Texts


class WithoutConsent(msgspec.Struct, frozen=True):
    """Help without a yes: to whom, why, what she was told, and in how many hours she is told of it afterwards."""

    services: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    notice_within: Annotated[int, msgspec.Meta(ge=1, le=24 * 14)]
    reasons: Annotated[tuple[Reason, ...], msgspec.Meta(min_length=1)]
    told: Annotated[tuple[Told, ...], msgspec.Meta(min_length=1)]

    def reason(self, key: str) -> Reason | None:
        """Return a reason by its code."""
        return next((one for one in self.reasons if one.key == key), None)

    def notice_due(self, at: datetime) -> datetime:
        """Return until when she is told of what was done at `at`."""
        return at + timedelta(hours=self.notice_within)


class Children(msgspec.Struct, frozen=True):
    """The whole file."""

    status: Literal["draft", "reviewed", "approved"]
    needs_review: tuple[str, ...]
    review_by: Day
    report: Report
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    form: Form
    without_consent: WithoutConsent


def read_children(document: Document | None, findings: list[Finding]) -> Children | None:
    """Return what the file says, or None with what is wrong added to `findings`."""
    if document is None:
        return None
    return shape(Children, document, (), document.value if isinstance(document.value, dict) else {}, findings)


def unknown_names(
    document: Document | None, services: Iterable[str], law: Iterable[str], sources: Iterable[str]
) -> Iterator[Finding]:
    """Yield every service, law and source that a well-formed file names and that is not there."""
    made = read_children(document, [])
    if document is None or made is None:
        return
    reasons = made.without_consent.reasons
    told = [*(one.source for one in made.steps), *(one.source for one in reasons)]
    read = [made.report.source, made.form.source, *told]
    named = (
        ("service", {made.report.service, *made.without_consent.services} - {*services}),
        ("law", {made.report.law, made.report.age, made.form.law} - {*law}),
        ("source", {key for keys in read for key in keys} - {*sources}),
    )
    for kind, strange in named:
        for name in sorted(strange):
            yield Finding(FILE, 1, f'it names an unknown {kind} "{name}"', f"add the {kind}, or name another one")


@cache
def children() -> Children:
    """Return the file as it ships. Raises ContentErrors."""
    findings: list[Finding] = []
    made = read_children(strict_yaml.read(PACKAGED / FILE, integers=INTEGERS, flags=FLAGS), findings)
    if made is None or findings:
        raise ContentErrors(findings)
    return made
