"""A sealed copy of a new token pair beside the database: it bridges the instant between answer and commit."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import msgspec

from store.errors import Sealed
from store.tokens import TokenPair, Tokens


class TokenFile:
    """One file per account, mode 0600, written before the commit and removed after it."""

    def __init__(self, folder: Path, name: str, tokens: Tokens) -> None:
        self._path = folder / f"{name}.token"
        self._name = name
        self._tokens = tokens

    @property
    def waiting(self) -> bool:
        """Whether a pair waits here for the database."""
        return self._path.exists()

    def write(self, pair: TokenPair) -> None:
        """Write and sync; the old content stays until the new one is whole. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = self._path.with_suffix(".new")
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self._tokens.seal_blob(self._name, msgspec.json.encode(asdict(pair))))
            file.flush()
            os.fsync(file.fileno())
        half.replace(self._path)

    def read(self) -> TokenPair | None:
        """Return the waiting pair; None when there is none or it does not open."""
        try:
            return msgspec.json.decode(self._tokens.open_blob(self._name, self._path.read_bytes()), type=TokenPair)
        except (OSError, Sealed, msgspec.MsgspecError):
            return None

    def remove(self) -> None:
        """Remove the file; it need not exist."""
        self._path.unlink(missing_ok=True)
