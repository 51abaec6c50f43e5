"""Kill -9 at every stage of a message's way, and count what became of every message.

Every acknowledged message must have exactly one effect; a reply may be on a phone twice only where the ledger says
that it was sent again after an unknown outcome.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, text

from scheduler.clock import Clock
from store.casework import queue
from store.messages.models import Cause, Content, InboxState, Status, inbox, ledger
from store.people.models import account, person
from store.staff.models import staff
from tests.support import casework, content
from tests.support.stage import Stage, stage, until

STAGES = ("acknowledged", "stored", "stepped", "before commit", "committed", "claimed", "sent")
CHANNELS = (("telegram", "telegram"), ("zalo_oa", "zalo"))
LAST_RETRY = 5
"""Zalo repeats an event five times. Source: Zalo webhook documentation, transcriptions of 2026."""
CALM = ("xin chào", "1", "menu", "cảm ơn", "2")
CRIES = ("cuu em voi", "cứu em với", "cuwsu em vowis")

WITH_EFFECT = """
SELECT a.name, count(*) FROM inbox i JOIN account a ON a.id = i.account
WHERE i.state = 1 AND (EXISTS (SELECT 1 FROM ledger WHERE cause_kind = 1 AND cause = i.id)
  OR EXISTS (SELECT 1 FROM case_line WHERE cause_kind = 1 AND split_part(cause, '.', 1) = i.id::text))
GROUP BY a.name"""
"""Events that were answered, or handed to the people of a case. A platform's receipts have no effect."""


@dataclass
class KillsResult:
    """What a storm did and what was found afterwards."""

    kills: int = 0
    said: int = 0
    per_stage: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    double_effects: int = 0
    stuck: int = 0
    cases: int = 0
    wrong_case_count: int = 0
    relayed: int = 0
    relay_lost: int = 0
    relay_unknown: int = 0
    resent_after_unknown: int = 0
    seen_twice: int = 0
    seen_twice_unexplained: int = 0
    never_seen: int = 0


async def storm(folder: Path, kills: int, messages: int, seed: int = 7) -> KillsResult:
    """Kill `kills` times, stage by stage in turn, with `messages` said before each kill."""
    rng = random.Random(seed)
    outcome = KillsResult()
    counted: Counter[str] = Counter()
    async with stage(folder) as set_up:
        for n in range(kills):
            chosen = STAGES[n % len(STAGES)]
            server_process = await set_up.start(chosen, rng.randint(1, 10))
            said = asyncio.create_task(_round(set_up, n, messages, rng, outcome))
            await until(lambda server_process=server_process: server_process.returncode is not None)
            await said
            counted[chosen] += server_process.returncode == -9
        await set_up.start()
        await quiet(set_up)
        outcome.kills, outcome.per_stage = sum(counted.values()), dict(counted)
        await judge(set_up, outcome)
    return outcome


async def _round(set_up: Stage, n: int, messages: int, rng: random.Random, outcome: KillsResult) -> None:
    """Say things from many phones on both channels, and answer from the console, until enough was said for a kill."""
    for i in range(messages):
        channel = CHANNELS[i % 3 == 0][0]
        user = f"u{n}-{i % (messages // 2)}" if i % 2 else f"u{rng.randint(0, n)}-{i % (messages // 2)}"
        await set_up.say(channel, user, rng.choice(CRIES if rng.random() < 0.1 else CALM))
        outcome.said += 1
        if i % 20 == 10:
            await _answer_a_case(set_up, outcome)


async def _answer_a_case(set_up: Stage, outcome: KillsResult) -> None:
    """A counsellor takes a case nobody has and answers it."""
    store, now = set_up.store, Clock().now()
    async with store.data.connect() as conn:
        rows = [row for row in await queue.queue(conn) if row.acked_by is None]
        member = (await conn.execute(select(staff.c.id).where(staff.c.login == "hoaban"))).scalar_one()
    if not rows:
        return
    if await casework.acknowledge(store, now, rows[0].id, member):
        await casework.reply(store, now, rows[0].id, member, "Chị đây, em nói chị nghe.", uuid4(), content.library())
        outcome.relayed += 1


async def quiet(set_up: Stage) -> None:
    """Wait until everything said was acknowledged, stepped, sent and marked."""
    world = set_up.world

    async def done() -> bool:
        if world.telegram.updates.pending:
            return False
        async with set_up.store.data.connect() as conn:
            left = await conn.scalar(text("SELECT count(*) FROM inbox WHERE state = 0"))
            left += await conn.scalar(text("SELECT count(*) FROM ledger WHERE status IN (0, 1)"))
        return not left

    for seconds in (31, 301, 901):  # Zalo repeats what was not acknowledged on this clock
        await world.advance(seconds)
        await asyncio.sleep(1)
        await until(done, 120)
    await until(lambda: _carried(set_up), 120)
    await until(done, 120)


def _carried(set_up: Stage) -> bool:
    """Whether Zalo has handed over, or given up, everything its phones said: what is on the wire is not lost."""
    entries = [entry for entry in set_up.world.log.entries if entry["channel"] == "zalo_oa"]
    tries = [entry for entry in entries if entry["kind"] == "webhook" and entry.get("method") == "user_send_text"]
    ended = sum(e["status"] in (200, "lost") or e.get("retry") == LAST_RETRY for e in tries)
    return ended >= sum(entry["kind"] == "said" for entry in entries)


async def judge(set_up: Stage, outcome: KillsResult) -> None:
    async with set_up.store.data.connect() as conn:
        arrived = await conn.scalar(select(func.count()).select_from(inbox))
        done = await conn.scalar(select(func.count()).where(inbox.c.state == InboxState.DONE))
        outcome.stuck = arrived - done
        had_effect = dict((await conn.execute(text(WITH_EFFECT))).all())
        for channel, name in CHANNELS:
            said = _said(set_up, channel)
            outcome.lost += max(0, said - had_effect.get(name, 0))
            outcome.double_effects += max(0, had_effect.get(name, 0) - said)
        outcome.cases = await conn.scalar(text("SELECT count(*) FROM case_file"))
        criers = await conn.scalar(text("SELECT count(DISTINCT person_id) FROM case_file"))
        outcome.wrong_case_count = outcome.cases - criers
        outcome.double_effects += await conn.scalar(
            text(
                "SELECT count(*) FROM (SELECT cause, count(*) FROM case_line WHERE direction = 'in' "
                "GROUP BY case_id, cause HAVING count(*) > 1) d"
            )
        )
        await _compare_with_phones(set_up, conn, outcome)


def _said(set_up: Stage, channel: str) -> int:
    """How many different things the phones of a channel said, less those that Zalo itself gave up on.

    After five refused repetitions Zalo ends the subscription and drops what was never acknowledged.
    """
    entries = [entry for entry in set_up.world.log.entries if entry["channel"] == channel]
    said = sum(1 for entry in entries if entry["kind"] == "said")
    tries = [entry for entry in entries if entry["kind"] == "webhook" and entry.get("method") == "user_send_text"]
    given_up = sum(1 for entry in tries if entry["status"] == "lost" or entry.get("retry") == LAST_RETRY)
    given_up -= sum(1 for entry in tries if entry.get("retry") == LAST_RETRY and entry["status"] == 200)
    return said - given_up


async def _compare_with_phones(set_up: Stage, conn: Any, outcome: KillsResult) -> None:
    """Every ledger row is on its own phone, once, or twice where it was sent again after an unknown outcome."""
    numbers = dict((await conn.execute(select(account.c.name, account.c.id))).all())
    for channel, name in CHANNELS:
        rows = await conn.execute(
            select(person.c.bidx, ledger.c.cause_kind, ledger.c.status, ledger.c.tries)
            .join(ledger, ledger.c.person_id == person.c.id)
            .where(ledger.c.account == numbers[name], ledger.c.content != Content.CLEAN)
        )
        shown = Counter(e["user"] for e in set_up.world.log.select(0, kind="delivered", channel=channel))
        owed: dict[bytes, list[Any]] = {}
        for row in rows:
            owed.setdefault(row.bidx, []).append(row)
        for phone in set_up.world.phones:
            if phone.channel != channel:
                continue
            index = set_up.store.keys.blind(str(numbers[name]), phone.address)
            _judge_phone(owed.get(index, []), shown[phone.slug], outcome)


def _judge_phone(rows: list[Any], seen: int, outcome: KillsResult) -> None:
    """Compare what the ledger says of one person with what her phone was shown, later removed or not."""
    sent = sum(1 for row in rows if row.status == Status.SENT)
    again = sum(row.tries - 1 for row in rows if row.tries > 1)
    again += sum(1 for row in rows if row.status == Status.UNKNOWN)
    outcome.resent_after_unknown += again
    outcome.never_seen += max(0, sent - seen)
    outcome.seen_twice += max(0, seen - sent)
    outcome.seen_twice_unexplained += max(0, seen - sent - again)
    relayed = [row.status for row in rows if row.cause_kind == Cause.CASE]
    outcome.relay_lost += relayed.count(Status.DEAD)
    outcome.relay_unknown += relayed.count(Status.UNKNOWN)


def report(outcome: KillsResult) -> dict[str, Any]:
    """The outcome as plain data."""
    return asdict(outcome)
