"""Verification of a webhook by the secret that its platform repeats in a header."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from bot.channels.base import NotAuthentic


def verify_secret(headers: Mapping[str, str], raw: bytes, name: str, secret: str) -> None:
    """Compare the header `name` with the secret, in constant time. Raises NotAuthentic."""
    if not raw:
        raise NotAuthentic("empty")
    given = headers.get(name, "").encode("utf-8", "replace")
    if not secret or not hmac.compare_digest(given, secret.encode()):
        raise NotAuthentic("wrong secret" if given else "secret missing")
