"""Workers that are killed, frozen, told to stop, thawed and started in any order: no lane may be left without an owner.

`figures` times single events; `orders` plays random orders and looks after each whether people of every lane are
answered and every lane and account has exactly one owner. A worker that wakes finds its rows with another, and sends
none of them.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from store.db.embedded import revive_embedded
from store.locks import lock_number
from store.messages.lanes import LANE_LOCK, LANES
from tests.chaos.kills import KillsResult, judge, quiet
from tests.support.processes.servers import ServerProcess
from tests.support.stage import Stage, stage, until

MUSTS = {"killed": 5.0, "frozen": 15.0, "told": 1.0, "database restarted": 5.0}
"""Seconds until the peers of a worker answer for it."""
WHOLE_WITHIN = 15.0
PEOPLE = 32
ACTS = ("kill", "freeze", "thaw", "tell", "start")

ACCOUNT_LOCK = lock_number("account")
OWNED = f"""
SELECT classid::int AS class, count(*) AS locks, count(DISTINCT objid) AS things FROM pg_locks
WHERE locktype = 'advisory' AND classid::int IN ({LANE_LOCK}, {ACCOUNT_LOCK}) AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY 1"""

Worker = ServerProcess


async def whole(set_up: Stage) -> bool:
    """Whether every lane and every account has one owner, and only one."""
    try:
        async with set_up.store.data.connect() as conn:
            rows = {row[0]: row for row in await conn.execute(text(OWNED))}
    except Exception:  # the database is just coming back
        return False
    accounts = len(set_up.settings["accounts"])
    return all(
        kind in rows and rows[kind].locks == rows[kind].things == count
        for kind, count in ((LANE_LOCK, LANES), (ACCOUNT_LOCK, accounts))
    )


async def shared(set_up: Stage) -> bool:
    """Whether two workers have half the lanes each."""
    lanes = f"locktype = 'advisory' AND classid::int = {LANE_LOCK} AND granted"
    query = f"SELECT count(DISTINCT pid) FROM pg_locks WHERE {lanes}"
    async with set_up.store.data.connect() as conn:
        return bool((await conn.execute(text(query))).scalar_one() == 2) and await whole(set_up)


async def answered(set_up: Stage, stamp: str, seconds: float) -> float:
    """Say something from everybody and return how long it took until everybody had an answer to it."""
    began = time.monotonic()
    users = [f"{stamp}-{n}".replace(" ", "-") for n in range(PEOPLE)]
    await asyncio.gather(*(set_up.say("telegram", user, "xin chào") for user in users))

    async def all_have() -> bool:
        for user in list(users):
            if await set_up.inbox("telegram", user):
                users.remove(user)
        return not users

    await until(all_have, seconds)
    return time.monotonic() - began


async def figures(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds from an event until people of every lane are answered again, several times each."""
    took: dict[str, list[float]] = {name: [] for name in MUSTS}
    async with stage(folder) as set_up:
        await set_up.start(role="web")
        workers = [await set_up.start(role="worker"), await set_up.start(role="worker")]
        for n in range(rounds):
            for name, act in EVENTS.items():
                await until(lambda: shared(set_up), 30)
                await answered(set_up, f"before-{name}-{n}", 30)
                after = await act(set_up, workers)
                took[name].append(round(await answered(set_up, f"{name}-{n}", 60), 2))
                await after()
    return took


async def _nothing() -> None:
    return None


async def _killed(set_up: Stage, workers: list[Worker]) -> Callable[[], Awaitable[None]]:
    return await _ended(set_up, workers, signal.SIGKILL)


async def _told(set_up: Stage, workers: list[Worker]) -> Callable[[], Awaitable[None]]:
    return await _ended(set_up, workers, signal.SIGTERM)


async def _ended(set_up: Stage, workers: list[Worker], number: signal.Signals) -> Callable[[], Awaitable[None]]:
    workers[0].send_signal(number)

    async def replace() -> None:
        await workers.pop(0).wait()
        workers.append(await set_up.start(role="worker"))

    return replace


async def _frozen(set_up: Stage, workers: list[Worker]) -> Callable[[], Awaitable[None]]:
    workers[0].send_signal(signal.SIGSTOP)

    async def thaw() -> None:
        workers[0].send_signal(signal.SIGCONT)

    return thaw


async def _restarted(set_up: Stage, workers: list[Worker]) -> Callable[[], Awaitable[None]]:
    """Restart PostgreSQL as after a crash; the time until it accepts again counts."""
    folder = set_up.folder / "data"
    pid = int((folder / "postgres" / "postmaster.pid").read_text("ascii").split()[0])
    os.kill(pid, signal.SIGQUIT)
    await asyncio.to_thread(_back, folder, pid)
    return _nothing


def _back(folder: Path, pid: int) -> None:
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.01)
    revive_embedded(folder)


EVENTS = {"killed": _killed, "frozen": _frozen, "told": _told, "database restarted": _restarted}


@dataclass
class TakeoverResult:
    """What random orders did to the service."""

    orders: int = 0
    acts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ACTS, 0))
    orphaned: int = 0
    whole_seconds: list[float] = field(default_factory=list)
    said: int = 0
    lost: int = 0
    double_effects: int = 0
    stuck: int = 0
    never_seen: int = 0
    seen_twice: int = 0
    seen_twice_unexplained: int = 0

    @property
    def broken(self) -> bool:
        """Whether a must was broken."""
        musts = (self.orphaned, self.lost, self.double_effects, self.stuck, self.never_seen)
        return any((*musts, self.seen_twice_unexplained))


async def orders(folder: Path, count: int, length: int = 5, seed: int = 5) -> TakeoverResult:
    """Play `count` random orders of acts on up to three workers while people talk."""
    rng, found = random.Random(seed), TakeoverResult()
    async with stage(folder) as set_up:
        await set_up.start(role="web")
        awake = [await set_up.start(role="worker"), await set_up.start(role="worker")]
        frozen: list[Worker] = []
        for n in range(count):
            talking = asyncio.create_task(_talk(set_up, n, found))
            for _ in range(length):
                await _act(set_up, rng, awake, frozen, found)
                await asyncio.sleep(rng.random() * 1.5)
            if not awake:
                awake.append(await set_up.start(role="worker"))
            await talking
            await _judge_order(set_up, found)
        for worker in frozen:
            worker.send_signal(signal.SIGCONT)
        await _settle(set_up, found)
    return found


async def _talk(set_up: Stage, n: int, found: TakeoverResult) -> None:
    for i in range(40):
        await set_up.say("telegram" if i % 3 else "zalo_oa", f"p{n}-{i}", "xin chào")
        found.said += 1
        await asyncio.sleep(0.05)


async def _act(
    set_up: Stage, rng: random.Random, awake: list[Worker], frozen: list[Worker], found: TakeoverResult
) -> None:
    """Do something that can be done; never more than three workers live."""
    possible = [act for act in ACTS if act not in ("kill", "freeze", "tell") or awake]
    possible = [act for act in possible if act != "thaw" or frozen]
    possible = [act for act in possible if act != "start" or len(awake) + len(frozen) < 3]
    act = rng.choice(possible)
    found.acts[act] += 1
    if act == "start":
        awake.append(await set_up.start(role="worker"))
        return
    worker = (frozen if act == "thaw" else awake).pop(0)
    number = {"kill": signal.SIGKILL, "tell": signal.SIGTERM, "freeze": signal.SIGSTOP, "thaw": signal.SIGCONT}[act]
    worker.send_signal(number)
    if act in ("freeze", "thaw"):
        (frozen if act == "freeze" else awake).append(worker)


async def _judge_order(set_up: Stage, found: TakeoverResult) -> None:
    found.orders += 1
    found.said += PEOPLE
    began = time.monotonic()
    try:
        await answered(set_up, f"order{found.orders}", WHOLE_WITHIN)
        await until(lambda: whole(set_up), WHOLE_WITHIN)
    except TimeoutError:
        found.orphaned += 1
    found.whole_seconds.append(round(time.monotonic() - began, 2))


async def _settle(set_up: Stage, found: TakeoverResult) -> None:
    outcome = KillsResult()
    await quiet(set_up)
    await judge(set_up, outcome)
    for name in ("lost", "double_effects", "stuck", "never_seen", "seen_twice", "seen_twice_unexplained"):
        setattr(found, name, getattr(outcome, name))


def over(took: dict[str, list[float]]) -> list[str]:
    """The events that took longer than they may, the middle one of several counting."""
    return [name for name, seconds in took.items() if sorted(seconds)[len(seconds) // 2] > MUSTS[name]]


def report(found: TakeoverResult) -> dict[str, Any]:
    """The findings as plain data."""
    return vars(found)
