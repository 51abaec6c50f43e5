"""The runtime: what the parts of one process share (settings, store, content, clock, accounts, the alarm)."""

from __future__ import annotations

from collections.abc import Callable

import asyncpg

from bot.channels.endpoint import Endpoint
from bot.config.settings import Settings
from bot.file_parser.parser import Parser
from bot.logs.journal import log
from content.library import Library
from scheduler.clock import Clock
from store.db.engine import Store, connect

Probe = Callable[[str], None]
INTAKE_PARTS = frozenset({"intake", "spool", "fallback", "database"})
ROLES = {
    "all": INTAKE_PARTS | {"ownership", "polling", "pipeline", "sender", "ticks"},
    "web": INTAKE_PARTS,
    "worker": INTAKE_PARTS | {"ownership", "polling", "pipeline", "sender", "ticks"},
}
"""Which parts run in which role; `web` and `worker` find each other through the database.

A worker takes in too: what it asks the platforms for. Its endpoint is not open to the network.
"""


class Runtime:
    """The shared values of one process; `endpoints` are its accounts by name, empty until it is open."""

    def __init__(
        self, settings: Settings, store: Store, data_uri: str, library: Library, clock: Clock, role: str = "all"
    ) -> None:
        self.role = role
        self.parts = ROLES[role]
        self.settings = settings
        self.store = store
        self.library = library
        self.clock = clock
        self.alarms: list[str] = []
        self.endpoints: dict[str, Endpoint] = {}
        self.parser = Parser()
        self.data_uri = data_uri

    @property
    def by_number(self) -> dict[int, Endpoint]:
        """The accounts by their numbers in the store."""
        return {endpoint.number: endpoint for endpoint in self.endpoints.values()}

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the accounts in the store."""
        return tuple(endpoint.number for endpoint in self.endpoints.values())

    async def connect(self) -> asyncpg.Connection:
        """Open a dedicated connection to the data. Raises DatabaseDown."""
        return await connect(self.data_uri)

    def alarm(self, sentence: str) -> None:
        """Say loudly that a human is needed."""
        self.alarms.append(sentence)
        log.error("a human is needed", extra={"reason": sentence})
