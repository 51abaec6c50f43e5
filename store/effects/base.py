"""What a handler of an effect is given: the request, and what all requests of one transaction share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from content.library import Library
from flows.model.effects import StoreEffect
from store.cases.inbound import InboundCase
from store.staff.roster import CaseReader
from store.unit_of_work import UnitOfWork


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
    """The work that effects are applied in.

    `open_cases` are the cases met in it, by person: of what she wrote in a row the first line wakes the case.
    """

    work: UnitOfWork
    open_cases: dict[UUID, InboundCase] = {}
