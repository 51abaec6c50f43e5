"""The ledger of outgoing messages: put messages in, let those go that waited for a person's silence to end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.model.messages import Shown
from store.db.notify import NotifyChannel
from store.messages.models import LedgerEntry, Recipient, Status, ledger, seal_body
from store.unit_of_work import UnitOfWork


class LedgerMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent to one person; (`cause_kind`, `cause`, n) is its identity for ever. Times are aware, UTC."""

    person_id: UUID
    account: int
    cause_kind: int
    cause: int
    content: int
    priority: int
    not_before: datetime
    not_after: datetime
    answers_at: datetime | None = None
    recipient: int = Recipient.PERSON

    def sealed(self, key: AESGCM, *shown: Shown, first: int = 0) -> list[LedgerEntry]:
        """One entry for each thing shown, numbered from `first`, each sealed for this person and this row."""
        fields = msgspec.structs.asdict(self)
        return [
            LedgerEntry(n=n, body_ct=seal_body(key, self.person_id, self.cause_kind, self.cause, n, one), **fields)
            for n, one in enumerate(shown, first)
        ]


async def enqueue(work: UnitOfWork, entries: Sequence[LedgerEntry]) -> None:
    """Put messages into the ledger and wake the senders of their accounts, when the work commits.

    The only writer of the ledger beside the hot path. An entry that is there already raises IntegrityError.
    """
    if entries:
        stamped = {"created_at": work.now, "changed_at": work.now}
        await work.conn.execute(insert(ledger), [msgspec.structs.asdict(entry) | stamped for entry in entries])
        for account in dict.fromkeys(entry.account for entry in entries):
            work.notify(NotifyChannel.LEDGER, account)


async def release_kept(conn: AsyncConnection, now: datetime, person_id: UUID) -> None:
    """She is there again: answers kept for her silence may leave now (safety rule 6)."""
    await conn.execute(
        ledger.update()
        .where(ledger.c.person_id == person_id, ledger.c.status == Status.DEFERRED, ledger.c.reason == "kept")
        .values(not_before=now)
    )
