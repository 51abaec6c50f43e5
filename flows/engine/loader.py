"""Load the flow files: strict YAML into groups of states and transitions, every mistake with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from content import strict_yaml
from content.findings import ContentErrors, Finding
from content.strict_yaml import Document
from flows.model.definition import EXPECTATIONS, State, StatesGroup, Transition

PACKAGED = Path(__file__).parents[1] / "definitions"
_DURATION = re.compile(r"([1-9][0-9]{0,3})(m|h)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_GROUP = re.compile(r"[A-Z][A-Za-z0-9]*")

Parts = tuple[str | int, ...]
_Fields = TypeVar("_Fields", bound=msgspec.Struct)


class _StateFields(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    say: str = ""
    tell: str = ""
    choices: str = ""
    topic: str = ""
    expect: list[str] = []
    timeout: str = ""
    sensitive: bool = False
    for_people: bool = False
    consent: str = ""
    given_by: list[str] = []


class _DefaultFields(msgspec.Struct, forbid_unknown_fields=True):
    expect: list[str] = []
    timeout: str = ""
    sensitive: bool = False
    for_people: bool = False


class _TransitionFields(msgspec.Struct, forbid_unknown_fields=True):
    trigger: str
    source: str | list[str]
    dest: str | None = None
    conditions: list[str] = []
    unless: list[str] = []
    before: list[str] = []
    after: list[str] = []


class _FileFields(msgspec.Struct, forbid_unknown_fields=True):
    flow: str
    states: list[dict[str, object]]
    transitions: list[dict[str, object]]
    defaults: dict[str, object] = {}


def read_flows(root: Path | None = None) -> tuple[list[StatesGroup], list[Finding]]:
    """Read every flow file of a folder (None: the packaged one), with what could not be read as findings."""
    root = root or PACKAGED
    groups: list[StatesGroup] = []
    findings: list[Finding] = []
    for path in sorted(root.glob("*.yaml")):
        try:
            groups.append(_read_group(path))
        except ContentErrors as errors:
            findings.extend(errors.findings)
    if not groups and not findings:
        findings.append(Finding(root.name, 1, "there is no flow file here", "add at least one .yaml flow"))
    return groups, findings


def load_flows(root: Path | None = None) -> list[StatesGroup]:
    """Read every flow file; raises ContentErrors with all that is wrong with their form."""
    groups, findings = read_flows(root)
    if findings:
        raise ContentErrors(findings)
    return groups


def _read_group(path: Path) -> StatesGroup:
    name = f"flows/definitions/{path.name}"
    return _Reader(strict_yaml.read(path, name=name, flags=("sensitive", "for_people"))).group()


class _Reader:
    """Turns one document into a group; every complaint knows its line."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def group(self) -> StatesGroup:
        fields = self.fields(_FileFields, self.document.value, ())
        if fields is None:
            raise ContentErrors(self.findings)
        if not _GROUP.fullmatch(fields.flow):
            self.complain(("flow",), f'"{fields.flow}" is not a group name', "write it like GetHelp")
        defaults = self.defaults(fields.defaults)
        states = [self.state(fields.flow, {**defaults, **raw}, i) for i, raw in enumerate(fields.states)]
        transitions = [self.transition(fields.flow, raw, i) for i, raw in enumerate(fields.transitions)]
        if self.findings:
            raise ContentErrors(self.findings)
        return StatesGroup(
            fields.flow,
            self.document.file,
            tuple(s for s in states if s is not None),
            tuple(t for t in transitions if t is not None),
        )

    def defaults(self, raw: dict[str, object]) -> dict[str, object]:
        """Return what each state says unless it says otherwise; nothing when it is wrong, so that it is told once."""
        path = ("defaults",)
        fields = self.fields(_DefaultFields, raw, path)
        if fields is None:
            return {}
        known = len(self.findings)
        self.expect(fields.expect, path)
        self.timeout(fields.timeout, path)
        return raw if len(self.findings) == known else {}

    def state(self, group: str, raw: dict[str, object], index: int) -> State | None:
        path = ("states", index)
        fields = self.fields(_StateFields, raw, path)
        if fields is None:
            return None
        if not _NAME.fullmatch(fields.name):
            self.complain((*path, "name"), f'"{fields.name}" is not a state name', "write it like danger_now")
        return State(
            group=group,
            name=fields.name,
            say=fields.say,
            tell=fields.tell,
            choices=fields.choices,
            topic=fields.topic,
            expect=self.expect(fields.expect, path),
            timeout=self.timeout(fields.timeout, path),
            timeout_given=bool(fields.timeout),
            sensitive=fields.sensitive,
            for_people=fields.for_people,
            consent=fields.consent,
            given_by=tuple(fields.given_by),
            line=self.document.line(*path),
        )

    def expect(self, words: list[str], path: Parts) -> tuple[str, ...]:
        for word in words:
            if word not in EXPECTATIONS:
                self.complain((*path, "expect"), f'"{word}" cannot be expected', _one_of(EXPECTATIONS))
        return tuple(words)

    def timeout(self, written: str, path: Parts) -> timedelta | None:
        if written in ("", "never"):
            return None
        match = _DURATION.fullmatch(written)
        if match is None:
            remedy = "write minutes or hours: 10m, 24h, or never"
            self.complain((*path, "timeout"), f'"{written}" is not a time', remedy)
            return None
        unit = timedelta(minutes=1) if match[2] == "m" else timedelta(hours=1)
        return int(match[1]) * unit

    def transition(self, group: str, raw: dict[str, object], index: int) -> Transition | None:
        path = ("transitions", index)
        fields = self.fields(_TransitionFields, raw, path)
        if fields is None:
            return None
        sources = [fields.source] if isinstance(fields.source, str) else fields.source
        return Transition(
            trigger=fields.trigger,
            source=tuple(_full(group, source) for source in sources),
            dest=None if fields.dest is None else _full(group, fields.dest),
            conditions=tuple(fields.conditions),
            unless=tuple(fields.unless),
            before=tuple(fields.before),
            after=tuple(fields.after),
            line=self.document.line(*path),
        )

    def fields(self, kind: type[_Fields], raw: object, path: Parts) -> _Fields | None:
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            known = ", ".join(field.name for field in msgspec.structs.fields(kind))
            self.complain(path, str(error)[:1].lower() + str(error)[1:], f"the fields here are: {known}")
            return None

    def complain(self, path: Parts, message: str, remedy: str) -> None:
        line = self.document.line(*path)
        where = ".".join(str(part) for part in path) or "the file"
        self.findings.append(Finding(self.document.file, line, f"{where}: {message}", remedy))


def _full(group: str, name: str) -> str:
    """Give a state's full name; `*` (every state), `=` (the same again) and full names stay."""
    return name if name in ("*", "=") or ":" in name else f"{group}:{name}"


def _one_of(words: frozenset[str] | Mapping[str, object]) -> str:
    return "use one of: " + ", ".join(sorted(words))
