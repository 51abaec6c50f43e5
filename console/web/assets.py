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
    "hub.js",
    "mark.svg",
    "one_time.js",
    "reveal.js",
    "vendor/htmx-4.0.1.min.js",
    "vendor/LICENSE-htmx.txt",
)
"""Files that are served one by one."""
BUNDLES: Mapping[str, tuple[str, ...]] = {
    "console.css": tuple(
        f"styles/{name}.css" for name in ("tokens", "base", "parts", "frame", "desk", "pages", "print")
    ),
    "shift.css": ("styles/shift.css",),
    "frame.js": tuple(f"frame/{name}.js" for name in ("bell", "live", "clocks", "corrections")),
    "desk.js": tuple(f"desk/{name}.js" for name in ("composer", "canned_lines", "presence", "thread", "panes")),
}
"""Files that are served as one: styles in the order of their layers, scripts of every page, scripts of the desk."""


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
    files = {name: folder.joinpath(name).read_bytes() for name in _FILES}
    for name, pieces in BUNDLES.items():
        files[name] = b"\n".join(folder.joinpath(piece).read_bytes() for piece in pieces)
    return {name: _asset(name, _without_remarks(name, plain)) for name, plain in files.items()}


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
