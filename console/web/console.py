"""What every page of this process shares: store, clock, settings, content, templates, the site map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.config.paging import Partner
from bot.file_parser.parser import Parser
from bot.trusted_proxies import Proxy
from console.web.assets import Asset
from console.web.events import LiveUpdates
from console.web.rendering import environment
from console.web.site_map import SiteMap
from content.library import Library
from scheduler.clock import Clock
from store.db.engine import Store
from store.messages import hold
from store.messages.hold import Hold
from store.staff.sign_in_limits import AttemptQueue
from store.submissions import service as submissions


class ConsoleSettings(Protocol):
    """The settings the console needs."""

    @property
    def public_url(self) -> str:
        """Where browsers reach us: scheme, host, port."""

    @property
    def secure_cookies(self) -> bool:
        """False only where the demo speaks plain HTTP."""

    @property
    def office_name(self) -> str:
        """The organisation that hands people on, as it is printed; "" while nobody has said."""

    @property
    def office_phone(self) -> str:
        """Where a service calls back; "" while nobody has said."""

    @property
    def demo(self) -> bool:
        """Whether every page says that this is a trial."""


class LiveIntervals(msgspec.Struct, frozen=True):
    """How often an open page looks after itself, in seconds of real time.

    `alive`: a sign of life, the page warns when two of them are missing. `check`: whether its session still stands.
    `follow`: what became of an answer that is under way.
    """

    alive: float = 15
    check: float = 5
    follow: float = 1


class Console:
    """The parts all pages share; `clock` is the application's, `real_clock` that of sessions."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: ConsoleSettings,
        library: Library,
        site_map: SiteMap,
        assets: Mapping[str, Asset],
        real_clock: Clock,
        intervals: LiveIntervals,
        parser: Parser,
        partners: Mapping[str, Partner] = {},
        proxies: Sequence[Proxy] = (),
    ) -> None:
        self.store = store
        self.clock = clock
        self.settings = settings
        self.library = library
        self.site_map = site_map
        self.assets = assets
        self.real_clock = real_clock
        self.intervals = intervals
        self.parser = parser
        self.partners = partners
        self.proxies = proxies
        self.live = LiveUpdates(store)
        self.turns = AttemptQueue()
        self.templates = environment()
        self.cookie_prefix = "__Host-" if settings.secure_cookies else ""
        self.cookie = f"{self.cookie_prefix}sid"
        self.hold: Hold | None = None
        self.unread = submissions.UnreadCounts()
        self.provinces = {area.code: area.name for area in library.areas.provinces.values()}

    async def refresh_header(self, conn: AsyncConnection) -> None:
        """Note for every page's head whether the service is on hold and what nobody has read."""
        self.hold = await hold.find(conn)
        self.unread = await submissions.unread(conn)
