"""Questions for a meeting with the commune: read first by a human who takes out names, then printed."""

from __future__ import annotations

from starlette.responses import Response

from console.labels import general as labels
from console.pages.reports.tips import answers
from console.web.request import Visit
from store.errors import Refused
from store.submissions import models as submissions_models
from store.submissions import service as submissions


async def show(visit: Visit) -> Response:
    """Show what waits to whoever may read it, and what was let through."""
    return await _list(visit)


async def _list(visit: Visit, message: str = "", status: int = 200) -> Response:
    store, house = visit.desk.store, visit.desk.store.house
    async with store.data.connect() as conn:
        waiting = await submissions_models.questions(conn, house) if visit.may("moderate_question") else []
        passed = await submissions_models.questions(conn, house, submissions_models.PASSED)
    topics = answers(visit.desk.library.say("dialogue_topic", visit.speech.lang).choices)
    return visit.page(
        "reports/questions.html",
        status,
        waiting=waiting,
        passed=passed,
        topics=topics,
        longest=submissions.LONGEST,
        message=visit.say(message) if message else "",
    )


async def moderate(visit: Visit) -> Response:
    """Let a question through in words without names, or keep it out."""
    form, desk = await visit.request.form(), visit.desk
    try:
        async with desk.store.data.begin() as conn:
            await submissions.moderate(
                conn,
                desk.clock.now(),
                desk.store.house,
                question_id=visit.request.path_params["question_id"],
                staff_id=visit.staff_id,
                passed=str(form.get("say", "")) == "pass",
                text_=str(form.get("text", "")),
            )
    except Refused:
        return await _list(visit, labels.QUESTION_MOVED, 409)
    return visit.to("questions")
