"""Zalo's OAuth for Official Accounts: consent, exchange of a code, rotation of single-use refresh tokens."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bot.http import READ
from bot.zalo_sdk.errors import ZaloError, ZaloNoAnswer
from bot.zalo_sdk.transport import ZaloTransport

if TYPE_CHECKING:
    import httpx

_TOKEN = "/v4/oa/access_token"  # noqa: S105  a path
REJECTED = frozenset({-14014, -118})
"""The refresh token itself is dead. Source: nextlevelbuilder/goclaw, answers seen in production (2026)."""

ACCESS_SECONDS = 90_000
"""Life of an access token when the answer does not say. Source: Zalo documentation, read 2026-09."""


@dataclass(frozen=True)
class TokenGrant:
    """A new pair; the tokens never show in a repr. `seconds` is the life of the access token."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: int = ACCESS_SECONDS


class OAuth:
    """The application's side of OAuth v4. `base` is the host without `/v4`."""

    def __init__(
        self, http: httpx.AsyncClient, base: str, app_id: str, secret_key: str, *, patience: float = READ
    ) -> None:
        self._transport = ZaloTransport(http, base, "oauth", patience=patience)
        self._base = base.rstrip("/")
        self._app_id = app_id
        self._secret_key = secret_key

    async def refresh(self, refresh_token: str) -> TokenGrant:
        """Spend a refresh token for a new pair. Raises ZaloError, ZaloNotSent, ZaloNoAnswer."""
        return await self._granted(grant_type="refresh_token", refresh_token=refresh_token)

    async def exchange(self, code: str, verifier: str = "") -> TokenGrant:
        """Turn the code of a consent (ten minutes, once) into the first pair. Raises as `refresh`."""
        given = {"code_verifier": verifier} if verifier else {}
        return await self._granted(grant_type="authorization_code", code=code, **given)

    def consent_url(self, redirect: str, challenge: str = "", state: str = "") -> str:
        """Build the page where an administrator of the account consents."""
        given = {
            "app_id": self._app_id,
            "redirect_uri": redirect,
            "code_challenge": challenge,
            "state": state,
        }
        return f"{self._base}/v4/oa/permission?" + urlencode({k: v for k, v in given.items() if v})

    async def _granted(self, **form: str) -> TokenGrant:
        answer = await self._transport.exchange(
            "POST", _TOKEN, data={"app_id": self._app_id, **form}, headers={"secret_key": self._secret_key}
        )
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if isinstance(access, str) and access and isinstance(refresh, str) and refresh:
            return TokenGrant(access, refresh, _seconds(answer.get("expires_in")))
        if "error" in answer or "error_name" in answer:
            raise _refusal(answer)
        raise ZaloNoAnswer("an answer with neither tokens nor an error")


def _refusal(answer: dict[str, object]) -> ZaloError:
    """Name the refusal; some answers have only a name, and one about the refresh token means it is dead."""
    code = answer.get("error")
    if isinstance(code, int) and code != 0:
        return ZaloError("oauth", code)
    about = f"{answer.get('error_name', '')} {answer.get('error_reason', '')}".lower()
    return ZaloError("oauth", -14014 if "refresh" in about else -14002)


def _seconds(given: object) -> int:
    """Read `expires_in`, a string in practice and a number in places."""
    text = str(given)
    return int(text) if text.isdecimal() and len(text) < 10 and int(text) > 0 else ACCESS_SECONDS


def verifier() -> str:
    """Make a PKCE verifier: 43 characters (RFC 7636)."""
    return _plain64(secrets.token_bytes(32))


def challenge(verifier: str) -> str:
    """Derive its S256 challenge."""
    return _plain64(hashlib.sha256(verifier.encode()).digest())


def _plain64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
