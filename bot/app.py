"""The application: builds the parts of one process, starts and stops them; the same under `run` and `demo`."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import asyncpg

from bot.channel_factory import build_channel
from bot.channels.base import Human
from bot.channels.endpoint import Endpoint
from bot.config.settings import Settings
from bot.fallback.responder import FallbackResponder
from bot.fallback.watchlist import Watchlist
from bot.inbound.backfill import CatchUp
from bot.inbound.pipeline import Pipeline
from bot.inbound.polling import Poller
from bot.inbound.spool import Spool
from bot.inbound.turn import TurnMaker
from bot.inbound.webhook import Intake
from bot.jobs import Parts, ticks_of
from bot.logs.journal import log
from bot.media.public_links import Media
from bot.monitoring.health import HealthMonitor
from bot.outbound.account import SendingAccount
from bot.outbound.files import FileSender
from bot.outbound.sender import Sender
from bot.outbound.voice import VoiceSender
from bot.ownership import Ownership
from bot.paging.jobs import build_pager, build_referral_webhook
from bot.runtime import Probe, Runtime
from content.library import Library
from flows.engine.conversation import Conversation
from scheduler.clock import Clock
from store.db.engine import PATIENCE, TROUBLE, Store, engine, raw
from store.messages import hold as service_hold
from store.people import models as people
from store.privacy import forgetting
from store.staff import authorization


def _nothing(_: str) -> None:
    return None


class Application(Runtime):
    """One process's intake, pipeline and sender over one store."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        data_uri: str,
        library: Library,
        content: Conversation,
        clock: Clock,
        probe: Probe = _nothing,
        role: str = "all",
        revive: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(settings, store, data_uri, library, clock, role)
        self.broken = asyncio.Event()
        self._content = content
        self._probe = probe
        self._background: list[asyncio.Task[Any]] = []
        self._revive = revive
        self._engine = engine(data_uri, size=1, patience=PATIENCE)

    async def _say_if_held(self) -> None:
        async with self.store.data.connect() as conn:
            hold = await service_hold.find(conn)
        if hold is not None:
            since = f"{hold.since:%Y-%m-%d %H:%M} UTC"
            self.alarm(f"the service is on hold since {since}: nothing is sent until `nhipcau release` lets it go")

    async def _say_who_may_act_nowhere(self) -> None:
        async with self.store.data.connect() as conn:
            for sentence in await authorization.stray(conn):
                self.alarm(sentence)

    async def open(self) -> None:
        """Number the accounts and build every part; nothing runs yet."""
        endpoints: dict[str, Endpoint] = {}
        sending_accounts: dict[int, SendingAccount] = {}
        async with raw(self.store.data) as pg:
            for account in self.settings.accounts:
                number = await people.register_account(pg, account.name, account.channel)
                channel = await build_channel(account, self)
                endpoints[account.name] = Endpoint(number, channel, self.library.limits[account.channel])
                sending_accounts[number] = SendingAccount(
                    number, channel, account.rate, account.chat_rate, account.in_flight
                )
        by_number = {endpoint.number: endpoint for endpoint in endpoints.values()}
        limits = {number: endpoint.limits for number, endpoint in by_number.items()}
        self.endpoints = endpoints
        self.media = Media(self.store, self.clock, self.library)
        self.ownership = Ownership(self.connect, by_number)
        watchlist = Watchlist(self.clock, lambda lane: lane in self.ownership.lanes)
        self.fallback = FallbackResponder(self._content, self.clock, watchlist)
        for number, sending in sending_accounts.items():
            self.fallback.add(number, sending.channel, limits[number], sending.rate)
        self.sender = Sender(
            self.store,
            self.connect,
            self.ownership,
            sending_accounts,
            self.clock,
            lambda opening: not self.library.is_neutral(opening),
            watchlist,
            self._probe,
            VoiceSender(self.store, self.clock, self.library, self.settings.public_url),
            FileSender(self.store, self.clock, self.settings.public_url),
        )
        self.pipeline = Pipeline(
            self.store,
            self._engine,
            self.ownership,
            by_number,
            TurnMaker(self._content, limits, self.store.keys.index, drafts=self.settings.demo),
            self.clock,
            self._answered,
            self.fallback,
            self._probe,
        )
        self.intake = Intake(
            endpoints,
            self.connect,
            self.store.keys.inbox_public,
            Spool(self.settings.data_dir / "spool"),
            self.clock,
            self._stored,
            self.fallback,
            self._probe,
        )
        await self._say_if_held()
        await self._say_who_may_act_nowhere()
        self.pager, self.referral_webhook = build_pager(self), build_referral_webhook(self)
        self.catch_up = CatchUp(self, self.ownership, self.intake)
        self.health = HealthMonitor(self, self.catch_up)
        parts = Parts(self.ownership, self.sender, self.catch_up, self.health, self.pager, self.referral_webhook)
        self.ticks = ticks_of(self, parts)
        polled = [endpoints[a.name] for a in self.settings.accounts if a.polled]
        self.poller = Poller(polled, lambda: self.ownership.accounts, self.intake.accept)
        self.ownership.on_change(self._owns_more, self._settle)
        self.ownership.on_notify("lane", lambda _: self.pipeline.wake())
        self.ownership.on_notify("ledger", lambda _: self.sender.wake())
        self.ownership.on_notify("broadcast", self.sender.broadcast_changed)
        self.ownership.on_notify(forgetting.CHANNEL, lambda who: self.store.ring.forget_cached(UUID(who)))

    def _owns_more(self) -> None:
        self._gained()
        self._background.append(asyncio.create_task(self.ticks.now("catch_up"), name="catch_up"))

    def _gained(self) -> None:
        self.pipeline.wake()
        self.sender.wake()

    async def clock_moved(self) -> None:
        """Look at everything again at once: the clock was moved (by a demo or a test)."""
        await self.ticks.all_now()
        self._gained()

    async def _settle(self) -> None:
        await self.pipeline.settled()
        await self.sender.settled()

    async def _stored(self, pg: asyncpg.Connection, lanes: set[int]) -> None:
        """Wake whoever owns the lanes: ourselves at once, others by NOTIFY."""
        self.pipeline.wake()
        others = lanes - self.ownership.lanes.keys()
        if others:
            await pg.execute("SELECT pg_notify('lane', $1)", ",".join(map(str, sorted(others))))

    async def _answered(self, pg: asyncpg.Connection, accounts: set[int]) -> None:
        self.sender.wake()
        others = accounts - self.ownership.accounts.keys()
        if others:
            await pg.execute("SELECT pg_notify('ledger', $1)", ",".join(map(str, sorted(others))))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run everything; on the way out stop taking in, finish what is in hand, give up what is owned."""
        parts = {
            "ownership": self.ownership.run,
            "intake": self.intake.run,
            "polling": self.poller.run,
            "pipeline": self.pipeline.run,
            "sender": self.sender.run,
            "spool": self._carry_over,
            "fallback": self.fallback.run,
            "database": self._keep_database,
            "ticks": self.ticks.run,
        }
        chosen = self.parts
        self._background = [asyncio.create_task(run(), name=name) for name, run in parts.items() if name in chosen]
        for task in self._background:
            task.add_done_callback(self._must_not_end)
        try:
            if "ownership" in chosen:
                await self.ownership.ready.wait()
            yield
        finally:
            await self._stop()

    async def start_channels(self) -> None:
        """Open every account; one that refuses is named in an alarm and the others go on."""
        await asyncio.gather(*(self._start_channel(endpoint) for endpoint in self.endpoints.values()))

    async def _start_channel(self, endpoint: Endpoint) -> None:
        try:
            await endpoint.channel.start()
        except Human as refusal:
            self.alarm(str(refusal))

    def _must_not_end(self, task: asyncio.Task[Any]) -> None:
        """A part that ends by itself breaks the application: say so, and let the process end rather than pretend."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("a part of the application stopped", extra={"stage": task.get_name()}, exc_info=error)
            self.broken.set()

    async def _carry_over(self) -> None:
        while True:
            try:
                await self.intake.carry_over()
            except TROUBLE:
                log.warning("spooled messages wait for the database")
            await asyncio.sleep(1)

    async def close(self) -> None:
        """Close what `open` made, for whoever never ran it."""
        await asyncio.gather(
            *(endpoint.channel.close() for endpoint in self.endpoints.values()), return_exceptions=True
        )
        await self.parser.close()
        await self.health.close()
        await self.pager.close()
        await self.referral_webhook.close()
        await self._engine.dispose()
        await self.store.close()

    async def _keep_database(self) -> None:
        """Start the embedded server again when it was killed: nobody else looks after it."""
        while self._revive is not None:
            await asyncio.sleep(0.3)
            try:
                await asyncio.to_thread(self._revive)
            except (OSError, subprocess.SubprocessError) as error:
                log.error("the embedded database does not start", extra={"reason": type(error).__name__})
        await asyncio.Event().wait()

    async def _stop(self) -> None:
        ends_first = ("database", "spool", "intake", "polling", "pipeline")
        takes_in = [task for task in self._background if task.get_name() in ends_first]
        for task in takes_in:
            task.cancel()
        await asyncio.gather(*takes_in, return_exceptions=True)
        with contextlib.suppress(*TROUBLE):
            await self.sender.close()
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self.ownership.close()
        await self.close()
