"""Jobs of paging: transports that the settings name, due steps of escalations, the weekly drill."""

from __future__ import annotations

import time

from bot.outbound.sender import Sender
from bot.paging.base import Transport
from bot.paging.clock_guard import ClockGuard
from bot.paging.pager import Pager
from bot.paging.referral_webhook import ReferralWebhook
from bot.paging.webhook import WebhookTransport
from bot.runtime import Runtime
from scheduler.jobs import drills
from scheduler.jobs.escalation import escalate_once
from store.unit_of_work import CLOCK, unit_of_work

_ROUNDS = 50


def build_pager(runtime: Runtime) -> Pager:
    """Build the transports that the settings name."""
    ways: list[Transport] = []
    if runtime.settings.mail is not None:
        from bot.paging.email import EmailTransport  # start time: it loads the mail library

        ways.append(EmailTransport(runtime.settings.mail))
    if runtime.settings.hook is not None:
        ways.append(WebhookTransport(runtime.settings.hook, time.time))
    return Pager(runtime.store, runtime.library, runtime.clock, ways, runtime.alarm)


def build_referral_webhook(runtime: Runtime) -> ReferralWebhook:
    """Build what takes referrals to the services that the settings name."""
    return ReferralWebhook(runtime.store, runtime.clock, {one.service: one for one in runtime.settings.partners})


async def escalate(runtime: Runtime, clock_guard: ClockGuard, sender: Sender) -> None:
    """Do every step that has fallen due, round by round, once the clock has been looked at."""
    await clock_guard.look()
    for _ in range(_ROUNDS):
        if not await escalate_once(runtime.store, runtime.library, runtime.clock.now()):
            return
        sender.wake()


async def plan_drill(runtime: Runtime) -> None:
    """Let the weekly drill fall due."""
    async with unit_of_work(runtime.store, runtime.clock.now(), CLOCK) as work:
        await drills.plan(work)
