"""Redaction of log fields: what is not surely harmless is removed, what cannot be checked is withheld."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

GONE = "[…]"
WITHHELD = "(withheld)"
LONGEST = 400
"""Characters of a text that are checked at all; the rest is cut off."""
_LARGEST = 9_999_999
"""A greater whole number may be somebody's id."""

_PLAIN = re.compile(r"[\x20-\x7e…–“”]*")
_SECRETS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[a-z][a-z0-9+.-]*://\S+",
        r"(?:bot)?\d{3,}:[\w-]{8,}",
        r"""(?:[a-z]*_?token|secret(?:_?key)?|passw(?:or)?d|passphrase|api_?key|authorization|cookie|mac)["']?\s*[:=]"""
        r"""\s*(?:bearer\s+|basic\s+)?["']?[^\s"',;&}]+""",
        r"bearer\s+\S+",
        r"\S+@\S+",
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        r"[0-9a-f]{16,}",
        r"-----BEGIN.*",
        r"(?=\S*\d)(?-i:(?=\S*[a-z])(?=\S*[A-Z]))[\w+/=.-]{16,}",
        r"(?=[\w+/=.-]*\d)(?=[\w+/=.-]*[a-z])[\w+/=.-]{24,}",
        r"[\w+/=-]{40,}",
        r"\d{1,3}(?:\.\d{1,3}){3}",
        r"\+?\(?\d(?:[\s.,/_()+*\-–]{0,3}\d){6,}",
    )
)
_SLUG = re.compile(r"[A-Za-z0-9_.:/ -]{0,40}")


def redact(text: str) -> str:
    """Remove everything shaped like a token, a key, an address, an id or a phone number, in any script.

    A text with letters that our own English sentences do not use may be anybody's words: it is withheld whole.
    """
    composed = unicodedata.normalize("NFKC", text[:LONGEST])
    plain = "".join(_visible(sign) for sign in composed)
    for secret in _SECRETS:
        plain = secret.sub(GONE, plain)
    return plain if _PLAIN.fullmatch(plain) else WITHHELD


def _visible(sign: str) -> str:
    """Write any script's digit as ours, drop what cannot be seen, and make every other break a space."""
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if kind in ("Cf", "Mn", "Me"):
        return ""
    if kind in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    return "-" if kind == "Pd" and sign != "–" else sign


def _number(value: object) -> object | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) <= _LARGEST:
        return round(value, 3) if isinstance(value, float) else value
    return None


def _slug(value: object) -> object | None:
    """A number, or a short name of ours."""
    if not isinstance(value, str):
        return _number(value)
    return redact(value) if _SLUG.fullmatch(value) else WITHHELD


def _sentence(value: object) -> object | None:
    return redact(value) if isinstance(value, str) else None


FIELDS: dict[str, Callable[[object], object | None]] = {
    "event": _slug,
    "account": _slug,
    "channel": _slug,
    "count": _number,
    "status": _slug,
    "code": _slug,
    "stage": _slug,
    "lane": _number,
    "seconds": _number,
    "case": _slug,
    "reason": _sentence,
    "port": _number,
}
"""Every field a log line may have, and what makes its value fit; None leaves it out."""
