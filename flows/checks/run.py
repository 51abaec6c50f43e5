"""Run every check on the flows: names, paths, the map, consent, tables, and what a channel cannot show."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from content.findings import Finding
from content.library import Library
from flows.all_features import REGISTRY
from flows.checks.consent import consent_findings
from flows.checks.graph import FlowGraph
from flows.checks.harmless_things import thing_findings
from flows.checks.keeping import unasked_findings
from flows.checks.map import map_findings
from flows.checks.names import name_findings
from flows.checks.paths import path_findings
from flows.checks.rendering import shown_findings
from flows.checks.shortest_paths import ShortestPaths
from flows.checks.tables import table_findings
from flows.engine.loader import read_flows
from flows.model.definition import StatesGroup
from flows.registry import Registry


def check_flows(groups: Iterable[StatesGroup], library: Library, registry: Registry = REGISTRY) -> list[Finding]:
    """Return every mistake of the flows, sorted by file and line; an empty list means they can be compiled.

    Paths and rendering are looked at only when all names are right: a wrong name would be told ten times.
    """
    graph = FlowGraph(groups, library, registry)
    found = [*unasked_findings(registry), *name_findings(graph), *table_findings(graph)]
    found += thing_findings(library)
    if not found:
        paths = ShortestPaths(graph)
        found = [*path_findings(graph, paths), *map_findings(graph, paths)]
        found += [*consent_findings(graph, paths), *shown_findings(graph)]
    return sorted(set(found))


def findings(library: Library, root: Path | None = None) -> list[Finding]:
    """Return every mistake of the flow files in `root` (None: the packaged ones), unreadable files included."""
    groups, unread = read_flows(root)
    return sorted(unread) if unread else check_flows(groups, library)
