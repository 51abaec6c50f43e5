"""Which ticks this house has, and what each of them does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.fallback.platform_texts import check_static
from bot.inbound.backfill import EVERY as LOOK_BACK
from bot.inbound.backfill import CatchUp
from bot.logs.journal import log
from bot.media import attachments
from bot.media.voice_notes import Voices
from bot.monitoring.health import Vitals
from bot.outbound.sender import Sender
from bot.runtime import Runtime
from scheduler.clock import Clock
from scheduler.jobs.deferred_effects import EVERY, afterwards_once
from scheduler.jobs.dispatch import due_once, overdue
from scheduler.ticker import Tick, Ticks, ages
from store.broadcasts import card_recalls
from store.broadcasts.fanout import fan_out_once
from store.cases import rekey
from store.privacy import forget_requests
from store.privacy.retention import sweep_once
from store.staff_admin import offboarding

_ROUNDS = 50


def ticks_of(runtime: Runtime, sender: Sender, catch_up: CatchUp, vitals: Vitals, ladder: Sequence[Tick]) -> Ticks:
    """Build the ticks of a house, those of its `ladder` first; nothing runs yet."""
    lag = 0.0

    async def due() -> None:
        """Everything that has fallen due, round by round."""
        nonlocal lag
        late = await overdue(runtime.store, runtime.clock.now())
        lag = late or 0.0  # told before the rounds: an alarm hangs on it, and a round may fail
        for _ in range(_ROUNDS if late is not None else 0):
            if not await due_once(runtime.store, runtime.library, runtime.clock.now()):
                return
            sender.wake()

    async def fan_out() -> None:
        """Plan what was approved, and close what has arrived."""
        if await fan_out_once(runtime.store, runtime.clock.now(), runtime.library, drafts=runtime.settings.demo):
            sender.wake()

    async def retention() -> None:
        """Remove what is older than its class may be."""
        await sweep_once(runtime.store, runtime.clock.now(), Clock().now())

    async def recalled() -> None:
        """Take recalled cards off every screen, in every process of the house."""
        async with runtime.store.data.connect() as conn:
            await card_recalls.apply(conn, runtime.library)

    async def seals() -> None:
        """Let open cases follow the ladder: who joined can read on, who left has none and cannot."""
        await offboarding.release_cases(runtime.store, runtime.clock.now(), actor="clock")
        await rekey.follow_ladder(runtime.store, runtime.clock.now())

    async def static() -> None:
        """Compare what answers when we are down with the content."""
        await check_static(runtime)

    ticks = Ticks(
        runtime.store.data,
        [
            *ladder,
            Tick("afterwards", 17, EVERY, partial(tell_afterwards, runtime, sender)),
            Tick("due", 1, 1, due),
            Tick("seals", 2, 2, seals),
            Tick("broadcasts", 5, 1, fan_out),
            Tick("tokens", 3, 3600, partial(renew_tokens, runtime), alone=False),
            Tick("static", 4, 3600, static),
            Tick("retention", 6, 3600, retention),
            Tick("wishes", 8, 30, partial(forget_wished, runtime)),
            Tick("recalls", 9, 10, recalled, alone=False),
            Tick("recordings", 7, 2, Voices(runtime, sender).look),
            Tick("attachments", 15, 1, partial(fetch_attached, runtime)),
            Tick("catch_up", 59, LOOK_BACK, catch_up.look, alone=False),
        ],
        lambda name, error: log.warning("a tick waits", extra={"stage": name, "reason": type(error).__name__}),
    )
    vitals.register("tick_age_seconds", lambda: ages(ticks, asyncio.get_running_loop().time()).get("due"))
    vitals.register("due_lag_seconds", lambda: lag)
    return ticks


async def renew_tokens(runtime: Runtime) -> None:
    """Give every account whose tokens end its turn, hourly: 24 chances a day where two would do."""
    for door in runtime.doors.values():
        if door.channel.abilities.tokens is not None:
            await door.channel.abilities.tokens.tick()


async def fetch_attached(runtime: Runtime) -> None:
    """Fetch what people sent to their cases, until nothing waits."""
    channels = {door.number: door.channel for door in runtime.doors.values()}
    for _ in range(_ROUNDS):
        if not await attachments.fetch_once(runtime.store, runtime.clock.now(), channels, runtime.parser):
            return


async def forget_wished(runtime: Runtime) -> None:
    """Forget those who wished it, once the answer to them has left."""
    await forget_requests.fulfil_once(runtime.store, runtime.clock.now())


async def tell_afterwards(runtime: Runtime, sender: Sender) -> None:
    """Do what her own words asked for, once she has been answered."""
    while await afterwards_once(runtime.store, runtime.library, runtime.clock.now()):
        sender.wake()
