"""The database goes away in the middle of everything: killed, shut at once, cut off, hanging. And comes back.

Whatever was acknowledged must have exactly one effect, whoever cries meanwhile must get the numbers within five
seconds, and the service must be itself again within ten of the database's return, by itself.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from store.db.embedded import revive_embedded
from tests.chaos.kills import KillsResult, judge, quiet
from tests.chaos.proxy import ProxyConnection, wire
from tests.support.stage import Stage, stage, until

NUMBERS = "+84 981 84 84 84"
KINDS = ("killed", "shut at once", "cut", "hanging")
ANSWER_WITHIN, BACK_WITHIN = 5.0, 10.0


@dataclass
class OutageResult:
    """What a storm of outages did, and what was found afterwards."""

    outages: dict[str, int] = field(default_factory=dict)
    said: int = 0
    cries_meanwhile: int = 0
    numbers_late_or_never: int = 0
    numbers_seconds_max: float = 0.0
    back_seconds: list[float] = field(default_factory=list)
    back_seconds_max: float = 0.0
    spooling_began: int = 0
    refused: int = 0
    lost: int = 0
    double_effects: int = 0
    stuck: int = 0
    wrong_case_count: int = 0
    never_seen: int = 0

    @property
    def broken(self) -> bool:
        """Whether a must was broken."""
        musts = (self.lost, self.double_effects, self.stuck, self.wrong_case_count, self.never_seen)
        return any(musts) or bool(self.numbers_late_or_never) or self.back_seconds_max > BACK_WITHIN


class Server:
    """The PostgreSQL under a stage, and the ways it can go."""

    def __init__(self, folder: Path, laid: ProxyConnection) -> None:
        self._folder = folder
        self._wire = laid
        self.go: dict[str, Callable[[], None]] = {
            "killed": lambda: self._signal(signal.SIGKILL),
            "shut at once": lambda: self._signal(signal.SIGQUIT),
            "cut": laid.cut,
            "hanging": laid.hang,
        }

    def _signal(self, number: signal.Signals) -> None:
        pid = int((self._folder / "postgres" / "postmaster.pid").read_text("ascii").split()[0])
        os.kill(pid, number)

    async def come_back(self) -> None:
        """Whatever happened, undo it."""
        self._wire.mend()
        await until(self._revived, 30)

    async def _revived(self) -> bool:
        try:
            await asyncio.to_thread(revive_embedded, self._folder)
        except Exception:  # the dead server's last processes may still hold its shared memory
            return False
        return True


def socket_of(uri: str) -> str:
    """The Unix socket a URI of the embedded server names."""
    return f"{parse_qs(urlsplit(uri).query)['host'][0]}/.s.PGSQL.5432"


def through(uri: str, port: int) -> str:
    """The same database, reached over TCP on loopback."""
    return f"postgresql://postgres@127.0.0.1:{port}{urlsplit(uri).path}"


async def storm(folder: Path, outages: int, messages: int, away: float = 2.0, seed: int = 11) -> OutageResult:
    """Take the database away `outages` times for `away` seconds, each with `messages` said around it."""
    rng, found, counted = random.Random(seed), OutageResult(), Counter[str]()
    async with stage(folder) as set_up, wire(socket_of(set_up.settings["database_url"])) as laid:
        server = Server(folder / "data", laid)
        for name in ("database_url", "keyring_url"):
            set_up.settings[name] = through(set_up.settings[name], laid.port)
        await set_up.start()
        for n in range(outages):
            kind = KINDS[n % len(KINDS)]
            counted[kind] += 1
            await one_outage(set_up, server.go[kind], server.come_back, n, messages, away, rng, found)
        found.outages = dict(counted)
        await settle(set_up, found)
    return found


async def one_outage(
    set_up: Stage,
    go: Callable[[], None],
    come_back: Callable[[], Awaitable[None]],
    n: int,
    messages: int,
    away: float,
    rng: random.Random,
    found: OutageResult,
) -> None:
    """Talk, take the database away, cry, bring it back, and time both."""
    talking = asyncio.create_task(chatter(set_up, n, messages, rng, found))
    await asyncio.sleep(0.2 + rng.random() * 0.3)
    go()
    gone = time.monotonic()
    await asyncio.gather(*(cry(set_up, channel, f"cry{n}", found) for channel in ("telegram", "zalo_oa")))
    await asyncio.sleep(max(0.0, away - (time.monotonic() - gone)))
    await come_back()
    back = time.monotonic()
    await welcomed(set_up, f"new{n}", found)
    found.back_seconds.append(round(time.monotonic() - back, 2))
    await talking


async def chatter(set_up: Stage, n: int, messages: int, rng: random.Random, found: OutageResult) -> None:
    """Say ordinary things from many phones while whatever happens happens."""
    for i in range(messages):
        channel = "zalo_oa" if i % 3 == 0 else "telegram"
        await set_up.say(channel, f"u{rng.randint(0, n)}-{i % (messages // 2)}", rng.choice(("xin chào", "menu", "1")))
        found.said += 1
        await asyncio.sleep(0.02)


async def cry(set_up: Stage, channel: str, user: str, found: OutageResult) -> None:
    """Somebody unknown cries while there is no database; the numbers must be on her phone within five seconds."""
    found.said += 1
    found.cries_meanwhile += 1
    began = time.monotonic()
    await set_up.say(channel, user, "cuu em voi")

    async def seen() -> bool:
        return any(NUMBERS in message["text"] for message in await set_up.inbox(channel, user))

    try:
        await until(seen, ANSWER_WITHIN)
    except TimeoutError:
        found.numbers_late_or_never += 1
    found.numbers_seconds_max = max(found.numbers_seconds_max, round(time.monotonic() - began, 2))


async def welcomed(set_up: Stage, user: str, found: OutageResult) -> None:
    """Wait for a proper answer, one that needs the database: the menu, not the numbers from memory."""

    async def proper() -> bool:
        found.said += 1
        await set_up.say("telegram", user, "menu")
        await asyncio.sleep(0.2)
        return any(NUMBERS not in message["text"] for message in await set_up.inbox("telegram", user))

    await until(proper, 60)


async def settle(set_up: Stage, found: OutageResult) -> None:
    """Wait until all is quiet, and compare what was said with what became of it."""
    outcome = KillsResult()
    await quiet(set_up)
    await judge(set_up, outcome)
    for name in ("lost", "double_effects", "stuck", "wrong_case_count", "never_seen"):
        setattr(found, name, getattr(outcome, name))
    log = set_up.world.log.entries
    found.refused = sum(1 for entry in log if entry["kind"] == "webhook" and entry["status"] == 503)
    found.spooling_began = (set_up.folder / "server.log").read_bytes().count(b"cannot reach the database; spooling")
    found.back_seconds_max = max(found.back_seconds, default=0.0)


def report(found: OutageResult) -> dict[str, Any]:
    """The findings as plain data."""
    return asdict(found)
