"""`start`: from the call of `nhipcau demo` to the first answer on a simulated phone.

Each run starts twice: `fresh` makes databases, keys and people in an empty folder, `again` finds them there. Nothing is
pinned: a start uses what the machine has.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from argparse import Namespace
from pathlib import Path
from typing import Any

from figures import machine, spread
from processes import Trouble, end, free_port, spawn, wait_for
from subjects import OUR_PYTHON

_PATIENCE = 60.0


def measure(options: Namespace) -> dict[str, Any]:
    """Start the demo once unmeasured, so that the machine is warm, then `options.runs` times."""
    before = machine()
    runs = [_twice() for _ in range(options.runs + 1)][1:]
    return {
        "bench": "start",
        "runs": options.runs,
        "machine": before,
        **{
            kind: {what: spread([run[kind][what] for run in runs], 2) for what in runs[0][kind]}
            for kind in ("fresh", "again")
        },
    }


def _twice() -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory(prefix="nhipcau-bench-", ignore_cleanup_errors=True) as name:
        found = {kind: _one_start(Path(name) / "demo") for kind in ("fresh", "again")}
    for kind, seconds in found.items():
        print(f"{kind:8}", *(f"{what} {took:.2f} s " for what, took in seconds.items()), file=sys.stderr)
    return found


def _one_start(folder: Path) -> dict[str, float]:
    port = free_port()
    called = time.perf_counter()
    command = [str(OUR_PYTHON), "-m", "bot", "demo", "--port", str(port), "--folder", str(folder)]
    demo = spawn(command, None, death=signal.SIGTERM, stdout=subprocess.PIPE)
    try:
        until_ready(demo)
        ready = time.perf_counter() - called
        call(port, "say", {"text": "xin chào"})
        wait_for(lambda: _answered(port), _PATIENCE, "an answer on the phone")
        answered = time.perf_counter() - called
    finally:
        told = time.perf_counter()
        end(demo)
    return {"ready_s": ready, "first_answer_s": answered, "stop_s": time.perf_counter() - told}


def until_ready(demo: subprocess.Popen[str]) -> str:
    """Return what the demo prints before it is ready. Raises Trouble when it ends instead."""
    assert demo.stdout
    said = ""
    for line in demo.stdout:
        if line == "ready\n":
            return said
        said += line
    raise Trouble(f"`nhipcau demo` ended with status {demo.wait()} before it was ready; its error is above")


def _answered(port: int) -> bool:
    messages = call(port, "inbox")["messages"]
    return any(message.get("from", "bot") == "bot" for message in messages)


def call(port: int, what: str, body: dict[str, str] | None = None, phone: str = "bench") -> dict[str, Any]:
    """Ask the control plane of the simulated phones; a body makes it a POST."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/__sim/telegram/{phone}/{what}",
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  http to loopback
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.URLError as error:
        raise Trouble(f"the control plane does not answer: {error}") from None
