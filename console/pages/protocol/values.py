"""What the protocol of a case shows: its steps with who did them, and the numbers to dictate for where she is."""

from __future__ import annotations

from typing import Any

from console.web.request import PageRequest
from content.directory.dictation import dictated
from content.directory.numbers import text_in
from content.directory.protocol import protocol
from store.case_page import CasePage


def protocol_values(page: PageRequest, found: CasePage) -> dict[str, Any]:
    """The steps of its level in words, which of them are done, and the numbers, in the reader's language."""
    row, lang = found.view.row, page.l10n.lang
    steps = [(step.id, text_in(step.says, lang)) for step in protocol().of(row.level, row.flags)]
    return {
        "protocol_steps": steps,
        "steps_done": found.steps_done,
        "done_count": sum(step in found.steps_done for step, _ in steps),
        "protocol_draft": protocol().about["status"] == "draft",
        "dictated": dictated(page.console.library.services, row.place, lang, child=row.for_child),
    }
