"""Lines of a case: sealed to its readers when they are written, opened with the key of their epoch."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert

from store.cases.keys import key_info, newest_key
from store.cases.models import LineRow, case_line
from store.crypto import hpke
from store.crypto.fields import pad, unpad
from store.db.notify import NotifyChannel
from store.messages.models import Cause
from store.unit_of_work import UnitOfWork


class NewLine(msgspec.Struct, frozen=True):
    """What is written into a case; (`cause_kind`, `cause`) is its identity in it.

    `direction`: in, out, note (codes), private (to colleagues), second_way.
    """

    direction: str
    text: str
    cause_kind: Cause
    cause: str
    author: UUID | None = None


async def add_line(work: UnitOfWork, case_id: UUID, line: NewLine) -> int | None:
    """Seal one line to the people of the case, and tell every console; returns its id.

    None when this cause already has its line.
    """
    epoch, public = await newest_key(work.conn, case_id)
    sealed = hpke.seal(public, pad(line.text.encode("utf-8", "replace")), key_info(case_id, epoch))
    values = {
        "case_id": case_id, "at": work.now, "epoch": epoch, "sealed": sealed, "direction": line.direction,
        "cause_kind": line.cause_kind, "cause": line.cause, "author": line.author,
    }  # fmt: skip
    query = insert(case_line).values(values).on_conflict_do_nothing().returning(case_line.c.id)
    made: int | None = (await work.conn.execute(query)).scalar_one_or_none()
    if made is not None:
        work.notify(NotifyChannel.CASE, case_id)
    return made


def open_line(private: bytes, row: LineRow) -> str:
    """Open one line with the private key of its epoch. Raises Sealed."""
    return unpad(hpke.open_sealed(private, row.sealed, key_info(row.case_id, row.epoch))).decode()
