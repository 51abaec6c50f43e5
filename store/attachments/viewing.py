"""Attachments viewed: by readers of a case, recorded; and what was chosen for an answer, by whoever chose it."""

from __future__ import annotations

from uuid import UUID

from content.media.attachment import SanitizedFile
from store.attachments import outgoing
from store.attachments import service as attachments
from store.cases import readers as case_readers
from store.cases import service as cases
from store.cases.opening import open_case_keys
from store.errors import Refused
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork


async def open_attachment(work: UnitOfWork, case_id: UUID, attachment: UUID) -> SanitizedFile:
    """Open what is attached to a line of a case for a reader, and record it.

    What she has chosen for an answer and not sent opens for whoever chose it alone. Raises Refused, Forgotten, Sealed.
    """
    case = await cases.load_case(work.conn, case_id)
    await case_readers.check_impartial(work.conn, case, work.staff_id)
    opened = await open_case_keys(work, case)
    epochs = opened.copies.opened
    mine = await outgoing.uploaded(work.conn, case_id, work.staff_id, attachment)
    if mine is not None:
        return attachments.open_copy(opened.owner.key, mine, case.person_id)
    row = await attachments.sealed_row(work.conn, case_id, attachment)
    if not epochs or (row is not None and row.epoch not in epochs):
        raise Refused(Refusal.CASE_NOT_SEALED)
    if row is None:
        raise Refused(Refusal.ATTACHMENT_NOT_FOUND)
    work.record("case.attachment_read", case_id)
    return attachments.open_file(epochs[row.epoch], row)
