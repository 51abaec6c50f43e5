"""The live stream: whole parts of pages, rendered anew, so that a repeated or missed event changes nothing."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from console.pages.live_topics import Topic, TopicGone, topics_of
from console.web.request import PageRequest
from store.staff import sign_in


def signal(name: str, about: str = ".") -> str:
    """Frame an event without parts of pages: `alive` with the time (Unix seconds), `ended`, or `gone` about a topic."""
    return f"event: {name}\ndata: {about}\n\n"


async def live_stream(page: PageRequest) -> Response:
    """Keep the parts of pages up to date that are named in `topics`, for all pages of one browser at once.

    `session` is the signing in that those pages were made for; somebody else's stream is not given to them.
    """
    if page.request.query_params.get("session", page.session) != page.session:
        return Response(status_code=401)
    headers = {"x-accel-buffering": "no", "cache-control": "no-store, no-transform"}
    return StreamingResponse(_live(page, topics_of(page)), media_type="text/event-stream", headers=headers)


class _Heartbeat:
    """When a stream must look after itself."""

    def __init__(self, page: PageRequest) -> None:
        self.page = page
        self.last_alive = float("-inf")

    async def ended(self) -> bool:
        """Whether the stream has to end: we are closing, or its session is over."""
        if self.page.console.live.closing:
            return True
        console = self.page.console
        return not await sign_in.alive(console.store, console.real_clock.now(), self.page.visitor.sid_hash)

    def alive_event(self) -> str:
        """The event `alive` when one is due: the first one after the first look, when everything has been told once."""
        if time.monotonic() - self.last_alive < self.page.console.intervals.alive:
            return ""
        self.last_alive = time.monotonic()
        return signal("alive", str(int(self.page.console.clock.now().timestamp())))

    def closing_event(self) -> str:
        """The last event: an ended session sends the page to the sign-in, a closing server lets it come back."""
        return "" if self.page.console.live.closing else signal("ended")


async def _live(page: PageRequest, topics: list[Topic]) -> AsyncIterator[str]:
    heartbeat, changed = _Heartbeat(page), {"*"}
    with page.console.live.subscribe() as subscription:
        while not await heartbeat.ended():
            async with page.console.store.data.connect() as conn:
                page.now = page.console.clock.now()
                await page.load_queue(conn)
            for topic in list(topics):
                try:
                    for frame in await topic.frames(changed):
                        yield frame
                except TopicGone:
                    topics.remove(topic)
                    yield signal("gone", topic.name)
            if event := heartbeat.alive_event():
                yield event
            check = page.console.intervals.check
            changed = await subscription.wait(min([check, *(topic.patience for topic in topics)]))
        yield heartbeat.closing_event()
