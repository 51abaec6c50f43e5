"""Work begun before the slow imports of a start: the database, passphrases."""

from __future__ import annotations

import gc
from pathlib import Path

from store.db.embedded import begin


def begin_demo(folder: Path) -> None:
    """Start the database of a demo beside the imports: on a first start the two take about as long."""
    hold_the_collector()
    begin(demo_data(folder))


def demo_data(folder: Path) -> Path:
    """Where a demo keeps its databases."""
    return folder / "data"


def hold_the_collector() -> None:
    """Collect no garbage until `spare_the_collector`: what a start makes stays, and is looked through in vain."""
    gc.disable()
