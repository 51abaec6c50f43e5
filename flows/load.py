"""Load the content and the flows, check them, and compile them into one conversation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from content.findings import ContentErrors
from content.library import Library
from content.loader import load
from flows.all_features import REGISTRY
from flows.checks.first_recordings import first_recordings
from flows.checks.graph import FlowGraph
from flows.checks.run import check_flows
from flows.engine.conversation import Conversation
from flows.engine.loader import load_flows
from flows.model.definition import StatesGroup
from flows.registry import Registry


def content_for(
    library: Library, groups: Iterable[StatesGroup] | None = None, registry: Registry = REGISTRY
) -> Conversation:
    """Compile the flows (None: the packaged ones) against a library.

    Raises ContentErrors when a flow names something that does not exist, strands somebody or cannot be shown.
    """
    chosen = tuple(load_flows() if groups is None else groups)
    findings = check_flows(chosen, library, registry)
    if findings:
        raise ContentErrors(findings)
    library.read_first(first_recordings(FlowGraph(chosen, library, registry)))
    return Conversation(library, chosen, registry)


def load_all(content_root: Path | None = None, flows_root: Path | None = None) -> Conversation:
    """Load the content and the flows (None: the packaged ones) and compile them; raises ContentErrors."""
    return content_for(load(content_root), load_flows(flows_root))
