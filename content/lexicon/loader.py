"""Read content/data/lexicon/*.yaml: sets, shorthand, innocent phrases, rules, sensitive and banned words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from content.findings import Finding
from content.lexicon.cries import CryLanguage, read_cries, repeated
from content.lexicon.model import LexiconData, Proposal, Rule
from content.lexicon.weights import NEVER, read_weights
from content.strict_yaml import Document
from content.validation import shape

ABOUT = frozenset({"owner", "source"})
E = TypeVar("E", Rule, Proposal)
MAPPINGS = ("sets", "shorthand", "banned", "emoji", "whole", "answers", "countries", "replies")
WEIGHTS = ("suspicion", "leanings")
LISTS = (
    "own_words",
    "seldom_words",
    "innocent",
    "innocent_toned",
    "told",
    "untold",
    "defining",
    "general",
    "asking",
    "sensitive",
)
SECTIONS = ("about", "rules", *LISTS, *MAPPINGS, *WEIGHTS, "proposed", "cries")


def read_lexicon(documents: list[Document], findings: list[Finding]) -> LexiconData:
    """Merge the lexicon files; a name defined twice, an unknown section or a rule that does not fit is a finding."""
    parts: dict[str, Any] = {name: {} for name in MAPPINGS}
    lists: dict[str, list[str]] = {name: [] for name in LISTS}
    rules: list[Rule] = []
    proposals: list[Proposal] = []
    cries: list[CryLanguage] = []
    entries: dict[str, Callable[[Document, dict[str, Any]], None]] = {
        "rules": lambda document, given: rules.extend(_entries(Rule, document, "rules", given, findings)),
        "proposed": lambda document, given: proposals.extend(_entries(Proposal, document, "proposed", given, findings)),
        "cries": lambda document, given: cries.extend(read_cries(document, given, findings)),
    }
    for document in documents:
        if "about" not in document.value:
            remedy = "begin it with about: owner: …, source: …"
            findings.append(Finding(document.file, 1, "nobody answers for this file", remedy))
        for section, given in document.value.items():
            if section in parts and isinstance(given, dict):
                _merge(document, section, given, parts[section], findings)
            elif section in lists and isinstance(given, list):
                lists[section] += given
            elif section in entries and isinstance(given, dict):
                entries[section](document, given)
            elif section in WEIGHTS or (section == "about" and isinstance(given, dict) and given.keys() >= ABOUT):
                continue
            else:
                remedy = f"use one of: {', '.join(SECTIONS)}"
                findings.append(Finding(document.file, document.line(section), f'"{section}" does not fit', remedy))
    findings += repeated(tuple(cries))
    names = {f"<{name}>" for name in parts["sets"]} | {f"@{rule.id}" for rule in rules}
    weights = read_weights(documents, names, findings)
    return LexiconData(
        sets={name: tuple(words) for name, words in parts["sets"].items()},
        shorthand={
            name: (words,) if isinstance(words, str) else tuple(words) for name, words in parts["shorthand"].items()
        },
        own_words=_words(lists["own_words"]),
        seldom_words=_words(lists["seldom_words"]),
        innocent=tuple(lists["innocent"]),
        innocent_toned=tuple(lists["innocent_toned"]),
        told=tuple(lists["told"]),
        untold=tuple(lists["untold"]),
        defining=tuple(lists["defining"]),
        general=tuple(lists["general"]),
        asking=tuple(lists["asking"]),
        rules=(*rules, *(proposal.as_rule() for proposal in proposals if proposal.status == "approved")),
        proposals=tuple(proposals),
        sensitive=frozenset(lists["sensitive"]),
        banned=parts["banned"],
        emoji=parts["emoji"],
        whole=parts["whole"],
        enough=weights.thresholds.get("enough", NEVER),
        enough_known=weights.thresholds.get("enough_known", NEVER),
        doubt=weights.thresholds.get("doubt", -NEVER),
        together=weights.thresholds.get("together", NEVER),
        next_heard=weights.thresholds.get("next_heard", NEVER),
        next_alone=weights.thresholds.get("next_alone", NEVER),
        suspicion=weights.suspicion,
        leanings=weights.leanings,
        countries={name: tuple(words) for name, words in parts["countries"].items()},
        replies={name: tuple(words) for name, words in parts["replies"].items()},
        answers={name: tuple(words) for name, words in parts["answers"].items()},
        cries=tuple(cries),
    )


def _words(lines: list[str]) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _merge(
    document: Document, section: str, given: dict[str, Any], into: dict[str, Any], findings: list[Finding]
) -> None:
    for name, value in given.items():
        if name in into and section != "banned":
            line = document.line(section, name)
            findings.append(Finding(document.file, line, f'"{name}" is already defined', "keep one definition"))
        elif name in into:
            into[name] = {**into[name], **value}
        else:
            into[name] = value


def _entries(
    kind: type[E], document: Document, section: str, given: dict[str, Any], findings: list[Finding]
) -> list[E]:
    entries = []
    for name, entry in given.items():
        path = (section, name)
        if not isinstance(entry, dict):
            findings.append(
                Finding(document.file, document.line(*path), f'"{name}" is not a mapping', "give it fields")
            )
            continue
        about = {**entry, "id": name, "file": document.file, "line": document.line(*path)}
        shaped = shape(kind, document, path, about, findings)
        if shaped is not None:
            entries.append(shaped)
    return entries
