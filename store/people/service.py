"""Operations on people: what somebody said to a purpose."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import insert

from flows.model.effects import RecordConsent
from store.people.models import consent
from store.unit_of_work import UnitOfWork


async def record_consent(work: UnitOfWork, person_id: UUID, said: RecordConsent) -> None:
    """Record one yes or no to one purpose in one wording."""
    values = msgspec.structs.asdict(said) | {"person_id": person_id, "at": work.now}
    await work.conn.execute(insert(consent).values(values))
