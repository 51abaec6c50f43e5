"""The tokens of one account: codes, access tokens, and refresh tokens that work once."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.core.environment import Environment
from simulator.zalo.conditions import AccountConditions

CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = timedelta(seconds=90_000)  # 25 h
REFRESH_LIFE = timedelta(days=90)


class OAuthRefused(Exception):
    """The OAuth host says no, in its own shape; `code` may be absent there."""

    def __init__(self, name: str, reason: str, code: int | None = None) -> None:
        super().__init__(name)
        self.name, self.reason, self.code = name, reason, code

    def body(self, *, numeric: bool = True) -> dict[str, Any]:
        """Return the JSON body; `numeric` false leaves the code out, as some answers do."""
        body: dict[str, Any] = {
            "error_name": self.name,
            "error_reason": self.reason,
            "error_description": self.reason,
            "ref_doc": "https://developers.zalo.me/docs/social-api/tham-khao/ma-loi",
        }
        return body if self.code is None or not numeric else {"error": self.code, **body}


def challenge_of(verifier: str) -> str:
    """Return the PKCE S256 challenge of a verifier. Source: RFC 7636 §4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True)
class Code:
    """A consent code: used once within ten minutes, with the verifier of its challenge when it has one."""

    expires_at: datetime
    challenge: str


class Tokens:
    """Issues, rotates and checks the tokens of one account."""

    def __init__(self, environment: Environment, oa_id: str, conditions: AccountConditions) -> None:
        self._environment = environment
        self._oa_id = oa_id
        self._conditions = conditions
        self._codes: dict[str, Code] = {}
        self._spent: set[str] = set()
        self._refresh: dict[str, datetime] = {}
        self._access: dict[str, datetime] = {}
        self.reused = 0

    def grant_code(self, challenge: str = "") -> str:
        """Return a fresh code, as after an administrator's consent."""
        code = "code_" + self._environment.ids.word(64)
        self._codes[code] = Code(self._environment.now() + CODE_LIFE, challenge)
        self._conditions.granted = True
        return code

    def issue(self) -> dict[str, str]:
        """Issue a new pair and kill the previous one; `expires_in` is a string, as in life."""
        ids, now = self._environment.ids, self._environment.now()
        access, refresh = "acc_" + ids.word(80), "ref_" + ids.word(80)
        self._spent |= set(self._refresh)
        self._access = {access: now + ACCESS_LIFE}
        self._refresh = {refresh: now + REFRESH_LIFE}
        self._note("issued")
        expires_in = str(int(ACCESS_LIFE.total_seconds()))
        return {"access_token": access, "refresh_token": refresh, "expires_in": expires_in}

    def exchange(self, code: str, verifier: str) -> dict[str, str]:
        """Trade a code for the first pair; raises OAuthRefused."""
        found = self._codes.pop(code, None)
        if found is None or found.expires_at < self._environment.now():
            raise OAuthRefused("Invalid authorization code", "code is used, expired or unknown", -118)
        if found.challenge and found.challenge != challenge_of(verifier):
            raise OAuthRefused("Invalid code verifier", "code_verifier does not match code_challenge", -118)
        return self.issue()

    def refresh(self, token: str) -> dict[str, str]:
        """Trade a refresh token for a new pair, once; raises OAuthRefused and counts the use of a spent one."""
        expires_at = self._refresh.get(token)
        if expires_at is None or expires_at < self._environment.now():
            if token in self._spent:
                self.reused += 1
                self._note("reused")
            raise OAuthRefused("Invalid refresh token", "refresh token is used, expired or unknown", -14014)
        return self.issue()

    def state(self, access: str) -> int:
        """Return 0 for a working access token, -220 for one that ran out, -216 for any other."""
        expires_at = self._access.get(access)
        if expires_at is None:
            return -216
        return -220 if expires_at <= self._environment.now() else 0

    def revoke(self, *, refresh_too: bool = False) -> None:
        """Kill the access token; with `refresh_too` an administrator has to consent again."""
        self._access.clear()
        if refresh_too:
            self._spent |= set(self._refresh)
            self._refresh.clear()
        self._note("revoked")

    def _note(self, what: str) -> None:
        self._environment.log.add("token", "zalo_oa", status=what, method=self._oa_id)
