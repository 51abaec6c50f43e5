"""Read the audio folder of the content: two YAML files and the recordings beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from content.findings import Finding
from content.media.clip import LARGEST
from content.recordings.index import FOLDER, AudioIndex, ShippedRecording
from content.strict_yaml import Document
from content.validation import shape

OUTSIDE = frozenset({"id", "line"})
SOUNDS = (".aac", ".ogg")
S = TypeVar("S", bound=msgspec.Struct)


class Reads(Protocol):
    """The reader of a content folder, as far as it is needed here."""

    root: Path
    findings: list[Finding]

    def document(self, path: Path) -> Document | None:
        """Read one file strictly, or note why not."""

    def complain(self, file: str, line: int, message: str, remedy: str) -> None:
        """Note a mistake."""


def read_audio(reader: Reads) -> AudioIndex:
    """Read index and files; mistakes go to the reader. A folder without sound has an empty index."""
    folder = reader.root / FOLDER
    if not folder.is_dir():
        return AudioIndex()
    recordings = tuple(
        one
        for name, document, entry in _entries(reader, folder / "index.yaml", "recordings")
        if (one := _shipped(reader, document, name, entry)) is not None
    )
    return AudioIndex(recordings, files=dict(_sounds(reader, folder)))


def _shipped(reader: Reads, document: Document, name: str, entry: dict[str, Any]) -> ShippedRecording | None:
    path = ("recordings", name)
    return shape(
        ShippedRecording,
        document,
        path,
        {**entry, "id": name, "line": document.line(*path)},
        reader.findings,
        outside=OUTSIDE,
    )


def _entries(reader: Reads, path: Path, key: str) -> list[tuple[str, Document, dict[str, Any]]]:
    document = reader.document(path)
    if document is None:
        return []
    given: Mapping[str, Any] = document.value.get(key) or {}
    found = []
    for name, entry in given.items():
        if isinstance(entry, dict):
            found.append((name, document, entry))
        else:
            reader.complain(document.file, document.line(key, name), f'"{name}" is not a mapping', "give it fields")
    return found


def _sounds(reader: Reads, folder: Path) -> list[tuple[str, bytes]]:
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix not in SOUNDS:
            continue
        if path.stat().st_size > LARGEST:
            reader.complain(
                f"{FOLDER}/{name}", 1, f"the file is larger than {LARGEST} bytes", "record it anew, shorter"
            )
            continue
        found.append((name, path.read_bytes()))
    return found
