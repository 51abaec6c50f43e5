"""The stand-ins run as a program of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_program_says_ready_and_ends_at_once_when_interrupted():
    """It prints its address, then `ready` when it answers, and Ctrl-C ends it within five seconds."""
    command = [sys.executable, "-m", "simulator", "--port", "0", "--seed", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        assert process.stdout.readline() == "ready\n"
        with urllib.request.urlopen(f"{base}__sim/clock", timeout=5) as answer:  # noqa: S310
            assert "now" in json.load(answer)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)
        assert time.monotonic() - began < 5
