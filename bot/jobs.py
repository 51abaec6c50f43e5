"""The table of jobs that run by themselves: what each of them does, and how often."""

from __future__ import annotations

import asyncio
from functools import partial

import msgspec

from bot.fallback.platform_texts import check_static
from bot.inbound.backfill import EVERY as LOOK_BACK
from bot.inbound.backfill import CatchUp
from bot.logs.journal import log
from bot.media import attachments
from bot.media.voice_notes import RecordingIntake
from bot.monitoring.health import HealthMonitor
from bot.outbound.sender import Sender
from bot.ownership import Ownership
from bot.paging.clock_guard import ClockGuard
from bot.paging.jobs import escalate, plan_drill
from bot.paging.pager import Pager
from bot.paging.referral_webhook import ReferralWebhook
from bot.runtime import Runtime
from scheduler.clock import Clock
from scheduler.jobs.deferred_effects import EVERY, apply_deferred_once
from scheduler.jobs.dispatch import due_once, overdue
from scheduler.ticker import Tick, Ticks, ages
from store.broadcasts import card_recalls
from store.broadcasts.fanout import fan_out_once
from store.cases import rekey
from store.privacy import forget_requests, withdrawals
from store.privacy.retention import sweep_once
from store.staff_admin import offboarding
from store.unit_of_work import CLOCK, unit_of_work

_ROUNDS = 50


class Parts(msgspec.Struct, frozen=True):
    """What jobs work with, beside what every part of a process has."""

    ownership: Ownership
    sender: Sender
    catch_up: CatchUp
    health: HealthMonitor
    pager: Pager
    carrier: ReferralWebhook


def table(runtime: Runtime, parts: Parts, due: DueItems) -> list[Tick]:
    """Every job of a process, in the order in which a moved clock does them: who pages people goes first."""
    sender, pager = parts.sender, parts.pager
    return [
        Tick("escalation", 1, partial(escalate, runtime, ClockGuard(runtime, parts.ownership), sender)),
        Tick("drill", 600, partial(plan_drill, runtime)),
        *(Tick(way, 1, partial(pager.once, way), alone=False) for way in pager.ways),
        Tick("paging", 10, pager.look, alone=False),
        *([Tick("referrals", 2, parts.carrier.once, alone=False)] if runtime.settings.partners else []),
        Tick("deferred", EVERY, partial(apply_deferred, runtime, sender)),
        Tick("due", 1, due.do),
        Tick("rekey", 2, partial(rekey_cases, runtime)),
        Tick("broadcasts", 1, partial(fan_out, runtime, sender)),
        Tick("tokens", 3600, partial(renew_tokens, runtime), alone=False),
        Tick("static", 3600, partial(check_static, runtime)),
        Tick("retention", 3600, partial(sweep, runtime)),
        Tick("forget_requests", 30, partial(fulfil_forget_requests, runtime)),
        Tick("recalls", 10, partial(apply_recalls, runtime), alone=False),
        Tick("recordings", 2, RecordingIntake(runtime, sender).look),
        Tick("attachments", 1, partial(fetch_attached, runtime)),
        Tick("catch_up", LOOK_BACK, parts.catch_up.look, alone=False),
    ]


def ticks_of(runtime: Runtime, parts: Parts) -> Ticks:
    """Build the ticks of a process, and tell its health how late they are; nothing runs yet."""
    due = DueItems(runtime, parts.sender)
    ticks = Ticks(
        runtime.store.data,
        table(runtime, parts, due),
        lambda name, error: log.warning("a tick waits", extra={"stage": name, "reason": type(error).__name__}),
    )
    parts.health.register("tick_age_seconds", lambda: ages(ticks, asyncio.get_running_loop().time()).get("due"))
    parts.health.register("due_lag_seconds", lambda: due.lag)
    return ticks


class DueItems:
    """Does what has fallen due, and knows by how many seconds the first of it was late."""

    def __init__(self, runtime: Runtime, sender: Sender) -> None:
        self._runtime = runtime
        self._sender = sender
        self.lag = 0.0

    async def do(self) -> None:
        """Do everything that has fallen due, round by round."""
        runtime = self._runtime
        late = await overdue(runtime.store, runtime.clock.now())
        self.lag = late or 0.0  # told before the rounds: an alarm hangs on it, and a round may fail
        for _ in range(_ROUNDS if late is not None else 0):
            if not await due_once(runtime.store, runtime.library, runtime.clock.now()):
                return
            self._sender.wake()


async def apply_deferred(runtime: Runtime, sender: Sender) -> None:
    """Do what her own words asked for, once she has been answered."""
    while await apply_deferred_once(runtime.store, runtime.library, runtime.clock.now()):
        sender.wake()


async def rekey_cases(runtime: Runtime) -> None:
    """Rekey open cases: who joined can read on, who left has none and cannot."""
    async with unit_of_work(runtime.store, runtime.clock.now(), CLOCK) as work:
        await offboarding.release_cases(work)
    await rekey.follow_roster(runtime.store, runtime.clock.now())


async def fan_out(runtime: Runtime, sender: Sender) -> None:
    """Plan what was approved, and close what has arrived."""
    if await fan_out_once(runtime.store, runtime.clock.now(), runtime.library, drafts=runtime.settings.demo):
        sender.wake()


async def renew_tokens(runtime: Runtime) -> None:
    """Give every account whose tokens end its turn, hourly: 24 chances a day where two would do."""
    for endpoint in runtime.endpoints.values():
        if endpoint.channel.abilities.tokens is not None:
            await endpoint.channel.abilities.tokens.tick()


async def sweep(runtime: Runtime) -> None:
    """Remove what is older than its class may be."""
    await sweep_once(runtime.store, runtime.clock.now(), Clock().now())


async def fulfil_forget_requests(runtime: Runtime) -> None:
    """Forget those who asked for it, once the answer to them has left, and those who took their permission back."""
    await forget_requests.fulfil_once(runtime.store, runtime.clock.now())
    await withdrawals.fulfil_once(runtime.store, runtime.clock.now())


async def apply_recalls(runtime: Runtime) -> None:
    """Take recalled cards off every screen, in every process."""
    async with runtime.store.data.connect() as conn:
        await card_recalls.apply(conn, runtime.library)


async def fetch_attached(runtime: Runtime) -> None:
    """Fetch what people sent to their cases, until nothing waits."""
    channels = {endpoint.number: endpoint.channel for endpoint in runtime.endpoints.values()}
    for _ in range(_ROUNDS):
        if not await attachments.fetch_once(runtime.store, runtime.clock.now(), channels, runtime.parser):
            return
