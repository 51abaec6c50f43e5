"""Cases that wait while staff are silent, people who race to take them, and the judge of what escalations did."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from content.escalation.loader import escalation_policy
from store.cases import service as cases
from store.cases.models import case_file
from store.db.engine import Store, raw
from store.escalation.escalations import STEP_DUE, climb, rung
from store.jobs.scheduled import due_item
from store.messages.hot_path.inbound import load_people
from store.people import models as people
from store.staff.models import READING, staff
from store.staff.roster import new_case_readers as readers_of
from store.unit_of_work import BOT, unit_of_work
from tests.support import casework

WITHIN = timedelta(seconds=10)
"""How far from its moment a step may be done, in virtual time."""
URGENT = (4, 4, 4, 3, 3, 2)
"""Levels of the cases: mostly the highest, where escalation is fastest."""


@dataclass
class EscalationResult:
    """What was done and what was found afterwards; `worst` is the furthest a step was from its moment, in seconds."""

    cases: int = 0
    rungs: int = 0
    kills: int = 0
    raced: int = 0
    worst: float = 0.0
    late: int = 0
    missing: int = 0
    after_taken: int = 0
    ownerless: int = 0
    two_owners: int = 0
    stopped: int = 0
    unplanned: int = 0
    winners: dict[UUID, list[UUID]] = field(default_factory=dict)

    @property
    def broken(self) -> bool:
        """Whether a must was broken."""
        lost = (self.late, self.missing, self.after_taken, self.stopped, self.unplanned)
        return any((*lost, self.ownerless, self.two_owners)) or not self.rungs

    def report(self) -> dict[str, Any]:
        """The outcome as plain data."""
        return {name: value for name, value in vars(self).items() if name != "winners"}


async def open_cases(store: Store, count: int, now: datetime, rng: random.Random) -> list[UUID]:
    """Let `count` people cry at one moment, at different levels; returns their cases."""
    strangers = [(await _account(store), uuid4().bytes, f"address {n}") for n in range(count)]
    async with raw(store.data) as conn, raw(store.keyring) as ring:
        await people.add(conn, ring, store.ring, strangers, now)
        known = await load_people(conn, [index for _, index, _ in strangers])
        keys = await store.ring.load(ring, [row.id for row in known.values()])
    opened = []
    async with unit_of_work(store, now, BOT) as work:
        readers = await readers_of(work.conn, now)
        for row in known.values():
            cry = cases.Cry(
                person_id=row.id, key=keys[row.id], account=row.account, level=rng.choice(URGENT), reason="Cry:storm",
                place="vn", readers=readers,
            )  # fmt: skip
            opened.append((await cases.open_case(work, cry)).id)
    return opened


async def _account(store: Store) -> int:
    async with raw(store.data) as conn:
        return await people.register_account(conn, "telegram", "telegram")


async def race(stores: list[Store], now: datetime, case_id: UUID, outcome: EscalationResult) -> None:
    """Let every reader try to take a case at the same time, each over a connection of her own."""
    readers = select(staff.c.id).where(staff.c.roles.overlap(READING))
    async with stores[0].data.connect() as conn:
        everybody = (await conn.execute(readers)).scalars().all()
    tries = [casework.acknowledge(stores[n % len(stores)], now, case_id, who) for n, who in enumerate(everybody)]
    took = await asyncio.gather(*tries)
    outcome.raced += 1
    outcome.winners.setdefault(case_id, []).extend(who for who, won in zip(everybody, took, strict=True) if won)


async def judge(store: Store, end: datetime, outcome: EscalationResult) -> EscalationResult:
    """Compare every escalation with the policy's own data, every owner with who was told that she has it."""
    async with store.data.connect() as conn:
        climbs = (await conn.execute(select(climb).where(climb.c.case_id.is_not(None)))).all()
        rungs = (await conn.execute(select(rung))).all()
        owners = dict((await conn.execute(select(case_file.c.id, case_file.c.acked_by))).all())
        planned = select(due_item.c.subject).where(due_item.c.kind == STEP_DUE.number, due_item.c.done_at.is_(None))
        open_items = set((await conn.execute(planned)).scalars())
    outcome.cases = len(climbs)
    steps: dict[int, list[Any]] = {}
    for one in rungs:
        steps.setdefault(one.climb_id, []).append(one)
    for one in climbs:
        _judge_climb(one, {step.n: step for step in steps.get(one.id, [])}, open_items, end, outcome)
    for case_id, owner in owners.items():
        took = outcome.winners.get(case_id, [])
        outcome.two_owners += len(took) > 1
        outcome.ownerless += took[:1] != [owner] if case_id in outcome.winners else owner is not None
    return outcome


def _judge_climb(
    one: Any, steps: dict[int, Any], open_items: set[int], end: datetime, outcome: EscalationResult
) -> None:
    stopped = one.ended_at or end
    if one.ended_at is not None and one.ended_by is None:
        outcome.stopped += 1
    n = 0
    while (at := escalation_policy().moment(one.level, one.since, n)) <= stopped:
        step = steps.get(n)
        done = step.done_at if step is not None else None
        if done is None:
            outcome.missing += at <= stopped - WITHIN
        else:
            off = abs((done - at).total_seconds())
            outcome.rungs += 1
            outcome.worst = max(outcome.worst, round(off, 2))
            outcome.late += off > WITHIN.total_seconds() or step.due_at != at
        n += 1
    if one.ended_at is None:
        outcome.unplanned += not any(step.done_at is None and step.id in open_items for step in steps.values())
    else:
        outcome.after_taken += any(step.done_at and step.done_at > one.ended_at for step in steps.values())
