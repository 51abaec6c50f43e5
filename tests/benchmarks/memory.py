"""`memory`: what our process and its PostgreSQL hold when idle, and after many messages (100,000 by default)."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from typing import Any

from figures import machine
from phones import SCRIPT
from processes import DriverProcess, cores, memory_mb, resident_mb
from subjects import SECRET, Ours

_STEPS = 5
_SETTLE = 2.0
"""Seconds of rest before memory is read."""


def measure(options: Namespace) -> dict[str, Any]:
    """Read memory idle, then after each fifth of `options.messages` updates; returns the printed document."""
    before = machine()
    core, other = cores(options.layout)
    driver = DriverProcess(other, options.latency_ms)
    try:
        with Ours(driver.port, core, options.in_flight) as subject:
            readings = _readings(subject, driver, options)
    finally:
        driver.close()
    return {"bench": "memory", "chats": options.chats, "machine": before, "memory_mb": readings}


def _readings(subject: Ours, driver: DriverProcess, options: Namespace) -> list[dict[str, float]]:
    time.sleep(_SETTLE)
    found = [_reading(subject, 0)]
    driver.order("open", url=subject.webhook, secret=SECRET, chats=options.chats)
    answers = driver.order("calibrate")["answers"]
    driver.order("run", updates=options.chats * len(SCRIPT), seconds=60, answers=answers)
    done = 0
    for _ in range(_STEPS):
        run = driver.order("run", patience=660, updates=options.messages // _STEPS, seconds=600, answers=answers)
        done += run["answered"]
        time.sleep(_SETTLE)
        found.append(_reading(subject, done))
    return found


def _reading(subject: Ours, messages: int) -> dict[str, float]:
    app, database = resident_mb(subject.app()), memory_mb(subject.database())
    print(f"after {messages:7,} messages: {app:.0f} MB + database {database:.0f} MB", file=sys.stderr)
    return {"messages": messages, "app_rss": round(app, 1), "db_pss": round(database, 1)}
