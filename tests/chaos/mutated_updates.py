"""20,000 damaged updates for each channel; prints JSON. Exit 1 when one crashed, was believed, or changed its chat.

.venv/bin/python tests/chaos/mutated_updates.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bot.channels.telegram import test_reader as telegram_reader_tests
from tests.bot.channels.zalo_bot import test_reader as zalo_bot_reader_tests
from tests.bot.channels.zalo_oa import test_reader as zalo_reader_tests

COUNT = 20_000


def main() -> int:
    """Run every storm; an exception of any other kind ends the program with its traceback."""
    figures = {
        "telegram": telegram_reader_tests.storm(COUNT),
        "zalo_oa": zalo_reader_tests.storm(COUNT),
        "zalo_bot": zalo_bot_reader_tests.storm(COUNT),
    }
    print(json.dumps({"updates_each": COUNT, "crashes": 0, **figures}, indent=2))
    return int(any(f.get("elsewhere", 0) or f.get("forged", 0) for f in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
