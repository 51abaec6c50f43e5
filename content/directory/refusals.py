"""Refusal labels: the sentence that tells staff why something was not done, by code and language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter

from content import strict_yaml
from content.findings import ContentErrors, Finding
from content.packaged import PACKAGED
from content.strict_yaml import Document

FILE = "refusals.yaml"
LANGUAGES = ("en", "vi")
"""The languages that staff read; every code has a sentence in each."""

Labels = Mapping[str, Mapping[str, str]]
"""By code, then by language."""


def read_refusals(document: Document | None, findings: list[Finding]) -> Labels | None:
    """Return what the file says, or None with what is wrong added to `findings`."""
    if document is None:
        return None
    found = list(_findings(document))
    findings += found
    return None if found else document.value


def _findings(document: Document) -> Iterator[Finding]:
    given = document.value if isinstance(document.value, dict) else {}
    for code, labels in given.items():
        line = document.line(code)
        said = labels if isinstance(labels, dict) else {}
        if set(said) != set(LANGUAGES) or not all(isinstance(one, str) and one for one in said.values()):
            yield Finding(
                FILE, line, f'"{code}" has not one sentence in each language', f"write {', '.join(LANGUAGES)}"
            )
        elif len({placeholders(one) for one in said.values()}) > 1:
            yield Finding(FILE, line, f'the sentences of "{code}" are filled in with different values', "use the same")


def placeholders(label: str) -> frozenset[str]:
    """The names in braces that a sentence is filled in with."""
    return frozenset(name for _, name, _, _ in Formatter().parse(label) if name)


@cache
def refusal_labels() -> Labels:
    """Return the sentences as they ship, read once. Raises ContentErrors."""
    findings: list[Finding] = []
    labels = read_refusals(strict_yaml.read(PACKAGED / FILE), findings)
    if labels is None:
        raise ContentErrors(findings)
    return labels


def refusal_sentence(code: str, lang: str, values: Mapping[str, str]) -> str:
    """The sentence of a refusal in one of `LANGUAGES`. Raises KeyError for a code without one."""
    return refusal_labels()[code][lang].format(**values)
