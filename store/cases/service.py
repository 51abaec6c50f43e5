"""Operations on cases: opened by a cry, read only by staff who read cases, closed by a human.

A case has a key pair of its own. The public half seals every line on arrival; the private half is sealed (HPKE) to each
reader and to the offline recovery key, and that seal is wrapped once more under the person's data key: destroying her
key makes the case unreadable here and in every backup. A new epoch of the pair is made when a reader leaves.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    any_,
    func,
    literal,
    select,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from content.packaged import PACKAGED
from store.cases.impartiality import neighbourhood
from store.cases.keys import key_info, new_epoch
from store.cases.models import case_file, case_line
from store.crypto import hpke
from store.crypto.fields import decrypt, encrypt, pad, place, unpad
from store.db.engine import Store, driver_of, raw
from store.errors import Refused
from store.escalation import escalations
from store.groups.models import membership, subscription, village_group
from store.messages.models import Status
from store.refusals import Refusal
from store.staff.roster import CaseReader


@cache
def aliases() -> tuple[str, ...]:
    """The names a person is shown under; none of them is a person's name in use."""
    return tuple((PACKAGED / "aliases.txt").read_text("utf-8").split("\n"))[:-1]


def binding_place(case_id: UUID, person: UUID) -> bytes:
    """The place of the proof that this case is hers."""
    return place("case_file", "binding", case_id.hex, person)


async def found(conn: AsyncConnection, case_id: UUID, *, lock: bool = False) -> Any:
    """The row of a case. Raises Refused when there is none."""
    query = select(case_file).where(case_file.c.id == case_id)
    row = (await conn.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise Refused(Refusal.CASE_NOT_FOUND)
    return row


async def person_key(store: Store, case: Any) -> AESGCM:
    """The data key of the person of a case, after proof that the case is hers. Raises Forgotten, Sealed."""
    async with raw(store.keyring) as ring:
        key = await store.ring.key_of(ring, case.person_id)
    decrypt(key, case.binding_ct, binding_place(case.id, case.person_id))
    return key


async def find_open(conn: AsyncConnection, person_id: UUID) -> Any | None:
    """The open case of a person, or None."""
    query = select(case_file).where(case_file.c.person_id == person_id, case_file.c.closed_at.is_(None))
    return (await conn.execute(query)).one_or_none()


async def open_case(
    conn: AsyncConnection,
    now: datetime,
    *,
    person_id: UUID,
    key: AESGCM,
    account: int,
    level: int,
    reason: str,
    place_kind: str,
    flags: Sequence[str],
    readers: Sequence[CaseReader],
    recovery_public: bytes,
) -> Any:
    """Open a case for a person, or find her open one and raise it. Returns the row of `case_file`."""
    case_id = uuid4()
    communes = await communes_of(conn, person_id)
    values = {
        "id": case_id,
        "alias": secrets.choice(aliases()),
        "person_id": person_id,
        "account": account,
        "binding_ct": encrypt(key, b"hers", binding_place(case_id, person_id)),
        "level": level,
        "reason": reason,
        "place": place_kind,
        "flags": list(flags),
        "opened_at": now,
        "level_at": now,
        "waiting_since": now,
        "communes": communes,
    }
    row = await _insert_with_number(conn, values)
    if row is None:
        await add_flags(conn, now, person_id, flags)
        await raise_level(conn, now, person_id=person_id, level=level)
        return await find_open(conn, person_id)
    near = (await neighbourhood(conn)).near(row) if communes else ()
    impartial = [reader for reader in readers if reader.staff_id not in near]
    await new_epoch(conn, case_id, person_id, key, 1, impartial, recovery_public)
    await escalations.begin_for_case(conn, now, row)
    return row


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


async def _insert_with_number(conn: AsyncConnection, values: dict[str, Any]) -> Any | None:
    """Insert with a random number of four to six digits; None when the person has an open case already."""
    for digits in (4, 4, 4, 5, 5, 6, 6, 6):
        number = new_number(digits)
        query = pg_insert(case_file).values(number=number, **values).on_conflict_do_nothing().returning(case_file)
        row = (await conn.execute(query)).one_or_none()
        if row is not None:
            return row
        if await find_open(conn, values["person_id"]) is not None:
            return None
    raise RuntimeError("no free case number was found in eight draws: are there a million open cases?")


async def add_line(
    conn: AsyncConnection,
    now: datetime,
    *,
    case_id: UUID,
    epoch: int,
    public: bytes,
    direction: str,
    text_: str,
    cause_kind: int,
    cause: str,
    author: UUID | None = None,
) -> int | None:
    """Seal one line to the people of the case. Returns its id, or None when this cause already has its line."""
    sealed = hpke.seal(public, pad(text_.encode("utf-8", "replace")), key_info(case_id, epoch))
    query = (
        pg_insert(case_line)
        .values(
            case_id=case_id,
            direction=direction,
            at=now,
            epoch=epoch,
            sealed=sealed,
            author=author,
            cause_kind=cause_kind,
            cause=cause,
        )
        .on_conflict_do_nothing()
        .returning(case_line.c.id)
    )
    line: int | None = (await conn.execute(query)).scalar_one_or_none()
    if line is not None:
        await announce(conn, case_id)
    return line


async def announce(conn: AsyncConnection, case_id: UUID) -> None:
    """Tell every console that something about this case has changed, when this transaction commits."""
    await conn.execute(select(func.pg_notify("case", str(case_id))))


async def add_flags(conn: AsyncConnection, now: datetime, person_id: UUID, flags: Sequence[str]) -> None:
    """Mark her open case with what became known later (a child, a watched phone); no mark is ever taken away.

    A mark that asks for a skill pages again while nobody has the case.
    """
    known, case = case_file.c.flags, None
    hers = (case_file.c.person_id == person_id, case_file.c.closed_at.is_(None))
    for flag in flags:
        marked = (
            update(case_file)
            .where(*hers, (literal(flag) == any_(known)).is_not(True))
            .values(flags=func.array_append(known, flag))
        )
        case = (await conn.execute(marked.returning(case_file))).one_or_none() or case
    if case is not None and case.acked_by is None:
        await escalations.begin_anew(conn, now, case)


async def raise_level(conn: AsyncConnection, now: datetime, *, person_id: UUID, level: int) -> bool:
    """Raise the open case of a person; a level not higher than today's changes nothing.

    Whoever has the case was paged for less than this: the escalation begins anew, from its first step.
    """
    query = (
        update(case_file)
        .where(case_file.c.person_id == person_id, case_file.c.closed_at.is_(None), case_file.c.level < level)
        .values(level=level, level_at=now)
        .returning(case_file)
    )
    case = (await conn.execute(query)).one_or_none()
    if case is None:
        return False
    await escalations.supersede(conn, now, case.id)
    await escalations.begin_for_case(conn, now, case)
    await announce(conn, case.id)
    return True


_HEARD = """
WITH kept AS (
  UPDATE ledger SET not_before = $2 WHERE person_id = (SELECT person_id FROM case_file WHERE id = $1)
  AND status = $3 AND reason = 'kept')
UPDATE case_file SET waiting_since = $2 WHERE id = $1 AND waiting_since IS NULL
RETURNING id, level, number, flags, place, communes"""


class _Waiting(msgspec.Struct, frozen=True):
    id: UUID
    level: int
    number: str
    flags: list[str]
    place: str
    communes: list[str]


async def person_wrote(conn: AsyncConnection, now: datetime, case_id: UUID) -> None:
    """She wrote: answers kept for her silence may go (safety rule 6), and the case waits for an answer from now.

    Whoever has the case may be asleep: when the time promised for its level has passed without an answer, a new
    escalation begins.
    """
    case = await driver_of(conn).fetchrow(_HEARD, case_id, now, int(Status.DEFERRED))
    if case is not None:
        waiting = _Waiting(**case)
        await escalations.begin_for_case(conn, escalation_policy().promised(waiting.level, now), waiting)


def open_line(private: bytes, row: Any) -> str:
    """Open one line with the private key of its epoch. Raises Sealed."""
    return unpad(hpke.open_sealed(private, row.sealed, key_info(row.case_id, row.epoch))).decode()
