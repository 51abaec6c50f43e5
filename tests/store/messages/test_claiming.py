"""What a claim takes: help and replies first, and of broadcasts no more than may fly."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from store.db.engine import Store, raw
from store.messages.hot_path.outbound import Claim, mark_and_claim
from store.people import models as people

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_ROW = """
INSERT INTO ledger(cause_kind, cause, n, account, recipient, content, priority, not_before, not_after, created_at,
                   changed_at)
SELECT 9, $2::smallint, g, $1, 2, 1, $2::smallint, t, t + interval '1 day', t, t
FROM (SELECT $4::timestamptz AS t) at, generate_series(1, $3::int) g"""


@pytest.mark.parametrize(
    ("want", "taken"),
    [
        ((20, 2, 6), {0: 3, 1: 4, 2: 5, 3: 6}),
        ((20, 2, 0), {0: 3, 1: 4, 2: 5}),
        ((20, 1, 0), {0: 3, 1: 4}),
        ((10, 2, 6), {0: 3, 1: 4, 2: 3}),
        ((14, 2, 6), {0: 3, 1: 4, 2: 5, 3: 2}),
    ],
    ids=["a handful of the crowd", "no crowd", "the reserve", "no room for the crowd", "a little room"],
)
async def test_a_claim_takes_the_urgent_first_and_little_of_a_crowd(
    store: Store, want: tuple[int, int, int], taken: dict[int, int]
) -> None:
    """Three cries, four replies, five check-ins and a hundred of a broadcast wait; `want` is most, priority, crowd."""
    async with raw(store.data) as pg:
        account = await people.register_account(pg, "zalo", "zalo_oa")
        for priority, count in ((3, 100), (2, 5), (1, 4), (0, 3)):
            await pg.execute(_ROW, account, priority, count, NOW)
        most, priority, crowd = want
        claimed = await mark_and_claim(pg, NOW, [], [Claim(account, most, priority, crowd, 1)])
        assert Counter(message.priority for message in claimed) == taken


async def test_what_waits_for_the_morning_is_not_claimed(store: Store) -> None:
    """A row whose time has not come stays where it is, however much is wanted."""
    async with raw(store.data) as pg:
        account = await people.register_account(pg, "zalo", "zalo_oa")
        await pg.execute(_ROW, account, 3, 10, NOW + timedelta(hours=10))
        assert await mark_and_claim(pg, NOW, [], [Claim(account, 20, 2, 20, 1)]) == []
