"""Prometheus metrics: what is counted in memory anyway, and a few counts of the database.

No label holds an id, an alias, free text, or a place: every label and what it may say stands in LABELS.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date
from importlib.metadata import version

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.channels.registry import channels
from bot.histogram import Histogram
from bot.monitoring.checks import Check, age, spool_bytes
from bot.monitoring.measured import Measured
from content.escalation.policy import TRANSPORTS
from store.messages.models import Status
from store.metrics import StatusCounts

PREFIX = "nhipcau_"
REASONS = frozenset(
    {"no_such_endpoint", "compressed", "slow_body", "too_large", "not_authentic", "could_not_be_kept", "other"}
)
_NO_REFUSAL = frozenset({"kept", "spooled", "probe"})
CHECKS = ("database", "keyring", "inbox", "sender", "lanes", "spool", "disk", "tokens", "ticker", "webhooks")
LABELS = {
    "channel": re.compile("|".join((*channels(), "email", "webhook"))),
    "status": re.compile("|".join(status.name.lower() for status in Status)),
    "outcome": re.compile("|".join(status.name.lower() for status in Status)),
    "priority": re.compile(r"[0-3]"),
    "reason": re.compile("|".join(sorted(REASONS))),
    "check": re.compile("|".join(CHECKS)),
    "transport": re.compile("|".join(TRANSPORTS)),
    "version": re.compile(r"\d+\.\d+\.\d+\S{0,20}"),
    "le": re.compile(r"\d+\.\d+|\+Inf"),
}
"""Every label there is, and all it may say."""


async def scraped(measured: Measured) -> bytes:
    """Look, count, and write the whole exposition."""
    checks, counted = await measured.health.ready(), await measured.health.counted()
    registry = CollectorRegistry()
    registry.register(_Figures(measured, checks, counted))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Figures(Collector):
    """One scrape: everything is at hand already, nothing waits."""

    def __init__(self, measured: Measured, checks: list[Check], counted: StatusCounts | None) -> None:
        self._measured = measured
        self._checks = checks
        self._counted = counted

    def collect(self) -> Iterator[Metric]:
        """Yield every family."""
        yield from self._about()
        yield from self._taken_in()
        yield from self._sent()
        yield from self._told()
        if self._counted is not None:
            yield from self._kept(self._counted)

    def _about(self) -> Iterator[Metric]:
        yield _labelled("build_info", "The version that runs.", "version", {version("nhipcau"): 1})
        late = {"webhooks": 0.0} | {check.name: float(not check.ok) for check in self._checks}
        yield _labelled("check_late", "1 for each readiness check that is late.", "check", late)
        yield _gauge("ready", "1 when every check is well.", float(not any(late.values())))
        measured = self._measured
        alarms = CounterMetricFamily(f"{PREFIX}alarms", "Alarms that asked for a human since the start.")
        alarms.add_metric([], len(measured.runtime.alarms))
        yield alarms
        dead = {way: float(way in measured.pager.dead) for way in TRANSPORTS if way != "console"}
        yield _labelled("page_transport_dead", "1 for each transport whose pages do not arrive.", "transport", dead)
        made = CounterMetricFamily(f"{PREFIX}pages", "Pages outside the channels.", labels=["transport", "outcome"])
        for (way, outcome), count in sorted(measured.pager.counted.items()):
            made.add_metric([way, outcome], count)
        yield made
        lost = CounterMetricFamily(f"{PREFIX}decrypt_fail", "Rows that could not be opened in their place.")
        lost.add_metric([], measured.sender.unsealed + measured.pipeline.unsealed)
        yield lost

    def _taken_in(self) -> Iterator[Metric]:
        measured = self._measured
        received = CounterMetricFamily(f"{PREFIX}inbox_received", "Authentic events.", labels=["channel"])
        acked = CounterMetricFamily(f"{PREFIX}inbox_acked", "Events on the disk.", labels=["channel"])
        totals: dict[str, list[int]] = {}
        for endpoint in measured.runtime.endpoints.values():
            total = totals.setdefault(endpoint.channel.kind, [0, 0])
            total[0] += endpoint.received
            total[1] += endpoint.acked
        for kind, (came, kept) in totals.items():
            received.add_metric([kind], came)
            acked.add_metric([kind], kept)
        refused = CounterMetricFamily(f"{PREFIX}webhook_rejected", "Requests refused.", labels=["reason"])
        for reason, count in _refusals(measured.intake.counted).items():
            refused.add_metric([reason], count)
        yield from (received, acked, refused)
        yield _gauge("spool_bytes", "Bytes that wait for the database.", spool_bytes(self._measured.health.spool))
        free = shutil.disk_usage(measured.runtime.settings.data_dir)
        yield _gauge("disk_used_ratio", "Part of the disk of the data that is full.", 1 - free.free / free.total)

    def _sent(self) -> Iterator[Metric]:
        sender = self._measured.sender
        sends = CounterMetricFamily(f"{PREFIX}sends", "What became of rows taken up.", labels=["outcome", "priority"])
        unknown = 0
        for (status, priority), count in sorted(sender.outcomes.items()):
            sends.add_metric([Status(status).name.lower(), str(priority)], count)
            unknown += count if status == Status.UNKNOWN else 0
        yield sends
        lost = CounterMetricFamily(f"{PREFIX}unknown", "Rows nobody knows the fate of, never sent again.")
        lost.add_metric([], unknown)
        yield lost
        yield _histogram("send_seconds", "From the request to the channel's yes.", sender.durations)
        yield _histogram("retry_after_seconds", "Waits that channels asked for.", sender.waits)

    def _told(self) -> Iterator[Metric]:
        for name, value in self._measured.health.told().items():
            yield _gauge(name, "As the part says that knows.", value)
        for check in self._checks:
            if check.name == "tokens" and check.seconds is not None:
                endpoints = self._measured.runtime.endpoints.values()
                kinds = sorted({endpoint.channel.kind for endpoint in endpoints if endpoint.channel.abilities.tokens})
                left = dict.fromkeys(kinds, check.seconds)
                yield _labelled("token_seconds_left", "Life of the access token that ends first.", "channel", left)
        yield _gauge("content_hotline_days_left", "Days until a number shown is to be reviewed.", self._days_left())

    def _days_left(self) -> int:
        measured = self._measured
        today = measured.runtime.clock.now().astimezone(UTC).date()
        shown = [s for s in measured.runtime.library.services.values() if s.numbers and s.status != "retired"]
        return min((date.fromisoformat(service.review_by) - today).days for service in shown)

    def _kept(self, counted: StatusCounts) -> Iterator[Metric]:
        now = self._measured.runtime.clock.now()
        waiting = self._measured.health.waiting
        oldest = age(waiting.inbox_oldest, now) if waiting else 0.0
        yield _gauge("inbox_pending", "Messages stored and not yet read.", counted.pending)
        yield _gauge("inbox_oldest_seconds", "Age of the oldest of them.", oldest)
        yield _gauge("quarantine_rows", "Messages that could not be handled.", counted.quarantined)
        rows = GaugeMetricFamily(f"{PREFIX}ledger_rows", "Rows not finished.", labels=["status", "priority"])
        for status, priority, count in counted.ledger:
            rows.add_metric([Status(status).name.lower(), str(priority)], count)
        yield rows
        yield _gauge("handoff_open", "Open cases.", counted.cases_open)
        unacked = age(counted.unacked_since, now)
        yield _gauge("handoff_oldest_unacked_seconds", "How long the oldest case waits for a human.", unacked)


def _refusals(counted: dict[str, int]) -> dict[str, int]:
    """Group refusals by the reasons we know; what follows a colon is a detail."""
    grouped = dict.fromkeys(sorted(REASONS), 0)
    for reason, count in counted.items():
        if reason not in _NO_REFUSAL:
            slug = reason.partition(":")[0].replace(" ", "_")
            grouped[slug if slug in REASONS else "other"] += count
    return grouped


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, about, value=value)


def _labelled(name: str, about: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + name, about, labels=[label])
    for said, value in values.items():
        family.add_metric([said], value)
    return family


def _histogram(name: str, about: str, histograms: dict[str, Histogram]) -> HistogramMetricFamily:
    family = HistogramMetricFamily(PREFIX + name, about, labels=["channel"])
    for kind, histogram in histograms.items():
        family.add_metric([kind], histogram.cumulative(), histogram.total)
    return family
