"""What pages can be kept up to date of, one topic each: the bell, the queue, the board, one case, one broadcast."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from uuid import UUID

from starlette.requests import Request

from console import board, broadcasts, cases
from console.visit import Visit
from store.delivery import UNDER_WAY
from store.errors import Forgotten, Refused, Sealed

MOST = 40
"""Topics of one stream."""


class Gone(Exception):
    """What the topic is about is not there for this reader any more."""


class Topic(Protocol):
    """Something pages show that changes."""

    patience: float
    """Seconds after which it is looked at again without news."""

    async def frames(self, changed: set[str]) -> list[str]:
        """The events to be sent now; `changed` holds case ids, or `*` for "perhaps any". Raises Gone."""


def event(html: str, number: int | None = None) -> str:
    """Frame one unnamed event; its id is a database id, so that it means the same after every restart."""
    head = f"id: {number}\n" if number is not None else ""
    return head + "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"


def topics_of(visit: Visit) -> list[Topic]:
    """The topics a request names and its visitor may see, each once; others are passed over."""
    names = dict.fromkeys(visit.request.query_params.get("topics", "").split(",")[:MOST])
    return [topic for name in names if (topic := _topic(visit, name)) is not None]


def _topic(visit: Visit, name: str) -> Topic | None:
    kind, _, rest = name.partition(":")
    if kind not in _ROUTES or not visit.may(_ROUTES[kind]):
        return None
    try:
        return _MAKERS[kind](visit, rest)
    except ValueError:
        return None


class _Part:
    """A part that is rendered at every look and sent when it is another than before."""

    def __init__(self, visit: Visit, template: str, values: Callable[[Visit], Awaitable[dict[str, Any]]]) -> None:
        self.visit, self.template, self.values = visit, template, values
        self.patience = visit.desk.pace.check
        self.shown = ""

    async def frames(self, changed: set[str]) -> list[str]:
        """The whole part, when it has changed."""
        self.visit.now = self.visit.desk.clock.now()
        html = self.visit.render(self.template, **await self.values(self.visit))
        if html == self.shown:
            return []
        self.shown = html
        return [event(html)]


class _Broadcast(_Part):
    """The progress of one broadcast."""

    def __init__(self, visit: Visit, rest: str) -> None:
        super().__init__(_about(visit, broadcast_id=int(rest)), "progress_part.html", self._values)

    async def _values(self, visit: Visit) -> dict[str, Any]:
        values = await broadcasts.parts(visit)
        if not values:
            raise Gone
        moving = values["one"].state in ("sending", "paused")
        self.patience = visit.desk.pace.follow if moving else visit.desk.pace.check
        return values


class _Case:
    """One opened case. It is read, and the reading recorded, when news concerns it; its answers' ways are followed."""

    def __init__(self, visit: Visit, rest: str) -> None:
        case_id, _, writes = rest.partition(".")
        self.visit = _about(visit, case_id=UUID(case_id))
        self.case_id = str(UUID(case_id))
        self.can_write = writes == "1"
        self.said: dict[int, str] = {}
        self.patience = visit.desk.pace.check

    async def frames(self, changed: set[str]) -> list[str]:
        """The whole case when news concerns it, else what became of its answers."""
        visit, mine = self.visit, not changed.isdisjoint({self.case_id, "*"})
        visit.now = visit.desk.clock.now()
        frames = [await self._read()] if mine else []
        statuses = await cases.statuses(visit)
        if not mine and statuses != self.said:
            frames.append(event(visit.render("statuses_part.html", statuses=statuses)))
        self.said = statuses
        pace = visit.desk.pace
        self.patience = pace.follow if UNDER_WAY.intersection(statuses.values()) else pace.check
        return frames

    async def _read(self) -> str:
        visit = self.visit
        try:
            view = await cases.open_case(visit)
        except (Refused, Sealed, Forgotten):
            raise Gone from None
        values = await cases.parts(visit, view)
        html = visit.render("lines_part.html", **values)
        if view.can_write != self.can_write:
            self.can_write = view.can_write
            html += visit.render("composer_part.html", message="", draft=await cases.draft_of(visit), **values)
        return event(html, view.lines[-1].seq if view.lines else 0)


def _about(visit: Visit, **params: object) -> Visit:
    """A visit of the same visitor to another page."""
    return Visit(visit.desk, Request({**visit.request.scope, "path_params": params}), visit.present)


async def _nothing(visit: Visit) -> dict[str, Any]:
    return {}


_ROUTES = {"bell": "queue", "queue": "queue", "board": "board", "case": "case", "broadcast": "broadcast"}
"""The route whose permission each kind of topic needs."""
_MAKERS: dict[str, Callable[[Visit, str], Topic]] = {
    "bell": lambda visit, _: _Part(visit, "bell_part.html", _nothing),
    "queue": lambda visit, _: _Part(visit, "queue_part.html", _nothing),
    "board": lambda visit, _: _Part(visit, "board_part.html", board.parts),
    "case": _Case,
    "broadcast": _Broadcast,
}
