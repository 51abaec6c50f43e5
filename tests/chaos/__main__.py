"""`make chaos`: every long storm, one JSON document each; 1 when a must was broken."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.chaos.kills import report, storm

KILLS, MESSAGES = 56, 60


def main() -> int:
    """Run them one after the other."""
    with tempfile.TemporaryDirectory(prefix="nhipcau-", ignore_cleanup_errors=True) as folder:
        outcome = asyncio.run(storm(Path(folder), KILLS, MESSAGES))
    print(json.dumps({"storm": "kills", **report(outcome)}), flush=True)
    broken = any((outcome.lost, outcome.stuck, outcome.double_effects, outcome.wrong_case_count, outcome.never_seen))
    broken |= bool(outcome.relay_lost or outcome.seen_twice_unexplained)
    for script in ("token_storm.py", "mutated_updates.py"):
        broken |= bool(subprocess.run([sys.executable, str(Path(__file__).parent / script)], check=False).returncode)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
