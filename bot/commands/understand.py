"""`nhipcau understand`: one JSON line for each message."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from content.loader import load
from flows.understanding import understand


def run_understand(text: str | None, batch: Path | None) -> int:
    """Understand one message, a file of them, or standard input; returns the exit code."""
    lexicon = load().lexicon
    for line in _lines(text, batch):
        meaning = understand(line, lexicon)
        said = {
            "text": line,
            "level": meaning.level,
            "action": meaning.action,
            "intent": meaning.intent,
            "topic": meaning.topic,
        }
        sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
    return 0


def _lines(text: str | None, batch: Path | None) -> Iterable[str]:
    if text is not None:
        return [text]
    source = batch.read_text("utf-8") if batch is not None else sys.stdin.read()
    return source.splitlines()
