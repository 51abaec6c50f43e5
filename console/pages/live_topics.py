"""Topics of the live stream: the bell, the queue, the wall, one case, one broadcast."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Protocol
from uuid import UUID

from starlette.requests import Request

from console.pages.cases import cases
from console.pages.cases.case_mark import PARTS, CaseMark, case_mark, digest, drawn_parts
from console.pages.groups import broadcasts
from console.pages.live_events import event, partial
from console.pages.live_lanes import LanesTopic
from console.pages.live_lines import SentLines
from console.pages.live_presence import CasePresence
from console.pages.wall.live import WallTopic
from console.web.request import PageRequest
from store.casework.delivery_status import UNDER_WAY
from store.errors import NOT_DONE

MOST = 40
"""Topics of one stream."""


class TopicGone(Exception):
    """What the topic is about is not there for this reader any more."""


class Topic(Protocol):
    """Something pages show that changes."""

    name: str
    """As it was asked for."""
    patience: float
    """Seconds after which it is looked at again without news."""

    async def frames(self, changed: set[str]) -> list[str]:
        """The events to be sent now; `changed` holds case ids, or `*` for "perhaps any". Raises Gone."""


def topics_of(page: PageRequest) -> list[Topic]:
    """The topics a request names and its visitor may see, each once; others are passed over."""
    names = dict.fromkeys(page.request.query_params.get("topics", "").split(",")[:MOST])
    return [topic for name in names if (topic := _topic(page, name)) is not None]


def _topic(page: PageRequest, name: str) -> Topic | None:
    topic, _, mark = name.partition("@")
    kind, _, rest = topic.partition(":")
    try:
        if kind == "queue" and page.may("queue"):
            return LanesTopic(page, mark)
        if kind == "bell" and page.may("queue"):
            return _PartTopic(page, kind, "frame/bell_part.html", _nothing)
        if kind == "board" and page.may("board"):
            return WallTopic(page)
        if kind == "case" and page.may("case"):
            return _CaseTopic(page, UUID(rest), mark)
        if kind == "broadcast" and page.may("broadcast"):
            return _BroadcastTopic(page, int(rest))
    except ValueError:
        return None
    return None


class _PartTopic:
    """A part that is rendered at every look and sent when it is another than before."""

    def __init__(
        self, page: PageRequest, name: str, template: str, values: Callable[[PageRequest], Awaitable[dict[str, Any]]]
    ) -> None:
        self.page, self.name, self.template, self.values = page, name, template, values
        self.patience = page.console.intervals.check
        self.shown = ""

    async def frames(self, changed: set[str]) -> list[str]:
        """The whole part, when it has changed."""
        self.page.now = self.page.console.clock.now()
        html = self.page.render(self.template, **await self.values(self.page))
        if html == self.shown:
            return []
        self.shown = html
        return [event(self.name, html)]


class _BroadcastTopic(_PartTopic):
    """The progress of one broadcast."""

    def __init__(self, page: PageRequest, number: int) -> None:
        about = _about(page, broadcast_id=number)
        super().__init__(about, f"broadcast:{number}", "groups/progress_part.html", self._values)

    async def _values(self, page: PageRequest) -> dict[str, Any]:
        values = await broadcasts.parts(page)
        if not values:
            raise TopicGone
        moving = values["one"].state in ("sending", "paused")
        self.patience = page.console.intervals.follow if moving else page.console.intervals.check
        return values


class _CaseTopic:
    """One opened case, read when news concerns it, as part of one opening; its answers' ways are followed.

    A page that has all news by its mark is not told again; of news it is sent the lines and parts that are other.
    """

    def __init__(self, page: PageRequest, case_id: UUID, mark: str) -> None:
        self.page = _about(page, case_id=case_id)
        self.case_id, self.mark = str(case_id), mark
        self.name = f"case:{case_id}"
        shown = CaseMark(mark)
        self.lines, self.parts = SentLines(shown), shown.parts
        self.composer = shown.composer
        self.said: dict[int, str] = {}
        self.presence = CasePresence(self.page, self.case_id)
        self.patience = page.console.intervals.check

    async def frames(self, changed: set[str]) -> list[str]:
        """The whole case when there is news of it, else what became of its answers."""
        page, live = self.page, self.page.console.live
        page.now = page.console.clock.now()
        mine = not changed.isdisjoint({self.case_id, "*"}) and live.mark(self.case_id) != CaseMark(self.mark).news
        frames = await self._read() if mine else []
        statuses = await cases.statuses(page)
        if not mine and statuses != self.said:
            frames.append(event(self.name, page.render("cases/statuses_part.html", statuses=statuses)))
        self.said = statuses
        if html := await self.presence.changes():
            frames.append(event(self.name, html))
        pace = page.console.intervals
        self.patience = pace.follow if UNDER_WAY.intersection(statuses.values()) else pace.check
        return frames

    async def _read(self) -> list[str]:
        page, news = self.page, self.page.console.live.mark(self.case_id)
        try:
            found = await cases.open_case(page, goes_on=True)
        except NOT_DONE:
            raise TopicGone from None
        values = cases.parts(page, found)
        self.mark = case_mark(page, news, values)
        html = "".join([self.lines.changes(page, values), *self._changed_parts(values)])
        frames = [event(self.name, html, self.mark)]
        if (offered := digest(page, values["state"])) != self.composer:
            self.composer = offered
            values |= {"message": "", "draft": found.view.draft}
            frames.append(event(self.name, page.render("cases/composer_part.html", **values)))
        return frames

    def _changed_parts(self, values: dict[str, Any]) -> Iterator[str]:
        """The parts beside the thread that are other than a page has them."""
        for name, html in drawn_parts(self.page, values).items():
            known, self.parts[name] = self.parts.get(name), digest(self.page, html or "")
            if html is not None and known != self.parts[name]:
                yield partial(PARTS[name][0], html, "innerMorph")


def _about(page: PageRequest, **params: object) -> PageRequest:
    """A visit of the same visitor to another page."""
    return PageRequest(page.console, Request({**page.request.scope, "path_params": params}), page.present)


async def _nothing(page: PageRequest) -> dict[str, Any]:
    return {}
