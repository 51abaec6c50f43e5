"""Review languages: who may review words and voices in which language; others' yes is no review."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.errors import Refused
from store.refusals import Refusal
from store.staff.models import login_name, staff


async def require(conn: AsyncConnection, staff_id: UUID, langs: Collection[str]) -> None:
    """Let a member review something in these languages. Raises Refused when one of them is not hers.

    Whose languages nobody has named reviews every language; whoever is no member reviews none.
    """
    row = (await conn.execute(select(staff.c.langs).where(staff.c.id == staff_id, staff.c.active))).one_or_none()
    strange = sorted(langs) if row is None else sorted(set(langs) - set(langs if row.langs is None else row.langs))
    if strange:
        raise Refused(Refusal.LANGUAGE_NOT_GIVEN, langs=strange)


async def give(
    conn: AsyncConnection, now: datetime, key: bytes, *, actor: str, login: str, langs: Collection[str]
) -> None:
    """Name the languages a member reviews from now on, none for every one, and record it. Raises Refused.

    `key` is the audit key.
    """
    mine = (staff.c.login == login_name(login)) & staff.c.active
    named = update(staff).where(mine).values(langs=sorted(set(langs)) or None).returning(staff.c.id)
    found = (await conn.execute(named)).scalar_one_or_none()
    if found is None:
        raise Refused(Refusal.LOGIN_UNKNOWN, login=login_name(login))
    meta: dict[str, audit.Code] = dict.fromkeys(sorted(set(langs)) or ["every"], True)
    await audit.record(conn, now, key, actor=actor, action="staff.languages", object=str(found), meta=meta)
