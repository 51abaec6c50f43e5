"""The manifest of a backup: files, schemas and counts, sealed by this installation, without a single id."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import msgspec

from store.crypto.keyring import MasterKeys
from store.errors import Refused
from store.refusals import Refusal

NAME = "manifest.json"
DATA, INBOX_KEYS, KEYRING = "data.age", "inbox_keys.age", "keyring.age"
SHORT_LIVED = (INBOX_KEYS, KEYRING)
"""The files that open others: kept for days, so that forgetting reaches the backups."""
FORMAT = 1
_STAMP = "%Y%m%dT%H%M%SZ"
_BLOCK = 1 << 20


class Part(msgspec.Struct, frozen=True):
    """One encrypted file: its SHA-256 as hex, and its size."""

    sha256: str
    bytes: int


class Manifest(msgspec.Struct, frozen=True):
    """A backup made at `at` (aware, UTC). `rows` counts the data's tables; `audit` is the head of its chain, as hex."""

    format: int
    at: datetime
    schema: dict[str, str]
    files: dict[str, Part]
    rows: dict[str, int]
    audit_seq: int
    audit_mac: str
    seal: str = ""


def stamp(at: datetime) -> str:
    """Name the folder of a backup by its time."""
    return at.strftime(_STAMP)


def sealed(manifest: Manifest, keys: MasterKeys) -> Manifest:
    """Seal a manifest with a master key, so that nobody else can write one."""
    return msgspec.structs.replace(manifest, seal=_seal(manifest, keys))


def _seal(manifest: Manifest, keys: MasterKeys) -> str:
    plain = msgspec.json.encode(msgspec.structs.replace(manifest, seal=""), order="sorted")
    return hmac.digest(keys.audit, b"nc1|backup|" + plain, "sha256").hex()


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a backup, mode 0600."""
    with open_new(folder / NAME) as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def read(folder: Path, keys: MasterKeys) -> Manifest:
    """Read the manifest of a backup of this very installation. Raises Refused."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise Refused(Refusal.NO_BACKUP, folder=folder, name=NAME) from None
    except msgspec.DecodeError:
        raise Refused(Refusal.MANIFEST_CHANGED, path=folder / NAME) from None
    if not hmac.compare_digest(manifest.seal, _seal(manifest, keys)):
        raise Refused(Refusal.MANIFEST_FOREIGN, path=folder / NAME)
    if manifest.format != FORMAT:
        raise Refused(Refusal.BACKUP_NEWER, folder=folder)
    return manifest


def check(folder: Path, manifest: Manifest, names: list[str]) -> None:
    """Prove that files are byte for byte those of the manifest. Raises Refused naming the first that is not."""
    for name in names:
        digest = hashlib.sha256()
        with (folder / name).open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        if digest.hexdigest() != manifest.files[name].sha256:
            raise Refused(Refusal.BACKUP_FILE_CHANGED, path=folder / name)


def backups(root: Path) -> list[tuple[datetime, Path]]:
    """Every finished backup in a folder with its time, the newest first."""
    found = []
    for folder in root.iterdir():
        try:
            at = datetime.strptime(folder.name, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        if (folder / NAME).is_file():
            found.append((at, folder))
    return sorted(found, reverse=True)


def prune(root: Path, now: datetime, days: int) -> int:
    """Remove the short-lived files of backups older than `days`; returns how many files went."""
    removed = 0
    for at, folder in backups(root):
        if now - at > timedelta(days=days):
            for name in SHORT_LIVED:
                if (folder / name).exists():
                    (folder / name).unlink()
                    removed += 1
    return removed


@contextlib.contextmanager
def open_new(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that must not exist yet, mode 0600; it is on the disk afterwards."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
