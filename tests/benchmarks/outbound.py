"""`outbound`: one message to each of many people, as fast as the local Bot API takes them.

We send from the ledger: claim, gate, limiter (set to unlimited), decrypt, send, mark. The peers send in a loop with as
many messages on the way. Measured from the first arrival to the last; planning is reported beside it, not within.
"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from contextlib import ExitStack
from typing import Any

import psutil
from figures import machine, middle, ratios, spread
from peer_words import LOOPS
from processes import HERE, DriverProcess, Trouble, cores, cpu_seconds, end, family, memory_mb, spawn
from subjects import OUR_PYTHON, PEERS_PYTHON, SUBJECTS, Ours, Peer, Subject

_PATIENCE = 150.0
_PEERS_MOST = 8_000
"""A loop's rate does not depend on its length; shorter ones keep the whole bench under four minutes."""


def measure(options: Namespace) -> dict[str, Any]:
    """Run every subject `options.runs` times, alternating; returns the printed document."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in options.subjects}
    before = machine()
    for _ in range(options.runs):
        for name in options.subjects:
            runs[name].append(_one_run(SUBJECTS[name], options))
            _progress(name, runs[name][-1])
    found = {name: _summary(many) for name, many in runs.items()}
    return {
        "bench": "outbound",
        "messages": options.messages,
        "peer_messages": min(options.messages, _PEERS_MOST),
        "in_flight": {"nhipcau": options.in_flight, **LOOPS},
        "api_latency_ms": options.latency_ms,
        "runs": options.runs,
        "layout": options.layout,
        "machine": before,
        "subjects": found,
        **ratios(found, {"rate": ("messages_per_second", "median"), "cpu": ("cpu_seconds_per_1000", "total")}),
    }


def _one_run(kind: type[Subject], options: Namespace) -> dict[str, Any]:
    core, other = cores(options.layout)
    driver = DriverProcess(other, options.latency_ms)
    try:
        if kind is Ours:
            return _from_the_ledger(driver, core, options)
        assert issubclass(kind, Peer)
        return _from_a_loop(kind, driver, core, min(options.messages, _PEERS_MOST))
    finally:
        driver.close()


def _from_the_ledger(driver: DriverProcess, core: int | None, options: Namespace) -> dict[str, Any]:
    with ExitStack() as stack:
        subject = stack.enter_context(Ours(driver.port, core, options.in_flight))
        command = [str(OUR_PYTHON), str(HERE / "outbound_ours.py"), "--settings", str(subject.settings())]
        planner = spawn([*command, "--messages", str(options.messages)], core, IMPORTS, stdout=subprocess.PIPE)
        stack.callback(end, planner)
        driver.order("first", patience=_PATIENCE, seconds=_PATIENCE)
        before = subject.cpu()
        run = driver.order("count", patience=_PATIENCE + 5, messages=options.messages, seconds=_PATIENCE)
        cpu = [b - a for a, b in zip(before, subject.cpu(), strict=True)]
        planned, _ = planner.communicate(timeout=30)
        return _figures(run, cpu, subject.memory(), options.messages, json.loads(planned))


def _from_a_loop(kind: type[Peer], driver: DriverProcess, core: int | None, messages: int) -> dict[str, Any]:
    if not PEERS_PYTHON.exists():
        raise Trouble("the other frameworks are not installed: run `make peers`")
    api = {"API": f"http://127.0.0.1:{driver.port}"}
    process = spawn([str(PEERS_PYTHON), str(HERE / kind.script), "send", str(messages)], core, api)
    try:
        driver.order("first", patience=_PATIENCE, seconds=_PATIENCE)
        sending = family(psutil.Process(process.pid))
        before, memory = cpu_seconds(sending), memory_mb(sending)
        run = driver.order("count", patience=_PATIENCE + 5, messages=messages, seconds=_PATIENCE)
        return _figures(run, [cpu_seconds(sending) - before, 0.0], (memory, 0.0), messages, {})
    finally:
        end(process)


IMPORTS = {"PYTHONPATH": str(HERE.parents[1])}


def _figures(
    run: dict[str, Any], cpu: list[float], memory: tuple[float, float], messages: int, extra: dict[str, Any]
) -> dict[str, Any]:
    arrived = max(1, run["arrived"])
    return {
        "rate": arrived / max(run["seconds"], 1e-9),
        "cpu": {"total": sum(cpu) * 1e3 / arrived, "app": cpu[0] * 1e3 / arrived, "db": cpu[1] * 1e3 / arrived},
        "memory": {"app": memory[0], "db": memory[1]},
        "lost": messages - run["arrived"],
        "twice": run["twice"],
        **extra,
    }


def _summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "messages_per_second": spread([run["rate"] for run in runs], 0),
        "cpu_seconds_per_1000": {part: middle(runs, "cpu", part) for part in ("total", "app", "db")},
        "memory_mb": {part: middle(runs, "memory", part) for part in ("app", "db")},
        "lost": sum(run["lost"] for run in runs),
        "twice": sum(run["twice"] for run in runs),
    }
    for extra in ("people_seconds", "planning_seconds"):
        if extra in runs[0]:
            found[extra] = middle(runs, extra)
    return found


def _progress(name: str, run: dict[str, Any]) -> None:
    print(f"{name:8} {run['rate']:6.0f}/s  {run['cpu']['total']:.3f} CPU-s/1000  lost {run['lost']}", file=sys.stderr)
