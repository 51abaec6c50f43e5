"""Endpoint: one account as it takes messages in, with what it has counted since the start."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.channels.base import Channel
from content.schema import Limits


class Endpoint(msgspec.Struct):
    """One account's endpoint, with what its channel can carry.

    Since the start `received` authentic events came, and `acked` of them are on the disk. The platform called last at
    `heard`; the database was told so at `heard_told`.
    """

    number: int
    channel: Channel
    limits: Limits
    received: int = 0
    acked: int = 0
    heard: datetime | None = None
    heard_told: datetime | None = None
