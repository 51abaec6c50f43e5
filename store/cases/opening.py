"""Opening a case for a reader: the key of its person, and the keys of the epochs the reader was given."""

from __future__ import annotations

import msgspec

from store.cases import service as cases
from store.cases.keys import CaseOwner, KeyCopies, open_copies
from store.cases.models import CaseRow
from store.unit_of_work import UnitOfWork


class OpenedCase(msgspec.Struct, frozen=True):
    """A case as whoever acts opens it; a stranger's copies open nothing."""

    owner: CaseOwner
    copies: KeyCopies


async def open_case_keys(work: UnitOfWork, case: CaseRow) -> OpenedCase:
    """Open the keys of a case that whoever acts was given. Raises Forgotten, Sealed."""
    owner = CaseOwner(case.id, case.person_id, await cases.person_key(work.store, case))
    return OpenedCase(owner, await open_copies(work, owner))
