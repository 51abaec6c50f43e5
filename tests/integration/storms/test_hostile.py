"""Bad input through the real endpoint: kept or refused with a reason, and nobody else notices."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.chaos import hostile


@pytest.mark.chaos
async def test_whatever_is_sent_is_kept_or_refused_and_nobody_else_waits(server_folder: Path) -> None:
    """Three hundred bad bodies a channel (20,000 in the long form), and every attack on the wire.

    The storm itself fails when the good chat beside it is not answered; how much slower it was, the long one judges.
    """
    found = await hostile.storm(server_folder, count=300)
    print({**asdict(found), "slower": found.slower})
    assert not found.crashed
    assert found.unexplained == {}
    assert found.sent == 600 == found.kept + sum(found.refused.values())
    assert (found.kept_but_no_row, found.unstepped) == (0, 0)
    assert found.kept > 300
    assert found.memory_mb_most - found.memory_mb_before <= hostile.MEMORY_MB
    assert not [name for name, outcome in found.wires.items() if outcome.startswith("still open")]
