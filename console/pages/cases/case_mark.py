"""The mark of a case page: how far the page is, so that the live stream sends only what is other.

`<news>/<last line>/<lines><composer><part>…`: the news the page has heard, the number of its last line, and short
digests of its lines, of what its composer offers, and of each part beside them. Digests are keyed by the session: in an
address they tell nobody anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from console.web.request import PageRequest
from store.casework.reading import Line

PARTS = {
    "level": ("#level", "cases/level.html"),
    "level-change": ("#level-change", "cases/level_change.html"),
    "level-request": ("#level-request", "cases/level_request.html"),
    "assignment": ("#assignment", "cases/assignment.html"),
    "deadline": ("#deadline", "cases/deadline.html"),
    "protocol": ("#protocol", "cases/protocol.html"),
    "child": ("#child-case", "cases/child.html"),
    "facts": ("#facts", "cases/facts.html"),
    "urgent-help": ("#urgent-help", "urgent_help/block.html"),
    "reach": ("#reach", "cases/reach_items.html"),
    "warnings": ("#warnings", "cases/composer_warnings.html"),
    "referrals": ("#referrals", "cases/referral_list.html"),
}
"""Parts of a case beside its thread: what they replace the inside of, and their template."""
_BYTES = 2


def case_mark(page: PageRequest, news: str, values: dict[str, Any]) -> str:
    """The mark of a page that shows these values and has heard this news."""
    lines = values["view"].lines
    last = max((line.seq for line in lines), default=0)
    parts = "".join(digest(page, html or "") for html in drawn_parts(page, values).values())
    return f"{news}/{last}/{lines_digest(page, lines)}{digest(page, values['state'])}{parts}"


def drawn_parts(page: PageRequest, values: dict[str, Any]) -> dict[str, str | None]:
    """The parts beside the thread by their name, in their order; None for one that the page of this reader has not."""
    writes = values["view"].can_write
    there = {"reach": writes, "warnings": writes, "referrals": bool(values["referrals"])}
    return {
        name: page.render(template, **values) if there.get(name, True) else None
        for name, (_, template) in PARTS.items()
    }


def lines_digest(page: PageRequest, lines: Iterable[Line]) -> str:
    """A digest of which lines there are and what became of their attachments; lines themselves never change."""
    shown = [f"{line.seq}{line.attached.state if line.attached else ''}" for line in lines]
    return digest(page, ",".join(shown))


def digest(page: PageRequest, shown: str) -> str:
    """Four hex digits of what is shown, keyed by the session."""
    return hashlib.blake2b(shown.encode(), digest_size=_BYTES, key=page.visitor.sid_hash).hexdigest()


class CaseMark:
    """A mark taken apart; what is no mark is one of a page that has nothing."""

    def __init__(self, mark: str) -> None:
        self.news, _, rest = mark.partition("/")
        last, _, digests = rest.partition("/")
        width = 2 * _BYTES
        found = [digests[at : at + width] for at in range(0, len(digests), width)]
        self.last = int(last) if last.isdigit() else 0
        self.lines, self.composer = [*found[:2], "", ""][:2]
        self.parts = dict(zip(PARTS, found[2:], strict=False))
