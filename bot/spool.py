"""A sealed file that takes messages in while the database is down."""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec


class Waiting(msgspec.Struct, array_like=True):
    """One event that waits for the inbox, already sealed."""

    account: int
    ext: bytes
    lane: int
    key_id: bytes
    sealed: bytes
    received_at: datetime


class Frame(msgspec.Struct, array_like=True):
    """One append: the sealed key of the hour and the events it seals. A frame stands for itself."""

    key_id: bytes
    sealed_key: bytes
    events: list[Waiting]


class Spool:
    """Append-only files in one folder, one per process; every append is on the disk before it returns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None
        self._path = folder / f"{os.getpid()}.spool"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._prove_writable()

    def _prove_writable(self) -> None:
        probe = self._folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"ok")
        probe.unlink()

    def append(self, frame: Frame) -> None:
        """Write and fdatasync one frame. Raises OSError when the disk will not take it."""
        body = msgspec.msgpack.encode(frame)
        record = len(body).to_bytes(4, "big") + zlib.crc32(body).to_bytes(4, "big") + body
        if self._file is None:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        start = os.fstat(self._file).st_size
        try:
            if os.write(self._file, record) != len(record):
                raise OSError("short write")
            os.fdatasync(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, start)
            raise

    def closed_files(self) -> list[Path]:
        """Close the file being written and list every file to carry over, the oldest first."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
            self._path.rename(self._folder / f"{os.getpid()}-{self._path.stat().st_mtime_ns}.waiting")
        return sorted(self._folder.glob("*.waiting")) + [
            path for path in self._folder.glob("*.spool") if not _alive(int(path.stem))
        ]

    @property
    def empty(self) -> bool:
        """Whether nothing waits here."""
        return not any(self._folder.glob("*.spool")) and not any(self._folder.glob("*.waiting"))


def frames(path: Path) -> Iterator[Frame]:
    """Read the whole frames of a file; a torn last frame was never acknowledged and is left out."""
    data = path.read_bytes()
    at = 0
    while at + 8 <= len(data):
        size, crc = int.from_bytes(data[at : at + 4], "big"), int.from_bytes(data[at + 4 : at + 8], "big")
        body = data[at + 8 : at + 8 + size]
        if len(body) < size or zlib.crc32(body) != crc:
            return
        yield msgspec.msgpack.decode(body, type=Frame)
        at += 8 + size


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
