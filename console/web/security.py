"""Security headers of every response, and which requests are refused before anything is done."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.web.forms import LARGEST_FORM, takes_file

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For what somebody sent us: opened by itself it may run, load and reach nothing."""
HEADERS = {
    "content-security-policy": CSP,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}
SAFE = ("GET", "HEAD", "OPTIONS")
LARGEST = 64 * 1024
"""Bytes of the largest form without a file."""


class SecurityMiddleware:
    """Middleware: refuse what another site sent, refuse large bodies, add the headers above, keep pages uncached."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        self.origin = origin_of(public_url)
        self.https = public_url.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        app = self.app
        if scope["method"] not in SAFE and not is_ours(headers, self.origin):
            app = PlainTextResponse("This request came from another site and was refused.", 403)
        elif _is_too_large(headers, LARGEST_FORM if takes_file(scope["path"]) else LARGEST):
            app = PlainTextResponse("This form is too large, or does not say how large it is.", 413)
        await app(scope, receive, self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def wrapped(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                stricter = headers.get("content-security-policy") == SANDBOX
                headers.update(HEADERS | ({"content-security-policy": SANDBOX} if stricter else {}))
                headers.setdefault("cache-control", "no-store")
                if self.https:
                    headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
            await send(message)

        return wrapped


def _is_too_large(headers: Headers, most: int) -> bool:
    """Whether a body is larger than any form of ours, or comes in pieces without saying how large it will be."""
    length = headers.get("content-length", "0")
    return "transfer-encoding" in headers or not length.isdigit() or int(length) > most


def is_ours(headers: Headers, origin: tuple[str, str, int | None]) -> bool:
    """Whether an unsafe request was made by one of our own pages.

    Sec-Fetch-Site decides where the browser sends it, else Origin; a client that sends neither is no browser, and so
    carries nobody's cookie against her will. Source: Go 1.25 net/http CrossOriginProtection (2025-08).
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    sent = headers.get("origin")
    return sent is None or origin_of(sent) == origin or origin_of(sent)[1:] == _host(headers)


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Take an origin apart: scheme, host, port. Garbage equals nothing."""
    try:
        parts = urlsplit(url)
        return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "", "", None


_PORTS = {"http": 80, "https": 443}


def _host(headers: Headers) -> tuple[str, int | None]:
    return origin_of(f"http://{headers.get('host', '')}")[1:]
