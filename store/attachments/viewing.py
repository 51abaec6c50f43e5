"""Viewing attachments: by readers of the case, recorded each time, or by whoever chose it for an answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from content.media.attachment import SanitizedFile
from store import audit
from store.attachments import outgoing
from store.attachments import service as attachments
from store.cases import keys as case_keys
from store.cases import readers as case_readers
from store.cases import service as cases
from store.db.engine import Store
from store.errors import Refused
from store.refusals import Refusal


async def open_attachment(
    store: Store, now: datetime, case_id: UUID, staff_id: UUID, private_key: bytes, attachment: UUID
) -> SanitizedFile | None:
    """Open what is attached to a line of a case for a reader, and record it; None when it is not kept any more.

    What she has chosen for an answer and not sent opens for whoever chose it alone. Raises Refused, Forgotten, Sealed.
    """
    async with store.data.begin() as conn:
        case = await cases.found(conn, case_id)
        await case_readers.check_impartial(conn, case, staff_id)
        person_key = await cases.person_key(store, case)
        mine = await outgoing.uploaded(conn, case_id, staff_id, attachment)
        if mine is not None:
            return attachments.open_copy(person_key, mine, case.person_id)
        keys = await case_keys.epoch_keys(conn, case, person_key, staff_id, private_key)
        row = await attachments.sealed_row(conn, case_id, attachment)
        if not keys or (row is not None and row.epoch not in keys):
            raise Refused(Refusal.CASE_NOT_SEALED)
        if row is None:
            return None
        taken = attachments.open_file(keys[row.epoch], row)
        who, about = str(staff_id), str(case_id)
        await audit.record(conn, now, store.keys.audit, actor=who, action="case.attachment_read", object=about)
        return taken


async def open_chosen(store: Store, case_id: UUID, staff_id: UUID, attachment: UUID) -> SanitizedFile:
    """Open a file this member has chosen for an answer in this case. Raises Refused when it is not kept any more."""
    async with store.data.connect() as conn:
        case = await cases.found(conn, case_id)
        mine = await outgoing.uploaded(conn, case_id, staff_id, attachment)
    if mine is None:
        raise Refused(Refusal.FILE_NOT_KEPT)
    return attachments.open_copy(await cases.person_key(store, case), mine, case.person_id)
