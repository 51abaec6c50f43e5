"""Tables of referrals: what she lets us tell a service, one service and its fields at a time, kept with its date.

A referral goes asked → agreed → confirmed (by a second reader of the case, safety rule 14) → handed → its receipt. Her
no blocks it at any time; after it was handed over it alerts staff. Nothing here holds a word or a value of hers: only
which service, which fields, who and when.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
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
    Row,
    Select,
    Table,
    Text,
    Uuid,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.children import children
from flows.model.effects import AnswerReferral, RecordConsent
from flows.parsing.numbers import code_number_in
from store import audit
from store.cases.inbound import InboundCase, add_inbound_line
from store.cases.lines import NewLine
from store.cases.models import CaseRow, case_file
from store.cases.service import owned_case
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.jobs.human_tasks import NewTask, open_task
from store.messages.models import Cause
from store.metadata import metadata
from store.people.service import record_consent
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

ASKED, AGREED, CONFIRMED, HANDED = "asked", "agreed", "confirmed", "handed"
DECLINED, WITHDRAWN = "declined", "withdrawn"
OPEN = (ASKED, AGREED, CONFIRMED, HANDED)
FORM = "form"
WAYS = ("sheet", "file", "hook", FORM)
TASK = "receipt"
"""What becomes a task: a receipt that does not come, a request that does not arrive, a yes taken back too late."""
PAIRS = (("401", "402"), ("501", "502"), ("601", "602"), ("701", "702"), ("801", "802"))
"""Yes and no of the questions of one case in turn: no age, no answer to the bot, no number that is called anywhere."""

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
    """A referral; `yes` and `no` are what she answers while she is asked."""

    id: int
    key: UUID
    code: str
    purpose: str
    service: str
    fields: tuple[str, ...]
    basis: str
    version: str
    yes: str
    no: str
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


class NewReferral(msgspec.Struct, frozen=True, kw_only=True):
    """A referral as it begins: what the service would be told of her, and what allows it."""

    key: UUID
    purpose: str
    service: str
    fields: Sequence[str]
    basis: str
    version: str
    state: str


_COLUMNS = [referral.c[name] for name in ReferralRow.__struct_fields__]


def _referral(row: Row[*tuple[object, ...]]) -> ReferralRow:
    values = dict(row._mapping)
    return ReferralRow(**values | {"fields": tuple(values["fields"])})


async def _first(conn: AsyncConnection, query: Select[*tuple[object, ...]]) -> ReferralRow | None:
    row = (await conn.execute(query.limit(1).with_for_update())).one_or_none()
    return None if row is None else _referral(row)


async def of_case(conn: AsyncConnection, case_id: UUID) -> list[ReferralRow]:
    """The referrals of a case, the newest first."""
    query = select(*_COLUMNS).where(referral.c.case_id == case_id).order_by(referral.c.id.desc())
    return [_referral(row) for row in await conn.execute(query)]


async def add(work: UnitOfWork, case_id: UUID, new: NewReferral) -> ReferralRow | None:
    """Note a referral with a code and, while it is asked, the pair of answers that is free; None when it is there."""
    earlier = select(func.count()).select_from(referral).where(referral.c.case_id == case_id)
    turn = (await work.conn.execute(earlier)).scalar_one()
    yes, no = PAIRS[turn % len(PAIRS)] if new.state == ASKED else ("", "")
    values = msgspec.structs.asdict(new) | {
        "case_id": case_id, "code": new_code(), "fields": list(new.fields), "yes": yes, "no": no,
        "asked_at": work.now, "asked_by": work.staff_id,
    }  # fmt: skip
    query = insert(referral).values(values).on_conflict_do_nothing(index_elements=[referral.c.key])
    row = (await work.conn.execute(query.returning(*_COLUMNS))).one_or_none()
    return None if row is None else _referral(row)


def new_code() -> str:
    """A code for a service: a letter no case has, and six digits."""
    return f"G{secrets.randbelow(900_000) + 100_000}"


async def hear(work: UnitOfWork, at: datetime, case: InboundCase, words: str) -> None:
    """Take her answer when that is all she wrote: her yes, her no, or a yes taken back; kept with its date."""
    said = code_number_in(words)
    if said not in chain(*PAIRS) or "duress" in case.flags:
        return  # after her word for danger somebody else may answer: a human hears it, the table does not
    mine = referral.c.case_id == case.id, referral.c.state.in_((*OPEN, DECLINED, WITHDRAWN))
    answers = (referral.c.yes == said) | (referral.c.no == said)
    row = await _first(work.conn, select(*_COLUMNS).where(*mine, answers).order_by(referral.c.id.desc()))
    if row is None:
        return
    noted = await answered(work, at, case, row, given=row.yes == said)
    if noted is not None:
        await add_inbound_line(work, at, case, noted)


async def hear_words(work: UnitOfWork, at: datetime, case: InboundCase, said: AnswerReferral) -> None:
    """Take an answer in words to a question that is still open; after her word for danger only a human hears it."""
    row = await _first(
        work.conn,
        select(*_COLUMNS).where(
            referral.c.id == said.referral, referral.c.case_id == case.id, referral.c.state == ASKED
        ),
    )
    if row is None or "duress" in case.flags:
        return
    noted = await answered(work, at, case, row, given=said.given)
    if noted is not None:
        await add_inbound_line(work, at, case, noted)


async def answered(
    work: UnitOfWork, at: datetime, case: CaseRow | InboundCase, row: ReferralRow, *, given: bool
) -> NewLine | None:
    """Keep her yes or no on the referral and among her consents; returns the note for the talk, None for no news."""
    if given and row.state not in (ASKED, DECLINED):
        return None  # said before, or taken back: then she is asked anew
    values: dict[str, object] = {"answered_at": at}
    if given:
        values["state"] = AGREED
    elif row.state == HANDED:
        values["withdrawn_at"] = at
        await _call_a_human(work, case, row)
    else:
        values["state"] = DECLINED if row.state in (ASKED, DECLINED) else WITHDRAWN
        values["withdrawn_at"] = None if values["state"] == DECLINED else at
    await work.conn.execute(update(referral).where(referral.c.id == row.id).values(values))
    purpose = f"{row.purpose}:{row.service}" if row.service else row.purpose
    await record_consent(work, case.person_id, RecordConsent(purpose, row.version, given))
    said = AGREED if given else "withdrawn" if values.get("withdrawn_at") else DECLINED
    return NewLine("note", f"share={said}", Cause.REFERRAL, f"{row.id}.{said}.{at.isoformat()}")


async def _call_a_human(work: UnitOfWork, case: CaseRow | InboundCase, row: ReferralRow) -> None:
    """What was handed cannot be called back by us: somebody tells the service."""
    await open_task(work, NewTask(TASK, f"{row.id}.back", "taken_back", case.person_id, case.alias))


async def taken_with_case(work: UnitOfWork, case_id: UUID, referral_id: int) -> tuple[CaseRow, ReferralRow]:
    """The case and one referral of it, locked, for whoever has the case. Raises Refused."""
    return await owned_case(work, case_id), await found(work.conn, case_id, referral_id)


async def found(conn: AsyncConnection, case_id: UUID, referral_id: int) -> ReferralRow:
    """One referral of a case, locked. Raises Refused."""
    query = select(*_COLUMNS).where(referral.c.id == referral_id, referral.c.case_id == case_id)
    row = await _first(conn, query)
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


async def note_report(work: UnitOfWork, case_id: UUID, service: str) -> None:
    """Note that the line which must be told of a child has taken what was handed over, where no report was before."""
    taken = case_file.c.id == case_id, case_file.c.child_at.is_not(None), case_file.c.reported_at.is_(None)
    if service == children().report.service:
        values = {"reported_at": work.now, "reported_by": work.actor.staff_id}
        await work.conn.execute(update(case_file).where(*taken).values(values))


def record(work: UnitOfWork, case_id: UUID, action: str, row: ReferralRow, **more: audit.Code) -> None:
    """Record an event of a referral: which service, how many fields, never what they hold."""
    work.record(f"referral.{action}", case_id, service=row.service or row.purpose, fields=len(row.fields), **more)
    work.notify(NotifyChannel.CASE, case_id)
