"""`inbound`: people talk to the bot; from the post of an update to the answer's arrival at the Bot API.

Subjects alternate run by run in the same window. An update is answered when the first message for its chat arrives; a
phone writes again when every message expected for its line of the script has come and the update was acknowledged.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import dataclass
from typing import Any

from figures import machine, middle, milliseconds, ratios, spread
from phones import SCRIPT
from processes import DriverProcess, cores
from subjects import SECRET, SUBJECTS, Ours, Subject

_WITHOUT_END = 10**9
_RATIOS = {
    "rate": ("updates_per_second", "median"),
    "cpu": ("cpu_seconds_per_1000", "total"),
    "p99": ("answer_ms", "p99"),
}


@dataclass
class Plan:
    """How one run goes. `answers` keeps what calibration found, by subject."""

    chats: int
    seconds: float
    latency_ms: float
    cry_every: int
    in_flight: int
    layout: str
    answers: dict[str, list[list[int]]]


def measure(options: Namespace) -> dict[str, Any]:
    """Run every subject `options.runs` times, alternating; returns the printed document."""
    plan = Plan(
        options.chats,
        options.seconds,
        options.latency_ms,
        round(100 / options.cries) if options.cries else 0,
        options.in_flight,
        options.layout,
        {},
    )
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in options.subjects}
    before = machine()
    for _ in range(options.runs):
        for name in options.subjects:
            runs[name].append(_one_run(name, plan))
            _progress(name, runs[name][-1])
    found = {name: _summary(many) for name, many in runs.items()}
    return {
        "bench": "inbound",
        "chats": plan.chats,
        "api_latency_ms": plan.latency_ms,
        "seconds_per_run": plan.seconds,
        "runs": options.runs,
        "layout": plan.layout,
        "machine": before,
        "subjects": found,
        **ratios(found, _RATIOS),
    }


def _one_run(name: str, plan: Plan) -> dict[str, Any]:
    ours, theirs = cores(plan.layout)
    driver = DriverProcess(theirs, plan.latency_ms)
    try:
        with _subject(name, driver.port, ours, plan) as subject:
            return _talk(subject, driver, plan)
    finally:
        driver.close()


def _subject(name: str, api_port: int, core: int | None, plan: Plan) -> Subject:
    kind = SUBJECTS[name]
    return Ours(api_port, core, plan.in_flight) if kind is Ours else kind(api_port, core)


def _talk(subject: Subject, driver: DriverProcess, plan: Plan) -> dict[str, Any]:
    driver.order("open", url=subject.webhook, secret=SECRET, chats=plan.chats)
    if subject.name not in plan.answers:
        plan.answers[subject.name] = driver.order("calibrate")["answers"]
    answers = plan.answers[subject.name]
    driver.order("run", updates=plan.chats * len(SCRIPT), seconds=20, answers=answers)
    before = subject.cpu()
    run = driver.order("run", updates=_WITHOUT_END, seconds=plan.seconds, answers=answers, cry_every=plan.cry_every)
    after = subject.cpu()
    return _figures(run, [b - a for a, b in zip(before, after, strict=True)], subject.memory())


def _figures(run: dict[str, Any], cpu: list[float], memory: tuple[float, float]) -> dict[str, Any]:
    answered = max(1, run["answered"])
    found: dict[str, Any] = {
        "rate": answered / run["seconds"],
        "cpu": {"total": sum(cpu) * 1e3 / answered, "app": cpu[0] * 1e3 / answered, "db": cpu[1] * 1e3 / answered},
        "ack": milliseconds(run["acks"]),
        "answer": milliseconds(run["waits"]),
        "memory": {"app": memory[0], "db": memory[1]},
        "messages_per_update": run["calls"].get("sendmessage", 0) / answered,
        "driver_share": run["driver_cpu"] / run["seconds"],
        **{count: run[count] for count in ("answered", "lost", "refused", "stray")},
    }
    if run["cries"]:
        found["cry"] = milliseconds(run["cries"])
    return found


def _summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "updates_per_second": spread([run["rate"] for run in runs], 0),
        "cpu_seconds_per_1000": {part: middle(runs, "cpu", part) for part in ("total", "app", "db")},
        "ack_ms": {p: middle(runs, "ack", p) for p in ("p50", "p99")},
        "answer_ms": {p: middle(runs, "answer", p) for p in ("p50", "p99")},
        "memory_mb": {part: middle(runs, "memory", part) for part in ("app", "db")},
        "messages_per_update": middle(runs, "messages_per_update"),
        "driver_busy": middle(runs, "driver_share"),
        **{count: sum(run[count] for run in runs) for count in ("answered", "lost", "refused", "stray")},
    }
    if all("cry" in run for run in runs):
        found["cry_answer_ms"] = {p: middle(runs, "cry", p) for p in ("p50", "p99")}
    return found


def _progress(name: str, run: dict[str, Any]) -> None:
    print(
        f"{name:8} {run['rate']:6.0f}/s  {run['cpu']['total']:.3f} CPU-s/1000  p99 {run['answer']['p99']:.0f} ms"
        f"  lost {run['lost']}",
        file=sys.stderr,
    )
