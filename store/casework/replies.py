"""Replies of a counsellor: sealed for her, sealed to the case, put into the ledger; sent when the gate agrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import update

from content.library import Library
from flows.model.effects import HELP
from flows.model.messages import Outgoing, Shown
from flows.rendering.render import render
from store.attachments import outgoing
from store.cases.keys import CaseOwner
from store.cases.lines import NewLine, add_line
from store.cases.models import case_file
from store.casework import drafts
from store.casework.correspondence import Correspondence, open_correspondence
from store.errors import Refused
from store.escalation import escalations
from store.jobs import scheduled
from store.jobs.scheduled import due_kind
from store.messages.ledger import LedgerMessage, enqueue
from store.messages.models import Cause, Content
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

KEPT_ANSWER_DUE = due_kind(4, "kept_answer")
"""An answer had time to leave."""
KEPT_FOR = timedelta(days=7)
"""How long an answer waits for her next message before it becomes a task for a human."""
PREVIEW_AFTER = timedelta(minutes=2)


class Answer(msgspec.Struct, frozen=True):
    """What a counsellor sends: her words, the file that goes after them, and the key by which twice is once."""

    words: str
    request_key: UUID
    attachment: UUID | None = None


async def reply(work: UnitOfWork, case_id: UUID, answer: Answer, library: Library) -> None:
    """Answer her under the alias. Raises Refused, Forgotten, Sealed; then nothing is sent."""
    await send(work, await open_correspondence(work, case_id), answer, library)


async def send(work: UnitOfWork, her: Correspondence, answer: Answer, library: Library) -> None:
    """Put an answer into the ledger: sealed for her, sealed to the case, sent by the sender when the gate agrees.

    Raises Refused; then nothing is sent.
    """
    words, case = answer.words.strip(), her.case
    if not words and answer.attachment is None:
        raise Refused(Refusal.ANSWER_EMPTY)
    line = await add_line(work, case.id, NewLine("out", words, Cause.CASE, answer.request_key.hex, work.staff_id))
    if line is None:
        return
    shown = _shape(words, her, library, work.now)
    if answer.attachment is not None:
        owner = CaseOwner(case.id, case.person_id, her.key)
        file = await outgoing.take_along(work, owner, answer.attachment, line)
        shown = (*shown, msgspec.structs.replace(file, quiet=bool(shown)))
    await enqueue(work, _message(work.now, her, line).sealed(her.key, *shown))
    await scheduled.plan(work.conn, KEPT_ANSWER_DUE, line, work.now + KEPT_FOR)
    await work.conn.execute(update(case_file).where(case_file.c.id == case.id).values(waiting_since=None))
    await escalations.stop(work, case.id)
    await drafts.drop(work.conn, case.id, work.staff_id)
    work.record("case.answered", case.id)


class Preview(msgspec.Struct, frozen=True):
    """How an answer arrives: its messages in order; `cut` when it does not fit one."""

    texts: tuple[str, ...]
    cut: bool


def preview(her: Correspondence, words: str, library: Library, now: datetime) -> Preview:
    """The messages an answer would be cut into, as she would see them now.

    The line that says who writes comes first where she has not been told yet.
    """
    texts = tuple(one.text for one in _shape(words.strip(), her, library, now))
    return Preview(texts, cut=len(texts) - bool(her.alias) > 1)


def _shape(words: str, her: Correspondence, library: Library, now: datetime) -> Sequence[Shown]:
    """Render an answer for her channel.

    Who writes, and that it is a person, comes first (safety rule 8). When her screen may be dark, a neutral line
    goes in front of a telling one (safety rule 7).
    """
    last = her.reach.last_in_at
    dark = last is None or now - last > PREVIEW_AFTER
    if words and dark and not library.is_neutral(words):
        words = f"{library.say('relay.opener', her.lang).text}\n\n{words}"
    limits = library.limits[her.reach.channel]
    joined = library.say("relay.joined", her.lang, alias=her.alias).text if her.alias else ""
    first = render(Outgoing(joined, neutral=True), limits, 0) if joined else ()
    return (*first, *(render(Outgoing(words, protect=True), limits, 0) if words else ()))


def _message(now: datetime, her: Correspondence, line: int) -> LedgerMessage:
    return LedgerMessage(
        person_id=her.case.person_id,
        account=her.case.account,
        cause_kind=Cause.CASE,
        cause=line,
        content=Content.RELAY,
        priority=HELP,
        not_before=now,
        not_after=now + KEPT_FOR,
        answers_at=her.reach.last_in_at,
    )
