"""The lines of one case in the live stream: what a page has of them, and what it must be sent."""

from __future__ import annotations

from typing import Any

from console.pages.cases.case_mark import CaseMark, lines_digest
from console.pages.cases.thread import end_of
from console.web.request import PageRequest

AGAIN = 12
"""How many of the last lines are sent once more where a page shows them otherwise, and it is not known how."""


class SentLines:
    """What pages have of a thread; at first it is known by their mark, then by what they were sent."""

    def __init__(self, mark: CaseMark) -> None:
        self.last, self.digest = mark.last, mark.lines
        self.sent: dict[int, str] = {}

    def changes(self, page: PageRequest, values: dict[str, Any]) -> str:
        """The lines that are new or other, each to be put in by its id; the whole thread where that is not known."""
        ends = {line.seq: end_of(line) for line in values["thread"]}
        drawn = {line.seq: page.render("cases/line.html", line=line, **values) for line in values["thread"]}
        known, last = self.sent, self.last
        self.sent, self.last = drawn, max(ends.values(), default=0)
        old = [seq for seq in drawn if seq <= last]
        if not old or (known and known.keys() - drawn.keys()):
            return page.render("cases/lines_part.html", **values)
        again = [seq for seq in old if known.get(seq) != drawn[seq]] if known else old[-AGAIN:]
        shown = [line for line in values["view"].lines if line.seq <= last]
        if not known and lines_digest(page, shown) == self.digest:
            again = []
        other = "".join(html for seq, html in drawn.items() if seq in again or ends[seq] > last)
        return f'<div data-lines="{values["row"].id}">{other}</div>\n' if other else ""
