"""Live pages: one stream each, of whole parts rendered anew, so that a repeated or missed event changes nothing."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from console import broadcasts, cases
from console.visit import Pace, Visit
from store import signin
from store.delivery import UNDER_WAY
from store.errors import Forgotten, Refused, Sealed


def event(html: str, number: int | None = None) -> str:
    """Frame one unnamed event; its id is a database id, so that it means the same after every restart."""
    head = f"id: {number}\n" if number is not None else ""
    return head + "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"


def signal(name: str) -> str:
    """Frame a named event without content, which htmx hands to our script."""
    return f"event: {name}\ndata: .\n\n"


def _answer(frames: AsyncIterator[str]) -> Response:
    headers = {"x-accel-buffering": "no", "cache-control": "no-store, no-transform"}
    return StreamingResponse(frames, media_type="text/event-stream", headers=headers)


async def queue_stream(visit: Visit) -> Response:
    """Keep the queue of one page up to date."""
    return _answer(_queue(visit))


async def case_stream(visit: Visit) -> Response:
    """Keep one opened case up to date."""
    return _answer(_case(visit))


async def broadcast_stream(visit: Visit) -> Response:
    """Keep the progress of one broadcast up to date."""
    return _answer(_broadcast(visit))


class _Beat:
    """When a stream must look after itself."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.last_sign = time.monotonic()

    async def ended(self) -> bool:
        """Whether the stream has to end: we are closing, or its session is over."""
        if self.visit.desk.live.closing:
            return True
        desk = self.visit.desk
        return not await signin.alive(desk.store, desk.real.now(), self.visit.visitor.sid_hash)

    def sign(self) -> str:
        """A sign of life when one is due."""
        if time.monotonic() - self.last_sign < self.visit.desk.pace.alive:
            return ""
        self.last_sign = time.monotonic()
        return signal("alive")

    def farewell(self) -> str:
        """The last word: an ended session sends the page to the sign-in, a closing server lets it come back."""
        return "" if self.visit.desk.live.closing else signal("ended")


async def _queue(visit: Visit) -> AsyncIterator[str]:
    beat, shown = _Beat(visit), ""
    with visit.desk.live.watch() as watch:
        yield signal("alive")
        while not await beat.ended():
            visit.now = visit.desk.clock.now()
            rows = await cases.waiting(visit)
            html = visit.render("queue_part.html", rows=rows, urgent=cases.urgent(rows))
            if html != shown:
                shown = html
                yield event(html)
            if sign := beat.sign():
                yield sign
            await watch.wait(visit.desk.pace.check)
        yield beat.farewell()


async def _case(visit: Visit) -> AsyncIterator[str]:
    beat, case_id, mine = _Beat(visit), str(cases.case_id(visit)), True
    can_write = visit.request.query_params.get("writes") == "1"
    bell = ""
    said: dict[int, str] = {}
    with visit.desk.live.watch() as watch:
        yield signal("alive")
        while not await beat.ended():
            visit.now = visit.desk.clock.now()
            if mine:
                try:
                    view = await cases.open_case(visit)
                except (Refused, Sealed, Forgotten):
                    break
                values = await cases.parts(visit, view)
                html = visit.render("lines_part.html", **values)
                if view.can_write != can_write:
                    can_write = view.can_write
                    html += visit.render("composer_part.html", message="", draft=await cases.draft_of(visit), **values)
                yield event(html, view.lines[-1].seq if view.lines else 0)
            statuses = await cases.statuses(visit)
            if not mine and statuses != said:
                yield event(visit.render("statuses_part.html", statuses=statuses))
            said = statuses
            rows = await cases.waiting(visit)
            if (now_bell := cases.bell(visit, rows)) != bell:
                bell = now_bell
                yield event(visit.render("bell_part.html", rows=rows, urgent=cases.urgent(rows)))
            if sign := beat.sign():
                yield sign
            mine = _concerns(await watch.wait(_patience(visit.desk.pace, statuses)), case_id)
        yield beat.farewell()


async def _broadcast(visit: Visit) -> AsyncIterator[str]:
    beat, shown = _Beat(visit), ""
    with visit.desk.live.watch() as watch:
        yield signal("alive")
        while not await beat.ended():
            visit.now = visit.desk.clock.now()
            values = await broadcasts.parts(visit)
            if not values:
                break
            html = visit.render("progress_part.html", **values)
            if html != shown:
                shown = html
                yield event(html)
            if sign := beat.sign():
                yield sign
            moving = values["one"].state in ("sending", "paused")
            await watch.wait(visit.desk.pace.follow if moving else visit.desk.pace.check)
        yield beat.farewell()


def _patience(pace: Pace, statuses: dict[int, str]) -> float:
    return pace.follow if UNDER_WAY.intersection(statuses.values()) else pace.check


def _concerns(changed: set[str], case_id: str) -> bool:
    return not changed.isdisjoint({case_id, "*"})
