"""Transfer of a case: the new owner gets its past, the old one nothing that is written afterwards (safety rule 11)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from store import audit
from store.cases import keys as case_keys
from store.cases import readers as case_readers
from store.cases import rekey
from store.cases import service as cases
from store.cases.impartiality import neighbourhood
from store.cases.models import case_file
from store.casework import drafts
from store.db.engine import Store
from store.errors import Refused
from store.escalation import escalations
from store.refusals import Refusal
from store.staff.models import SHIFT_LEAD, Member, member, members

REASONS = ("absent", "shift_ends", "language", "skill", "place", "too_near", "her_wish", "too_many")
"""Why a case may be handed on; only the code goes into the audit."""


async def candidates(conn: AsyncConnection, case_id: UUID, staff_id: UUID) -> list[Member]:
    """Whoever a case may be handed to by this member; nobody when she may not hand it on."""
    case = await cases.found(conn, case_id)
    near = (await neighbourhood(conn)).near(case)
    if not _may_hand_on(case, staff_id, await member(conn, staff_id), near):
        return []
    return [who for who in await members(conn) if who.id != case.acked_by and _may_take(who, near)]


def _may_hand_on(case: Any, staff_id: UUID, who: Member | None, near: Collection[UUID]) -> bool:
    """Whoever has it; for one who is not there the shift lead, who reads the case herself."""
    if case.closed_at is not None or case.acked_by is None or who is None:
        return False
    lead = SHIFT_LEAD in who.roles and who.id not in near
    return case.acked_by == staff_id or lead


def _may_take(who: Member | None, near: Collection[UUID]) -> bool:
    return who is not None and who.reads_cases and who.id not in near


async def transfer(
    store: Store, now: datetime, case_id: UUID, staff_id: UUID, private_key: bytes, to: UUID, reason: str
) -> None:
    """Hand a case from whoever has it to somebody else; a shift lead does it for an owner who is not there.

    Raises Refused, Sealed, Forgotten; then nothing has changed.
    """
    if reason not in REASONS:
        raise Refused(Refusal.TRANSFER_REASON_UNKNOWN)
    async with store.data.begin() as conn:
        case = await cases.found(conn, case_id, lock=True)
        near = (await neighbourhood(conn)).near(case)
        if not _may_hand_on(case, staff_id, await member(conn, staff_id), near):
            raise Refused(Refusal.TRANSFER_NOT_YOURS)
        if to == case.acked_by or not _may_take(await member(conn, to), near):
            raise Refused(Refusal.TRANSFER_NOT_TO)
        await _reseal(conn, store, now, case, staff_id, private_key, to)
        await conn.execute(update(case_file).where(case_file.c.id == case_id).values(acked_by=to, acked_at=now))
        await drafts.drop(conn, case_id, case.acked_by)
        if case.waiting_since is not None:
            await escalations.begin_for_case(conn, escalation_policy().promised(case.level, now), case)
        meta: dict[str, audit.Code] = {"reason": reason, "to": str(to)}
        if case.acked_by != staff_id:
            meta["from"] = str(case.acked_by)
        who, about = str(staff_id), str(case_id)
        await audit.record(conn, now, store.keys.audit, actor=who, action="case.transferred", object=about, meta=meta)
        await cases.announce(conn, case_id)


async def _reseal(
    conn: AsyncConnection, store: Store, now: datetime, case: Any, by: UUID, private_key: bytes, new: UUID
) -> None:
    """Give the readers of from now on the past, and begin an epoch that whoever had the case does not hold."""
    key = await cases.person_key(store, case)
    opened = await case_keys.epoch_keys(conn, case, key, by, private_key)
    if not opened:
        raise Refused(Refusal.CASE_NOT_SEALED)
    await case_readers.let_in(conn, case.id, new)
    await case_readers.shut_out(conn, now, case.id, case.acked_by)
    hers = await case_readers.of(conn, now, case)
    await rekey.hand_on(conn, case, key, opened, hers)
    newest, _ = await case_keys.newest_key(conn, case.id)
    await case_keys.new_epoch(conn, case.id, case.person_id, key, newest + 1, hers, store.keys.recovery_public)
