"""The files that passed through the world: uploads of a bot, voices and pictures of a person."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StoredFile:
    """Bytes with the name, kind (`voice`, `photo`, …) and time they came with."""

    id: str
    kind: str
    name: str
    data: bytes
    at: datetime

    @property
    def path(self) -> str:
        """The path a platform gives it: kind, id and extension."""
        dot = self.name.rfind(".")
        return f"{self.kind}/{self.id}{self.name[dot:] if dot > 0 else ''}"

    @property
    def media_type(self) -> str:
        """The content type, by the name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


class Files:
    """Every stored file, by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}

    def keep(self, file: StoredFile) -> StoredFile:
        """Store one file."""
        self._by_id[file.id] = file
        return file

    def get(self, file_id: str) -> StoredFile | None:
        """Return the file with this id."""
        return self._by_id.get(file_id)

    def at_path(self, path: str) -> StoredFile | None:
        """Return the file whose path this is."""
        stem = path.rpartition("/")[2].partition(".")[0]
        found = self._by_id.get(stem)
        return found if found is not None and found.path == path else None

    def clear(self) -> None:
        """Forget every file."""
        self._by_id.clear()
