"""Languages of the content: what each needs before a word of it is shown, and what stands in for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from content.findings import Finding
from content.schema import Key, LangCode, Texts
from content.strict_yaml import Document
from content.validation import shape

FILE = "languages.yaml"
BASE = "vi"


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """One way to write a language; which of them a community reads is for the community to say (`chosen_by`)."""

    id: Key
    name: str
    chosen_by: tuple[str, ...] = ()
    note: str = ""


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """One language. `iso` is its ISO 639-3 code, `own_name` what its speakers call it ("" until a speaker has said).
    `typed` are other ways to write its name in Vietnamese.

    `first` is how it is offered: "text", "audio" (text later, if at all) or "both". `fallback` are the languages
    shown or heard where a card does not exist in it, Vietnamese last. `reviewers` is how many people must agree to a
    card before it is shown. `sound`: 1 is recorded first and offered to be heard, 3 last, 0 not at all. `status`:
    "complete", "open" (texts are coming in) or "no text yet".
    """

    id: LangCode
    iso: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{3}$")]
    varieties: tuple[Annotated[str, msgspec.Meta(pattern=r"^[a-z]{3}$")], ...] = ()
    name: Texts
    own_name: str = ""
    typed: tuple[str, ...] = ()
    scripts: tuple[Script, ...] = ()
    first: Literal["text", "audio", "both"]
    fallback: tuple[LangCode, ...] = ()
    reviewers: Annotated[int, msgspec.Meta(ge=0, le=5)] = 2
    priority: Annotated[int, msgspec.Meta(ge=0, le=3)]
    sound: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    where: tuple[str, ...] = ()
    status: Literal["complete", "open", "no text yet"]
    source: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    note: str = ""
    line: int = 0


def read_languages(document: Document | None, findings: list[Finding]) -> dict[str, Language]:
    """Return the languages by code, the first the one every text has; what does not fit becomes a finding."""
    languages: dict[str, Language] = {}
    if document is None:
        return languages
    for name, entry in dict(document.value.get("languages") or {}).items():
        path = ("languages", name)
        fields = entry if isinstance(entry, dict) else {}
        given = {**fields, "id": name, "line": document.line(*path)}
        made = shape(Language, document, path, given, findings, outside=frozenset({"id", "line"}))
        if made is not None:
            languages[name] = made
    return languages


def chain(languages: Mapping[str, Language], lang: str) -> tuple[str, ...]:
    """Return the languages to look in for a card, best first; Vietnamese is always the last."""
    known = languages.get(lang)
    wanted = (lang, *(known.fallback if known is not None else ()), BASE)
    return tuple(dict.fromkeys(wanted))


def spoken(languages: Mapping[str, Language]) -> tuple[str, ...]:
    """Return the languages that shall be heard, the most urgent first."""
    return tuple(sorted((one.id for one in languages.values() if one.sound), key=lambda lang: languages[lang].sound))
