"""Known devices: a signed cookie in every browser somebody has signed in with, so that strangers never slow her down.

It opens nothing. A sign-in from a known device has a budget of failures of its own.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta

import msgspec

from store.crypto.keyring import MasterKeys
from store.staff.models import Member, login_name

LIVES = timedelta(days=180)
"""How long a browser keeps the cookie after each sign-in; its signature holds at least that long, at most twice."""
_ID, _MARK, _MAC = 16, 8, 32


class Device(msgspec.Struct, frozen=True):
    """A device by its cookie: 16 random bytes, and the mark of the passphrase it signed in with."""

    id: bytes
    mark: bytes


def cookie_name(keys: MasterKeys, login: str) -> str:
    """Name the cookie of one login: computers are shared, and each login is known on its own."""
    return f"device-{_digest(keys, 'name', login)[:8].hex()}"


def issue(keys: MasterKeys, now: datetime, member: Member, device: Device | None) -> str:
    """Make the cookie's value for somebody who has just signed in, for a new device or the one she came with.

    Base64url of: device (16) | mark of her passphrase (8) | HMAC-SHA256 over both, her login and the half-year.
    """
    body = (device.id if device else secrets.token_bytes(_ID)) + member.mark
    return base64.urlsafe_b64encode(body + _sign(keys, member.login, body, _period(now))).rstrip(b"=").decode()


def read(keys: MasterKeys, now: datetime, login: str, cookie: str) -> Device | None:
    """Read a cookie without any database; None unless it was issued here, for this login, within a year.

    The caller compares the mark: after a change of her passphrase every device of hers is unknown.
    """
    try:
        value = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
    except ValueError:
        return None
    if len(value) != _ID + _MARK + _MAC:
        return None
    body, mac = value[: _ID + _MARK], value[_ID + _MARK :]
    signed = [hmac.compare_digest(mac, _sign(keys, login, body, _period(now) - back)) for back in (0, 1)]
    return Device(body[:_ID], body[_ID:]) if any(signed) else None


def _period(now: datetime) -> int:
    return int(now.timestamp() // LIVES.total_seconds())


def _sign(keys: MasterKeys, login: str, body: bytes, period: int) -> bytes:
    return _digest(keys, f"cookie:{period}:{body.hex()}", login)


def _digest(keys: MasterKeys, kind: str, login: str) -> bytes:
    return hmac.digest(keys.index, f"signin:device:{kind}:{login_name(login)}".encode(), "sha256")
