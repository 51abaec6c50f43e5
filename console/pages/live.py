"""The live stream: whole parts of pages, rendered anew, so that a repeated or missed event changes nothing."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from console.pages.live_topics import Gone, Topic, topics_of
from console.web.request import Visit
from store.staff import sign_in


def signal(name: str, about: str = ".") -> str:
    """Frame an event without parts of pages: `alive`, `ended`, or `gone` about a topic."""
    return f"event: {name}\ndata: {about}\n\n"


async def live_stream(visit: Visit) -> Response:
    """Keep the parts of pages up to date that are named in `topics`, for all pages of one browser at once.

    `session` is the signing in that those pages were made for; somebody else's stream is not given to them.
    """
    if visit.request.query_params.get("session", visit.session) != visit.session:
        return Response(status_code=401)
    headers = {"x-accel-buffering": "no", "cache-control": "no-store, no-transform"}
    return StreamingResponse(_live(visit, topics_of(visit)), media_type="text/event-stream", headers=headers)


class _Beat:
    """When a stream must look after itself."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.last_sign = float("-inf")

    async def ended(self) -> bool:
        """Whether the stream has to end: we are closing, or its session is over."""
        if self.visit.desk.live.closing:
            return True
        desk = self.visit.desk
        return not await sign_in.alive(desk.store, desk.real.now(), self.visit.visitor.sid_hash)

    def sign(self) -> str:
        """A sign of life when one is due: the first one after the first look, when everything has been told once."""
        if time.monotonic() - self.last_sign < self.visit.desk.pace.alive:
            return ""
        self.last_sign = time.monotonic()
        return signal("alive")

    def farewell(self) -> str:
        """The last word: an ended session sends the page to the sign-in, a closing server lets it come back."""
        return "" if self.visit.desk.live.closing else signal("ended")


async def _live(visit: Visit, topics: list[Topic]) -> AsyncIterator[str]:
    beat, changed = _Beat(visit), {"*"}
    with visit.desk.live.watch() as watch:
        while not await beat.ended():
            await visit.listen()
            for topic in list(topics):
                try:
                    for frame in await topic.frames(changed):
                        yield frame
                except Gone:
                    topics.remove(topic)
                    yield signal("gone", topic.name)
            if sign := beat.sign():
                yield sign
            changed = await watch.wait(min([visit.desk.pace.check, *(topic.patience for topic in topics)]))
        yield beat.farewell()
