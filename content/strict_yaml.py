"""Strict YAML: no surprise types, no sharing, nothing built before it is checked.

The file is read as a stream of parser events; the tree is made from those events by this module, so PyYAML's
constructors, aliases and merge keys never run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from content.findings import ContentErrors, Finding

SIZE_LIMIT = 256 * 1024
DEPTH_LIMIT = 12
NODE_LIMIT = 5000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER: Any = yaml.SafeLoader
_SURPRISES = {
    "tag:yaml.org,2002:bool": "a yes/no value",
    "tag:yaml.org,2002:int": "a whole number",
    "tag:yaml.org,2002:float": "a decimal number",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:null": "nothing at all",
    "tag:yaml.org,2002:value": "a value marker",
}
_INTEGER = re.compile(r"(0|[1-9][0-9]{0,8})")

Path_ = tuple[str | int, ...]


class Document(msgspec.Struct, frozen=True):
    """A file as plain dicts, lists and strings; `lines` gives the line (from 1) of every path in it."""

    file: str
    value: Any
    lines: dict[Path_, int]

    def line(self, *path: str | int) -> int:
        """Return the line of `path`, or of its nearest known ancestor."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(path: Path, *, name: str = "", integers: Collection[str] = (), flags: Collection[str] = ()) -> Document:
    """Read one file strictly. `integers` and `flags` name the keys that may hold 12 or true/false unquoted.

    Raises ContentErrors with every mistake found (the first only, when a limit is passed).
    """
    return parse(path.read_bytes(), name or path.name, integers=integers, flags=flags)


def parse(raw: bytes, file: str, *, integers: Collection[str] = (), flags: Collection[str] = ()) -> Document:
    """Read the bytes of a file strictly; see `read`."""
    if len(raw) > SIZE_LIMIT:
        raise ContentErrors([_finding(file, 1, f"the file has {len(raw)} bytes", f"split it: at most {SIZE_LIMIT}")])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ContentErrors([_finding(file, line, "the file is not UTF-8", "save it as UTF-8")]) from None
    builder = _Builder(file, frozenset(integers), frozenset(flags))
    try:
        value = builder.build(_events(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        builder.complain(mark.line + 1 if mark else 1, f"this is not YAML: {problem}", "check indentation and quotes")
    if builder.findings:
        raise ContentErrors(builder.findings)
    return Document(file, value, builder.lines)


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=_LOADER))


def _finding(file: str, line: int, message: str, remedy: str) -> Finding:
    return Finding(file, line, message, remedy)


class _Builder:
    """Makes the tree from events, keeping the line of everything and every complaint on the way."""

    def __init__(self, file: str, integers: frozenset[str], flags: frozenset[str]) -> None:
        self.file = file
        self.integers = integers
        self.flags = flags
        self.findings: list[Finding] = []
        self.lines: dict[Path_, int] = {}
        self.nodes = 0

    def complain(self, line: int, message: str, remedy: str) -> None:
        self.findings.append(_finding(self.file, line, message, remedy))

    def give_up(self, line: int, message: str, remedy: str) -> None:
        self.complain(line, message, remedy)
        raise ContentErrors(self.findings)

    def build(self, events: Iterator[Any]) -> Any:
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self._judge_document(event, documents)
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, events, ())
        if documents == 0:
            self.complain(1, "the file is empty", "write it or delete it")
        return value

    def _judge_document(self, event: Any, documents: int) -> None:
        line = event.start_mark.line + 1
        if documents > 1:
            self.give_up(line, "a second document starts here", "keep one document in a file (remove ---)")
        if event.tags or event.version:
            self.complain(line, "a % directive", "remove it")

    def _node(self, event: Any, events: Iterator[Any], path: Path_, key: str = "") -> Any:
        line = event.start_mark.line + 1
        self.nodes += 1
        self.lines.setdefault(path, line)
        if self.nodes > NODE_LIMIT:
            self.give_up(line, f"more than {NODE_LIMIT} values", "split the file")
        if len(path) > DEPTH_LIMIT:
            self.give_up(line, f"nested deeper than {DEPTH_LIMIT}", "flatten it")
        if isinstance(event, yaml.AliasEvent):
            self.complain(line, f"an alias *{event.anchor}", "write the value out")
            return ""
        self._judge_marks(event, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path, key)
        return self._scalar(event, line, key)

    def _judge_marks(self, event: Any, line: int) -> None:
        if event.anchor:
            self.complain(line, f"an anchor &{event.anchor}", "write the value out where it is needed")
        if event.tag:
            self.complain(line, f"a tag {event.tag}", "remove it: content holds text, lists and mappings only")

    def _mapping(self, events: Iterator[Any], path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                return result
            key, line = self._key(event, events, path)
            if key in result:
                first = self.lines.get((*path, key), line)
                self.complain(line, f'the key "{key}" is already on line {first}', "keep one of them")
            else:
                self.lines[(*path, key)] = line
            result[key] = self._node(next(events), events, (*path, key), key)
        return result

    def _key(self, event: Any, events: Iterator[Any], path: Path_) -> tuple[str, int]:
        line = event.start_mark.line + 1
        self.nodes += 1
        if isinstance(event, yaml.AliasEvent):
            self.give_up(line, f"an alias *{event.anchor} as a key", "write the key out")
        if not isinstance(event, yaml.ScalarEvent):
            self.give_up(line, "a key that is not a word", "use a plain word as key")
        self._judge_marks(event, line)
        if event.value == "<<" and not event.style:
            self.complain(line, "a merge key <<", "write the values out")
            return "<<", line
        return str(self._scalar(event, line, "")), line

    def _sequence(self, events: Iterator[Any], path: Path_, key: str) -> list[Any]:
        result: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            result.append(self._node(event, events, (*path, len(result)), key))
        return result

    def _scalar(self, event: Any, line: int, key: str) -> str | int | bool:
        value: str = event.value
        if not event.style:
            if key in self.integers and _INTEGER.fullmatch(value):
                return int(value)
            if key in self.flags and value in ("true", "false"):
                return value == "true"
            surprise = _surprise(value)
            if surprise:
                self.complain(line, f"{value or 'an empty value'} is read as {surprise}", f'quote it: "{value}"')
        return unicodedata.normalize("NFC", value)


def _surprise(value: str) -> str:
    """Say what YAML 1.1 would make of an unquoted word, or "" when it stays a word."""
    for tag, pattern in _RESOLVER.yaml_implicit_resolvers.get(value[:1], []):
        if tag in _SURPRISES and pattern.match(value):
            return _SURPRISES[tag]
    return ""
