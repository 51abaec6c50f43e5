"""Casework as a member of staff does it: each act in a unit of work of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from content.library import Library
from content.media.attachment import SanitizedFile
from store.attachments import outgoing, viewing
from store.cases import lines
from store.cases import service as cases
from store.cases.lines import NewLine
from store.cases.opening import open_case_keys
from store.casework import assignment, closing, drafts, nudge, reading, replies
from store.casework.correspondence import open_correspondence
from store.casework.drafts import Piece
from store.casework.reading import CaseView
from store.casework.replies import Answer
from store.db.engine import Store
from store.errors import Refused
from store.messages.models import Cause
from store.own_words import service as own_words
from store.own_words.service import AgreedWords
from store.refusals import Refusal
from store.unit_of_work import BOT, UnitOfWork, member_actor, unit_of_work


async def acknowledge(store: Store, now: datetime, case_id: UUID, staff_id: UUID) -> bool:
    """Take a case; False for who came second, or too late."""
    return await _first(store, now, staff_id, lambda work: assignment.acknowledge(work, case_id))


async def take_drill(store: Store, now: datetime, drill: int, staff_id: UUID) -> bool:
    """Take a drill; False for who came second."""
    return await _first(store, now, staff_id, lambda work: assignment.take_drill(work, drill))


async def _first(store: Store, now: datetime, staff_id: UUID, act: Callable[[UnitOfWork], Awaitable[None]]) -> bool:
    try:
        async with unit_of_work(store, now, member_actor(staff_id)) as work:
            await act(work)
    except Refused as refused:
        if refused.refusal not in (
            Refusal.CASE_TAKEN,
            Refusal.DRILL_TAKEN,
            Refusal.CASE_CLOSED,
            Refusal.CASE_NOT_FOUND,
        ):
            raise
        return False
    return True


async def read(store: Store, now: datetime, case_id: UUID, staff_id: UUID, private_key: bytes) -> CaseView:
    """Open a case."""
    async with unit_of_work(store, now, member_actor(staff_id, private_key)) as work:
        return await reading.read_case(work, case_id)


async def reply(
    store: Store,
    now: datetime,
    case_id: UUID,
    staff_id: UUID,
    words: str,
    request_key: UUID,
    library: Library,
    chosen: UUID | None = None,
) -> None:
    """Answer her."""
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        await replies.reply(work, case_id, Answer(words, request_key, chosen), library)


async def close(store: Store, now: datetime, library: Library, case_id: UUID, staff_id: UUID, reason: str) -> None:
    """Close a case, saying twice that it is closed although somebody waits."""
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        lines = max(1, await closing.waiting_lines(work.conn, case_id))
        await closing.close(work, case_id, reason, library, lines)


async def agree_words(
    store: Store, now: datetime, library: Library, case_id: UUID, staff_id: UUID, own: str, duress: str
) -> None:
    """Type the two words agreed with her aloud."""
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        await own_words.keep_agreed(work, case_id, AgreedWords(own, duress), library)


async def transfer(
    store: Store, now: datetime, case_id: UUID, staff_id: UUID, private_key: bytes, to: UUID, reason: str
) -> None:
    """Hand a case on."""
    async with unit_of_work(store, now, member_actor(staff_id, private_key)) as work:
        await assignment.transfer(work, case_id, to, reason)


async def send_nudge(store: Store, now: datetime, case_id: UUID, staff_id: UUID, library: Library) -> None:
    """Nudge for somebody whose answer is kept."""
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        await nudge.send_nudge(work, case_id, library)


async def keep_draft(store: Store, now: datetime, case_id: UUID, staff_id: UUID, text: str) -> None:
    """Keep what she has typed."""
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        await drafts.keep(work, case_id, [Piece(text)], 100)


async def upload(store: Store, now: datetime, case_id: UUID, staff_id: UUID, file: SanitizedFile) -> UUID:
    """Choose a file for an answer."""
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        her = await open_correspondence(work, case_id)
        return await outgoing.upload(work, her.case, her.key, file)


async def open_attachment(
    store: Store, now: datetime, case_id: UUID, staff_id: UUID, private_key: bytes, attachment: UUID
) -> SanitizedFile | None:
    """Open what is attached to a line; None when it is not kept any more."""
    try:
        async with unit_of_work(store, now, member_actor(staff_id, private_key)) as work:
            return await viewing.open_attachment(work, case_id, attachment)
    except Refused as refused:
        if refused.refusal is not Refusal.ATTACHMENT_NOT_FOUND:
            raise
        return None


async def open_keys(
    store: Store, now: datetime, case_id: UUID, reader: UUID, private_key: bytes
) -> Mapping[int, bytes]:
    """The private keys of a case's epochs that a reader, or the recovery key, opens."""
    async with unit_of_work(store, now, member_actor(reader, private_key)) as work:
        case = await cases.load_case(work.conn, case_id)
        return (await open_case_keys(work, case)).copies.opened


async def add_line(store: Store, now: datetime, case_id: UUID, words: str, direction: str = "in") -> int:
    """Write a line into a case without the service."""
    async with unit_of_work(store, now, BOT) as work:
        line = await lines.add_line(work, case_id, NewLine(direction, words, Cause.INBOX, uuid4().hex))
    assert line is not None
    return line
