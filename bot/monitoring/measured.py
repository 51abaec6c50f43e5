"""What a scrape of metrics looks at."""

from __future__ import annotations

import msgspec

from bot.inbound.pipeline import Pipeline
from bot.inbound.webhook import Intake
from bot.monitoring.health import HealthMonitor
from bot.outbound.sender import Sender
from bot.paging.pager import Pager
from bot.runtime import Runtime


class Measured(msgspec.Struct, frozen=True):
    """The parts of one process that a scrape looks at."""

    runtime: Runtime
    intake: Intake
    pipeline: Pipeline
    sender: Sender
    pager: Pager
    health: HealthMonitor
