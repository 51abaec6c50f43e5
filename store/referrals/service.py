"""Operations on referrals: ask her, confirm by a second reader, hand over, take the receipt, each with its checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from content.directory.numbers import name_of
from content.directory.referrals import ASK, ASK_LIFE, CHILD, FIELDS, LIFE, field_card
from content.directory.referrals import referral as rules
from content.library import Library
from store.cases import keys as case_keys
from store.cases import readers as case_readers
from store.cases import service as cases
from store.casework import replies
from store.casework.correspondence import open_correspondence
from store.casework.replies import Answer
from store.db.engine import Store
from store.errors import Refused
from store.jobs import scheduled
from store.jobs.scheduled import due_kind
from store.messages.models import Cause
from store.referrals import models as referral_models
from store.referrals.models import AGREED, ASKED, CONFIRMED, HANDED, WAYS, WITHDRAWN, referral
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork, member_actor, unit_of_work

C3, C6 = "C3", "C6"
RECEIPT_DUE = due_kind(8, "receipt")
"""The service had time to say that it took over."""
LONGEST = 120
"""Characters of who took it."""


async def ask(
    store: Store,
    now: datetime,
    case_id: UUID,
    staff_id: UUID,
    key: UUID,
    library: Library,
    service: str,
    fields: Sequence[str],
) -> None:
    """Ask her in the chat whether one service may be told these fields. Raises Refused, Forgotten.

    The same `key` twice is one question. It leaves as an answer of whoever has the case: under her alias, kept while
    she is silent.
    """
    chosen = [field for field in FIELDS if field in fields]
    if service not in library.services or not chosen:
        raise Refused(Refusal.REFERRAL_CHOICE)
    await _ask(store, now, case_id, staff_id, key, library, service, chosen)


async def ask_for_life(store: Store, now: datetime, case_id: UUID, staff_id: UUID, key: UUID, library: Library) -> None:
    """Ask her whether help may be called without asking her again when her life is in danger (C6)."""
    await _ask(store, now, case_id, staff_id, key, library, "", [])


async def _ask(
    store: Store,
    now: datetime,
    case_id: UUID,
    staff_id: UUID,
    key: UUID,
    library: Library,
    service: str,
    fields: Sequence[str],
) -> None:
    card = ASK if service else ASK_LIFE
    async with store.data.begin() as conn:
        case = await cases.found(conn, case_id, lock=True)
        if case.closed_at is not None or case.acked_by != staff_id:
            raise Refused(Refusal.CASE_NOT_YOURS)
        if "duress" in case.flags:
            raise Refused(Refusal.REFERRAL_FORCED)
        if (await conn.execute(select(referral.c.id).where(referral.c.key == key))).first() is not None:
            return
        work = UnitOfWork(store, conn, now, member_actor(staff_id))
        lang = (await open_correspondence(work, case_id)).lang
        seen = library.card(card, lang)
        about: dict[str, Any] = {
            "purpose": C3 if service else C6,
            "service": service,
            "fields": fields,
            "basis": "consent",
        }
        version = f"{card}.{seen.lang}.{seen.version}"
        row = await referral_models.add(conn, now, case_id, staff_id, key, version=version, state=ASKED, **about)
        await referral_models.record(conn, store, now, staff_id, case_id, "asked", row)
    try:
        async with unit_of_work(store, now, member_actor(staff_id)) as work:
            await replies.reply(work, case_id, Answer(question(library, lang, row), key), library)
    except BaseException:
        async with store.data.begin() as conn:
            await conn.execute(delete(referral).where(referral.c.key == key, referral.c.state == ASKED))
        raise


def question(library: Library, lang: str, row: Any) -> str:
    """What she is asked: which service, what it would be told, and how she answers."""
    if not row.service:
        return library.say(ASK_LIFE, lang, yes=row.yes, no=row.no).text
    told = "; ".join(library.say(field_card(field), lang).text for field in row.fields)
    service = name_of(library.services[row.service], lang)
    return library.say(ASK, lang, service=service, fields=told, yes=row.yes, no=row.no).text


async def without_asking(
    store: Store, now: datetime, case_id: UUID, staff_id: UUID, key: UUID, service: str, basis: str
) -> None:
    """Prepare what the duty for a child or for a life demands; a second reader confirms it like any other.

    Raises Refused where the case is not marked so, or she never said yes to it (C6).
    """
    if service not in rules().duty.get(basis, ()):
        raise Refused(Refusal.REFERRAL_ASK_FIRST)
    async with store.data.begin() as conn:
        case = await cases.found(conn, case_id, lock=True)
        if case.closed_at is not None or case.acked_by != staff_id:
            raise Refused(Refusal.CASE_NOT_YOURS)
        if basis == CHILD and "under_16" not in case.flags:
            raise Refused(Refusal.REFERRAL_NOT_UNDER_16)
        if basis == LIFE and (case.level < 4 or not await referral_models.consents(conn, case_id, C6)):
            raise Refused(Refusal.REFERRAL_NO_DANGER)
        if (await conn.execute(select(referral.c.id).where(referral.c.key == key))).first() is not None:
            return
        fields = [field for field in FIELDS if field != "number"]
        about: dict[str, Any] = {
            "purpose": C3,
            "service": service,
            "fields": fields,
            "basis": basis,
            "version": f"duty.{basis}",
        }
        row = await referral_models.add(conn, now, case_id, staff_id, key, state=AGREED, **about)
        await conn.execute(update(referral).where(referral.c.id == row.id).values(yes="", no=""))
        await referral_models.record(conn, store, now, staff_id, case_id, "duty", row, basis=basis)


async def confirm(store: Store, now: datetime, case_id: UUID, staff_id: UUID, referral_id: int) -> None:
    """Say as a second reader of the case that this may leave (safety rule 14). Raises Refused.

    She is neither the one who prepared it nor the one who has the case, and reads the case (safety rule 11).
    """
    async with store.data.begin() as conn:
        case = await cases.found(conn, case_id, lock=True)
        row = await referral_models.found(conn, case_id, referral_id)
        if case.closed_at is not None or staff_id in (row.asked_by, case.acked_by):
            raise Refused(Refusal.REFERRAL_SECOND_PERSON)
        if staff_id not in {reader.staff_id for reader in await case_readers.of(conn, now, case)}:
            raise Refused(Refusal.CASE_NOT_SEALED)
        if row.state != AGREED or not row.service:
            raise Refused(Refusal.REFERRAL_NOT_AGREED)
        values = {"state": CONFIRMED, "confirmed_at": now, "confirmed_by": staff_id}
        await conn.execute(update(referral).where(referral.c.id == row.id).values(values))
        await referral_models.record(conn, store, now, staff_id, case_id, "confirmed", row)


async def take_back(store: Store, now: datetime, case_id: UUID, staff_id: UUID, referral_id: int) -> None:
    """Write down that she took her yes back, in words of her own. Raises Refused."""
    async with store.data.begin() as conn:
        case, row = await referral_models.taken_with_case(conn, case_id, staff_id, referral_id)
        if row.state == WITHDRAWN or row.withdrawn_at is not None:
            raise Refused(Refusal.REFERRAL_TAKEN_BACK)
        await referral_models.answered(conn, now, case, row, given=False)
        await referral_models.record(conn, store, now, staff_id, case_id, "taken_back", row)


async def hand(
    store: Store, now: datetime, case_id: UUID, staff_id: UUID, referral_id: int, way: str, body: bytes | None = None
) -> None:
    """Hand it over by one transport: whoever has the case, after a second reader, never against her no. Raises Refused.

    `body` is what the signed request carries, encrypted to the service. The receipt falls due from the first time.
    """
    if way not in WAYS or (way == "hook") != (body is not None):
        raise Refused(Refusal.REFERRAL_TRANSPORT_UNKNOWN)
    async with store.data.begin() as conn:
        _, row = await referral_models.taken_with_case(conn, case_id, staff_id, referral_id)
        if row.state not in (CONFIRMED, HANDED) or row.withdrawn_at is not None:
            raise Refused(Refusal.REFERRAL_NOT_CONFIRMED)
        at = row.handed_at or now
        values = {"state": HANDED, "handed_at": at, "handed_by": staff_id, "way": way}
        if body is not None:
            values |= {"body_ct": body, "not_before": now, "tries": 0}
        await conn.execute(update(referral).where(referral.c.id == row.id).values(values))
        moment = rules().receipt_due(at)
        await scheduled.plan(conn, RECEIPT_DUE, row.id, moment, moment)
        await referral_models.record(conn, store, now, staff_id, case_id, "handed", row, way=way)


async def receipt(store: Store, now: datetime, case_id: UUID, staff_id: UUID, referral_id: int, who: str) -> None:
    """Write down who of the service took it, sealed to the readers of the case. Raises Refused."""
    who = " ".join(who.split())
    if not 0 < len(who) <= LONGEST:
        raise Refused(Refusal.RECEIPT_LENGTH, longest=LONGEST)
    async with store.data.begin() as conn:
        _, row = await referral_models.taken_with_case(conn, case_id, staff_id, referral_id)
        if row.state != HANDED or row.receipt_at is not None:
            raise Refused(Refusal.RECEIPT_NOT_EXPECTED)
        epoch, public = await case_keys.newest_key(conn, case_id)
        where: dict[str, Any] = {"case_id": case_id, "epoch": epoch, "public": public, "author": staff_id}
        what: dict[str, Any] = {"direction": "private", "text_": f"{row.code}: {who}"}
        await cases.add_line(conn, now, **where, **what, cause_kind=Cause.REFERRAL, cause=f"{row.id}.receipt")
        values = {"receipt_at": now, "receipt_by": staff_id, "body_ct": None}
        await conn.execute(update(referral).where(referral.c.id == row.id).values(values))
        await referral_models.record(conn, store, now, staff_id, case_id, "receipt", row, by="staff")
