"""A broadcast through many kill -9: nobody gets it twice, nobody is lost without a mark, a stop is heard at once.

The stand-in's delivery log is the truth. `unknown` may be no more than what was in the air at the kills.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text

from bot.cli.demo_data import GROUP
from content.zone import VIETNAM
from scheduler.clock import Clock
from store.broadcasts import approvals, decisions, overview
from store.broadcasts.proposals import ProposedCard, propose
from store.db.engine import raw
from store.groups.models import subscription, village_group
from store.messages.models import Status, ledger
from store.people import models as people
from store.people.models import person
from store.staff.models import staff
from store.unit_of_work import UnitOfWork, member_actor, unit_of_work
from tests.support import content
from tests.support.stage import Stage, stage, until

RATE = 150
"""Messages a second: slow enough that every kill finds some in the air."""
STAGES = ("claimed", "sent", "planning")
MOST_IN_THE_AIR = 32
"""Messages of broadcasts that the sender lets fly at once (bot/outbound/sender.py)."""


@dataclass
class BroadcastResult:
    """What a storm did and what was found afterwards."""

    recipients: int = 0
    kills: int = 0
    per_stage: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    unknown: int = 0
    unknown_allowed: int = 0
    twice: int = 0
    lost_unmarked: int = 0
    sent_but_never_seen: int = 0
    not_final: int = 0
    stop_seconds: float = 0.0
    after_stop: int = 0
    stopped_at: int = 0


class BroadcastStorm:
    """One group, two broadcasts: one through kills, one stopped."""

    def __init__(self, set_up: Stage, folder: Path, seed: int) -> None:
        self.set_up = set_up
        self.rng = random.Random(seed)
        self.outcome = BroadcastResult()
        now = Clock().now().astimezone(VIETNAM)
        morning = (now + timedelta(days=1)).replace(hour=9, minute=0)
        self.moved = (morning - now).total_seconds()
        self.clock = folder / "moved"
        self.clock.write_text(str(self.moved))
        self.card = ""

    def now(self) -> datetime:
        """Nine in the morning in Viet Nam, and what has passed since."""
        return Clock().now() + timedelta(seconds=self.moved)

    async def village(self, count: int) -> None:
        """Let so many people listen to the group."""
        store, world, now = self.set_up.store, self.set_up.world, self.now()
        phones = [world.phone("telegram", f"p{n}") for n in range(count)]
        async with raw(store.data) as conn, raw(store.keyring) as ring:
            number = await people.register_account(conn, "telegram", "telegram")
            strangers = [(number, store.keys.blind(str(number), p.address), p.address) for p in phones]
            for first in range(0, count, 1000):
                await people.add(conn, ring, store.ring, strangers[first : first + 1000], now)
        async with store.data.begin() as conn:
            group = (await conn.execute(select(village_group.c.id).where(village_group.c.title == GROUP))).scalar_one()
            everybody = (await conn.execute(select(person.c.id))).scalars().all()
            listens = [{"group_id": group, "person_id": who, "lang": "vi", "since": now} for who in everybody]
            await conn.execute(insert(subscription), listens)
        self.outcome.recipients = count

    async def approved(self) -> int:
        """Propose a card and approve it by a second person; returns the broadcast."""
        library = content.reviewed().library
        async with self._working("nasang") as work:
            self.card = (await approvals.approved(work.conn, library))[0]
            group = (await work.conn.execute(select(village_group.c.id))).scalars().first()
            made = await propose(work, library, ProposedCard(self.card, group))
            one = (await overview.proposals(work.conn, made, scope="vn"))[0]
        async with self._working("duyettin") as work:
            await decisions.decide(work, library, decisions.Decision(made, one.digest, "yes"))
        return made

    @contextlib.asynccontextmanager
    async def _working(self, login: str) -> AsyncIterator[UnitOfWork]:
        """A unit of work of a member of staff."""
        store = self.set_up.store
        async with store.data.connect() as conn:
            found: UUID = (await conn.execute(select(staff.c.id).where(staff.c.login == login))).scalar_one()
        async with unit_of_work(store, self.now(), member_actor(found)) as work:
            yield work

    async def through_kills(self, kills: int) -> int:
        """Send the first broadcast while its senders die, one after the other."""
        made = await self.approved()
        counted: Counter[str] = Counter()
        for n in range(kills):
            chosen = STAGES[n % len(STAGES)]
            after = self.rng.randint(1, 4 if chosen == "claimed" else max(2, self.outcome.recipients // kills))
            server_process = await self.set_up.start(
                "" if chosen == "planning" else chosen, after, clock=str(self.clock)
            )
            if chosen == "planning":
                await asyncio.sleep(self.rng.random() * 0.3)  # wherever it happens to be
                server_process.kill()
            waited = asyncio.create_task(server_process.wait())
            while not waited.done() and not await self._all_final(made):
                await asyncio.wait([waited], timeout=0.1)
            if server_process.returncode is None:
                server_process.kill()
            await waited
            counted[chosen] += 1
            if await self._all_final(made):
                break
        await self.set_up.start(clock=str(self.clock))
        await until(lambda: self._all_final(made), 300)
        self.outcome.kills, self.outcome.per_stage = sum(counted.values()), dict(counted)
        self.outcome.unknown_allowed = self.outcome.kills * MOST_IN_THE_AIR
        return made

    async def _all_final(self, made: int) -> bool:
        async with self.set_up.store.data.connect() as conn:
            left = await conn.execute(
                text(
                    "SELECT (SELECT planned_at IS NULL FROM broadcast WHERE id = :id) OR EXISTS "
                    "(SELECT 1 FROM ledger WHERE cause_kind = 4 AND cause = :id AND status IN (0, 1, 4))"
                ),
                {"id": made},
            )
            return not left.scalar_one()

    async def judge(self, made: int) -> None:
        """Compare the ledger with the phones."""
        out = self.outcome
        async with self.set_up.store.data.connect() as conn:
            rows = (
                await conn.execute(
                    select(ledger.c.status, person.c.bidx)
                    .join(person, person.c.id == ledger.c.person_id)
                    .where(ledger.c.cause_kind == 4, ledger.c.cause == made)
                )
            ).all()
            number = await conn.scalar(text("SELECT id FROM account WHERE name = 'telegram'"))
        keys = self.set_up.store.keys
        index = {p.slug: keys.blind(str(number), p.address) for p in self.set_up.world.phones}
        seen = Counter(index[user] for user in self._delivered())
        status = {row.bidx: row.status for row in rows}
        out.sent = sum(row.status == Status.SENT for row in rows)
        out.unknown = sum(row.status == Status.UNKNOWN for row in rows)
        out.not_final = sum(row.status not in (Status.SENT, Status.UNKNOWN) for row in rows)
        out.lost_unmarked = out.recipients - len(status)
        out.twice = sum(times - 1 for times in seen.values() if times > 1)
        out.sent_but_never_seen = sum(row.status == Status.SENT and not seen[row.bidx] for row in rows)

    def _delivered(self) -> list[str]:
        words = content.reviewed().library.say(self.card).text
        log = self.set_up.world.log.select(0, kind="delivered", channel="telegram")
        return [entry["user"] for entry in log if words in entry["text"]]

    async def stopped(self) -> None:
        """Stop a second broadcast on its way, and count what still arrives."""
        before = len(self._delivered())
        made = await self.approved()
        await until(lambda: len(self._delivered()) - before > self.outcome.recipients // 10, 60)
        async with self._working("duyettin") as work:
            await decisions.change(work, content.reviewed().library, made, "stop")
        at = time.monotonic()
        self.outcome.stopped_at = reached = len(self._delivered()) - before
        last = at
        while time.monotonic() - at < 4:
            await asyncio.sleep(0.02)
            if (now := len(self._delivered()) - before) > reached + self.outcome.after_stop:
                self.outcome.after_stop, last = now - reached, time.monotonic()
        self.outcome.stop_seconds = round(last - at, 2)


async def storm(folder: Path, recipients: int, kills: int, seed: int = 5) -> BroadcastResult:
    """Gather listeners, broadcast through kills, judge, stop another."""
    async with stage(folder) as set_up:
        telegram = next(a for a in set_up.settings["accounts"] if a["channel"] == "telegram")
        set_up.settings["accounts"] = [telegram | {"rate": RATE}]
        run = BroadcastStorm(set_up, folder, seed)
        await run.village(recipients)
        await run.judge(await run.through_kills(kills))
        await run.stopped()
        return run.outcome


def report(outcome: BroadcastResult) -> dict[str, Any]:
    """The outcome as plain data."""
    return asdict(outcome)


def broken(outcome: BroadcastResult) -> bool:
    """Whether a must was broken."""
    marks = (outcome.twice, outcome.lost_unmarked, outcome.sent_but_never_seen, outcome.not_final)
    late = outcome.stop_seconds > 2 or outcome.after_stop > 50
    return any(marks) or late or outcome.unknown > outcome.unknown_allowed
