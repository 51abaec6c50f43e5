"""Presence on the live stream: a page says that it has its case open, and shows who else has."""

from __future__ import annotations

import time

from console.pages.live_events import partial
from console.web import presence
from console.web.request import PageRequest


class CasePresence:
    """One open page of a case: says every few seconds that it is open, and tells it of the others."""

    def __init__(self, page: PageRequest, case_id: str) -> None:
        self._page, self._case_id = page, case_id
        self._said = float("-inf")
        self._shown = ""

    async def changes(self) -> str:
        """The part that shows the others, when it has changed; "" when it has not."""
        page, here = self._page, self._page.console.live.presence
        if time.monotonic() - self._said >= presence.SAID_EVERY:
            self._said = time.monotonic()
            who = page.visitor.member
            await presence.say(page.console.store, self._case_id, who.id, presence.VIEWING, who.alias)
        html = page.render("cases/presence.html", others=here.others(self._case_id, page.staff_id)).strip()
        if html == self._shown:
            return ""
        self._shown = html
        return partial("#presence", html, "innerHTML")
