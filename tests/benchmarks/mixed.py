"""`mixed`: how soon a cry is answered while a broadcast goes out at 30 a second, and under a flood of messages.

And what everybody else notices of one chat that was told to wait: their waits before it and beside it.

Time from the post of the update to the first byte of the first answer at a local Bot API. The broadcast is planned into
the ledger as in `outbound`; the flood is 64 people who write as fast as they are answered.
"""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from contextlib import ExitStack
from typing import Any

from figures import machine
from outbound import IMPORTS
from phones import SCRIPT
from processes import HERE, DriverProcess, cores, end, spawn
from subjects import OUR_PYTHON, SECRET, Ours

RATE = 30
_CRY_EVERY = {"broadcast": 3, "flood": 50}
_CHATS = {"broadcast": 2, "flood": 64, "patience": 16}


def measure(options: Namespace) -> dict[str, Any]:
    """Run both situations `options.runs` times; returns the printed document with the worst p99 of each."""
    before = machine()
    found = {name: [_one(name, options) for _ in range(options.runs)] for name in _CRY_EVERY}
    return {
        "bench": "mixed",
        "broadcast": {"recipients": options.messages, "rate": RATE},
        "runs": options.runs,
        "machine": before,
        "help_reply_ms": {name: _spread(runs) for name, runs in found.items()},
        "flood_per_second": [round(run["per_second"]) for run in found["flood"]],
        "others_beside_a_429_ms": [_beside(options) for _ in range(options.runs)],
    }


def _beside(options: Namespace) -> dict[str, Any]:
    """Half of the phones' waits in a quiet stretch, and in one in which the first of them is told to wait."""
    core, other = cores(options.layout)
    driver = DriverProcess(other, options.latency_ms)
    try:
        with Ours(driver.port, core, options.in_flight) as subject:
            driver.order("open", url=subject.webhook, secret=SECRET, chats=_CHATS["patience"])
            stretch = {"updates": 1_000_000, "answers": driver.order("calibrate")["answers"]}
            driver.order("run", **stretch, seconds=2)
            before = driver.order("run", **stretch, seconds=options.seconds)
            driver.order("refuse", seconds=options.seconds + 5)
            beside = driver.order("run", patience=60, **stretch, seconds=options.seconds)
            found = {"before": _p99(before), "beside": _p99(beside), **driver.order("early")}
    finally:
        driver.close()
    print(f"429        p99 of others {found['before']} ms, beside {found['beside']} ms", file=sys.stderr)
    return found


def _p99(run: dict[str, Any]) -> float:
    waits = sorted(run["waits"])
    return round(waits[int(len(waits) * 0.99)] * 1e3, 1)


def _one(name: str, options: Namespace) -> dict[str, Any]:
    core, other = cores(options.layout)
    driver = DriverProcess(other, options.latency_ms)
    try:
        with ExitStack() as stack:
            subject = Ours(driver.port, core, options.in_flight, rate=RATE if name == "broadcast" else 0)
            stack.enter_context(subject)
            driver.order("open", url=subject.webhook, secret=SECRET, chats=_CHATS[name])
            answers = driver.order("calibrate")["answers"]
            if name == "broadcast":
                command = [str(OUR_PYTHON), str(HERE / "outbound_ours.py"), "--settings", str(subject.settings())]
                planner = spawn([*command, "--messages", str(options.messages)], core, IMPORTS, stdout=subprocess.PIPE)
                stack.callback(end, planner)
                planner.communicate(timeout=120)
            else:
                driver.order("run", updates=64 * len(SCRIPT), seconds=30, answers=answers)
            run = driver.order(
                "run",
                patience=60,
                updates=1_000_000,
                seconds=options.seconds,
                answers=answers,
                cry_every=_CRY_EVERY[name],
            )
    finally:
        driver.close()
    waits = sorted(run["cries"])
    told = {"p50": waits[len(waits) // 2] * 1e3, "p99": waits[int(len(waits) * 0.99)] * 1e3, "cries": len(waits)}
    told["per_second"] = run["posted"] / max(run["seconds"], 1e-9)
    print(f"{name:10} {told['cries']} cries  p50 {told['p50']:.0f} ms  p99 {told['p99']:.0f} ms", file=sys.stderr)
    return told


def _spread(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "cries": sum(run["cries"] for run in runs),
        "p50": [round(run["p50"], 1) for run in runs],
        "p99": [round(run["p99"], 1) for run in runs],
    }
