"""Tables of referrals: what she lets us tell a service, one service and its fields at a time, kept with its date.

A referral goes asked → agreed → confirmed (by a second reader of the case, safety rule 14) → handed → its receipt. Her
no blocks it at any time; after it was handed over it alerts staff. Nothing here holds a word or a value of hers: only
which service, which fields, who and when.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.cases import keys as case_keys
from store.cases import service as cases
from store.db.engine import Store, driver_of
from store.errors import Refused
from store.jobs import human_tasks
from store.messages.models import Cause
from store.metadata import metadata
from store.people import models as people
from store.refusals import Refusal

ASKED, AGREED, CONFIRMED, HANDED = "asked", "agreed", "confirmed", "handed"
DECLINED, WITHDRAWN = "declined", "withdrawn"
OPEN = (ASKED, AGREED, CONFIRMED, HANDED)
WAYS = ("sheet", "file", "hook")
TASK = "receipt"
"""What becomes a task: a receipt that does not come, a request that does not arrive, a yes taken back too late."""
PAIRS = (("401", "402"), ("501", "502"), ("601", "602"), ("701", "702"), ("801", "802"))
"""Yes and no of the questions of one case in turn: no age, no answer to the bot, no number that is called anywhere."""
_ANSWER = re.compile(r"([4-8]0[12])[.!]?(?:\s+ạ)?")

referral = Table(
    "referral",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Uuid, nullable=False, unique=True),
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("code", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("fields", ARRAY(Text), nullable=False),
    Column("basis", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("yes", Text, nullable=False, server_default=text("''")),
    Column("no", Text, nullable=False, server_default=text("''")),
    Column("state", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("asked_by", Uuid, nullable=False),
    Column("answered_at", DateTime(timezone=True), nullable=True),
    Column("confirmed_at", DateTime(timezone=True), nullable=True),
    Column("confirmed_by", Uuid, nullable=True),
    Column("handed_at", DateTime(timezone=True), nullable=True),
    Column("handed_by", Uuid, nullable=True),
    Column("way", Text, nullable=False, server_default=text("''")),
    Column("body_ct", LargeBinary, nullable=True),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("not_before", DateTime(timezone=True), nullable=True),
    Column("receipt_at", DateTime(timezone=True), nullable=True),
    Column("receipt_by", Uuid, nullable=True),
    Column("withdrawn_at", DateTime(timezone=True), nullable=True),
)
"""`key` is the same for a request that is sent twice; `code` names it to the service; `basis`: consent, child or life.
`body_ct` is what leaves by the signed request, encrypted to the service. `receipt_by`: empty for a signed answer."""


class ReferralRow(msgspec.Struct, frozen=True):
    """A referral as the console shows it."""

    id: int
    key: UUID
    code: str
    purpose: str
    service: str
    fields: tuple[str, ...]
    basis: str
    state: str
    asked_by: UUID
    answered_at: datetime | None
    confirmed_by: UUID | None
    handed_at: datetime | None
    way: str
    receipt_at: datetime | None
    receipt_by: UUID | None
    withdrawn_at: datetime | None

    @property
    def blocked(self) -> bool:
        """Whether nothing may leave: she said no, or took her yes back."""
        return self.state in (DECLINED, WITHDRAWN) or self.withdrawn_at is not None


async def of_case(conn: AsyncConnection, case_id: UUID) -> list[ReferralRow]:
    """The referrals of a case, the newest first."""
    query = select(referral).where(referral.c.case_id == case_id).order_by(referral.c.id.desc())
    return [as_row(found) for found in await conn.execute(query)]


def as_row(found: Any) -> ReferralRow:
    """Read a row of the table."""
    values = {name: getattr(found, name) for name in ReferralRow.__struct_fields__}
    return ReferralRow(**values | {"fields": tuple(found.fields)})


async def add(
    conn: AsyncConnection,
    now: datetime,
    case_id: UUID,
    staff_id: UUID,
    key: UUID,
    *,
    purpose: str,
    service: str,
    fields: Sequence[str],
    basis: str,
    version: str,
    state: str,
) -> Any:
    """Note a referral with a code and, while it is asked, the pair of answers that is free; returns the row."""
    earlier = (await conn.execute(select(referral.c.id).where(referral.c.case_id == case_id))).all()
    yes, no = PAIRS[len(earlier) % len(PAIRS)]
    values = {
        "key": key, "case_id": case_id, "code": new_code(), "purpose": purpose, "service": service, "basis": basis,
        "fields": list(fields), "version": version, "state": state, "asked_at": now, "asked_by": staff_id,
        "yes": yes, "no": no,
    }  # fmt: skip
    return (await conn.execute(insert(referral).values(values).returning(referral))).one()


def new_code() -> str:
    """A code for a service: a letter no case has, and six digits."""
    return f"G{secrets.randbelow(900_000) + 100_000}"


async def hear(conn: AsyncConnection, now: datetime, case: Any, words: str) -> None:
    """Take her answer when that is all she wrote: her yes, her no, or a yes taken back; kept with its date."""
    said = _ANSWER.fullmatch(words.strip().lower())
    if said is None or "duress" in case.flags:
        return  # after her word for danger somebody else may answer: a human hears it, the table does not
    mine = referral.c.case_id == case.id, referral.c.state.in_((*OPEN, DECLINED, WITHDRAWN))
    answers = (referral.c.yes == said[1]) | (referral.c.no == said[1])
    query = select(referral).where(*mine, answers)
    row = (await conn.execute(query.order_by(referral.c.id.desc()).limit(1).with_for_update())).one_or_none()
    if row is not None:
        await answered(conn, now, case, row, given=row.yes == said[1])


async def answered(conn: AsyncConnection, now: datetime, case: Any, row: Any, *, given: bool) -> None:
    """Keep her yes or no: on the referral, among her consents, and as a note beside the talk."""
    if given and row.state not in (ASKED, DECLINED):
        return  # said before, or taken back: then she is asked anew
    values: dict[str, Any] = {"answered_at": now}
    if given:
        values["state"] = AGREED
    elif row.state == HANDED:
        values["withdrawn_at"] = now
        await _call_a_human(conn, now, case, row)
    else:
        values["state"] = DECLINED if row.state in (ASKED, DECLINED) else WITHDRAWN
        values["withdrawn_at"] = None if values["state"] == DECLINED else now
    await conn.execute(update(referral).where(referral.c.id == row.id).values(values))
    purpose = f"{row.purpose}:{row.service}" if row.service else row.purpose
    await people.record_consent(driver_of(conn), now, case.person_id, purpose, row.version, given)
    said = AGREED if given else "withdrawn" if values.get("withdrawn_at") else DECLINED
    await note(conn, now, case.id, f"share={said}", f"{row.id}.{said}.{now.isoformat()}")


async def _call_a_human(conn: AsyncConnection, now: datetime, case: Any, row: Any) -> None:
    """What was handed cannot be called back by us: somebody tells the service."""
    about: dict[str, Any] = {"subject": f"{row.id}.back", "person_id": case.person_id, "alias": case.alias}
    await human_tasks.open_task(conn, now, kind=TASK, reason="taken_back", **about)


async def note(conn: AsyncConnection, now: datetime, case_id: UUID, text_: str, cause: str) -> None:
    """Write a note beside the talk, in codes."""
    epoch, public = await case_keys.newest_key(conn, case_id)
    where: dict[str, Any] = {"case_id": case_id, "epoch": epoch, "public": public}
    what: dict[str, Any] = {"direction": "note", "text_": text_, "cause_kind": Cause.REFERRAL, "cause": cause}
    await cases.add_line(conn, now, **where, **what)


async def taken_with_case(conn: AsyncConnection, case_id: UUID, staff_id: UUID, referral_id: int) -> tuple[Any, Any]:
    """The case and one referral of it, locked, for whoever has the case. Raises Refused."""
    case = await cases.found(conn, case_id, lock=True)
    if case.closed_at is not None or case.acked_by != staff_id:
        raise Refused(Refusal.CASE_NOT_YOURS)
    return case, await found(conn, case_id, referral_id)


async def found(conn: AsyncConnection, case_id: UUID, referral_id: int) -> Any:
    """One referral of a case, locked. Raises Refused."""
    query = select(referral).where(referral.c.id == referral_id, referral.c.case_id == case_id).with_for_update()
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        raise Refused(Refusal.REFERRAL_NOT_FOUND)
    return row


async def consents(conn: AsyncConnection, case_id: UUID, purpose: str) -> bool:
    """Whether she said yes to a purpose for this case and did not take it back (C6)."""
    query = select(referral.c.id).where(
        referral.c.case_id == case_id,
        referral.c.purpose == purpose,
        referral.c.state == AGREED,
        referral.c.withdrawn_at.is_(None),
    )
    return (await conn.execute(query.limit(1))).first() is not None


async def record(
    conn: AsyncConnection,
    store: Store,
    now: datetime,
    staff_id: UUID,
    case_id: UUID,
    action: str,
    row: Any,
    **more: Any,
) -> None:
    """Record an event of a referral: which service, how many fields, never what they hold."""
    meta: dict[str, audit.Code] = {"service": row.service or row.purpose, "fields": len(row.fields), **more}
    who, about = str(staff_id), str(case_id)
    await audit.record(conn, now, store.keys.audit, actor=who, action=f"referral.{action}", object=about, meta=meta)
    await cases.announce(conn, case_id)
