"""Operations on cases: opened by a cry, read only by staff who read cases, closed by a human.

A case has a key pair of its own. The public half seals every line on arrival; the private half is sealed (HPKE) to each
reader and to the offline recovery key, and that seal is wrapped once more under the person's data key: destroying her
key makes the case unreadable here and in every backup. A new epoch of the pair is made when a reader leaves.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import any_, func, literal, select, union, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.children import UNDER_16
from content.escalation.loader import escalation_policy
from store.cases import aliases
from store.cases.impartiality import neighbourhood
from store.cases.keys import CaseOwner, new_epoch
from store.cases.models import CaseRow, case_file, case_row
from store.crypto.fields import decrypt, encrypt, place
from store.db.engine import Store, driver_of, raw
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.escalation import escalations
from store.groups.models import membership, subscription, village_group
from store.refusals import Refusal
from store.staff.roster import CaseReader
from store.unit_of_work import UnitOfWork


def binding_place(case_id: UUID, person: UUID) -> bytes:
    """The place of the proof that this case is hers."""
    return place("case_file", "binding", case_id.hex, person)


async def load_case(conn: AsyncConnection, case_id: UUID, *, lock: bool = False) -> CaseRow:
    """The row of a case. Raises Refused when there is none."""
    query = select(case_file).where(case_file.c.id == case_id)
    row = (await conn.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise Refused(Refusal.CASE_NOT_FOUND)
    return case_row(row)


async def owned_case(work: UnitOfWork, case_id: UUID) -> CaseRow:
    """The case, locked, when it is open and in the hands of whoever acts. Raises Refused."""
    case = await load_case(work.conn, case_id, lock=True)
    if case.closed_at is not None:
        raise Refused(Refusal.CASE_CLOSED)
    if case.acked_by != work.staff_id:
        raise Refused(Refusal.CASE_NOT_YOURS)
    return case


async def person_key(store: Store, case: CaseRow) -> AESGCM:
    """The data key of the person of a case, after proof that the case is hers. Raises Forgotten, Sealed."""
    async with raw(store.keyring) as keyring_pg:
        key = await store.ring.key_of(keyring_pg, case.person_id)
    decrypt(key, case.binding_ct, binding_place(case.id, case.person_id))
    return key


async def find_open(conn: AsyncConnection, person_id: UUID) -> CaseRow | None:
    """The open case of a person, or None."""
    query = select(case_file).where(case_file.c.person_id == person_id, case_file.c.closed_at.is_(None))
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else case_row(row)


class Cry(msgspec.Struct, frozen=True, kw_only=True):
    """What opens a case: who, on which account, how grave (1 to 4) and why (a code), where she is, what is known.

    `alias` is the name she was shown under before, if she was.
    """

    person_id: UUID
    key: AESGCM
    account: int
    level: int
    reason: str
    place: str
    flags: Sequence[str] = ()
    readers: Sequence[CaseReader] = ()
    alias: str = ""


async def open_case(work: UnitOfWork, cry: Cry) -> CaseRow:
    """Open a case for a person, or find her open one and raise it; every console is told."""
    case_id = uuid4()
    communes = await communes_of(work.conn, cry.person_id)
    values = {
        "id": case_id,
        "alias": cry.alias or aliases.draw(),
        "person_id": cry.person_id,
        "account": cry.account,
        "binding_ct": encrypt(cry.key, b"hers", binding_place(case_id, cry.person_id)),
        "level": cry.level,
        "reason": cry.reason,
        "place": cry.place,
        "flags": list(cry.flags),
        "opened_at": work.now,
        "level_at": work.now,
        "waiting_since": work.now,
        "communes": communes,
        "child_at": work.now if UNDER_16 in cry.flags else None,
    }
    case = await _insert_with_number(work.conn, values) or await _raise_open(work, cry)
    if case.id == case_id:
        case = await _hold_alias(work.conn, case)
        near = (await neighbourhood(work.conn)).near(case) if communes else ()
        impartial = [reader for reader in cry.readers if reader.staff_id not in near]
        await new_epoch(work, CaseOwner(case_id, cry.person_id, cry.key), 1, impartial)
        await escalations.begin_for_case(work, work.now, case)
    work.notify(NotifyChannel.CASE, case.id)
    return case


async def _hold_alias(conn: AsyncConnection, case: CaseRow) -> CaseRow:
    """Hold the alias of a new case; where another person is called so, the case takes another one."""
    alias = await aliases.hold(conn, case.alias, {"number": case.number, "case_id": case.id})
    if alias != case.alias:
        await conn.execute(update(case_file).where(case_file.c.id == case.id).values(alias=alias))
    return msgspec.structs.replace(case, alias=alias)


async def _raise_open(work: UnitOfWork, cry: Cry) -> CaseRow:
    await add_flags(work, cry.person_id, cry.flags)
    await raise_level(work, cry.person_id, cry.level)
    case = await find_open(work.conn, cry.person_id)
    if case is None:
        raise RuntimeError("the open case that stood in the way of a new one is gone: do it again")
    return case


async def communes_of(conn: AsyncConnection, person_id: UUID) -> list[str]:
    """The communes we know somebody to be from: those of the groups she belongs to or hears from."""
    ties = membership, subscription
    bound = union(*(select(tie.c.group_id).where(tie.c.person_id == person_id) for tie in ties))
    area = village_group.c.area
    query = select(area).distinct().where(village_group.c.id.in_(bound)).order_by(area)
    return list((await conn.execute(query)).scalars())


def new_number(digits: int) -> str:
    """Draw a case number. None begins with 1: 111, 1800 and 1955 are hotlines, and no case must be called for one."""
    least = 2 * 10 ** (digits - 1)
    return str(least + secrets.randbelow(10**digits - least))


async def _insert_with_number(conn: AsyncConnection, values: dict[str, object]) -> CaseRow | None:
    """Insert with a random number of four to six digits; None when the person has an open case already."""
    open_case_of = select(case_file.c.id).where(
        case_file.c.person_id == values["person_id"], case_file.c.closed_at.is_(None)
    )
    for digits in (4, 4, 4, 5, 5, 6, 6, 6):
        number = new_number(digits)
        query = pg_insert(case_file).values(number=number, **values).on_conflict_do_nothing().returning(case_file)
        row = (await conn.execute(query)).one_or_none()
        if row is not None:
            return case_row(row)
        if (await conn.execute(open_case_of)).first() is not None:
            return None
    raise RuntimeError("no free case number was found in eight draws: are there a million open cases?")


async def add_flags(work: UnitOfWork, person_id: UUID, flags: Sequence[str]) -> None:
    """Mark her open case with what became known later (a child, a watched phone); no mark is ever taken away.

    A mark that asks for a skill pages again while nobody has the case.
    """
    known, case = case_file.c.flags, None
    hers = (case_file.c.person_id == person_id, case_file.c.closed_at.is_(None))
    for flag in flags:
        marked = (
            update(case_file)
            .where(*hers, (literal(flag) == any_(known)).is_not(True))
            .values(flags=func.array_append(known, flag), **({"child_at": work.now} if flag == UNDER_16 else {}))
        )
        case = (await work.conn.execute(marked.returning(case_file))).one_or_none() or case
    if case is not None and case.acked_by is None:
        await escalations.begin_anew(work, case_row(case))


async def raise_level(work: UnitOfWork, person_id: UUID, level: int) -> bool:
    """Raise the open case of a person; a level not higher than today's changes nothing.

    Whoever has the case was paged for less than this: the escalation begins anew, from its first step.
    """
    query = (
        update(case_file)
        .where(case_file.c.person_id == person_id, case_file.c.closed_at.is_(None), case_file.c.level < level)
        .values(level=level, level_at=work.now)
        .returning(case_file)
    )
    row = (await work.conn.execute(query)).one_or_none()
    if row is None:
        return False
    case = case_row(row)
    await escalations.supersede(work, case.id)
    await escalations.begin_for_case(work, work.now, case)
    work.notify(NotifyChannel.CASE, case.id)
    return True


_HEARD = """
UPDATE case_file SET waiting_since = $2 WHERE id = $1 AND waiting_since IS NULL
RETURNING id, level, number, flags, place, communes"""


class _Waiting(msgspec.Struct, frozen=True):
    id: UUID
    level: int
    number: str
    flags: list[str]
    place: str
    communes: list[str]


async def person_wrote(work: UnitOfWork, case_id: UUID) -> None:
    """She wrote: the case waits for an answer from now.

    Whoever has the case may be asleep: when the time promised for its level has passed without an answer, a new
    escalation begins.
    """
    row = await driver_of(work.conn).fetchrow(_HEARD, case_id, work.now)
    if row is not None:
        case = _Waiting(**row)
        await escalations.begin_for_case(work, escalation_policy().promised(case.level, work.now), case)
