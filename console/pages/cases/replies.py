"""The composer: look at an answer before it goes, send it, keep what is not finished."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any
from uuid import UUID

import msgspec
from starlette.responses import HTMLResponse, Response

from bot.file_parser.parser import ParserDown
from console.labels import casework as casework_labels
from console.pages.cases.case_mark import case_mark
from console.pages.cases.cases import case_id, news_mark, open_case, parts, to_case
from console.web.forms import Form, read_uuid
from console.web.request import PageRequest
from content.media.attachment import FileRejected, SanitizedFile
from content.media.channel_limits import obstacle
from content.schema import Limits
from store.attachments import outgoing
from store.casework import drafts, replies
from store.casework.correspondence import Correspondence, open_correspondence
from store.casework.drafts import Piece
from store.casework.replies import Answer
from store.errors import NOT_DONE, Refused, refused
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

LONGEST_ANSWER = 6000
"""Characters of one answer: three messages of the smallest channel."""

_PIECES = 20
"""Answers on their way that one draft may name."""


class ChosenFile(msgspec.Struct, frozen=True):
    """A file chosen for an answer, as it will go; `warning` is what must be known before it does."""

    id: UUID
    kind: str
    warning: str


class Outcome(msgspec.Struct, frozen=True):
    """What became of an answer: sent, or what is wrong with it, or how it will look before it goes."""

    sent: bool = False
    problem: str = ""
    preview: tuple[str, ...] | None = None
    chosen: ChosenFile | None = None


async def reply(page: PageRequest) -> Response:
    """Answer her. The same form sent twice is one answer; a refused answer comes back with its words.

    An answer that has to be cut, or with a file, is shown as it will arrive, and leaves when this very answer is sent
    again.
    """
    form = await page.form()
    outcome = await _try(page, form)
    if not outcome.sent:
        await _keep(page, [Piece(form.text("text"))])
    elif not page.is_htmx:
        return to_case(page)
    return await _answer(page, form, outcome)


async def _try(page: PageRequest, form: Form) -> Outcome:
    """Send an answer where nothing stands in its way; else nothing of it is kept but the file that was chosen."""
    try:
        taken = await page.console.parser.take(form.file) if form.file is not None else None
        async with page.unit_of_work() as work:
            her = await open_correspondence(work, case_id(page))
            return await _send(page, work, her, form, taken)
    except FileRejected as rejected:
        return Outcome(problem=page.translate(casework_labels.NOT_CARRIED[rejected.reason]))
    except ParserDown:
        return Outcome(problem=page.translate(casework_labels.NOT_CARRIED["later"]))
    except NOT_DONE as error:
        return Outcome(problem=page.sentence(refused(error)))


async def _send(
    page: PageRequest, work: UnitOfWork, her: Correspondence, form: Form, taken: SanitizedFile | None
) -> Outcome:
    """Look at an answer, and send it unless something is wrong or it must be seen first."""
    library, text = page.console.library, form.text("text")
    limits = library.limits[her.reach.channel]
    if taken is not None and (wrong := obstacle(taken, limits)):
        return Outcome(problem=page.translate(casework_labels.NOT_CARRIED[wrong]))
    file = None if "without" in form else await _chosen(work, her, form, taken)
    chosen = _with_warning(*file, limits) if file is not None else None
    if problem := _problem(page, her, text, chosen):
        return Outcome(problem=problem, chosen=chosen)
    shown = replies.preview(her, text, library, work.now)
    must_be_seen = shown.cut or chosen is not None
    if "look" in form or (must_be_seen and form.text("seen") != answer_digest(text, chosen)):
        return Outcome(preview=shown.texts, chosen=chosen)
    answer = Answer(text, form.request_key(), chosen.id if chosen else None)
    await replies.send(work, her, answer, library)
    return Outcome(sent=True)


def _problem(page: PageRequest, her: Correspondence, text: str, chosen: ChosenFile | None) -> str:
    """Why this answer cannot be sent as it is; "" when it can."""
    if not text and chosen is None:
        return page.sentence(Refused(Refusal.ANSWER_EMPTY))
    if len(text) > LONGEST_ANSWER:
        return page.sentence(Refused(Refusal.ANSWER_TOO_LONG, longest=LONGEST_ANSWER))
    if her.reach.stopped:
        return page.translate(casework_labels.NOT_REACHED_STOPPED)
    return "" if her.reach.reachable else page.translate(casework_labels.NOT_REACHED)


async def _chosen(
    work: UnitOfWork, her: Correspondence, form: Form, taken: SanitizedFile | None
) -> tuple[UUID, SanitizedFile] | None:
    """The file that goes with an answer, if any: just chosen, or chosen before and shown since. Raises Refused."""
    if taken is not None:
        return await outgoing.upload(work, her.case, her.key, taken), taken
    if not form.text("attached"):
        return None
    wanted = form.uuid("attached")
    if wanted is None:
        raise Refused(Refusal.FILE_NOT_KEPT)
    return wanted, await outgoing.open_chosen(work, her.case, her.key, wanted)


def _with_warning(kept: UUID, taken: SanitizedFile, limits: Limits) -> ChosenFile:
    code = f"{taken.kind}.{'covered' if limits.photo_covered else limits.photo}"
    return ChosenFile(kept, taken.kind, casework_labels.AS_IT_GOES.get(code, casework_labels.AS_IT_GOES[taken.kind]))


def answer_digest(text: str, chosen: ChosenFile | None = None) -> str:
    """A digest of exactly these words and this file: what was looked at is what is sent."""
    words_and_file = f"{chosen.id.hex if chosen else ''}\n{text}"
    return hashlib.sha256(words_and_file.encode("utf-8", "replace")).hexdigest()[:16]


async def draft(page: PageRequest) -> Response:
    """Keep what is typed so far, sealed to her who types it: answers that are on their way, then what is in the box."""
    form = await page.form()
    texts = [text.replace("\r\n", "\n") for text in form.texts("text")]
    keys = [read_uuid(key) for key in form.texts("request_key")]
    await _keep(page, [Piece(text or "", key) for text, key in zip_longest(texts[:_PIECES], keys[:_PIECES])])
    return Response(status_code=204)


async def _keep(page: PageRequest, typed: Sequence[Piece]) -> None:
    with contextlib.suppress(*NOT_DONE):  # nobody to keep it for: the words are on her screen, in the answer to this
        async with page.unit_of_work() as work:
            await drafts.keep(work, case_id(page), typed, 2 * LONGEST_ANSWER)


async def _answer(page: PageRequest, form: Form, outcome: Outcome) -> Response:
    """What became of an answer: parts around the box, which is left alone, or the whole page with the box filled."""
    news, found = news_mark(page), await open_case(page, goes_on=True)
    back = None if outcome.sent else form.text("text")
    values: dict[str, Any] = parts(page, found)
    values |= {"message": outcome.problem, "draft": back or "", "preview": outcome.preview or ()}
    if outcome.preview is not None:
        values["seen"] = answer_digest(back or "", outcome.chosen)
    values["chosen"] = outcome.chosen
    status = 422 if outcome.problem else 200
    if page.is_htmx:
        file_changed = form.file is not None or "attached" in form
        html = page.render("cases/answer_part.html", returned=back, file_changed=file_changed, **values)
        return HTMLResponse(html, status)
    return page.respond(
        "cases/case.html", status, mark=case_mark(page, news, values), drawn=page.drawn_lanes(), **values
    )
