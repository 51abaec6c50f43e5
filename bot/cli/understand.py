"""`nhipcau understand`: one JSON line for each message, or how a labelled file is understood."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from content.findings import ContentErrors
from content.lexicon.model import LexiconData
from content.loader import load_lexicon
from flows.checks.ordinary_talk import measure
from flows.load import load_all
from flows.understanding import understand
from flows.understanding.evaluation import LabelError, evaluate, read_rows, report
from flows.understanding.proposals import proposal_for


def run_understand(text: str | None, batch: Path | None, *, labelled: bool = False, propose: bool = False) -> int:
    """Understand one message, a file of them, or standard input; returns the exit code.

    With `labelled` the file (`--batch`, or the argument) has a header and labels, and what went wrong is printed.
    With `propose` each message is printed as an entry for proposed.yaml, names and numbers taken out.
    """
    try:
        lexicon = load_lexicon()
        if labelled:
            return _report(Path(text) if batch is None and text else batch, lexicon)
        lines = _lines(text, batch)
    except (ContentErrors, LabelError, OSError, UnicodeDecodeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    for line in lines:
        sys.stdout.write((proposal_for(line) if propose else _said(line, lexicon)) + "\n")
    return 0


def run_ordinary(file: Path) -> int:
    """Print what calm messages led to, as shares in per cent; returns the exit code."""
    try:
        lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
        figures = measure(lines, load_lexicon(), load_all())
    except (ContentErrors, OSError, UnicodeDecodeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(figures.percent()), indent=2).decode() + "\n")
    return 0


def _said(line: str, lexicon: LexiconData) -> str:
    meaning = understand(line, lexicon)
    said = {
        "text": line,
        "level": meaning.level,
        "action": meaning.action,
        "intent": meaning.intent,
        "topic": meaning.topic,
    }
    return msgspec.json.encode(said).decode()


def _report(file: Path | None, lexicon: LexiconData) -> int:
    if file is None:
        print("name the labelled file: nhipcau understand --report --batch FILE", file=sys.stderr)
        return 1
    figures = report(evaluate(read_rows(file.read_text("utf-8")), lexicon))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(figures), indent=2).decode() + "\n")
    return 0


def _lines(text: str | None, batch: Path | None) -> Iterable[str]:
    if text is not None:
        return [text]
    source = batch.read_text("utf-8") if batch is not None else sys.stdin.read()
    return source.split("\n")[:-1] if source.endswith("\n") else source.split("\n")
