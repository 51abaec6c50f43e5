"""`takeover`: how long people wait when a worker is killed, frozen or told to stop, or PostgreSQL restarts.

One process takes in, two work. Each event is timed from the signal until 32 people, spread over every lane, who write
right after it are all answered; the wait of the messages themselves is in the figure.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from argparse import Namespace
from pathlib import Path
from typing import Any

from figures import machine, spread

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def measure(options: Namespace) -> dict[str, Any]:
    """Play every event `options.runs` times."""
    from tests.chaos import takeover

    before = machine()
    with tempfile.TemporaryDirectory(prefix="nhipcau-bench-", ignore_cleanup_errors=True) as folder:
        took = asyncio.run(takeover.figures(Path(folder), options.runs))
    return {
        "bench": "takeover",
        "runs": options.runs,
        "machine": before,
        "people": takeover.PEOPLE,
        "seconds": {name: spread(seconds, 2) | {"must": takeover.MUSTS[name]} for name, seconds in took.items()},
        "over_their_must": takeover.over(took),
    }
