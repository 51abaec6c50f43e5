"""Everything bad a client can send, through the real endpoint of a running service, with an ordinary chat beside it.

Every body is kept or refused with a reason, nothing crashes, nobody else waits, and memory stays where it was.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import psutil
from sqlalchemy import text

from bot.channels.telegram.adapter import Telegram
from bot.channels.zalo_oa.adapter import ZaloOA
from tests.chaos.bad_updates import CHATS, EVENT_SHAPES, TELEGRAM, EventShapes, bad, proven
from tests.support.stage import Stage, stage, until

MEMORY_MB, SLOWER = 50.0, 2.0
ANSWERS = 5
"""Answers that the good chat must have had before its waits are judged."""
POSTERS = 16
ENOUGH = 150
"""Answers of the good chat from which its slowest hundredth means something."""
PROBE = "empty"
"""Zalo tries an address with an empty body: it is answered with 200 and nothing is kept."""
REASONS = {400: "not HTTP", 401: "no proof", 403: "wrong proof", 408: "slow body", 413: "too large", 415: "compressed"}


@dataclass
class HostileResult:
    """What was sent and what became of it."""

    sent: int = 0
    kept: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    unexplained: dict[str, int] = field(default_factory=dict)
    kept_but_no_row: int = 0
    unstepped: int = 0
    set_aside: int = 0
    wires: dict[str, str] = field(default_factory=dict)
    crashed: bool = False
    memory_mb_before: float = 0.0
    memory_mb_most: float = 0.0
    good_ms: dict[str, float] = field(default_factory=dict)
    beside_bad_ms: dict[str, float] = field(default_factory=dict)

    @property
    def slower(self) -> float:
        """How many times longer the good chat waited beside bad updates than beside as many good ones."""
        name = "p99" if min(self.good_ms.get("count", 0), self.beside_bad_ms.get("count", 0)) >= ENOUGH else "p50"
        return self.beside_bad_ms[name] / max(self.good_ms[name], 1e-3)

    @property
    def broken(self) -> bool:
        """Whether a must was broken."""
        lies = self.kept_but_no_row or self.unstepped or self.unexplained or self.crashed
        heavy = self.memory_mb_most - self.memory_mb_before > MEMORY_MB
        unaccounted = self.sent != self.kept + sum(self.refused.values()) + sum(self.unexplained.values())
        dripping = any(outcome.startswith("still open") for outcome in self.wires.values())
        return bool(lies) or heavy or unaccounted or dripping or self.slower >= SLOWER


def good(count: int, first: int) -> Iterable[bytes]:
    """As many ordinary updates, from as many people."""
    for n in range(count):
        who = 10_000 + n % CHATS
        message = {
            "message_id": n, "date": int(time.time()), "text": ("xin chào", "menu", "1")[n % 3],
            "chat": {"id": who, "type": "private"}, "from": {"id": who, "is_bot": False, "first_name": "x"},
        }  # fmt: skip
        yield json.dumps({"update_id": first + n, "message": message}).encode()


async def storm(folder: Path, count: int, pace: float = 0) -> HostileResult:
    """Post `count` bad bodies on each channel, and the attacks on the wire, beside one good chat.

    `pace`: at most so many a second, good and bad alike. Faster than a service can step nobody is delayed by what is
    bad, but everybody by everybody.
    """
    found = HostileResult()
    async with stage(folder) as set_up:
        bodies = [
            (shapes, list(bad(shapes, account_of(set_up, shapes), count))) for shapes in EVENT_SHAPES
        ]  # now: it takes a minute
        server_process = await set_up.start()
        process = psutil.Process(server_process.pid)
        await _post(set_up, TELEGRAM, good(500, 10_000_000), HostileResult(), set())
        await _drained(set_up)
        found.memory_mb_before = found.memory_mb_most = _megabytes(process)
        ids: dict[str, set[bytes]] = {shapes.channel: set() for shapes in EVENT_SHAPES}
        async with _watched(process, found), _good_chat(set_up) as waits:
            await _post(set_up, TELEGRAM, good(2 * count, 20_000_000), HostileResult(), set(), pace)
            await _drained(set_up)
        found.good_ms = _times(waits)
        async with _watched(process, found), _good_chat(set_up) as waits:
            for shapes, made in bodies:
                await _post(set_up, shapes, made, found, ids[shapes.channel], pace)
            await _drained(set_up)
        found.beside_bad_ms = _times(waits)
        async with _watched(process, found):
            await _attack_the_wire(set_up, found)
        found.crashed = server_process.returncode is not None
        await _account(set_up, found, ids)
    return found


async def _post(
    set_up: Stage, shapes: EventShapes, bodies: Iterable[bytes], found: HostileResult, ids: set[bytes], pace: float = 0
) -> None:
    """Post every body as its platform would, several at a time, and note each answer."""
    account = account_of(set_up, shapes)
    url = f"{set_up.settings['public_url']}/hooks/{account['name']}"
    names = _reader(shapes)
    source = enumerate(bodies)
    began = time.monotonic()

    async def poster(http: aiohttp.ClientSession) -> None:
        for n, raw in source:
            if pace:
                await asyncio.sleep(began + n / pace - time.monotonic())
            found.sent += 1
            try:
                async with http.post(url, data=raw, headers=proven(shapes, account, raw)) as answer:
                    status = answer.status
            except aiohttp.ClientError as error:
                found.unexplained[type(error).__name__] = found.unexplained.get(type(error).__name__, 0) + 1
                continue
            _note(found, status, raw)
            if status == 200 and raw:
                ids.add(hashlib.blake2b(names(raw), digest_size=16).digest())

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as http:
        await asyncio.gather(*(poster(http) for _ in range(POSTERS)))


def account_of(set_up: Stage, shapes: EventShapes) -> dict[str, Any]:
    """The settings of the account behind an endpoint."""
    found: dict[str, Any] = next(a for a in set_up.settings["accounts"] if a["channel"] == shapes.channel)
    return found


def _note(found: HostileResult, status: int, raw: bytes) -> None:
    if status == 200 and not raw:
        found.refused[PROBE] = found.refused.get(PROBE, 0) + 1
        return
    if status == 200:
        found.kept += 1
        return
    where = found.refused if status in REASONS else found.unexplained
    name = REASONS.get(status, str(status))
    where[name] = where.get(name, 0) + 1


def _reader(shapes: EventShapes) -> Any:
    """How the channel names an event: what the inbox keeps apart."""
    channel: Any = Telegram if shapes is TELEGRAM else ZaloOA
    nameless = channel.__new__(channel)
    return lambda raw: nameless.event_id(raw).event.encode("utf-8", "replace")


@asynccontextmanager
async def _good_chat(set_up: Stage) -> AsyncIterator[list[float]]:
    """Somebody who writes, waits for the answer and writes again; yields her waits in seconds, a few at least."""
    waits: list[float] = []
    task = asyncio.create_task(_chat(set_up, waits))
    try:
        yield waits
        await until(lambda: len(waits) >= ANSWERS or task.done(), 60)
        if task.done():
            await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _chat(set_up: Stage, waits: list[float]) -> None:
    phone = set_up.world.phone("telegram", "good")
    for word in itertools.cycle(("xin chào", "menu")):
        before = len(phone.messages)
        began = time.monotonic()
        await set_up.say("telegram", "good", word)
        async with asyncio.timeout(60):
            while len(phone.messages) < before + 2:
                await asyncio.sleep(0.002)
        waits.append(time.monotonic() - began)
        await asyncio.sleep(0.03)


def _times(waits: list[float]) -> dict[str, float]:
    ordered = sorted(waits)
    found = {"p50": ordered[len(ordered) // 2], "p99": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]}
    return {"count": len(ordered), **{name: round(value * 1e3, 1) for name, value in found.items()}}


@asynccontextmanager
async def _watched(process: psutil.Process, found: HostileResult) -> AsyncIterator[None]:
    """Look at the service's memory ten times a second."""

    async def look() -> None:
        while True:
            with suppress(psutil.NoSuchProcess):
                found.memory_mb_most = max(found.memory_mb_most, _megabytes(process))
            await asyncio.sleep(0.1)

    task = asyncio.create_task(look())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _megabytes(process: psutil.Process) -> float:
    return round(process.memory_info().rss / 1e6, 1)


async def _drained(set_up: Stage) -> None:
    async def done() -> bool:
        async with set_up.store.data.connect() as conn:
            query = (
                "SELECT (SELECT count(*) FROM inbox WHERE state = 0) + (SELECT count(*) FROM ledger WHERE status < 2)"
            )
            return not await conn.scalar(text(query))

    await until(done, 900)


async def _account(set_up: Stage, found: HostileResult, ids: dict[str, set[bytes]]) -> None:
    """Every acknowledged body has its row, and every row was stepped or set aside."""
    query = "SELECT a.channel, i.ext, i.state FROM inbox i JOIN account a ON a.id = i.account"
    async with set_up.store.data.connect() as conn:
        rows = (await conn.execute(text(query))).all()
    states = Counter(row.state for row in rows)
    found.unstepped, found.set_aside = states[0], states[2]
    for channel, named in ids.items():
        found.kept_but_no_row += len(named - {bytes(row.ext) for row in rows if row.channel == channel})


async def _attack_the_wire(set_up: Stage, found: HostileResult) -> None:
    """Play every attack on the connection itself, all at once; somebody good must be answered after each."""
    where = urlsplit(set_up.settings["public_url"])
    secret = set_up.settings["accounts"][0]["secret"]

    async def attack(name: str, head: bytes, body: tuple[bytes, float, int]) -> None:
        found.wires[name] = await _attack(str(where.hostname), int(where.port or 0), head, body)
        await _answered(set_up, f"after-{name}".replace(" ", "-"))

    await asyncio.gather(*(attack(name, *what) for name, what in attacks(secret).items()))


async def _answered(set_up: Stage, user: str) -> None:
    await set_up.say("telegram", user, "xin chào")

    async def seen() -> bool:
        return bool(await set_up.inbox("telegram", user))

    await until(seen, 5)


def attacks(secret: str) -> dict[str, tuple[bytes, tuple[bytes, float, int]]]:
    """Each attack: what is sent first, then a piece, the seconds between pieces, and how many of them."""
    post = b"POST /hooks/telegram HTTP/1.1\r\nhost: x\r\nx-telegram-bot-api-secret-token: " + secret.encode() + b"\r\n"
    mega = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    bomb = gzip.compress(b"0" * 100_000_000)
    return {
        "a body byte by byte": (post + b"content-length: 1000\r\n\r\n", (b"x", 0.1, 200)),
        "a body that never comes": (post + b"content-length: 10\r\n\r\n", (b"", 1, 30)),
        "a gigabyte in chunks": (post + b"transfer-encoding: chunked\r\n\r\n", (mega, 0, 1000)),
        "a gigabyte announced": (post + b"content-length: 1000000000\r\n\r\n", (b"x" * 0x100000, 0, 1000)),
        "a gzip bomb": (
            post + b"content-encoding: gzip\r\ncontent-length: " + str(len(bomb)).encode() + b"\r\n\r\n" + bomb,
            (b"", 1, 10),
        ),
        "headers without end": (b"POST /hooks/telegram HTTP/1.1\r\n", (b"a: " + b"b" * 8000 + b"\r\n", 0, 100_000)),
        "headers byte by byte": (b"POST /hooks/telegram HTTP/1.1\r\n", (b"a", 0.2, 100)),
        "nothing at all": (b"", (b"", 1, 30)),
        "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (b"", 1, 30)),
        "chunks of minus one": (post + b"transfer-encoding: chunked\r\n\r\n-1\r\nx\r\n", (b"", 1, 30)),
        "two lengths": (post + b"content-length: 3\r\ncontent-length: 5\r\n\r\nabc", (b"", 1, 30)),
    }


async def _attack(host: str, port: int, head: bytes, then: tuple[bytes, float, int]) -> str:
    """Send it; return the status that came back, or how the connection ended, and after how long."""
    piece, pause, count = then
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(host, port)
    reading = asyncio.create_task(reader.read(1000))
    try:
        writer.write(head)
        for _ in range(count):
            if reading.done():
                break
            if piece:
                writer.write(piece)
                await asyncio.wait_for(writer.drain(), 30)
            await asyncio.wait([reading], timeout=pause) if pause else await asyncio.sleep(0)
        answer = await asyncio.wait_for(reading, 1)
    except TimeoutError:
        return f"still open after {time.monotonic() - began:.0f} s"
    except (OSError, RuntimeError):  # uvloop raises the latter where the connection has just been closed
        answer = b""
        if reading.done() and not reading.cancelled() and reading.exception() is None:
            answer = reading.result()
    finally:
        reading.cancel()
        writer.transport.abort()
    status = answer.split(b" ")[1].decode() if answer.startswith(b"HTTP/") else "closed"
    return f"{status} after {time.monotonic() - began:.1f} s"
