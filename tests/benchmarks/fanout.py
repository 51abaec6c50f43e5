"""`fanout`: how long a broadcast to 200,000 people takes from its approval to the last row in the ledger.

And how soon others are answered meanwhile, beside how soon in a quiet stretch of the same one. The account sends 30 a
second, as Telegram lets it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from contextlib import ExitStack
from typing import Any

from figures import machine, milliseconds, spread
from mixed import RATE
from outbound import IMPORTS
from processes import HERE, DriverProcess, Trouble, cores, end, spawn
from subjects import OUR_PYTHON, SECRET, Ours

_CHATS = 8
_STRETCH = 15.0
"""Seconds in which others write while it is planned: its must."""


def measure(options: Namespace) -> dict[str, Any]:
    """Plan `options.messages` recipients `options.runs` times; returns the printed document."""
    before = machine()
    runs = [_one(options) for _ in range(options.runs)]
    return {
        "bench": "fanout",
        "recipients": options.messages,
        "runs": options.runs,
        "machine": before,
        "planned": [run["planned"] for run in runs],
        "planning_seconds": spread([run["planning_seconds"] for run in runs], 2),
        "reply_ms_quiet": [milliseconds(run["quiet"]) for run in runs],
        "reply_ms_beside": [milliseconds(run["beside"]) for run in runs],
        "lost": sum(run["lost"] for run in runs),
    }


def _one(options: Namespace) -> dict[str, Any]:
    core, other = cores(options.layout)
    driver = DriverProcess(other, options.latency_ms)
    try:
        with ExitStack() as stack:
            subject = stack.enter_context(Ours(driver.port, core, options.in_flight, rate=RATE))
            command = [str(OUR_PYTHON), str(HERE / "fanout_ours.py"), "--settings", str(subject.settings())]
            planner = spawn(
                [*command, "--messages", str(options.messages)],
                other,
                IMPORTS,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            stack.callback(end, planner)
            if not planner.stdout or planner.stdout.readline() != "ready\n":
                raise Trouble("nobody listens yet: the planner's error is above")
            driver.order("open", url=subject.webhook, secret=SECRET, chats=_CHATS)
            stretch = {"updates": 1_000_000, "answers": driver.order("calibrate")["answers"]}
            quiet = driver.order("run", **stretch, seconds=options.seconds)
            driver.begin("run", **stretch, seconds=_STRETCH)
            told, _ = planner.communicate("now\n", timeout=180)
            beside = driver.end()
    finally:
        driver.close()
    found = {**json.loads(told), "quiet": quiet["waits"], "beside": beside["waits"], "lost": beside["lost"]}
    p99 = [milliseconds(found[which])["p99"] for which in ("quiet", "beside")]
    print(
        f"planned {found['planned']} in {found['planning_seconds']:.1f} s, p99 {p99[0]} → {p99[1]} ms", file=sys.stderr
    )
    return found
