"""Settings of paging transports outside the channels: a mail server, a gateway for SMS and telephone calls."""

from __future__ import annotations

import ipaddress
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from store.crypto.age import check_recipient


class MailSettings(BaseModel):
    """A mail server. `security` "none" is for one on this machine only."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, pattern=r"^[A-Za-z0-9.:\-]+$")
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = Field(pattern=r"^[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+$")
    username: str | None = None
    password: SecretStr | None = None

    @model_validator(mode="after")
    def _nothing_in_the_clear(self) -> MailSettings:
        if self.security == "none" and not on_this_machine(self.host):
            raise ValueError(f'{self.host} is another machine: set security = "starttls" or "tls"')
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password come as a pair: give both or neither")
        return self


class WebhookSettings(BaseModel):
    """A gateway that turns a signed request into an SMS or a telephone call; plain HTTP only to this machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    secret: SecretStr = Field(min_length=32, max_length=256)

    @field_validator("url")
    @classmethod
    def _safe(cls, url: str) -> str:
        parts = urlsplit(url)
        if not parts.hostname or parts.scheme not in ("http", "https"):
            raise ValueError("this is not a web address: write https://host/path")
        if parts.username or parts.password or parts.fragment:
            raise ValueError("take the login and the # out of the address: the signature proves who calls")
        if parts.scheme == "http" and not on_this_machine(parts.hostname):
            raise ValueError(f"{parts.hostname} is another machine: use https")
        return url


class Partner(BaseModel):
    """A service that takes referrals: its id in content/data/services, its `age1…` key, and where it hears of them.

    Without a key only the printed sheet is left; a signed request carries nothing that is not encrypted to the key.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: str = Field(pattern=r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$", max_length=60)
    age: str | None = Field(None, max_length=100)
    hook: WebhookSettings | None = None

    @model_validator(mode="after")
    def _sealed(self) -> Partner:
        if self.hook is not None and self.age is None:
            raise ValueError(f"{self.service} has a hook and no age key: give `age`, so that only they can open it")
        if self.age is not None:
            check_recipient(self.age)
        return self


def on_this_machine(host: str) -> bool:
    """Say whether a host is the loopback of this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
