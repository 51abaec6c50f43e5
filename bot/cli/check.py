"""`nhipcau check`: every mistake in settings, content and flows, with file and line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels.checks import limit_findings
from bot.config.settings import SettingsWrong, read_settings
from content import loader
from content.findings import ContentErrors, Finding
from flows.checks import run as flow_check
from flows.understanding.proposals import proposal_findings

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def run_check(*, release: bool, content: Path | None, flows: Path | None, settings: Path | None) -> int:
    """List every finding; 1 when there is one. Facts that are old or unverified count with `release`, style never."""
    today = datetime.now(_HERE).date()
    found = loader.findings(content, today)
    wrong = [finding for finding in found if finding.severity == "structure"]
    old = [finding for finding in found if finding.severity == "age"]
    style = loader.style(content)
    wrong += _flows(content, flows)
    sentences = _settings(settings)
    for sentence in sentences:
        print(sentence)
    for finding in [*wrong, *old, *style]:
        print(finding)
    fails = bool(wrong or sentences or (release and old))
    counts = f"{len(wrong) + len(sentences)} to mend, {len(old)} old or unverified, {len(style)} to word better"
    print(f"{counts}: {'not ' if fails else ''}ok")
    return int(fails)


def _flows(content: Path | None, flows: Path | None) -> list[Finding]:
    try:
        library = loader.load(content)
    except ContentErrors:
        return []  # the flows are checked against sound content only; its findings are listed already
    return [
        *limit_findings(library.limits),
        *flow_check.findings(library, flows),
        *proposal_findings(library.lexicon),
    ]


def _settings(file: Path | None) -> list[str]:
    try:
        read_settings(file)
    except SettingsWrong as problem:
        return problem.sentences
    return []
