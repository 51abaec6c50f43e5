"""What goes wrong on the wire or at the platform, and what the service does: the table in faults.yaml, row by row."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.zalo_sdk.errors import CODES, Action
from scheduler.clock import MovableClock
from store.messages.models import Status
from tests.support.stage import until
from tests.support.system import System, built

TABLE = yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text("utf-8"))
MINUTE, HOUR = 65, 33 * 3600
"""Seconds; the second is past the morning of the next day, whatever hour it is now."""
WIDE = (-32, 429)
"""Codes that concern a whole account, and are tried below one by one."""


class FrozenClock(MovableClock):
    """A clock that stands until somebody moves it: what is due in two seconds is not, however slow the machine."""

    def __init__(self) -> None:
        self._stands = datetime.now(UTC), time.monotonic()
        super().__init__()

    def now(self) -> datetime:
        """Tell the time at which it was moved last."""
        return self._stands[0] + self._offset

    def steady(self) -> float:
        """Count only what was skipped."""
        return self._stands[1] + self._offset.total_seconds()


@pytest.fixture
async def still(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[System]:
    """A service in which no time passes by itself."""
    async with built(databases, tmp_path, clock=FrozenClock()) as made:
        yield made


def rows(*, apart: bool = False) -> list[dict[str, Any]]:
    """The table with one row for each code, each with a person of her own; those that go `apart`, or all others."""
    flat: list[dict[str, Any]] = []
    for line in TABLE:
        if line.get("apart", False) != apart:
            continue
        codes = line.get("codes")
        faults = [{"kind": "error", "code": code} for code in codes] if codes else [line["fault"]]
        flat += [line | {"fault": fault, "user": f"p{len(flat) + n}"} for n, fault in enumerate(faults)]
    return flat


def named(row: dict[str, Any]) -> str:
    """A row's name, with its code."""
    return f"{row['name']} {row['fault'].get('code', '')}".strip()


async def script(system: Any, *faults: dict[str, Any]) -> None:
    """Plan faults at the stand-ins."""
    async with system.http.post(f"{system.base}/__sim/faults", json=list(faults)) as answer:
        answer.raise_for_status()


def sends_of(row: dict[str, Any]) -> str:
    """The call that carries a message on a row's channel."""
    return "sendMessage" if row["channel"] == "telegram" else "message/cs"


async def state_of(system: Any, row: dict[str, Any]) -> tuple[str, str]:
    """How this person's one message stands in the ledger, and why."""
    phone = system.world.phone(row["channel"], row["user"])
    number = next(d.number for d in system.runtime.endpoints.values() if d.channel.kind == row["channel"])
    index = system.store.keys.blind(str(number), phone.address)
    query = "SELECT l.status, l.reason FROM ledger l JOIN person p ON p.id = l.person_id WHERE p.bidx = $1"
    async with system.store.data.connect() as conn:
        driver = (await conn.get_raw_connection()).driver_connection
        found = await driver.fetch(query, index)
    if not found:
        return "", ""
    status = "too late" if found[0]["reason"] == "too_late" else Status(found[0]["status"]).name.lower()
    return status, found[0]["reason"] or ""


async def seen(system: Any, row: dict[str, Any]) -> int:
    """How many messages of ours are on this person's phone."""
    return len(await system.inbox(row["channel"], row["user"]))


async def wrong(system: Any, expected: str) -> list[str]:
    """The rows that do not stand as the table says, in words."""
    found = []
    for row in rows():
        wanted = {"at_once": row["at_once"]}
        wanted["minute"] = row.get("minute", wanted["at_once"])
        wanted["hour"] = row.get("hour", wanted["minute"])
        status, reason = await state_of(system, row)
        why = row.get("reason", "") if expected == "at_once" else ""
        if status != wanted[expected] or not reason.startswith(why):
            found.append(f"{named(row)}: {status} ({reason}), not {wanted[expected]} ({why})")
        if expected == "hour" and await seen(system, row) != row["seen"]:
            found.append(f"{named(row)}: seen {await seen(system, row)} times, not {row['seen']}")
    return found


async def nothing_moves(system: Any) -> bool:
    """Whether no row is on its way or due: what the table says then stays true until the clock moves."""
    query = "SELECT count(*) FROM ledger WHERE status IN (0, 1) OR (status = 4 AND not_before <= $1)"
    async with system.store.data.connect() as conn:
        driver = (await conn.get_raw_connection()).driver_connection
        return not await driver.fetchval(query, system.runtime.clock.now())


async def test_every_row_of_the_table_holds(still) -> None:
    """One message with each fault, all at once: the ledger says the truth at once, in a minute and in the end."""
    await script(
        still,
        *({**row["fault"], "channel": row["channel"], "user": row["user"], "method": sends_of(row)} for row in rows()),
    )
    for row in rows():
        await still.do(row["channel"], row["user"], "say", text="88")

    async def all_right(expected: str) -> bool:
        return not await wrong(still, expected) and await nothing_moves(still)

    for expected, seconds in (("at_once", 0), ("minute", MINUTE), ("hour", HOUR)):
        await still.advance(seconds)
        try:
            await until(lambda expected=expected: all_right(expected), 20)
        except TimeoutError:
            pytest.fail(f"{expected}: " + "; ".join(await wrong(still, expected)))


async def test_a_token_that_zalo_refuses_is_renewed_whatever_it_calls_that(still) -> None:
    """Each code for a token that is no good, a minute after the other: her message goes out at once, and once."""
    for row in rows(apart=True):
        await script(still, {**row["fault"], "channel": row["channel"], "user": row["user"], "method": sends_of(row)})
        await still.do(row["channel"], row["user"], "say", text="88")
        await until(lambda row=row: _is(still, row, row["at_once"], ""), 5)
        assert await seen(still, row) == row["seen"]
        await still.advance(MINUTE)


def test_every_code_of_zalo_is_in_the_table() -> None:
    """A code that is added to the client's table needs its row here (a human's concern is tried below)."""
    tried = {code for line in TABLE for code in line.get("codes", ())}
    known = {code for (host, code), (action, _) in CODES.items() if host == "openapi" and action != Action.HUMAN}
    assert known - tried - set(WIDE) == set()


@pytest.mark.parametrize("code", [-320, -321, -204, -224, -248])
async def test_what_a_human_must_mend_stops_the_account_and_loses_nothing(system, code: int) -> None:
    """The account rests for a minute, its rows wait, the other channel goes on; mended, everything is sent once."""
    await script(system, {"channel": "zalo_oa", "method": "message/cs", "kind": "error", "code": code, "times": 1})
    await system.do("zalo_oa", "lan", "say", text="88")
    row = {"channel": "zalo_oa", "user": "lan"}
    await until(lambda: _is(system, row, "deferred", "needs a human"), 5)
    await system.do("zalo_oa", "mai", "say", text="88")
    assert await answered(system, "telegram", "lan")
    assert await system.inbox("zalo_oa", "mai") == []
    await system.advance(61)
    for user in ("lan", "mai"):
        await until(lambda user=user: _is(system, row | {"user": user}, "sent", ""), 5)
        assert len(await system.inbox("zalo_oa", user)) == 1


async def _is(system: Any, row: dict[str, Any], status: str, reason: str) -> bool:
    found = await state_of(system, row)
    return found[0] == status and found[1].startswith(reason)


@pytest.mark.parametrize(
    "fault", [{"kind": "error", "code": -32}, {"kind": "429", "retry_after": 7}], ids=["-32", "429"]
)
async def test_zalos_rate_limit_stops_the_account_until_the_next_minute(system, fault: dict[str, Any]) -> None:
    """After one refusal not one more request leaves before the minute is over; then everything does, once."""
    await script(system, {"channel": "zalo_oa", "method": "message/cs", "times": 1, **fault})
    await system.do("zalo_oa", "p0", "say", text="88")
    await until(lambda: _is(system, {"channel": "zalo_oa", "user": "p0"}, "deferred", "retry"), 5)
    for n in range(1, 5):
        await system.do("zalo_oa", f"p{n}", "say", text="88")
    assert await answered(system, "telegram", "lan")
    assert _calls(system, "message/cs") == 1
    await system.advance(64)
    for n in range(5):
        await until(lambda n=n: _is(system, {"channel": "zalo_oa", "user": f"p{n}"}, "sent", ""), 5)
        assert len(await system.inbox("zalo_oa", f"p{n}")) == 1


def _calls(system: Any, method: str) -> int:
    entries = system.world.log.entries
    return sum(1 for e in entries if e["kind"] == "request" and str(e.get("method", "")).endswith(method))


async def test_429_on_every_chat_stops_the_account_instead_of_asking_each(system) -> None:
    """When one chat after the other is told to wait, it is the account that waits: no early retry, nothing lost."""
    await script(
        system, {"channel": "telegram", "method": "sendMessage", "kind": "429", "retry_after": 30, "times": None}
    )
    for n in range(20):
        await system.do("telegram", f"p{n}", "say", text="88")
    await until(lambda: _stepped_and_landed(system), 15)
    asked = _calls(system, "sendMessage")
    assert asked <= 64
    await system.do("telegram", "late", "say", text="88")
    await system.advance(20)
    assert await answered(system, "zalo_oa", "lan")
    assert _calls(system, "sendMessage") == asked
    await script(system)
    await system.advance(11)
    for user in (*(f"p{n}" for n in range(20)), "late"):
        await until(lambda user=user: _is(system, {"channel": "telegram", "user": user}, "sent", ""), 10)
        assert len(await system.inbox("telegram", user)) == 1


async def _stepped_and_landed(system: Any) -> bool:
    """Whether every message has its answer in the ledger and nothing flies; what the account must keep may wait."""
    moving = "SELECT (SELECT count(*) FROM inbox WHERE state = 0) + (SELECT count(*) FROM ledger WHERE status = 1)"
    return not system.world.telegram.updates.pending and not await system.count(moving)


async def test_a_chat_that_hangs_holds_up_nobody_else(system) -> None:
    """A hundred messages for a chat that never answers wait for each other; everybody else is answered at once."""
    await script(
        system, {"channel": "telegram", "method": "sendMessage", "user": "lan", "kind": "timeout_before", "times": None}
    )
    for _ in range(100):
        await system.do("telegram", "lan", "say", text="menu")
    began = asyncio.get_running_loop().time()
    for n in range(10):
        assert await answered(system, "telegram", f"p{n}")
    assert asyncio.get_running_loop().time() - began < 10
    await script(system)


async def answered(system: Any, channel: str, user: str) -> bool:
    """Say something and wait for the answer alone, whatever else is on its way."""
    await system.do(channel, user, "say", text="88")

    async def shown() -> bool:
        return bool(await system.inbox(channel, user))

    return bool(await until(shown, 5))


async def test_zalos_limit_in_its_answers_slows_the_account_down(system) -> None:
    """An account that may ask 120 times a minute is not asked faster, whatever its settings say."""
    system.world.zalo.conditions.rate_per_minute = 120
    await system.talk("zalo_oa", "lan", "88")
    account = system.runtime.endpoints["zalo"].number
    assert system.application.sender.pace(account) == pytest.approx(2.0)


async def test_a_revoked_token_is_renewed_and_the_message_goes_out(system) -> None:
    """The access token dies under a message; one refresh later it is on the phone, once."""
    system.world.zalo.tokens.revoke()
    assert len(await system.talk("zalo_oa", "lan", "88")) == 1
