"""Load a content folder into a Library, collecting every mistake instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from content import strict_yaml
from content.cards import harmless_things, languages, law, readability, shelves, tone
from content.cards.languages import BASE, Language
from content.checks.freshness import age_findings
from content.checks.readability import style_findings
from content.checks.run import single_findings, structure_findings
from content.directory import aliases, areas, children, first_shift, protocol, referrals, refusals, situations
from content.escalation import loader as escalation_loader
from content.findings import ContentErrors, Finding
from content.lexicon.loader import read_lexicon
from content.lexicon.model import LexiconData
from content.library import Library
from content.packaged import PACKAGED
from content.recordings.loader import read_audio
from content.schema import Card, Limits, RetiredPattern, Service, Source
from content.strict_yaml import Document
from content.validation import shape

LANGUAGES = ("vi", "en")
"""The languages that every card must have; others come from languages.yaml as their texts are written."""
INTEGERS = frozenset(
    (
        *("version", "days", "emergency", "handoff", "level", "text_max", "caption_max", "buttons_max"),
        *("buttons_per_row", "button_text_max", "callback_bytes", "delete_hours", "messages_per_turn"),
        *("photo_kb", "file_kb", "order"),
        *("window_hours", "free_hours"),
        *("reviewers", "priority", "aim", "most"),
        *("sound", "milliseconds", "bytes"),
        *escalation_loader.INTEGERS,
        *referrals.INTEGERS,
        *children.INTEGERS,
    )
)
FLAGS = frozenset(
    (
        *("intro", "net", "weak", "numbers", "neutral", "protect", "staff_only", "contact_card", "photo_covered"),
        *("probes", "when_safe", "duty"),
        *escalation_loader.FLAGS,
        *first_shift.FLAGS,
        *children.FLAGS,
    )
)
CARD_DEFAULTS = ("topic", "aud", "owner", "status", "review_by", "source", "needs_review")
SERVICE_DEFAULTS = (
    *("area", "review_by", "source", "source_date", "status"),
    *("body", "kind", "hours", "langs", "note"),
)


def load(root: Path | None = None) -> Library:
    """Return the content of `root` (None: the packaged folder). Raises ContentErrors on structural mistakes only."""
    library, found = gather(root or PACKAGED)
    if found or library is None:
        raise ContentErrors(found)
    return library


def load_lexicon(root: Path | None = None) -> LexiconData:
    """Return the lexicon alone, without checking it against the rest. Raises ContentErrors when it cannot be read."""
    reader = _ContentReader(root or PACKAGED)
    lexicon = reader.lexicon()
    if reader.findings:
        raise ContentErrors(reader.findings)
    return lexicon


def findings(root: Path | None = None, today: date | None = None) -> list[Finding]:
    """Return every structural mistake of `root` and, when `today` is given, what is overdue or unverified."""
    library, found = gather(root or PACKAGED)
    aged = age_findings(library, today) if library is not None and today is not None else []
    return [*found, *aged]


def style(root: Path | None = None) -> list[Finding]:
    """Return what could be easier to read in `root`; nothing while its files have structural mistakes."""
    library, found = gather(root or PACKAGED)
    return style_findings(library) if library is not None and not found else []


def gather(root: Path) -> tuple[Library | None, list[Finding]]:
    """Read everything below `root`; the library is None when the mistakes leave nothing to stand on."""
    reader = _ContentReader(root)
    spoken = languages.read_languages(reader.whole(languages.FILE), reader.findings)
    library = Library(
        cards=reader.cards(spoken),
        shelves=shelves.read_shelves(reader.whole(shelves.FILE), reader.findings),
        law=law.read_law(reader.whole(law.FILE), reader.findings),
        languages=spoken,
        areas=areas.read_areas(reader.whole(areas.FILE), reader.findings, root),
        reading=readability.read_reading(reader.whole(readability.FILE), reader.findings),
        tone=tone.read_tone(reader.whole(tone.FILE), reader.findings),
        things=harmless_things.read_things(reader.whole(harmless_things.FILE), reader.findings),
        situation_table=situations.read_situations(reader.whole(situations.FILE), reader.findings),
        services=reader.services(),
        limits=reader.limits(),
        sources=reader.sources(),
        retired=reader.retired(),
        lexicon=reader.lexicon(),
        audio=read_audio(reader),
    )
    escalation_loader.read_policy(reader.whole(escalation_loader.FILE), reader.findings)
    aliases.read_aliases(reader.whole(aliases.FILE), reader.findings)
    refusals.read_refusals(reader.whole(refusals.FILE), reader.findings)
    protocol.read_protocol(reader.whole(protocol.FILE), reader.findings)
    first_shift.read_first_shift(reader.whole(first_shift.FILE), reader.findings)
    handing_on = reader.whole(referrals.FILE)
    referrals.read_referral(handing_on, reader.findings)
    of_children = reader.whole(children.FILE)
    children.read_children(of_children, reader.findings)
    if not reader.findings:
        duty = referrals.duty_findings(handing_on, library.services)
        names = children.unknown_names(of_children, library.services, library.law, library.sources)
        return library, sorted([*structure_findings(library), *duty, *names])
    return None, sorted({*reader.findings, *single_findings(library)})


class _ContentReader:
    """Walks the folder in name order and keeps the mistakes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.findings: list[Finding] = []

    def documents(self, folder: str) -> Iterator[Document]:
        for path in sorted((self.root / folder).glob("*.yaml")):
            document = self.document(path)
            if document is not None:
                yield document

    def document(self, path: Path) -> Document | None:
        name = path.relative_to(self.root).as_posix()
        try:
            document = strict_yaml.read(path, name=name, integers=INTEGERS, flags=FLAGS)
        except ContentErrors as errors:
            self.findings += errors.findings
            return None
        except OSError as error:
            self.complain(name, 1, f"the file cannot be read ({error.strerror})", "put it back or fix its rights")
            return None
        if not isinstance(document.value, dict):
            self.complain(name, 1, "the file is not a mapping", "start it with keys, like `cards:`")
            return None
        return document

    def whole(self, name: str) -> Document | None:
        """Read a file of the folder itself."""
        return self.document(self.root / name)

    def complain(self, file: str, line: int, message: str, remedy: str) -> None:
        self.findings.append(Finding(file, line, message, remedy))

    def entries(self, document: Document, key: str, defaults: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the entries of the mapping under `key`, each with the file's own defaults filled in."""
        allowed = {key, "lang", *defaults}
        for name in document.value:
            if name not in allowed:
                remedy = f"use one of: {', '.join(sorted(allowed))}"
                self.complain(document.file, document.line(name), f'unknown field "{name}"', remedy)
        given = document.value.get(key)
        if not isinstance(given, dict) or not given:
            self.complain(
                document.file, document.line(key), f'nothing under "{key}"', f"list them under `{key}:` by id"
            )
            return
        shared = {name: document.value[name] for name in defaults if name in document.value}
        for name, entry in given.items():
            if isinstance(entry, dict):
                for default in shared:
                    document.lines.setdefault((key, name, default), document.line(default))
                yield name, {**shared, **entry}
            else:
                self.complain(document.file, document.line(key, name), f'"{name}" is not a mapping', "give it fields")

    def cards(self, spoken: Mapping[str, Language]) -> dict[str, dict[str, Card]]:
        cards: dict[str, dict[str, Card]] = {}
        about: dict[str, dict[str, Any]] = {}
        for lang in dict.fromkeys((*LANGUAGES, *spoken)):
            for document in self.documents(f"cards/{lang}"):
                self._judge_language(document, lang)
                for name, entry in self.entries(document, "cards", CARD_DEFAULTS):
                    if lang == BASE:
                        about.setdefault(name, {key: entry[key] for key in INHERITED if key in entry})
                        self._keep_card(document, name, lang, entry, cards)
                    elif name in cards:
                        self._keep_card(document, name, lang, {**about[name], **entry}, cards)
                    elif name not in about:
                        self._complain_alone(document, name)
        return cards

    def _complain_alone(self, document: Document, name: str) -> None:
        base = f"cards/{BASE}/{document.file.rpartition('/')[2]}"
        line = document.line("cards", name)
        self.complain(document.file, line, f'the card "{name}" has no Vietnamese text', f"add {name} to {base}")

    def _judge_language(self, document: Document, lang: str) -> None:
        said = document.value.get("lang")
        if said != lang:
            line = document.line("lang")
            self.complain(document.file, line, f'the language is "{said}", not "{lang}"', f'write lang: "{lang}"')

    def _keep_card(
        self, document: Document, name: str, lang: str, entry: dict[str, Any], cards: dict[str, dict[str, Card]]
    ) -> None:
        path = ("cards", name)
        if lang in cards.get(name, {}):
            other = cards[name][lang]
            where = f"{other.file}:{other.line}"
            self.complain(document.file, document.line(*path), f'the card "{name}" is also in {where}', "keep one")
            return
        given = {**entry, "id": name, "lang": lang, "file": document.file, "line": document.line(*path)}
        card = shape(Card, document, path, given, self.findings, outside=OUTSIDE)
        if card is not None:
            cards.setdefault(name, {})[lang] = card

    def services(self) -> dict[str, Service]:
        services: dict[str, Service] = {}
        for document in self.documents("services"):
            if document.file == RETIRED_FILE:
                continue
            for name, entry in self.entries(document, "services", SERVICE_DEFAULTS):
                path = ("services", name)
                given = {**entry, "id": name, "file": document.file, "line": document.line(*path)}
                service = shape(Service, document, path, given, self.findings, outside=OUTSIDE)
                if name in services:
                    line = document.line(*path)
                    self.complain(document.file, line, f'the service "{name}" is already there', "keep one")
                elif service is not None:
                    services[name] = service
        return services

    def retired(self) -> tuple[RetiredPattern, ...]:
        document = self.document(self.root / RETIRED_FILE)
        return tuple(self._listed(document, "retired", RetiredPattern)) if document else ()

    def _listed(self, document: Document, key: str, kind: type[Any]) -> Iterator[Any]:
        for index, entry in enumerate(document.value.get(key, ())):
            path = (key, index)
            if isinstance(entry, dict):
                made = shape(kind, document, path, entry, self.findings)
                if made is not None:
                    yield made
            else:
                self.complain(document.file, document.line(*path), f"{entry!r} is not a mapping", "give it fields")

    def limits(self) -> dict[str, Limits]:
        limits: dict[str, Limits] = {}
        for document in self.documents("channels"):
            made = shape(Limits, document, (), document.value, self.findings)
            if made is None:
                continue
            if document.file != f"channels/{made.channel}.yaml":
                where = f"name the file channels/{made.channel}.yaml"
                self.complain(document.file, document.line("channel"), f'the channel is "{made.channel}"', where)
            limits[made.channel] = made
        return limits

    def sources(self) -> dict[str, Source]:
        document = self.document(self.root / "sources.yaml")
        sources: dict[str, Source] = {}
        if document is None:
            return sources
        for name, entry in document.value.items():
            given: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
            source = shape(Source, document, (name,), given, self.findings)
            if source is not None:
                sources[name] = source
        return sources

    def lexicon(self) -> LexiconData:
        return read_lexicon(list(self.documents("lexicon")), self.findings)


RETIRED_FILE = "services/retired.yaml"
OUTSIDE = frozenset({"id", "lang", "file", "line"})
INHERITED = (
    *("topic", "also", "code", "action", "aud", "source", "slots", "neutral", "protect"),
    *("owner", "review_by", "needs_review"),
)
"""What a translation need not repeat."""
