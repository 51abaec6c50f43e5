"""`nhipcau check`: every mistake in settings, content and flows, with file and line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.channels.checks import account_objections, limit_findings
from bot.config.settings import SettingsWrong, read_settings
from content import loader
from content.checks.freshness import age_findings
from content.checks.readability import style_findings
from content.findings import Finding
from content.library import Library
from content.packaged import PACKAGED
from content.zone import VIETNAM
from flows.checks import run as flow_check
from flows.understanding.proposals import proposal_findings


def run_check(*, release: bool, content: Path | None, flows: Path | None, settings: Path | None) -> int:
    """List every finding; 1 when there is one. Facts that are old or unverified count with `release`, style never."""
    library, wrong = loader.gather(content or PACKAGED)
    old = age_findings(library, datetime.now(VIETNAM).date()) if library is not None else []
    style: list[Finding] = []
    if library is not None and not wrong:  # flows are checked against sound content only
        style = style_findings(library)
        wrong = _flows(library, flows)
    sentences = _settings(settings, library)
    for sentence in sentences:
        print(sentence)
    for finding in [*wrong, *old, *style]:
        print(finding)
    fails = bool(wrong or sentences or (release and old))
    counts = f"{len(wrong) + len(sentences)} to mend, {len(old)} old or unverified, {len(style)} to word better"
    print(f"{counts}: {'not ' if fails else ''}ok")
    return int(fails)


def _flows(library: Library, flows: Path | None) -> list[Finding]:
    return [
        *limit_findings(library.limits),
        *flow_check.findings(library, flows),
        *proposal_findings(library.lexicon),
    ]


def _settings(file: Path | None, library: Library | None) -> list[str]:
    try:
        settings = read_settings(file)
    except SettingsWrong as problem:
        return problem.sentences
    if library is None or settings.demo:
        return []
    return list(account_objections(settings.accounts, library.limits))
