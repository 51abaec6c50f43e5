"""Read the learnt weights of content/data/lexicon: `suspicion`, how much a message sounds like a cry, and `leanings`.

A line is `"weight": "the features that weigh it"`, in hundredths. A feature is a word, two words `a_b`, a `<set>` or
the `@id` of a rule. Whatever does not fit is a finding with its line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from content.findings import Finding
from content.strict_yaml import Document, Path_

NEVER = 1_000_000
"""The weight no message reaches: without a threshold there is no suspicion."""

THRESHOLDS = ("enough", "enough_known", "doubt", "together", "next_heard", "next_alone")
MOST = 2_000
"""Weights of danger that a person can read through."""

_NUMBER = re.compile(r"-?[0-9]{1,6}")


class Weights(msgspec.Struct):
    """The weights of danger with their thresholds, and those of each topic."""

    suspicion: dict[str, int] = {}
    thresholds: dict[str, int] = {}
    leanings: dict[str, dict[str, int]] = {}


def read_weights(documents: list[Document], names: Collection[str], findings: list[Finding]) -> Weights:
    """Read every section of weights; `names` are the `<sets>` and `@rules` that there are."""
    read = Weights()
    for document in documents:
        suspicion = document.value.get("suspicion")
        if isinstance(suspicion, dict):
            limits = {name: value for name, value in suspicion.items() if name in THRESHOLDS}
            rest = {weight: words for weight, words in suspicion.items() if weight not in THRESHOLDS}
            read.thresholds |= _limits(document, limits, findings)
            _weigh(document, ("suspicion",), rest, names, read.suspicion, findings)
        leanings = document.value.get("leanings")
        for topic, words in leanings.items() if isinstance(leanings, dict) else ():
            _weigh(document, ("leanings", topic), words, names, read.leanings.setdefault(topic, {}), findings)
        if len(read.suspicion) > MOST and suspicion:
            remedy = f"keep the {MOST} heaviest"
            findings.append(Finding(document.file, 1, f"suspicion: {len(read.suspicion)} weights", remedy))
    return read


def _limits(document: Document, given: dict[str, Any], findings: list[Finding]) -> dict[str, int]:
    fit = {name: int(value) for name, value in given.items() if isinstance(value, str) and _NUMBER.fullmatch(value)}
    for name in given.keys() - fit.keys():
        line = document.line("suspicion", name)
        findings.append(Finding(document.file, line, f'suspicion: "{name}" does not fit', f'write {name}: "120"'))
    return fit


def _weigh(
    document: Document,
    path: Path_,
    given: Any,
    names: Collection[str],
    into: dict[str, int],
    findings: list[Finding],
) -> None:
    for weight, words in given.items() if isinstance(given, dict) else ():
        line = document.line(*path, weight)
        if not isinstance(words, str) or not _NUMBER.fullmatch(weight):
            findings.append(Finding(document.file, line, f'{path[0]}: "{weight}" does not fit', 'write "120": "words"'))
            continue
        into.update(dict.fromkeys(words.split(), int(weight)))
        findings += (
            Finding(document.file, line, f"{path[0]}: there is no {name}", "weigh a <set> or the @id of a rule")
            for name in _unknown(words, names)
        )


def _unknown(words: str, names: Collection[str]) -> Iterator[str]:
    return (word for word in words.split() if word[0] in "<@" and word not in names)
