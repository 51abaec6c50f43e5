"""Run one benchmark and print one JSON document: `make bench NAME=inbound`, or this file with options."""

from __future__ import annotations

import argparse
import json
import signal
import sys

import checkins
import console_pages
import engine
import fanout
import inbound
import memory
import mixed
import outbound
import start
import takeover
import understand
from processes import Trouble
from subjects import SUBJECTS

BENCHES = {
    "inbound": inbound.measure,
    "outbound": outbound.measure,
    "memory": memory.measure,
    "mixed": mixed.measure,
    "start": start.measure,
    "takeover": takeover.measure,
    "understand": understand.measure,
    "engine": engine.measure,
    "fanout": fanout.measure,
    "checkins": checkins.measure,
    "console": console_pages.measure,
}
_MESSAGES = {"outbound": 20_000, "mixed": 20_000, "memory": 100_000, "fanout": 200_000, "checkins": 1_000_000}


def main() -> int:
    """Read the options, measure, print."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is also ended
    options = _parser().parse_args()
    options.messages = options.messages or _MESSAGES.get(options.name, 0)
    try:
        print(json.dumps(BENCHES[options.name](options), indent=2, ensure_ascii=False))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(BENCHES))
    parser.add_argument("--runs", type=int, default=3, help="repetitions of every subject (default 3)")
    parser.add_argument("--seconds", type=float, default=8, help="measured seconds of a run (default 8)")
    parser.add_argument("--chats", type=int, default=64, help="people who talk at once (default 64)")
    parser.add_argument("--latency-ms", type=float, default=0, help="how long the Bot API takes to answer")
    parser.add_argument("--cries", type=float, default=0, help="per cent of messages that are cries of strangers")
    parser.add_argument("--in-flight", type=int, default=64, help="our setting in_flight")
    parser.add_argument("--messages", type=int, help="rows or messages, of the benches that count them")
    parser.add_argument("--layout", choices=["one", "free"], default="one", help="one: subject and database on a core")
    parser.add_argument("--subjects", nargs="+", choices=sorted(SUBJECTS), default=list(SUBJECTS))
    return parser


if __name__ == "__main__":
    sys.exit(main())
