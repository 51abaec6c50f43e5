"""The wall in the live stream: the parts of it that changed."""

from __future__ import annotations

from console.pages.live_events import event, partial
from console.pages.wall.values import wall_values
from console.web.request import PageRequest

PARTS = {
    "#wall-tiles": "wall/tiles.html",
    "#wall-duty": "wall/duty.html",
    "#wall-approvals": "wall/approvals.html",
    "#wall-drills": "wall/drills.html",
    "#wall-cases": "wall/cases.html",
}
"""Parts of the wall: what they replace the inside of, and their template."""


class WallTopic:
    """The wall; of a look that finds nothing new, nothing is sent."""

    name = "board"

    def __init__(self, page: PageRequest) -> None:
        self.page = page
        self.patience = page.console.intervals.check
        self.sent: dict[str, str] = {}

    async def frames(self, changed: set[str]) -> list[str]:
        """The parts that are other than they were sent before."""
        self.page.now = self.page.console.clock.now()
        values = await wall_values(self.page)
        drawn = {target: self.page.render(template, **values) for target, template in PARTS.items()}
        news = [(target, html) for target, html in drawn.items() if self.sent.get(target) != html]
        self.sent = drawn
        return [event(self.name, "".join(partial(target, html, "innerMorph") for target, html in news))] if news else []
