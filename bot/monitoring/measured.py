"""What a scrape of metrics looks at."""

from __future__ import annotations

from typing import Protocol

from bot.channels.endpoint import Endpoint
from bot.config.settings import Settings
from bot.inbound.pipeline import Pipeline
from bot.inbound.webhook import Intake
from bot.monitoring.health import HealthMonitor
from bot.outbound.sender import Sender
from bot.paging.pager import Pager
from content.library import Library
from scheduler.clock import Clock


class Measured(Protocol):
    """The parts of one process that a scrape looks at."""

    settings: Settings
    library: Library
    clock: Clock
    alarms: list[str]
    endpoints: dict[str, Endpoint]
    intake: Intake
    pipeline: Pipeline
    sender: Sender
    pager: Pager
    health: HealthMonitor
