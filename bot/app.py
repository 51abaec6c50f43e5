"""The application: builds the parts of one process, starts and stops them; the same under `run` and `demo`."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import asyncpg

from bot.channel_factory import build_channel
from bot.channels.base import Human
from bot.channels.endpoint import Endpoint
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
from bot.monitoring.measured import Measured
from bot.outbound.account import SendingAccount
from bot.outbound.files import FileSender
from bot.outbound.sender import Sender
from bot.outbound.voice import VoiceSender
from bot.ownership import Ownership
from bot.paging.jobs import build_pager, build_referral_webhook
from bot.runtime import Probe, Runtime
from flows.engine.conversation import Conversation
from store.db.engine import PATIENCE, TROUBLE, engine, raw
from store.db.notify import NotifyChannel, notify_at_once
from store.messages import hold as service_hold
from store.people import models as people
from store.staff import authorization


def _nothing(_: str) -> None:
    return None


async def open_application(
    runtime: Runtime, content: Conversation, probe: Probe = _nothing, revive: Callable[[], None] | None = None
) -> Application:
    """Number the accounts and build every part; nothing runs yet."""
    application = Application(runtime, content, await _open_accounts(runtime), probe, revive)
    async with runtime.store.data.connect() as conn:
        hold = await service_hold.find(conn)
        stray = await authorization.stray(conn)
    if hold is not None:
        since = f"{hold.since:%Y-%m-%d %H:%M} UTC"
        runtime.alarm(f"the service is on hold since {since}: nothing is sent until `nhipcau release` lets it go")
    for sentence in stray:
        runtime.alarm(sentence)
    return application


async def _open_accounts(runtime: Runtime) -> dict[int, SendingAccount]:
    """Give every account its number and its channel: the endpoints of the runtime, and what is sent through."""
    sending: dict[int, SendingAccount] = {}
    async with raw(runtime.store.data) as pg:
        for account in runtime.settings.accounts:
            number = await people.register_account(pg, account.name, account.channel)
            channel = await build_channel(account, runtime)
            runtime.endpoints[account.name] = Endpoint(number, channel, runtime.library.limits[account.channel])
            sending[number] = SendingAccount(number, channel, account.rate, account.chat_rate, account.in_flight)
    return sending


class Application:
    """The parts of one process over one runtime, which wake one another: intake, pipeline, sender, ticks."""

    def __init__(
        self,
        runtime: Runtime,
        content: Conversation,
        sending: dict[int, SendingAccount],
        probe: Probe,
        revive: Callable[[], None] | None,
    ) -> None:
        self.runtime = runtime
        self.broken = asyncio.Event()
        self._background: list[asyncio.Task[None]] = []
        self._revive = revive
        self._engine = engine(runtime.data_uri, size=1, patience=PATIENCE)
        self.ownership = Ownership(runtime.connect, sending)
        self.media = Media(runtime.store, runtime.clock, runtime.library)
        self.fallback = self._build_fallback(content, sending)
        self.sender = self._build_sender(sending, probe)
        self.pipeline = self._build_pipeline(content, probe)
        self.intake = self._build_intake(probe)
        self.pager, self.referral_webhook = build_pager(runtime), build_referral_webhook(runtime)
        self.catch_up = CatchUp(runtime, self.ownership, self.intake)
        self.health = HealthMonitor(runtime, self.catch_up)
        self.measured = Measured(runtime, self.intake, self.pipeline, self.sender, self.pager, self.health)
        parts = Parts(self.ownership, self.sender, self.catch_up, self.health, self.pager, self.referral_webhook)
        self.ticks = ticks_of(runtime, parts)
        polled = [runtime.endpoints[account.name] for account in runtime.settings.accounts if account.polled]
        self.poller = Poller(polled, lambda: self.ownership.accounts, self.intake.accept)
        self._listen()

    def _build_fallback(self, content: Conversation, sending: dict[int, SendingAccount]) -> FallbackResponder:
        runtime = self.runtime
        watchlist = Watchlist(runtime.clock, lambda lane: lane in self.ownership.lanes)
        fallback = FallbackResponder(content, runtime.clock, watchlist)
        for number, endpoint in runtime.by_number.items():
            fallback.add(number, endpoint.channel, endpoint.limits, sending[number].rate)
        return fallback

    def _build_sender(self, sending: dict[int, SendingAccount], probe: Probe) -> Sender:
        runtime = self.runtime
        store, clock, library, url = runtime.store, runtime.clock, runtime.library, runtime.settings.public_url
        return Sender(
            store,
            runtime.connect,
            self.ownership,
            sending,
            clock,
            lambda opening: not library.is_neutral(opening),
            self.fallback.watchlist,
            probe,
            VoiceSender(store, clock, library, url),
            FileSender(store, clock, url),
        )

    def _build_pipeline(self, content: Conversation, probe: Probe) -> Pipeline:
        runtime, by_number = self.runtime, self.runtime.by_number
        limits = {number: endpoint.limits for number, endpoint in by_number.items()}
        return Pipeline(
            runtime.store,
            self._engine,
            self.ownership,
            by_number,
            TurnMaker(content, limits, runtime.store.keys.index, drafts=runtime.settings.demo),
            runtime.clock,
            self._answered,
            self.fallback,
            probe,
        )

    def _build_intake(self, probe: Probe) -> Intake:
        runtime = self.runtime
        return Intake(
            runtime.endpoints,
            runtime.connect,
            runtime.store.keys.inbox_public,
            Spool(runtime.settings.data_dir / "spool"),
            runtime.clock,
            self._stored,
            self.fallback,
            probe,
        )

    def _listen(self) -> None:
        """Let parts hear of what is owned anew and of what other processes did."""
        self.ownership.on_change(self._owns_more, self._settle)
        self.ownership.on_notify(NotifyChannel.LANE, lambda _: self.pipeline.wake())
        self.ownership.on_notify(NotifyChannel.LEDGER, lambda _: self.sender.wake())
        self.ownership.on_notify(NotifyChannel.BROADCAST, self.sender.broadcast_changed)
        ring = self.runtime.store.ring
        self.ownership.on_notify(NotifyChannel.FORGOTTEN, lambda who: ring.forget_cached(UUID(who)))

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
            await notify_at_once(pg, NotifyChannel.LANE, ",".join(map(str, sorted(others))))

    async def _answered(self, pg: asyncpg.Connection, accounts: set[int]) -> None:
        self.sender.wake()
        others = accounts - self.ownership.accounts.keys()
        if others:
            await notify_at_once(pg, NotifyChannel.LEDGER, ",".join(map(str, sorted(others))))

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
        chosen = self.runtime.parts
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
        await asyncio.gather(*(self._start_channel(endpoint) for endpoint in self.runtime.endpoints.values()))

    async def _start_channel(self, endpoint: Endpoint) -> None:
        try:
            await endpoint.channel.start()
        except Human as refusal:
            self.runtime.alarm(str(refusal))

    def _must_not_end(self, task: asyncio.Task[None]) -> None:
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
            *(endpoint.channel.close() for endpoint in self.runtime.endpoints.values()), return_exceptions=True
        )
        await self.runtime.parser.close()
        await self.health.close()
        await self.pager.close()
        await self.referral_webhook.close()
        await self._engine.dispose()
        await self.runtime.store.close()

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
