"""Months of check-ins on a moved clock, with kills, days of downtime and jumps; counts what became of each.

Every check-in must be sent exactly once in its hours, or handed to a human, or both where its fate is unknown; nothing
may leave outside her hours or after she said stop. The stand-in's delivery log is the truth.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from content.zone import VIETNAM
from flows.features.checkins import HOURS
from flows.model.effects import Agree, RecordConsent
from scheduler.clock import Clock
from scheduler.quiet_hours import is_open, opening, windows_of
from store.checkins import service as checkins
from store.checkins.models import check_in, check_in_plan
from store.checkins.service import CheckInDays
from store.db.engine import raw
from store.jobs.human_tasks import task
from store.messages.models import Cause, Status, ledger
from store.people import models as people
from store.people.models import person
from store.people.service import record_consent
from store.staff.models import staff
from store.unit_of_work import UnitOfWork, member_actor, unit_of_work
from tests.support.processes.servers import ServerProcess
from tests.support.stage import Stage, stage, until

COVER = "cover_line_market"
LOOKS = ((8, 50), (9, 40), (10, 50), (12, 20), (14, 0), (19, 50), (20, 20), (21, 30))
"""Times of a day, in Viet Nam, at which the clock stops; a day of downtime has none."""
DOWN, JUMPED, STOPS = 0.08, 0.1, 0.0002
"""How likely a day is down, a look is jumped over; which part of the people (one at least) says stop each day."""


@dataclass
class CheckInResult:
    """What a storm did and what was found afterwards."""

    people: int = 0
    check_ins: int = 0
    days: int = 0
    days_down: int = 0
    kills: int = 0
    stopped: int = 0
    sent: int = 0
    handed: int = 0
    cancelled: int = 0
    unknown: int = 0
    neither: int = 0
    twice: int = 0
    outside_hours: int = 0
    after_stop: int = 0
    still_open: int = 0
    set_aside: int = 0


class CheckInStorm:
    """One run."""

    def __init__(self, set_up: Stage, folder: Path, seed: int, killed: float) -> None:
        self.set_up = set_up
        self.killed = killed
        self.rng = random.Random(seed)
        self.file = folder / "moved"
        self.file.write_text("0")
        self.moved = 0.0
        self.outcome = CheckInResult()
        self.stopped: dict[str, int] = {}
        self.server_process: ServerProcess | None = None

    def now(self) -> datetime:
        """The storm's time."""
        return Clock().now() + timedelta(seconds=self.moved)

    async def plan(self, count: int, days: int) -> None:
        """Let people agree, and start a two-step plan for each on two of the days to come."""
        store, now = self.set_up.store, self.now()
        today = now.astimezone(VIETNAM).date()
        phones = [self.set_up.world.phone("telegram", f"p{n}") for n in range(count)]
        async with raw(store.data) as conn, raw(store.keyring) as ring:
            number = await people.register_account(conn, "telegram", "telegram")
            strangers = [(number, store.keys.blind(str(number), p.address), p.address) for p in phones]
            for first in range(0, count, 500):
                await people.add(conn, ring, store.ring, strangers[first : first + 500], now)
        async with store.data.connect() as conn:
            by_index = dict((await conn.execute(select(person.c.bidx, person.c.id))).all())
            carer = (await conn.execute(select(staff.c.id).limit(1))).scalar_one()
        for first in range(0, count, 200):
            async with unit_of_work(store, now, member_actor(carer)) as work:
                for _, index, _ in strangers[first : first + 200]:
                    chosen = self.rng.sample(range(1, days), 2)
                    await self._one(work, by_index[index], [today + timedelta(days=n) for n in chosen])
        self.outcome.people, self.outcome.check_ins, self.outcome.days = count, 2 * count, days

    async def _one(self, work: UnitOfWork, who: UUID, days: list[date]) -> None:
        hours = self.rng.choice(list(HOURS.values()))
        await record_consent(work, who, RecordConsent(checkins.CONSENT, "storm", True))
        await checkins.agree(work, who, Agree(hours, "bí đỏ", "vi"))
        hers = select(check_in_plan.c.id).where(check_in_plan.c.person_id == who)
        found = (await work.conn.execute(hers)).scalar_one()
        await checkins.start(work, found, COVER, CheckInDays(days, opening, self.rng.randrange))

    async def go(self, days: int) -> None:
        """Live through the days."""
        await self._start()
        for _ in range(days + 2):
            if self.rng.random() < DOWN:
                await self._down()
                continue
            for hour, minute in LOOKS:
                if self.rng.random() >= JUMPED:
                    await self._look(hour, minute)
            await self._some_stop()
            await self._move_to(1, 0, 30)
        await self._move_to(2, 0, 30)
        await self._alive()
        await self._settled()

    async def _look(self, hour: int, minute: int) -> None:
        await self._move_to(0, hour, minute)
        if self.rng.random() < self.killed and self.server_process is not None:
            await asyncio.sleep(self.rng.random() * 0.15)  # how far it got is chance, and chance is the test
            if self.server_process.returncode is None:
                self.server_process.kill()
                self.outcome.kills += 1
            await self.server_process.wait()
        await self._alive()
        await self._settled()

    async def _down(self) -> None:
        """A whole day in which nobody is there."""
        self.outcome.days_down += 1
        assert self.server_process is not None
        self.server_process.terminate()
        await self.server_process.wait()
        await self._move_to(1, 0, 30)
        await self._alive()
        await self._settled()

    async def _some_stop(self) -> None:
        """A few people say stop; nothing may reach them after the service has heard it."""
        everybody = [f"p{n}" for n in range(self.outcome.people)]
        for slug in self.rng.sample(everybody, max(1, int(len(everybody) * STOPS))):
            await self.set_up.say("telegram", slug, "dừng")
            await self._settled()
            self.stopped.setdefault(slug, self.set_up.world.log.entries[-1]["n"])
        self.outcome.stopped = len(self.stopped)

    async def _move_to(self, days: int, hour: int, minute: int) -> None:
        now = self.now()
        day = now.astimezone(VIETNAM).date() + timedelta(days=days)
        ahead = (datetime.combine(day, time(hour, minute), VIETNAM) - now).total_seconds()
        if ahead <= 0:
            return
        self.moved += ahead
        await self.set_up.world.advance(ahead)
        self.file.write_text(str(self.moved))

    async def _start(self) -> None:
        self.server_process = await self.set_up.start(clock=str(self.file))

    async def _alive(self) -> None:
        if self.server_process is None or self.server_process.returncode is not None:
            await self._start()

    async def _settled(self) -> None:
        """Wait until nothing is due, pending or flying at this time of the storm."""

        async def done() -> bool:
            if self.set_up.world.telegram.updates.pending:
                return False
            async with self.set_up.store.data.connect() as conn:
                left = await conn.execute(
                    text(
                        "SELECT (SELECT count(*) FROM due_item WHERE done_at IS NULL AND due_at <= :now)"
                        " + (SELECT count(*) FROM ledger WHERE status = 1 OR (status IN (0, 4) AND not_before <= :now))"
                        " + (SELECT count(*) FROM inbox WHERE state = 0)"
                    ),
                    {"now": self.now()},
                )
                return not left.scalar_one()

        await until(done, 120)

    async def judge(self) -> CheckInResult:
        """Compare ledger, tasks and the stand-in's log."""
        out = self.outcome
        async with self.set_up.store.data.connect() as conn:
            query = (
                select(check_in.c.id, check_in.c.state, check_in_plan.c.person_id, check_in_plan.c.hours)
                .add_columns(ledger.c.status, task.c.id.label("task"), person.c.bidx)
                .join(check_in_plan, check_in_plan.c.id == check_in.c.plan_id)
                .join(person, person.c.id == check_in_plan.c.person_id)
                .outerjoin(ledger, (ledger.c.cause_kind == Cause.CHECK_IN) & (ledger.c.cause == check_in.c.id))
                .outerjoin(
                    task,
                    (task.c.kind == "check_in") & (task.c.subject == func.cast(check_in.c.id, task.c.subject.type)),
                )
            )
            rows = (await conn.execute(query)).all()
            number = await conn.scalar(text("SELECT id FROM account WHERE name = 'telegram'"))
            out.set_aside = await conn.scalar(text("SELECT count(*) FROM inbox WHERE state = 2"))
        states = Counter(row.state for row in rows)
        out.handed, out.cancelled = states["handed"], states["cancelled"]
        out.still_open = sum(states[state] for state in ("planned", "asked", "opened"))
        out.unknown = sum(row.status == Status.UNKNOWN for row in rows)
        out.neither = sum(row.status != Status.SENT and row.task is None and row.state != "cancelled" for row in rows)
        self._compare(rows, number)
        return out

    def _compare(self, rows: list[Any], number: int) -> None:
        """What the phones saw, on which day: her two days are different ones. The ledger forgets after a month."""
        out, keys = self.outcome, self.set_up.store.keys
        hours = {row.bidx: windows_of(row.hours) for row in rows}
        index = {p.slug: keys.blind(str(number), p.address) for p in self.set_up.world.phones}
        seen: Counter[tuple[bytes, date]] = Counter()
        for entry in self.set_up.world.log.select(0, kind="delivered", channel="telegram"):
            if not entry["text"].startswith("Chào chị, phiên chợ"):
                continue
            who, at = index[entry["user"]], datetime.fromisoformat(entry["at"])
            seen[who, at.astimezone(VIETNAM).date()] += 1
            out.outside_hours += not is_open(hours[who], at)
            out.after_stop += entry["n"] > self.stopped.get(entry["user"], entry["n"])
        out.sent = seen.total()
        out.twice = out.sent - len(seen)


async def storm(folder: Path, count: int, days: int, killed: float = 0.3, seed: int = 11) -> CheckInResult:
    """Plan, live, judge; `killed` is how likely each look at the clock ends in a kill."""
    async with stage(folder) as set_up:
        set_up.settings["accounts"] = [a for a in set_up.settings["accounts"] if a["channel"] == "telegram"]
        run = CheckInStorm(set_up, folder, seed, killed)
        await run.plan(count, days)
        await run.go(days)
        return await run.judge()


def report(outcome: CheckInResult) -> dict[str, Any]:
    """The outcome as plain data."""
    return asdict(outcome)


def broken(outcome: CheckInResult) -> bool:
    """Whether a must was broken."""
    lost = (outcome.neither, outcome.still_open, outcome.set_aside)
    return any((*lost, outcome.twice, outcome.outside_hours, outcome.after_stop))
