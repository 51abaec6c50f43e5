"""A thousand cases with staff silent, a service killed at every step, people racing to take each case.

Every step must be done within ten seconds of its moment on the moved clock, every case have exactly one owner, and
nothing but a human end an escalation.
"""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from scheduler.clock import Clock
from store.db.engine import Store, open_store
from store.escalation.escalations import STEP_DUE
from store.jobs.scheduled import due_item
from tests.chaos.escalation_judge import EscalationResult, judge, open_cases, race
from tests.support.processes.servers import ServerProcess
from tests.support.stage import Stage, stage, until

BUNCHES, APART = 6, timedelta(minutes=5)
"""In how many bunches the cases are opened, and how far apart: so their steps fall due together."""
AT_ONCE = 20
"""Cases opened in one transaction, so that none is old when it is committed."""
LASTS = timedelta(minutes=75)
"""When the storm ends."""
TAKEN = 0.004
"""Which part of the waiting cases is raced for at each step; the others' staff stay silent to the end."""


class EscalationStorm:
    """One run over a service that is killed again and again."""

    def __init__(self, set_up: Stage, folder: Path, seed: int) -> None:
        self.set_up = set_up
        self.rng = random.Random(seed)
        self.file = folder / "moved"
        self.file.write_text("0")
        self.moved = 0.0
        self.outcome = EscalationResult()
        self.server_process: ServerProcess | None = None

    def now(self) -> datetime:
        """The storm's time."""
        return Clock().now() + timedelta(seconds=self.moved)

    async def go(self, count: int) -> None:
        """Open the cases bit by bit, go from moment to moment, kill at every step, let people race."""
        uris = self.set_up.settings["database_url"], self.set_up.settings["keyring_url"]
        stores = [self.set_up.store, open_store(*uris, self.set_up.store.keys)]
        begun = self.now()
        waiting: list[UUID] = []
        await self._alive()
        for bunch in range(BUNCHES):
            await self._until(begun + bunch * APART, stores, waiting)
            for n in range(0, count // BUNCHES + (bunch < count % BUNCHES), AT_ONCE):
                many = min(AT_ONCE, count // BUNCHES + (bunch < count % BUNCHES) - n)
                waiting += await open_cases(self.set_up.store, many, self.now(), self.rng)
        await self._until(begun + LASTS, stores, waiting)
        for case_id in waiting:
            await race(stores, self.now(), case_id, self.outcome)
        await stores[1].close()

    async def _until(self, end: datetime, stores: list[Store], waiting: list[UUID]) -> None:
        """Go from step to step until `end`."""
        while self.now() < end:
            if await self._due():
                await self._rung(stores, waiting)
            await self._forward(end)

    async def _rung(self, stores: list[Store], waiting: list[UUID]) -> None:
        """At a step: kill the service in the middle of it, and let people take some cases at the same moment."""
        many = min(len(waiting), self.rng.randint(0, round(len(waiting) * TAKEN) + 1))
        taken = [waiting.pop(self.rng.randrange(len(waiting))) for _ in range(many)]
        if self.server_process is not None:
            await asyncio.sleep(self.rng.random() * 0.3)  # how far it got is chance, and chance is the test
            self.server_process.kill()
            self.outcome.kills += 1
            await self.server_process.wait()
        await asyncio.gather(self._alive(), *(race(stores, self.now(), case_id, self.outcome) for case_id in taken))
        await until(self._nothing_due, 60)

    async def _forward(self, end: datetime) -> None:
        """Move the clock to the next step, or to `end`."""
        async with self.set_up.store.data.connect() as conn:
            query = select(func.min(due_item.c.due_at)).where(
                due_item.c.kind == STEP_DUE.number, due_item.c.done_at.is_(None)
            )
            following = (await conn.execute(query)).scalar_one() or end
        self.moved += max(0.0, (min(following, end) - self.now()).total_seconds())
        self.file.write_text(str(self.moved))

    async def _due(self) -> int:
        async with self.set_up.store.data.connect() as conn:
            query = select(func.count()).where(
                due_item.c.kind == STEP_DUE.number, due_item.c.done_at.is_(None), due_item.c.due_at <= self.now()
            )
            return int((await conn.execute(query)).scalar_one())

    async def _nothing_due(self) -> bool:
        return not await self._due()

    async def _alive(self) -> None:
        if self.server_process is None or self.server_process.returncode is not None:
            self.server_process = await self.set_up.start(clock=str(self.file))


async def storm(folder: Path, count: int, seed: int = 5) -> EscalationResult:
    """Open, escalate, kill, race, judge."""
    async with stage(folder) as set_up:
        set_up.settings["accounts"] = [a for a in set_up.settings["accounts"] if a["channel"] == "telegram"]
        run = EscalationStorm(set_up, folder, seed)
        await run.go(count)
        return await judge(set_up.store, run.now(), run.outcome)
