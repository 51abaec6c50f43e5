"""One call to the OpenAPI as its endpoint sees it, after the checks every call passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.core.phones import Phone
from simulator.zalo.account import OfficialAccount
from simulator.zalo.errors import ZaloRefused


@dataclass(frozen=True)
class UploadedFile:
    """The file of a multipart body."""

    name: str
    data: bytes


@dataclass(frozen=True)
class ApiRequest:
    """The account, the JSON body (or the `data` of a GET, or plain query values) and the uploaded file."""

    account: OfficialAccount
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    upload: UploadedFile | None = None

    def text(self, name: str) -> str:
        """Return a body value as text; raises Refused -201 when it is absent."""
        value = self.body.get(name, self.query.get(name))
        if value is None or value == "" or isinstance(value, dict | list):
            raise ZaloRefused(-201, name)
        return str(value)

    def number(self, name: str, default: int, most: int) -> int:
        """Return a body value as a number; raises Refused -201 when it is none, -210 when above `most`."""
        value = self.body.get(name, self.query.get(name, default))
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise ZaloRefused(-201, name) from None
        if number < 0 or number > most:
            raise ZaloRefused(-210, name)
        return number

    def person(self) -> Phone:
        """Return the phone behind `user_id`; raises Refused -201 or -213."""
        phone = self.account.person(self.text("user_id"))
        if phone is None:
            raise ZaloRefused(-213)
        return phone


Endpoint = Callable[[ApiRequest], Any]


def read_object(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object in `text`; raises Refused -201 when it is none."""
    try:
        value = json.loads(text or "{}")
    except (ValueError, UnicodeDecodeError):
        raise ZaloRefused(-201, "body") from None
    if not isinstance(value, dict):
        raise ZaloRefused(-201, "body")
    return value
