"""One effect on its way into the store, with everything needed to carry it out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from content.library import Library
from flows.model.effects import Effect
from store.staff.roster import Reader


class Act(msgspec.Struct):
    """One effect and everything needed to carry it out; (cause, n) is its identity, `kind` that of what she sent.

    `drafts` says that this is a trial, in which cards that nobody has reviewed may be broadcast.
    """

    cause: int
    n: int
    person_id: UUID
    key: AESGCM
    account: int
    at: datetime
    effect: Effect
    readers: tuple[Reader, ...]
    library: Library
    kind: str = ""
    drafts: bool = False
