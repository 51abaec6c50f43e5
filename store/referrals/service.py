"""Operations on referrals: ask her, confirm by a second reader, hand over, take the receipt, each with its checks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import update

from content.directory.numbers import name_of
from content.directory.referrals import ASK, ASK_LIFE, CHILD, FIELDS, LIFE, field_card
from content.directory.referrals import referral as rules
from content.library import Library
from store.cases import readers as case_readers
from store.cases.lines import NewLine, add_line
from store.cases.service import load_case, owned_case
from store.casework.correspondence import open_correspondence
from store.casework.replies import Answer, send
from store.errors import Refused
from store.jobs import scheduled
from store.jobs.scheduled import due_kind
from store.messages.models import Cause
from store.referrals import models as referral_models
from store.referrals.models import (
    AGREED,
    ASKED,
    CONFIRMED,
    FORM,
    HANDED,
    WAYS,
    WITHDRAWN,
    NewReferral,
    ReferralRow,
    referral,
)
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

C3, C6 = "C3", "C6"
RECEIPT_DUE = due_kind(8, "receipt")
"""The service had time to say that it took over."""
LONGEST = 120
"""Characters of who took it."""


class ReferralQuestion(msgspec.Struct, frozen=True):
    """What she is asked: whether a service may be told these fields; without one, whether help for her life may be.

    The same `key` twice is one question.
    """

    key: UUID
    service: str = ""
    fields: Sequence[str] = ()


async def ask(work: UnitOfWork, case_id: UUID, question: ReferralQuestion, library: Library) -> None:
    """Ask her in the chat whether one service may be told some fields. Raises Refused, Forgotten.

    It leaves as an answer of whoever has the case: under her alias, kept while she is silent.
    """
    if question.service not in library.services or not question.fields or not set(question.fields) <= set(FIELDS):
        raise Refused(Refusal.REFERRAL_CHOICE)
    chosen = [field for field in FIELDS if field in question.fields]
    await _ask(work, case_id, msgspec.structs.replace(question, fields=chosen), library)


async def ask_for_life(work: UnitOfWork, case_id: UUID, key: UUID, library: Library) -> None:
    """Ask her whether help may be called without asking her again when her life is in danger (C6)."""
    await _ask(work, case_id, ReferralQuestion(key), library)


async def _ask(work: UnitOfWork, case_id: UUID, question: ReferralQuestion, library: Library) -> None:
    her = await open_correspondence(work, case_id)
    if "duress" in her.case.flags:
        raise Refused(Refusal.REFERRAL_FORCED)
    seen = library.card(card := ASK if question.service else ASK_LIFE, her.lang)
    new = NewReferral(
        key=question.key,
        purpose=C3 if question.service else C6,
        service=question.service,
        fields=question.fields,
        basis="consent",
        version=f"{card}.{seen.lang}.{seen.version}",
        state=ASKED,
    )
    row = await referral_models.add(work, case_id, new)
    if row is not None:
        referral_models.record(work, case_id, "asked", row)
        await send(work, her, Answer(words(library, her.lang, row), question.key), library)


def words(library: Library, lang: str, row: ReferralRow) -> str:
    """What she is asked: which service, what it would be told, and how she answers."""
    if not row.service:
        return library.say(ASK_LIFE, lang, yes=row.yes, no=row.no).text
    told = "; ".join(library.say(field_card(field), lang).text for field in row.fields)
    service = name_of(library.services[row.service], lang)
    return library.say(ASK, lang, service=service, fields=told, yes=row.yes, no=row.no).text


class ReferralDuty(msgspec.Struct, frozen=True):
    """What may be told without asking her: a service, for a child or for a life. The same `key` twice is one."""

    key: UUID
    service: str
    basis: str


async def without_asking(work: UnitOfWork, case_id: UUID, duty: ReferralDuty) -> None:
    """Prepare what a duty demands; a second reader confirms it like any other.

    Raises Refused where the case is not marked so, or she never said yes to it (C6).
    """
    if duty.service not in rules().duty.get(duty.basis, ()):
        raise Refused(Refusal.REFERRAL_ASK_FIRST)
    case = await owned_case(work, case_id)
    if duty.basis == CHILD and "under_16" not in case.flags:
        raise Refused(Refusal.REFERRAL_NOT_UNDER_16)
    if duty.basis == LIFE and (case.level < 4 or not await referral_models.consents(work.conn, case_id, C6)):
        raise Refused(Refusal.REFERRAL_NO_DANGER)
    new = NewReferral(
        key=duty.key,
        purpose=C3,
        service=duty.service,
        fields=[field for field in FIELDS if field != "number"],
        basis=duty.basis,
        version=f"duty.{duty.basis}",
        state=AGREED,
    )
    row = await referral_models.add(work, case_id, new)
    if row is not None:
        referral_models.record(work, case_id, "duty", row, basis=duty.basis)


async def confirm(work: UnitOfWork, case_id: UUID, referral_id: int) -> None:
    """Say as a second reader of the case that this may leave (safety rule 14). Raises Refused.

    She is neither the one who prepared it nor the one who has the case, and reads the case (safety rule 11).
    """
    case = await load_case(work.conn, case_id, lock=True)
    row = await referral_models.found(work.conn, case_id, referral_id)
    if case.closed_at is not None or work.staff_id in (row.asked_by, case.acked_by):
        raise Refused(Refusal.REFERRAL_SECOND_PERSON)
    if work.staff_id not in {reader.staff_id for reader in await case_readers.of(work.conn, work.now, case)}:
        raise Refused(Refusal.CASE_NOT_SEALED)
    if row.state != AGREED or not row.service:
        raise Refused(Refusal.REFERRAL_NOT_AGREED)
    await _change(work, row, state=CONFIRMED, confirmed_at=work.now, confirmed_by=work.staff_id)
    referral_models.record(work, case_id, "confirmed", row)


async def take_back(work: UnitOfWork, case_id: UUID, referral_id: int) -> None:
    """Write down that she took her yes back, in words of her own. Raises Refused."""
    case, row = await referral_models.taken_with_case(work, case_id, referral_id)
    if row.state == WITHDRAWN or row.withdrawn_at is not None:
        raise Refused(Refusal.REFERRAL_TAKEN_BACK)
    noted = await referral_models.answered(work, work.now, case, row, given=False)
    if noted is not None:
        await add_line(work, case_id, noted)
    referral_models.record(work, case_id, "taken_back", row)


async def hand(work: UnitOfWork, case_id: UUID, referral_id: int, way: str, body: bytes | None = None) -> None:
    """Hand it over by one transport: whoever has the case, after a second reader, never against her no. Raises Refused.

    `body` is what the signed request carries, encrypted to the service; the form of a child is for a child alone. The
    receipt falls due from the first time.
    """
    if way not in WAYS or (way == "hook") != (body is not None):
        raise Refused(Refusal.REFERRAL_TRANSPORT_UNKNOWN)
    _, row = await referral_models.taken_with_case(work, case_id, referral_id)
    if way == FORM and row.basis != CHILD:
        raise Refused(Refusal.REFERRAL_TRANSPORT_UNKNOWN)
    if row.state not in (CONFIRMED, HANDED) or row.withdrawn_at is not None:
        raise Refused(Refusal.REFERRAL_NOT_CONFIRMED)
    at = row.handed_at or work.now
    request = {"body_ct": body, "not_before": work.now, "tries": 0} if body is not None else {}
    await _change(work, row, state=HANDED, handed_at=at, handed_by=work.staff_id, way=way, **request)
    await scheduled.plan(work.conn, RECEIPT_DUE, row.id, rules().receipt_due(at))
    referral_models.record(work, case_id, "handed", row, way=way)


async def receipt(work: UnitOfWork, case_id: UUID, referral_id: int, who: str) -> None:
    """Write down who of the service took it, sealed to the readers of the case. Raises Refused."""
    who = " ".join(who.split())
    if not 0 < len(who) <= LONGEST:
        raise Refused(Refusal.RECEIPT_LENGTH, longest=LONGEST)
    _, row = await referral_models.taken_with_case(work, case_id, referral_id)
    if row.state != HANDED or row.receipt_at is not None:
        raise Refused(Refusal.RECEIPT_NOT_EXPECTED)
    line = NewLine("private", f"{row.code}: {who}", Cause.REFERRAL, f"{row.id}.receipt", work.staff_id)
    await add_line(work, case_id, line)
    await _change(work, row, receipt_at=work.now, receipt_by=work.staff_id, body_ct=None)
    await referral_models.note_report(work, case_id, row.service)
    referral_models.record(work, case_id, "receipt", row, by="staff")


async def _change(work: UnitOfWork, row: ReferralRow, **values: object) -> None:
    await work.conn.execute(update(referral).where(referral.c.id == row.id).values(values))
