"""`nhipcau flows draw`: the flows as Mermaid state diagrams."""

from __future__ import annotations

import sys

from flows.checks.draw import mermaid
from flows.engine.loader import load_flows


def run_draw(name: str | None) -> int:
    """Print one flow, or all; returns the exit code."""
    groups = load_flows()
    chosen = [group for group in groups if name in (None, group.name)]
    if not chosen:
        print(f"there is no flow '{name}'; the flows are {', '.join(group.name for group in groups)}", file=sys.stderr)
        return 1
    for group in chosen:
        print(mermaid(group))
    return 0
