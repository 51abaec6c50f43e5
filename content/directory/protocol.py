"""The protocol: the steps that whoever answers goes through in a case of a level, in both languages of staff."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Annotated, Literal

import msgspec

from content import strict_yaml
from content.directory.refusals import LANGUAGES
from content.findings import ContentErrors, Finding
from content.packaged import PACKAGED
from content.schema import Key, Texts
from content.strict_yaml import Document
from content.validation import shape

FILE = "protocol.yaml"


class ProtocolStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step in words, the levels it belongs to, and the mark of a case without which it does not."""

    id: Key
    levels: Annotated[tuple[Literal["4", "3", "2"], ...], msgspec.Meta(min_length=1)]
    says: Texts
    mark: str = ""


class Protocol(msgspec.Struct, frozen=True, kw_only=True):
    """All steps in their order; `about` says who answers for their words, and how far they are reviewed."""

    about: Mapping[str, str]
    steps: tuple[ProtocolStep, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all steps."""
        return frozenset(step.id for step in self.steps)

    def of(self, level: int, marks: Collection[str]) -> tuple[ProtocolStep, ...]:
        """The steps of a case of a level (1-4) with these marks; of level 1 those of level 2."""
        wanted = str(max(level, 2))
        return tuple(step for step in self.steps if wanted in step.levels and (not step.mark or step.mark in marks))


def read_protocol(document: Document | None, findings: list[Finding]) -> Protocol | None:
    """Return the protocol; what does not fit becomes a finding."""
    if document is None:
        return None
    made = shape(Protocol, document, (), document.value, findings)
    found = list(_findings(document, made)) if made is not None else []
    findings += found
    return None if found else made


def _findings(document: Document, made: Protocol) -> Iterator[Finding]:
    for number, step in enumerate(made.steps):
        line = document.line("steps", number)
        if set(step.says) != set(LANGUAGES):
            yield Finding(FILE, line, f'the step "{step.id}" is not in each language', f"write {', '.join(LANGUAGES)}")
        if step.id in {one.id for one in made.steps[:number]}:
            yield Finding(FILE, line, f'there are two steps "{step.id}"', "give each its own id")


@cache
def protocol() -> Protocol:
    """Return the protocol as it ships, read once. Raises ContentErrors."""
    findings: list[Finding] = []
    made = read_protocol(strict_yaml.read(PACKAGED / FILE), findings)
    if made is None:
        raise ContentErrors(findings)
    return made
