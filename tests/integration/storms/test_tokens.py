"""Several real processes share one refresh token and are killed inside the refresh: the short form of the storm."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.chaos
def test_no_process_ever_uses_a_spent_token_and_every_lost_grant_is_told() -> None:
    """3 processes, 12 refreshes, 5 kill -9 (one at each stage), lost answers, a withdrawn grant."""
    script = [sys.executable, "tests/chaos/token_storm.py", "--processes", "3", "--cycles", "12", "--kills", "5"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout)
    assert set(figures["kills_by_stage"].values()) == {1}
    assert len(figures["kills_by_stage"]) == 5
    assert figures["spent_token_reused"] == 0
    assert figures["grants_lost_without_alarm"] == 0
    assert figures["needs_consent"]["withdrawn"] == 1
    assert figures["calls_failed_while_token_alive"] == 0
    assert figures["calls_ok"] > 50
