"""`make chaos`: every long storm, one JSON document each; 1 when a must was broken. Arguments: the storms to run."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.chaos import (
    broadcast_storm,
    check_in_storm,
    database,
    escalation_storm,
    full_disk,
    hostile,
    hostile_files,
    kills,
    relay,
    takeover,
)

Judged = tuple[dict[str, Any], bool]
"""What a storm found, and whether a must was broken."""


def _kills(folder: Path) -> Judged:
    outcome = asyncio.run(kills.storm(folder, 56, 60))
    broken = any((outcome.lost, outcome.stuck, outcome.double_effects, outcome.wrong_case_count, outcome.never_seen))
    return kills.report(outcome), bool(broken or outcome.relay_lost or outcome.seen_twice_unexplained)


def _database(folder: Path) -> Judged:
    found = asyncio.run(database.storm(folder, outages=20, messages=60))
    return database.report(found), found.broken


def _full_disk(folder: Path) -> Judged:
    cases = {"spool elsewhere": False, "spool on the full disk": True}
    reports: dict[str, Any] = {}
    broken = False
    for name, same_disk in cases.items():
        found = asyncio.run(full_disk.storm(folder / str(same_disk), cycles=5, messages=40, same_disk=same_disk))
        reports[name] = {"skipped": full_disk.REASON} if found is None else database.report(found)
        broken |= found is not None and found.broken
    return reports, broken


def _takeover(folder: Path) -> Judged:
    took = asyncio.run(takeover.figures(folder / "figures", rounds=3))
    return {"seconds": took, "musts": takeover.MUSTS, "over_their_must": takeover.over(took)}, bool(takeover.over(took))


def _orders(folder: Path) -> Judged:
    found = asyncio.run(takeover.orders(folder, count=30))
    return takeover.report(found), found.broken


def _hostile(folder: Path) -> Judged:
    found = asyncio.run(hostile.storm(folder, count=20_000, pace=300))
    return {**asdict(found), "times_slower": round(found.slower, 2)}, found.broken


def _hostile_files(folder: Path) -> Judged:
    kinds = {"one_packet": ("one packet",), "every_kind": tuple(hostile_files.LARGE)}
    found = {name: asyncio.run(hostile_files.storm(folder / name, names)) for name, names in kinds.items()}
    return {name: hostile_files.report(one) for name, one in found.items()}, any(one.broken for one in found.values())


def _check_ins(folder: Path) -> Judged:
    found = asyncio.run(check_in_storm.storm(folder, count=5_000, days=90, killed=0.1))
    return check_in_storm.report(found), check_in_storm.broken(found)


def _broadcast(folder: Path) -> Judged:
    found = asyncio.run(broadcast_storm.storm(folder, recipients=20_000, kills=200))
    return broadcast_storm.report(found), broadcast_storm.broken(found)


def _escalation(folder: Path) -> Judged:
    found = asyncio.run(escalation_storm.storm(folder, count=1_000))
    return found.report(), found.broken


def _relay(folder: Path) -> Judged:
    found = asyncio.run(relay.storm(folder, people=400, messages=20_000, kills=6))
    return relay.report(found), relay.broken(found)


def _script(name: str) -> Callable[[Path], Judged]:
    """A storm that is a program of its own and prints its own document."""

    def run(_: Path) -> Judged:
        script = Path(__file__).parent / f"{name}.py"
        done = subprocess.run([sys.executable, str(script)], check=False, stdout=subprocess.PIPE, text=True)
        try:
            found = json.loads(done.stdout)
        except ValueError:
            found = {"printed": done.stdout[-2000:]}
        return found if isinstance(found, dict) else {"found": found}, bool(done.returncode)

    return run


STORMS: dict[str, Callable[[Path], Judged]] = {
    "kills": _kills,
    "database": _database,
    "full_disk": _full_disk,
    "takeover": _takeover,
    "orders": _orders,
    "hostile": _hostile,
    "hostile_files": _hostile_files,
    "check_ins": _check_ins,
    "broadcast": _broadcast,
    "ladder": _escalation,
    "relay": _relay,
    "tokens": _script("token_storm"),
    "mutated_updates": _script("mutated_updates"),
}


def main(names: list[str]) -> int:
    """Run the storms one after the other, each on a stage of its own."""
    if strange := set(names) - STORMS.keys():
        print(f"there is no storm {', '.join(sorted(strange))}; there are {', '.join(STORMS)}", file=sys.stderr)
        return 2
    broken = False
    for name in names or STORMS:
        with tempfile.TemporaryDirectory(prefix="nhipcau-", ignore_cleanup_errors=True) as folder:
            found, broke = STORMS[name](Path(folder))
        machine = {"load_average": round(os.getloadavg()[0], 2), "cores": os.cpu_count()}
        print(
            json.dumps({"storm": name, "must_broken": broke, "machine": machine, **found}, ensure_ascii=False),
            flush=True,
        )
        broken |= broke
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
