"""Find every mistake in the flows before a person does: names, paths, and what a channel cannot show."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from content.finding import Finding
from content.library import Library
from flows.check_consent import consent_findings
from flows.check_names import name_findings
from flows.check_paths import path_findings
from flows.check_shown import shown_findings
from flows.check_tables import table_findings
from flows.definition import StatesGroup
from flows.loader import read_flows
from flows.plan import Plan
from flows.ways import Ways


def check_flows(groups: Iterable[StatesGroup], library: Library) -> list[Finding]:
    """Return every mistake of the flows, sorted by file and line; an empty list means they can be compiled.

    Paths and rendering are looked at only when all names are right: a wrong name would be told ten times.
    """
    plan = Plan(groups, library)
    found = [*name_findings(plan), *table_findings(plan)]
    if not found:
        ways = Ways(plan)
        found = [*path_findings(plan, ways), *consent_findings(plan, ways), *shown_findings(plan)]
    return sorted(set(found))


def findings(library: Library, root: Path | None = None) -> list[Finding]:
    """Return every mistake of the flow files in `root` (None: the packaged ones), unreadable files included."""
    groups, unread = read_flows(root)
    return sorted(unread) if unread else check_flows(groups, library)
