"""Outgoing attachments: a file that goes with an answer, kept for her alone until it is sent, then sealed to the case.

Its copy lies under her key, like the words of the answer in the ledger, and opens for no other person's row. Where a
channel takes no bytes it is fetched once from an address that nobody guesses and that soon leads nowhere.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.media.attachment import SanitizedFile
from flows.model.messages import Shown
from store.attachments import service as attachments
from store.attachments.service import State, case_attachment, place_of
from store.cases import service as cases
from store.cases.models import case_file
from store.crypto.fields import encrypt
from store.db.engine import Store, raw
from store.errors import Refused, Sealed
from store.messages.hold import hold
from store.recordings.links import TOKEN_BYTES, token_hash
from store.refusals import Refusal

MEDIA = "attached:"
"""How `Shown.media` names a file that goes with an answer."""
LINK_LIVES = timedelta(hours=1)
"""How long an address works from which a platform fetches a picture; it does so when it is told to send it."""
_MOST_KEPT = 5
"""Files one member has chosen for one case and not sent."""


async def upload(store: Store, now: datetime, case_id: UUID, staff_id: UUID, taken: SanitizedFile) -> UUID:
    """Keep a file for an answer that is being written; nothing is sent. Raises Refused, Forgotten, Sealed."""
    async with store.data.begin() as conn:
        case = await cases.found(conn, case_id, lock=True)
        if case.closed_at is not None or case.acked_by != staff_id:
            raise Refused(Refusal.CASE_NOT_YOURS)
        await _make_room(conn, case_id, staff_id)
        made = uuid4()
        key = await cases.person_key(store, case)
        values = {
            "id": made, "case_id": case_id, "kind": taken.kind, "state": State.UPLOADED, "account": case.account,
            "author": staff_id, "at": now,
            "copy_ct": encrypt(key, attachments.packed(taken), place_of("copy", made, case.person_id)),
        }  # fmt: skip
        await conn.execute(insert(case_attachment).values(values))
        return made


async def _make_room(conn: AsyncConnection, case_id: UUID, staff_id: UUID) -> None:
    kept = select(case_attachment.c.id).where(_mine(case_id, staff_id)).order_by(case_attachment.c.at.desc())
    old = kept.offset(_MOST_KEPT - 1)
    await conn.execute(delete(case_attachment).where(case_attachment.c.id.in_(old)))


def _mine(case_id: UUID, staff_id: UUID) -> Any:
    table = case_attachment.c
    return (table.case_id == case_id) & (table.author == staff_id) & (table.state == State.UPLOADED)


async def uploaded(conn: AsyncConnection, case_id: UUID, staff_id: UUID, attachment: UUID) -> Any | None:
    """The row of a file this member has chosen for this case and not sent; None when there is none."""
    query = select(case_attachment).where(_mine(case_id, staff_id), case_attachment.c.id == attachment)
    return (await conn.execute(query)).one_or_none()


async def take_along(
    conn: AsyncConnection, now: datetime, case: Any, key: AESGCM, staff_id: UUID, attachment: UUID, line: int
) -> Shown:
    """Bind a chosen file to the line of an answer, sealed to today's readers; returns the message that carries it.

    Raises Refused when it is not there any more.
    """
    row = await uploaded(conn, case.id, staff_id, attachment)
    if row is None:
        raise Refused(Refusal.FILE_NOT_KEPT)
    taken = attachments.open_copy(key, row, case.person_id)
    sealed = await attachments.sealed_values(conn, row.case_id, row.id, taken)
    values = {**sealed, "line_id": line, "at": now}
    await conn.execute(update(case_attachment).where(case_attachment.c.id == attachment).values(values))
    return Shown("", media=f"{MEDIA}{attachment.hex}", protect=True)


async def copy_for(store: Store, attachment: UUID, person: UUID) -> SanitizedFile:
    """The copy of a file that goes to exactly this person. Raises Sealed, Forgotten."""
    async with store.data.connect() as conn:
        hers = case_attachment.join(case_file, case_file.c.id == case_attachment.c.case_id)
        query = select(case_attachment).select_from(hers)
        query = query.where(case_attachment.c.id == attachment, case_file.c.person_id == person)
        row = (await conn.execute(query)).one_or_none()
    if row is None:
        raise Sealed("this file belongs to no case of hers")
    return await _opened(store, row, person)


async def _opened(store: Store, row: Any, person: UUID) -> SanitizedFile:
    async with raw(store.keyring) as ring:
        key = await store.ring.key_of(ring, person)
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
            select(case_attachment, case_file.c.person_id)
            .join(case_file, case_file.c.id == table.case_id)
            .where(table.link_hash == token_hash(token), table.link_until > now, table.copy_ct.is_not(None))
            .where(~exists(select(hold.c.n)))
        )
        row = (await conn.execute(query)).one_or_none()
    return None if row is None else await _opened(store, row, row.person_id)
