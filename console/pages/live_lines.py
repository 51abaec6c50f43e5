"""The lines of one case in the live stream: what a page has of them, and what it must be sent."""

from __future__ import annotations

from typing import Any

from console.web.request import PageRequest

AGAIN = 12
"""How many of the last lines are sent once more where it is not known how a page shows them."""


class SentLines:
    """What pages have of a thread. `mark` ends with the number of the last line that a page has: `…/17`."""

    def __init__(self, mark: str) -> None:
        last = mark.rpartition("/")[2]
        self.last = int(last) if last.isdigit() else 0
        self.sent: dict[int, str] = {}

    def changes(self, page: PageRequest, values: dict[str, Any]) -> list[str]:
        """The lines that are new or other, each to be put in by its id; the whole thread where that is not known."""
        lines = values["thread"]
        drawn = {line.seq: page.render("cases/line.html", line=line, **values) for line in lines}
        known, last = self.sent, self.last
        self.sent, self.last = drawn, max(drawn, default=0)
        old = [seq for seq in drawn if seq <= last]
        if not old or (known and known.keys() - drawn.keys()):
            return [page.render("cases/lines_part.html", **values)]
        again = [seq for seq in old if known.get(seq) != drawn[seq]] if known else old[-AGAIN:]
        other = [drawn[seq] for seq in again] + [html for seq, html in drawn.items() if seq > last]
        return [f'<div data-lines="{page.request.path_params["case_id"]}">{"".join(other)}</div>\n'] if other else []
