"""What makes a service ready: every boundary of every check."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.monitoring import checks
from store import metrics
from store.db.engine import Store, raw
from store.metrics import Backlog, TokenLife

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def ago(seconds: float) -> datetime:
    """A moment before NOW."""
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("oldest_in", "oldest_out", "late"),
    [
        (None, None, set()),
        (ago(29), ago(29), set()),
        (ago(31), None, {"inbox"}),
        (None, ago(31), {"sender"}),
        (ago(-5), ago(-5), set()),
    ],
)
def test_what_waits_longer_than_half_a_minute_is_late(
    oldest_in: datetime | None, oldest_out: datetime | None, late: set[str]
) -> None:
    """Messages in and due answers are allowed thirty seconds; nothing is never late, nor is the future."""
    found = checks.waits(Backlog(oldest_in, oldest_out, 16), NOW)
    assert {check.name for check in found if not check.ok} == late
    assert all(check.seconds is not None and check.seconds >= 0 for check in found)


@pytest.mark.parametrize(
    ("life", "left", "ok"),
    [
        (25 * 3600, 2 * 3600 + 1, True),
        (25 * 3600, 2 * 3600 - 1, False),
        (3600, 300, True),
        (3600, 280, False),
        (3600, -5, False),
    ],
)
def test_a_token_needs_two_hours_or_the_same_part_of_a_short_life(life: int, left: int, ok: bool) -> None:
    """Two of 25 hours; a new grant of an assumed hour is not late from the start."""
    token = TokenLife("zalo", NOW + timedelta(seconds=left - life), NOW + timedelta(seconds=left))
    found = checks.token([token], ["zalo"], NOW)
    assert (found.ok, found.seconds) == (ok, left)


def test_an_account_without_a_token_has_none_left() -> None:
    """The account that is worst off decides."""
    rich = TokenLife("rich", NOW, NOW + timedelta(hours=25))
    assert checks.token([rich], ["rich", "poor"], NOW) == checks.Check("tokens", False, 0.0)


async def test_only_a_spool_that_does_not_shrink_is_stuck() -> None:
    """Empty and shrinking spools count no seconds; one that stays or grows does."""
    spool = checks.BacklogTrend()
    assert [spool.stuck(size) for size in (0, 100)] == [0, 0]
    await asyncio.sleep(0.01)
    assert spool.stuck(100) > 0
    assert spool.stuck(200) > 0
    assert spool.stuck(50) == 0
    assert spool.stuck(0) == 0


async def test_lanes_without_an_owner_get_ten_seconds() -> None:
    """A lane that changes hands is no alarm; the seconds count only while one is unheld."""
    unheld = checks.FaultTimer()
    assert checks.lanes(Backlog(None, None, 15), unheld).ok
    await asyncio.sleep(0.01)
    lasting = checks.lanes(Backlog(None, None, 15), unheld).seconds
    assert lasting is not None
    assert lasting > 0
    assert checks.lanes(Backlog(None, None, 16), unheld).seconds == 0


def test_a_disk_that_is_not_there_is_late(tmp_path: Path) -> None:
    """The folder that cannot be asked counts as full."""
    assert checks.disk(tmp_path).ok
    assert not checks.disk(tmp_path / "gone").ok


async def test_the_oldest_due_help_or_reply_is_found_and_nothing_else(store: Store) -> None:
    """Rows of lower priority, of another account, finished or not yet due do not make the sender late."""
    rows = [
        (1, 0, 0, 40), (1, 1, 4, 50),  # due: a cry for help, a reply that was put off
        (1, 3, 0, 900), (2, 0, 0, 800), (1, 0, 2, 700), (1, 0, 0, -600),
    ]  # fmt: skip
    async with raw(store.data) as conn:
        await conn.execute("INSERT INTO account(id, name, channel) VALUES (1, 'a', 'telegram'), (2, 'b', 'telegram')")
        for cause, (account, priority, status, seconds) in enumerate(rows):
            await conn.execute(
                "INSERT INTO ledger(cause_kind, cause, n, account, recipient, content, priority, status, not_before,"
                " not_after, created_at, changed_at) VALUES (9, $1, 1, $2, 2, 1, $3, $4, $5, $6, $6, $6)",
                cause, account, priority, status, ago(seconds), NOW,
            )  # fmt: skip
        found = await metrics.waiting(conn, [1], NOW)
        counted = await metrics.counted(conn)
        await metrics.prove_writable(conn)
        assert found.out_oldest == ago(50)
        assert sorted(counted.ledger) == [(0, 0, 3), (0, 3, 1), (4, 1, 1)]
        await conn.execute("SET default_transaction_read_only = on")
        with pytest.raises(metrics.ReadOnly):
            await metrics.prove_writable(conn)
        await conn.execute("RESET default_transaction_read_only")
