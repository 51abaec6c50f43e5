"""`GET /m/<unguessable>`: an approved recording, or for an hour a picture on its way to one phone of a Zalo bot.

No cookie, no log line, no title, no reason: what is unknown, expired, retired or recalled is the same empty 404.
"""

from __future__ import annotations

import re
from collections import OrderedDict

from starlette.types import Receive, Scope, Send

from bot.token_bucket import Bucket
from content.library import Library
from content.media import m4a
from content.media.clip import Clip
from scheduler.clock import Clock
from store.attachments import outgoing
from store.db.engine import TROUBLE, Store
from store.errors import Forgotten, Sealed, StoreError
from store.recordings import links as sound_links
from store.recordings import playback

RATE, BURST = 50.0, 100.0
"""Requests a second that are looked at, all together: whoever guesses gets no further, and nobody is counted."""
_SHAPE = re.compile(r"/m/([A-Za-z0-9_-]{32})\.(aac|m4a|ogg|jpg|png)")
_PICTURES = {"jpg": "jpeg", "png": "png"}
_TYPES = {
    "aac": b"audio/aac",
    "m4a": b"audio/mp4",
    "ogg": b"audio/ogg",
    "jpg": b"image/jpeg",
    "png": b"image/png",
}
_KEPT = 16
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex, nofollow"),
]

Answer = tuple[int, str, bytes]


class Media:
    """The room under `/m`."""

    def __init__(self, store: Store, clock: Clock, library: Library) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._bucket = Bucket(RATE, BURST, clock.steady())
        self._sounds: OrderedDict[tuple[int, str], bytes] = OrderedDict()

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Serve one request."""
        status, kind, body = await self._answer(scope["method"], scope["path"])
        headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
        if kind:
            headers.append((b"content-type", _TYPES[kind]))
            name = "photo" if kind in _PICTURES else "audio"
            headers.append((b"content-disposition", f'inline; filename="{name}.{kind}"'.encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, method: str, path: str) -> Answer:
        if method not in ("GET", "HEAD"):
            return 405, "", b""
        now = self._clock.steady()
        if self._bucket.available(now) < 1:
            return 429, "", b""
        self._bucket.take(1, now)
        asked = _SHAPE.fullmatch(path)
        if asked is None:
            return 404, "", b""
        try:
            found = self._picture if asked[2] in _PICTURES else self._sound
            body = await found(asked[1], asked[2])
        except (*TROUBLE, StoreError):
            return 503, "", b""
        return (404, "", b"") if body is None else (200, asked[2], body)

    async def _picture(self, token: str, kind: str) -> bytes | None:
        """The picture behind an address; never kept in memory, for it is one person's."""
        try:
            taken = await outgoing.linked(self._store, self._clock.now(), token)
        except (Sealed, Forgotten):
            return None
        return taken.data if taken is not None and taken.format == _PICTURES[kind] else None

    async def _sound(self, token: str, kind: str) -> bytes | None:
        """The bytes behind an address. Whether it still leads somewhere is asked every time, the bytes are kept."""
        async with self._store.data.connect() as conn:
            number = await sound_links.linked(conn, self._clock.now(), self._library, token)
        if number is None:
            return None
        known = self._sounds.get((number, kind))
        if known is None:
            clip = await playback.clip_of(self._store, number)
            known = None if clip is None else _as(clip, kind)
            if known is not None:
                self._sounds[number, kind] = known
                if len(self._sounds) > _KEPT:
                    self._sounds.popitem(last=False)
        return known


def _as(clip: Clip, kind: str) -> bytes | None:
    """A clip in the container its address asks for; None when it cannot be that without being encoded anew."""
    if clip.format == "opus":
        return clip.data if kind == "ogg" else None
    if kind == "ogg":
        return None
    return clip.data if kind == "aac" else m4a.wrapped(clip.data)
