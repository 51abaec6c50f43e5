"""Review languages: who may review words and voices in which language; others' yes is no review."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import Refused
from store.refusals import Refusal
from store.staff.models import login_name, staff
from store.unit_of_work import UnitOfWork


async def require(conn: AsyncConnection, staff_id: UUID, langs: Collection[str]) -> None:
    """Let a member review something in these languages. Raises Refused when one of them is not hers.

    Whose languages nobody has named reviews every language; whoever is no member reviews none.
    """
    row = (await conn.execute(select(staff.c.langs).where(staff.c.id == staff_id, staff.c.active))).one_or_none()
    strange = sorted(langs) if row is None else sorted(set(langs) - set(langs if row.langs is None else row.langs))
    if strange:
        raise Refused(Refusal.LANGUAGE_NOT_GIVEN, langs=strange)


async def give(work: UnitOfWork, login: str, langs: Collection[str]) -> None:
    """Name the languages a member reviews from now on, none for every one. Raises Refused."""
    mine = (staff.c.login == login_name(login)) & staff.c.active
    named = update(staff).where(mine).values(langs=sorted(set(langs)) or None).returning(staff.c.id)
    found = (await work.conn.execute(named)).scalar_one_or_none()
    if found is None:
        raise Refused(Refusal.LOGIN_UNKNOWN, login=login_name(login))
    work.record("staff.languages", found, **dict.fromkeys(sorted(set(langs)) or ["every"], True))
