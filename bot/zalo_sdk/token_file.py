"""Sealed copies of new token pairs beside the database: they bridge the instant between answer and commit."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import msgspec

from store.crypto.oauth_tokens import TokenPair, Tokens
from store.errors import Sealed


class TokenFiles:
    """One file per version of an account's pair, mode 0600, written before the commit and removed after it."""

    def __init__(self, folder: Path, name: str, tokens: Tokens) -> None:
        self._folder = folder
        self._name = name
        self._tokens = tokens

    @property
    def waiting(self) -> bool:
        """Whether a pair waits here for the database."""
        return any(self._versions())

    def write(self, pair: TokenPair) -> None:
        """Write and sync; a file is whole or does not exist. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(pair.version)
        half = path.with_suffix(f".{os.getpid()}")
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self._tokens.seal_blob(self._name, msgspec.json.encode(asdict(pair))))
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)

    def newest(self) -> TokenPair | None:
        """Return the newest waiting pair; None when there is none that opens."""
        pairs = [pair for version in self._versions() if (pair := self._read(version)) is not None]
        return max(pairs, key=lambda pair: pair.issued_at, default=None)

    def remove(self, version: int) -> None:
        """Remove the files up to `version`; a younger one belongs to somebody still at work."""
        for old in self._versions():
            if old <= version:
                self._path(old).unlink(missing_ok=True)

    def _read(self, version: int) -> TokenPair | None:
        try:
            plain = self._tokens.open_blob(self._name, self._path(version).read_bytes())
            return msgspec.json.decode(plain, type=TokenPair)
        except (OSError, Sealed, msgspec.MsgspecError):
            return None

    def _versions(self) -> list[int]:
        parts = (path.name.split(".") for path in self._folder.glob(f"{self._name}.*.token"))
        return [int(part[1]) for part in parts if len(part) == 3 and part[1].isdecimal()]

    def _path(self, version: int) -> Path:
        return self._folder / f"{self._name}.{version}.token"
