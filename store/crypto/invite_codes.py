"""Invitation codes: made by chance and shown once; what is kept of a code is its keyed hash."""

from __future__ import annotations

import hmac
import secrets

from flows.text.invitation_codes import ALPHABET, LETTERS, written


def new_code() -> str:
    """Make a code that nobody can guess, as it is shown and typed."""
    return written("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)))


def code_tag(index_key: bytes, code: str) -> bytes:
    """The keyed hash of an invitation code; the code itself is shown once and kept nowhere."""
    return hmac.digest(index_key, f"invitation|{code}".encode(), "sha256")[:16]
