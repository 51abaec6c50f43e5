"""What a handler of an effect is given: the request, and what all requests of one transaction share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from flows.model.effects import StoreEffect
from store import audit
from store.cases.inbound import InboundCase
from store.db.engine import Store
from store.messages.models import LedgerEntry
from store.staff.roster import CaseReader


class EffectRequest(msgspec.Struct):
    """One effect and everything needed to carry it out; (cause, n) is its identity, `kind` that of what she sent.

    `drafts` says that this is a trial, in which cards that nobody has reviewed may be broadcast.
    """

    cause: int
    n: int
    person_id: UUID
    key: AESGCM
    account: int
    at: datetime
    effect: StoreEffect
    readers: tuple[CaseReader, ...]
    library: Library
    kind: str = ""
    drafts: bool = False


class Batch(msgspec.Struct):
    """The transaction that effects are applied in, and what they led to.

    `open_cases` are the cases met in it, by person: of what she wrote in a row the first line wakes the case.
    `entries` of the ledger and `records` of the audit are added by handlers, and written by whoever holds the
    transaction.
    """

    conn: AsyncConnection
    now: datetime
    store: Store
    open_cases: dict[UUID, InboundCase] = {}
    entries: list[LedgerEntry] = []
    records: list[audit.AuditEvent] = []
