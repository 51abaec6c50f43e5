"""The composer: look at an answer before it goes, send it, keep what is not finished."""

from __future__ import annotations

import hashlib
from itertools import zip_longest
from typing import Any
from uuid import UUID

import msgspec
from starlette.responses import HTMLResponse, Response

from bot.file_parser.parser import ParserDown
from console.labels import casework as casework_labels
from console.pages.cases.cases import case_id, news_mark, open_case, parts
from console.web.forms import Form, read_uuid
from console.web.request import PageRequest
from content.media.attachment import FileRejected, SanitizedFile
from content.media.channel_limits import obstacle
from content.schema import Limits
from store.attachments import outgoing, viewing
from store.casework import drafts, queue, reachability, replies
from store.errors import NOT_DONE, Refused, refused
from store.refusals import Refusal

LONGEST_ANSWER = 6000
"""Characters of one answer: three messages of the smallest channel."""

_PIECES = 20
"""Answers on their way that one draft may name."""


class ChosenFile(msgspec.Struct, frozen=True):
    """A file chosen for an answer, as it will go; `warning` is what must be known before it does."""

    id: UUID
    kind: str
    warning: str


class FileField(msgspec.Struct, frozen=True):
    """The file the composer goes on with, and whether the form that was sent named any."""

    chosen: ChosenFile | None
    changed: bool


class AnswerCheck(msgspec.Struct, frozen=True):
    """What is wrong with an answer, or how it will look where that must be seen before it goes."""

    problem: str = ""
    preview: tuple[str, ...] = ()
    preview_first: bool = False


async def reply(page: PageRequest) -> Response:
    """Answer her. The same form sent twice is one answer; a refused answer comes back with its words.

    An answer that has to be cut, or with a file, is shown as it will arrive, and leaves when this very answer is sent
    again.
    """
    form = await page.form()
    text = form.text("text")
    problem, chosen = await _chosen(page, form)
    check = AnswerCheck(problem) if problem else await _check(page, text, chosen, form.text("seen"), "look" in form)
    problem = check.problem
    if not problem and not check.preview_first:
        problem = await _send(page, text, form.request_key(), chosen)
    if problem or check.preview_first:
        await _keep(page, (text, None))
    elif not page.is_htmx:
        return page.redirect("case", case_id=case_id(page))
    back = text if problem or check.preview_first else None
    file = FileField(chosen if back is not None else None, form.file is not None or "attached" in form)
    return await _answer(page, problem, back, check, file)


async def draft(page: PageRequest) -> Response:
    """Keep what is typed so far, sealed to her who types it: answers that are on their way, then what is in the box."""
    form = await page.form()
    texts = [text.replace("\r\n", "\n") for text in form.texts("text")]
    keys = [read_uuid(key) for key in form.texts("request_key")]
    await _keep(page, *((text or "", key) for text, key in zip_longest(texts[:_PIECES], keys[:_PIECES])))
    return Response(status_code=204)


async def _keep(page: PageRequest, *typed: tuple[str, UUID | None]) -> None:
    console = page.console
    try:
        await drafts.keep(console.store, console.clock.now(), case_id(page), page.staff_id, typed, 2 * LONGEST_ANSWER)
    except NOT_DONE:
        return  # nobody to keep it for: the words are on her screen, in the answer to this very request


async def _chosen(page: PageRequest, form: Form) -> tuple[str, ChosenFile | None]:
    """The file that goes with an answer, if any: just chosen, or chosen before and shown since; and what is wrong."""
    if "without" in form:
        return "", None
    try:
        limits = await _limits(page)
        if form.file is None:
            return "", await _chosen_before(page, form.text("attached"), limits)
        taken = await page.console.parser.take(form.file)
        if wrong := obstacle(taken, limits):
            return page.translate(casework_labels.NOT_CARRIED[wrong]), None
        console = page.console
        kept = await outgoing.upload(console.store, console.clock.now(), case_id(page), page.staff_id, taken)
    except FileRejected as rejected:
        return page.translate(casework_labels.NOT_CARRIED[rejected.reason]), None
    except ParserDown:
        return page.translate(casework_labels.NOT_CARRIED["later"]), None
    except NOT_DONE as error:
        return page.sentence(refused(error)), None
    return "", _with_warning(kept, taken, limits)


async def _limits(page: PageRequest) -> Limits:
    """What the channel of this case can carry."""
    async with page.console.store.data.connect() as conn:
        return page.console.library.limits[(await queue.queue_row(conn, case_id(page))).channel]


async def _chosen_before(page: PageRequest, attached: str, limits: Limits) -> ChosenFile | None:
    """Find a file again that the form names. Raises Refused when it is not kept any more."""
    if not attached:
        return None
    console = page.console
    wanted = read_uuid(attached)
    if wanted is None:
        raise Refused(Refusal.FILE_NOT_KEPT)
    taken = await viewing.open_chosen(console.store, case_id(page), page.staff_id, wanted)
    return _with_warning(wanted, taken, limits)


def _with_warning(kept: UUID, taken: SanitizedFile, limits: Limits) -> ChosenFile:
    code = f"{taken.kind}.{'covered' if limits.photo_covered else limits.photo}"
    return ChosenFile(kept, taken.kind, casework_labels.AS_IT_GOES.get(code, casework_labels.AS_IT_GOES[taken.kind]))


async def _check(page: PageRequest, text: str, chosen: ChosenFile | None, seen: str, asked: bool) -> AnswerCheck:
    """Check an answer, and preview it where it must be seen before it goes."""
    if not text and chosen is None:
        return AnswerCheck(page.sentence(Refused(Refusal.ANSWER_EMPTY)))
    if len(text) > LONGEST_ANSWER:
        return AnswerCheck(page.sentence(Refused(Refusal.ANSWER_TOO_LONG, longest=LONGEST_ANSWER)))
    console = page.console
    try:
        shown = await replies.preview(console.store, page.now, case_id(page), page.staff_id, text, console.library)
        async with console.store.data.connect() as conn:
            reach = await reachability.of(conn, case_id(page))
    except NOT_DONE as error:
        return AnswerCheck(page.sentence(refused(error)))
    if not reach.reachable or reach.stopped:
        gone = casework_labels.NOT_REACHED_STOPPED if reach.stopped else casework_labels.NOT_REACHED
        return AnswerCheck(page.translate(gone))
    first = asked or ((shown.cut or chosen is not None) and seen != answer_digest(text, chosen))
    return AnswerCheck("", shown.texts if first else (), first)


def answer_digest(text: str, chosen: ChosenFile | None = None) -> str:
    """A digest of exactly these words and this file: what was looked at is what is sent."""
    words_and_file = f"{chosen.id.hex if chosen else ''}\n{text}"
    return hashlib.sha256(words_and_file.encode("utf-8", "replace")).hexdigest()[:16]


async def _send(page: PageRequest, text: str, key: UUID, chosen: ChosenFile | None) -> str:
    """Hand the answer over; returns what is wrong, or nothing."""
    console, attached = page.console, chosen.id if chosen else None
    try:
        await queue.reply(
            console.store, console.clock.now(), case_id(page), page.staff_id, text, key, console.library, attached
        )
    except NOT_DONE as error:
        return page.sentence(refused(error))
    return ""


async def _answer(page: PageRequest, problem: str, back: str | None, check: AnswerCheck, file: FileField) -> Response:
    """What became of an answer: parts around the box, which is left alone, or the whole page with the box filled.

    `back` are the words that were not sent.
    """
    mark = news_mark(page)
    view = await open_case(page)
    values: dict[str, Any] = await parts(page, view)
    values |= {"message": problem, "draft": back or "", "preview": check.preview}
    values |= {"chosen": file.chosen, "seen": answer_digest(back or "", file.chosen) if check.preview_first else ""}
    status = 422 if problem else 200
    if page.is_htmx:
        html = page.render("cases/answer_part.html", returned=back, file_changed=file.changed, **values)
        return HTMLResponse(html, status)
    return page.respond("cases/case.html", status, mark=mark, **values)
