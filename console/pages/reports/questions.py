"""Questions for a meeting with the commune: read first by a human who takes out names, then printed."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.reports.tips import answers
from console.web.request import PageRequest
from store.errors import Refused
from store.refusals import Refusal
from store.submissions import models as submissions_models
from store.submissions import service as submissions

PASSES = {"pass": True, "keep": False}
"""What may be said of a question, and whether it is let through."""


async def show(page: PageRequest) -> Response:
    """Show what waits to whoever may read it, and what was let through."""
    store, keys = page.console.store, page.console.store.keys
    async with store.data.connect() as conn:
        waiting = await submissions_models.questions(conn, keys) if page.may("moderate_question") else []
        passed = await submissions_models.questions(conn, keys, submissions_models.PASSED)
    topics = answers(page.console.library.say("dialogue_topic", page.l10n.lang).choices)
    return page.respond(
        "reports/questions.html",
        waiting=waiting,
        passed=passed,
        topics=topics,
        longest=submissions.LONGEST,
    )


async def moderate(page: PageRequest) -> Response:
    """Let a question through in words without names, or keep it out."""
    form, question = await page.form(), page.number("question_id")
    passed = PASSES.get(form.text("say"))
    if passed is None:
        raise Refused(Refusal.QUESTION_DECISION_UNKNOWN)
    async with page.unit_of_work() as work:
        await submissions.moderate(work, question, passed=passed, words=form.text("text"))
    return page.redirect("questions")
