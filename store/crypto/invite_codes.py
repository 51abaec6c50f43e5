"""Invitation codes: what is kept of a code is its keyed hash."""

from __future__ import annotations

import hmac


def code_tag(index_key: bytes, code: str) -> bytes:
    """The keyed hash of an invitation code; the code itself is shown once and kept nowhere."""
    return hmac.digest(index_key, f"invitation|{code}".encode(), "sha256")[:16]
