"""The spool: a sealed file that keeps messages while the database is down."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec


class SpooledEvent(msgspec.Struct, array_like=True):
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
    events: list[SpooledEvent]


class Spool:
    """Append-only files in one folder, each locked by its writer; every append is on the disk before it returns.

    `append` is called from threads, `closed_files` from the loop: one lock stands between them. A file is anybody's
    to carry over once its lock is free: a number of a process says nothing, another may bear it by now.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None
        self._path: Path | None = None
        self._lock = threading.Lock()
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
        with self._lock:
            file = self._open()
            start = os.fstat(file).st_size
            try:
                if os.write(file, record) != len(record):
                    raise OSError("short write")
                os.fdatasync(file)
            except OSError:
                self._take_back(file, start)
                raise

    def _open(self) -> int:
        if self._file is None:
            self._path = self._folder / f"{os.getpid()}-{time.time_ns()}.spool"
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            self._file = file
            _sync_folder(self._folder)
        return self._file

    def _take_back(self, file: int, start: int) -> None:
        """Cut off a torn frame; where even that fails, leave the file: frames behind a torn one would be lost."""
        try:
            os.ftruncate(file, start)
        except OSError:
            self._let_go()

    def _let_go(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
        self._file = self._path = None

    def closed_files(self) -> list[Path]:
        """Close the file being written and list every file nobody writes any more, the oldest first."""
        with self._lock:
            self._let_go()
        return [path for path in sorted(self._folder.glob("*.spool"), key=_age) if _is_free(path)]

    @property
    def empty(self) -> bool:
        """Whether nothing waits here."""
        return not any(self._folder.glob("*.spool"))


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


def discard(path: Path) -> None:
    """Remove a file whose events are all in the inbox; another process may have been as quick."""
    path.unlink(missing_ok=True)


def lay_aside(path: Path) -> None:
    """Keep a file that the database refuses, under a name that nobody carries over."""
    path.rename(path.with_suffix(".refused"))


def _age(path: Path) -> tuple[int, str]:
    number = path.stem.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0, path.name


def _is_free(path: Path) -> bool:
    """Whether no living process writes this file."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def _sync_folder(folder: Path) -> None:
    """Put the name of a new file on the disk too, or a power cut takes the file with it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
