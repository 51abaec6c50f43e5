"""Outgoing attachments: a file that goes with an answer, kept for her alone until it is sent, then sealed to the case.

Its copy lies under her key, like the words of the answer in the ledger, and opens for no other person's row. Where a
channel takes no bytes it is fetched once from an address that nobody guesses and that soon leads nowhere.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.media.attachment import SanitizedFile
from flows.model.messages import Shown
from store.attachments import service as attachments
from store.attachments.service import AttachmentCopy, State, case_attachment, place_of
from store.cases.keys import CaseOwner
from store.cases.models import CaseRow, case_file
from store.crypto.fields import encrypt
from store.db.engine import Store, raw
from store.errors import Refused, Sealed
from store.messages.hold import hold
from store.recordings.links import TOKEN_BYTES, token_hash
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

MEDIA = "attached:"
"""How `Shown.media` names a file that goes with an answer."""
LINK_LIVES = timedelta(hours=1)
"""How long an address works from which a platform fetches a picture; it does so when it is told to send it."""
_MOST_KEPT = 5
"""Files one member has chosen for one case and not sent."""


async def upload(work: UnitOfWork, case: CaseRow, key: AESGCM, taken: SanitizedFile) -> UUID:
    """Keep a file for an answer that is being written, in a case of whoever acts; nothing is sent."""
    await _make_room(work.conn, case.id, work.staff_id)
    made = uuid4()
    values = {
        "id": made, "case_id": case.id, "kind": taken.kind, "state": State.UPLOADED, "account": case.account,
        "author": work.staff_id, "at": work.now,
        "copy_ct": encrypt(key, attachments.packed(taken), place_of("copy", made, case.person_id)),
    }  # fmt: skip
    await work.conn.execute(insert(case_attachment).values(values))
    return made


async def _make_room(conn: AsyncConnection, case_id: UUID, staff_id: UUID) -> None:
    kept = select(case_attachment.c.id).where(_mine(case_id, staff_id)).order_by(case_attachment.c.at.desc())
    old = kept.offset(_MOST_KEPT - 1)
    await conn.execute(delete(case_attachment).where(case_attachment.c.id.in_(old)))


def _mine(case_id: UUID, staff_id: UUID) -> ColumnElement[bool]:
    table = case_attachment.c
    return (table.case_id == case_id) & (table.author == staff_id) & (table.state == State.UPLOADED)


_COPY = case_attachment.c.id, case_attachment.c.case_id, case_attachment.c.copy_ct


async def uploaded(conn: AsyncConnection, case_id: UUID, staff_id: UUID, attachment: UUID) -> AttachmentCopy | None:
    """A file this member has chosen for this case and not sent; None when there is none."""
    query = select(*_COPY).where(_mine(case_id, staff_id), case_attachment.c.id == attachment)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else AttachmentCopy(*row)


async def open_chosen(work: UnitOfWork, case: CaseRow, key: AESGCM, attachment: UUID) -> SanitizedFile:
    """Open a file that whoever acts has chosen for an answer in this case. Raises Refused when it is not kept."""
    mine = await uploaded(work.conn, case.id, work.staff_id, attachment)
    if mine is None:
        raise Refused(Refusal.FILE_NOT_KEPT)
    return attachments.open_copy(key, mine, case.person_id)


async def take_along(work: UnitOfWork, owner: CaseOwner, attachment: UUID, line: int) -> Shown:
    """Bind a chosen file to the line of an answer, sealed to today's readers; returns the message that carries it.

    Raises Refused when it is not there any more.
    """
    row = await uploaded(work.conn, owner.case_id, work.staff_id, attachment)
    if row is None:
        raise Refused(Refusal.FILE_NOT_KEPT)
    taken = attachments.open_copy(owner.key, row, owner.person_id)
    sealed = await attachments.sealed_values(work.conn, owner.case_id, attachment, taken)
    values = {**sealed, "line_id": line, "at": work.now}
    await work.conn.execute(update(case_attachment).where(case_attachment.c.id == attachment).values(values))
    return Shown("", media=f"{MEDIA}{attachment.hex}", protect=True)


async def copy_for(store: Store, attachment: UUID, person: UUID) -> SanitizedFile:
    """The copy of a file that goes to exactly this person. Raises Sealed, Forgotten."""
    async with store.data.connect() as conn:
        hers = case_attachment.join(case_file, case_file.c.id == case_attachment.c.case_id)
        query = select(*_COPY).select_from(hers)
        query = query.where(case_attachment.c.id == attachment, case_file.c.person_id == person)
        row = (await conn.execute(query)).one_or_none()
    if row is None:
        raise Sealed("this file belongs to no case of hers")
    return await _opened(store, AttachmentCopy(*row), person)


async def _opened(store: Store, row: AttachmentCopy, person: UUID) -> SanitizedFile:
    async with raw(store.keyring) as keyring_pg:
        key = await store.ring.key_of(keyring_pg, person)
    return attachments.open_copy(key, row, person)


async def make_link(store: Store, now: datetime, attachment: UUID) -> str:
    """Open the address of one file and return its token: the same at every try, for an earlier one may have arrived.

    It is made with a master key: whoever reads the database cannot make it.
    """
    digest = hmac.digest(store.keys.index, b"nc1|attached|" + attachment.bytes, "sha256")
    token = base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()
    values = {"link_hash": token_hash(token), "link_until": now + LINK_LIVES}
    async with store.data.begin() as conn:
        await conn.execute(update(case_attachment).where(case_attachment.c.id == attachment).values(values))
    return token


async def linked(store: Store, now: datetime, token: str) -> SanitizedFile | None:
    """The file behind an address; None when it is unknown, too old or its copy has ended. Raises Sealed, Forgotten."""
    table = case_attachment.c
    async with store.data.connect() as conn:
        query = (
            select(*_COPY, case_file.c.person_id)
            .join(case_file, case_file.c.id == table.case_id)
            .where(table.link_hash == token_hash(token), table.link_until > now, table.copy_ct.is_not(None))
            .where(~exists(select(hold.c.n)))
        )
        row = (await conn.execute(query)).one_or_none()
    return None if row is None else await _opened(store, AttachmentCopy(*row[:3]), row.person_id)
