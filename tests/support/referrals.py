"""Hands for the tests of handing on: a case that is held, its woman on a phone, and the console's acts on it."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from store.people import models as people
from store.referrals import models as referral_models
from store.referrals import service as referrals
from store.referrals.service import ReferralQuestion
from store.unit_of_work import UnitOfWork, member_actor, unit_of_work
from tests.support import casework
from tests.support.system import System

SERVICE = "vn.peacehouse"
FIELDS = ("place", "needs")


class ReferralSetup:
    """A case that Hoa Ban has, its woman on Zalo, and hands to use both."""

    def __init__(self, system: System, case: UUID, hoaban: UUID, hoasen: UUID) -> None:
        self.system, self.case, self.hoaban, self.hoasen = system, case, hoaban, hoasen
        self.store = system.store

    @property
    def now(self) -> Any:
        """The time of the service."""
        return self.system.runtime.clock.now()

    def work(self, staff_id: UUID) -> AbstractAsyncContextManager[UnitOfWork]:
        """The transaction of what a member does."""
        return unit_of_work(self.store, self.now, member_actor(staff_id))

    async def ask(self, *fields: str, service: str = SERVICE, key: UUID | None = None) -> None:
        """Ask her about a service."""
        library = self.system.runtime.library
        key = key or uuid4()
        async with self.work(self.hoaban) as work:
            await referrals.ask(work, self.case, ReferralQuestion(key, service, fields or FIELDS), library)
        await self.system.quiet()

    async def says(self, words: str) -> None:
        """Let her write; beside a human nothing comes back."""
        before = await self.system.count("SELECT count(*) FROM case_line WHERE direction = 'in'")
        await self.system.do("zalo_oa", "lan", "say", text=words)
        for _ in range(500):
            await asyncio.sleep(0.01)
            if await self.system.count("SELECT count(*) FROM case_line WHERE direction = 'in'") > before:
                return
        raise AssertionError("her words did not reach her case")

    async def rows(self) -> list[referral_models.ReferralRow]:
        """The referrals, the newest first."""
        async with self.store.data.connect() as conn:
            return await referral_models.of_case(conn, self.case)

    async def confirmed(self) -> int:
        """Ask, hear her yes, let Hoa Sen confirm; returns the referral."""
        await self.ask()
        await self.says("401")
        [one] = await self.rows()
        await self.confirm(one.id)
        return one.id

    async def confirm(self, number: int, who: UUID | None = None) -> None:
        """Let Hoa Sen, or somebody else, confirm it."""
        async with self.work(who or self.hoasen) as work:
            await referrals.confirm(work, self.case, number)

    async def hand(self, number: int, way: str = "sheet", body: bytes | None = None) -> None:
        """Hand it over."""
        async with self.work(self.hoaban) as work:
            await referrals.hand(work, self.case, number, way, body)

    async def consents(self) -> list[tuple[str, bool]]:
        """Her consents in order: purpose and answer."""
        async with self.store.data.connect() as conn:
            rows = await conn.execute(select(people.consent).order_by(people.consent.c.id))
            return [(row.purpose, row.given) for row in rows if row.purpose != "C2"]


async def taken(system: System) -> ReferralSetup:
    """Let her cry, and Hoa Ban take her case."""
    await system.talk("zalo_oa", "lan", "cuu em voi")
    [case] = await system.cases()
    (hoaban, _), (hoasen, _) = await system.counsellor("hoaban"), await system.counsellor("hoasen")
    assert await casework.acknowledge(system.store, system.runtime.clock.now(), case.id, hoaban)
    return ReferralSetup(system, case.id, hoaban, hoasen)
