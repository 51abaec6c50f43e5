"""The signature of Zalo's webhooks: SHA-256 over app id, raw body, timestamp and secret; no HMAC.

Source: zaloplatform/zalo-java-sdk, MacUtils.buildMac (2024-10); header form: chatwoot/chatwoot (2026).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence

import msgspec

from bot.parsing import UNREADABLE, NotReadable, loose

_HEADER = re.compile(r"^\s*(?:mac\s*=\s*)?([0-9a-fA-F]{64})\s*$")


class NotJson(Exception):
    """The body is not a JSON object: without its app id and timestamp no signature can be checked."""


class _Signed(msgspec.Struct):
    app_id: str | int = ""
    timestamp: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b""))


_signed = msgspec.json.Decoder(_Signed)


def mac(first: str, raw: bytes, timestamp: str, secret: str) -> str:
    """Compute the digest, lower-case hex; `first` is the app id."""
    return hashlib.sha256(_bytes(first) + raw + _bytes(timestamp) + secret.encode()).hexdigest()


def authentic(
    raw: bytes, header: str, app_id: str, secrets: Sequence[str], *, oa_id: str = "", oa_first: bool = False
) -> bool:
    """Say whether `raw` was signed with one of `secrets`, in constant time. Raises NotJson.

    `app_id` is the configured one: a body that names another application is refused. With `oa_first` the
    account's id is tried as the first term as well, as some integrations report.
    """
    given = _HEADER.match(header)
    body_app, timestamp = signed_part(raw)
    digest = given.group(1).lower() if given else "0" * 64
    firsts = (app_id, oa_id) if oa_first and oa_id else (app_id,)
    matched = False
    for secret in secrets:
        for first in firsts:
            right = hmac.compare_digest(digest, mac(first, raw, timestamp, secret))
            matched = matched or (right and bool(secret))
    return matched and given is not None and body_app == app_id


def signed_part(raw: bytes) -> tuple[str, str]:
    """Return app id and timestamp as the signer saw them: the literal text of the number. Raises NotJson."""
    try:
        head = _signed.decode(raw)
        literal = bytes(head.timestamp).strip()
        app, stamp = str(head.app_id), literal.strip(b'"').decode("utf-8", "replace")
    except UNREADABLE:
        app, stamp = _loosely(raw)
    return app, "" if stamp == "null" else stamp


def _loosely(raw: bytes) -> tuple[str, str]:
    try:
        body = loose(raw)
    except NotReadable:
        raise NotJson from None
    if not isinstance(body, dict):
        raise NotJson
    return str(body.get("app_id", "")), str(body.get("timestamp", ""))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
