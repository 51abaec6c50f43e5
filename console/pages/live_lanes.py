"""The lanes of the desk in the live stream: the rows that changed, and the order of all."""

from __future__ import annotations

import json

from markupsafe import Markup, escape

from console.pages.live_events import event
from console.web.request import PageRequest


class LanesTopic:
    """Who waits. A page that has the lanes by its mark is sent nothing until a row or their order changes."""

    name = "queue"

    def __init__(self, page: PageRequest, mark: str) -> None:
        self.page, self.mark = page, mark
        self.patience = page.console.intervals.check
        self.sent: dict[str, Markup] = {}

    async def frames(self, changed: set[str]) -> list[str]:
        """The rows that are other than a page has them, and the order of all."""
        drawn = self.page.drawn_lanes()
        known, self.sent = self.sent, drawn.rows
        if drawn.mark == self.mark:
            return []
        self.mark = drawn.mark
        rows = Markup("").join(html for row, html in drawn.rows.items() if known.get(row) != html)
        more = {lane.key: lane.more for lane in drawn.lanes if lane.more}
        return [
            event(self.name, f'<ol data-order="{_json(drawn.order)}" data-more="{_json(more)}">{rows}</ol>', self.mark)
        ]


def _json(value: object) -> Markup:
    return escape(json.dumps(value, separators=(",", ":")))
