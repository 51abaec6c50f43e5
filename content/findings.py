"""A finding: one mistake in a content or flow file, with place, problem and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

Severity = Literal["structure", "age", "style"]


class Finding(msgspec.Struct, frozen=True, order=True):
    """One mistake. `structure` stops the service at start; `age` (overdue, unverified) and `style` never do."""

    file: str
    line: int
    message: str
    remedy: str
    severity: Severity = "structure"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}; {self.remedy}"


class ContentErrors(Exception):
    """The content cannot be used; `findings` holds every structural mistake, in the order of the files."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
