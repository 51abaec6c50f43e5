"""`nhipcau flows draw`: the flows as Mermaid state diagrams."""

from __future__ import annotations

import sys

from content.loader import load
from flows.checks.draw import conversation_map, mermaid
from flows.checks.graph import FlowGraph
from flows.engine.loader import load_flows

MAP = "map"
"""What is asked for instead of a flow."""


def run_draw(name: str | None) -> int:
    """Print one flow, all, or the map of the conversation (docs/conversation.md); returns the exit code."""
    groups = load_flows()
    if name == MAP:
        print(conversation_map(FlowGraph(groups, load())), end="")
        return 0
    chosen = [group for group in groups if name in (None, group.name)]
    if not chosen:
        print(f"there is no flow '{name}'; the flows are {', '.join(group.name for group in groups)}", file=sys.stderr)
        return 1
    for group in chosen:
        print(mermaid(group))
    return 0
