"""The console's own scripts and styles: read once, compressed once, named by their content, cached for a year."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
_FILES = (
    "canned_lines.js",
    "clocks.js",
    "composer.js",
    "console.js",
    "corrections.js",
    "desk.js",
    "thread.js",
    "hub.js",
    "live.js",
    "mark.svg",
    "presence.js",
    "one_time.js",
    "reveal.js",
    "vendor/htmx-4.0.1.min.js",
    "vendor/LICENSE-htmx.txt",
)

STYLES = ("tokens", "base", "parts", "frame", "desk", "pages", "print")
"""Files of `static/styles` in the order of their layers; together they are `console.css`."""


@dataclass(frozen=True)
class Asset:
    """One file ready to be sent; `version` is the beginning of its SHA-256."""

    plain: bytes
    packed: bytes
    media_type: str
    version: str


def read() -> dict[str, Asset]:
    """Read every asset the pages use from the package."""
    folder = resources.files("console").joinpath("static")
    styles = b"".join(folder.joinpath("styles", f"{name}.css").read_bytes() for name in STYLES)
    files = {name: _without_remarks(name, folder.joinpath(name).read_bytes()) for name in _FILES}
    return {
        name: _asset(name, plain)
        for name, plain in {**files, "console.css": _without_remarks("console.css", styles)}.items()
    }


_REMARKS = {
    ".css": re.compile(rb"/\*.*?\*/|^[ \t]+", re.DOTALL | re.MULTILINE),
    ".js": re.compile(rb"^[ \t]*(?://.*)?", re.M),
}
"""Remarks on lines of their own, and indentation: written for whoever reads the file, not for the wire."""


def _without_remarks(name: str, plain: bytes) -> bytes:
    """Leave out what is only for readers of the source; what others wrote stays as it is."""
    remarks = _REMARKS.get(name[name.rindex(".") :])
    if remarks is None or name.startswith("vendor/"):
        return plain
    return b"\n".join(line for line in remarks.sub(b"", plain).split(b"\n") if line)


def _asset(name: str, plain: bytes) -> Asset:
    media_type = _TYPES[name[name.rindex(".") :]] + "; charset=utf-8"
    return Asset(plain, gzip.compress(plain, 9, mtime=0), media_type, hashlib.sha256(plain).hexdigest()[:12])


def answer(assets: Mapping[str, Asset], request: Request) -> Response:
    """Send one asset; a name we do not have is a plain 404."""
    asset = assets.get(request.path_params["name"])
    if asset is None:
        return PlainTextResponse("Not found.", 404)
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers=headers | {"content-encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.plain, headers=headers, media_type=asset.media_type)
