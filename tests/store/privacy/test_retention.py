"""What is older than its class may be is gone after a sweep, what is younger stays, and each class proves it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, func, insert, select

import store.all_tables
from store.cases import service as cases
from store.cases.keys import case_key, case_key_copy
from store.cases.lines import NewLine, add_line
from store.cases.models import case_file, case_line
from store.crypto.keyring import contact_key
from store.db.engine import Store, driver_of, raw
from store.messages import hold
from store.messages.hot_path.inbound import load_people
from store.messages.models import Cause, InboxState, Status, inbox, inbox_key, ledger
from store.metadata import metadata
from store.people import models as people
from store.people.models import person
from store.privacy import forgetting, retention
from store.privacy.retention import CLASSES, retention_run, sweep_once
from store.privacy.sweeps import KEEPERS, PEOPLE
from store.staff.models import login_attempt, staff_session
from store.unit_of_work import BOT, unit_of_work
from tests.support.staff import work_of_test
from tests.support.stage import until

assert store.all_tables
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEPT = {one.name: one.kept for one in CLASSES}


async def add_people(store: Store, count: int, last_in: datetime) -> list[UUID]:
    """People who wrote last at a given time."""
    indexes = [uuid4().bytes for _ in range(count)]
    async with raw(store.data) as conn, raw(store.keyring) as ring:
        account = await people.register_account(conn, "zalo", "zalo_oa")
        await people.add(conn, ring, store.ring, [(account, index, "8439210034411275306") for index in indexes], NOW)
        ids = [row.id for row in (await load_people(conn, indexes)).values()]
        await conn.execute("UPDATE session SET last_in_at = $2 WHERE person_id = ANY($1)", ids, last_in)
    return ids


async def add_case(store: Store, person_id: UUID, closed_at: datetime | None) -> None:
    """A case with one line, open or closed."""
    async with raw(store.keyring) as ring:
        key = await store.ring.key_of(ring, person_id)
    async with unit_of_work(store, NOW, BOT) as work:
        cry = cases.Cry(person_id=person_id, key=key, account=1, level=3, reason="Cry:test", place="vn")
        case = await cases.open_case(work, cry)
        await add_line(work, case.id, NewLine("in", "một dòng", Cause.INBOX, "1.0"))
        await driver_of(work.conn).execute("UPDATE case_file SET closed_at = $2 WHERE id = $1", case.id, closed_at)


def message_in(state: InboxState, at: datetime, key_id: bytes = b"gone") -> dict[str, Any]:
    """A row of the inbox."""
    sealed = b"x" if state != InboxState.DONE else None
    return {
        "account": 1, "ext": uuid4().bytes, "lane": 0, "key_id": key_id, "sealed": sealed, "received_at": at,
        "state": state,
    }  # fmt: skip


def message_out(status: Status, at: datetime) -> dict[str, Any]:
    """A row of the ledger to nobody in particular."""
    return {
        "cause_kind": Cause.BENCH, "cause": uuid4().int % 10**15, "n": 0, "account": 1, "recipient": 2, "content": 1,
        "priority": 1, "status": status, "not_before": at, "not_after": at, "body_ct": b"x", "created_at": at,
        "changed_at": at,
    }  # fmt: skip


async def put(store: Store, table: Table, *rows: dict[str, Any]) -> None:
    """Insert rows where their table lives."""
    engine = store.data if table.metadata is metadata else store.keyring
    async with engine.begin() as conn:
        await conn.execute(insert(table), list(rows))


async def left(store: Store, table: Table) -> int:
    """How many rows a table has."""
    engine = store.data if table.metadata is metadata else store.keyring
    async with engine.connect() as conn:
        return (await conn.execute(select(func.count()).select_from(table))).scalar_one()


async def runs(store: Store) -> dict[str, tuple[int, int]]:
    """Sweep once: class to (removed, left)."""
    return {run.name: (run.removed, run.left) for run in await sweep_once(store, NOW)}


@pytest.mark.parametrize(
    ("name", "table", "row"),
    [
        ("inbox_done", inbox, lambda at: message_in(InboxState.DONE, at)),
        ("inbox_quarantined", inbox, lambda at: message_in(InboxState.QUARANTINED, at)),
        ("inbox_key", inbox_key, lambda at: {"id": uuid4().bytes, "sealed": b"x", "created_at": at}),
        ("ledger", ledger, lambda at: message_out(Status.SENT, at)),
        ("ledger", ledger, lambda at: message_out(Status.UNKNOWN, at)),
        ("ledger", ledger, lambda at: message_out(Status.WITHHELD, at)),
        ("login_attempt", login_attempt, lambda at: {"tag": b"x", "at": at}),
        (
            "staff_session",
            staff_session,
            lambda at: {
                "sid_hash": uuid4().bytes, "staff_id": uuid4(), "vault_ct": b"x", "created_at": at, "last_seen_at": at,
                "agent": "other",
            },
        ),
    ],
)  # fmt: skip
async def test_rows_go_when_they_are_old_and_not_a_minute_before(store: Store, name: str, table: Table, row) -> None:
    """Two rows a minute on either side of the age: one goes, one stays; the second sweep finds nothing."""
    async with raw(store.data) as conn:
        await people.register_account(conn, "zalo", "zalo_oa")
    edge = NOW - KEPT[name]
    await put(store, table, row(edge - MINUTE), row(edge + MINUTE))
    assert (await runs(store))[name] == (1, 0)
    assert await left(store, table) == 1
    assert (await runs(store))[name] == (0, 0)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (inbox, message_in(InboxState.PENDING, NOW - timedelta(days=400))),
        (ledger, message_out(Status.DEFERRED, NOW - timedelta(days=400))),
        (ledger, message_out(Status.READY, NOW - timedelta(days=400))),
        (ledger, message_out(Status.SENDING, NOW - timedelta(days=400))),
    ],
)
async def test_what_is_under_way_is_never_swept(store: Store, table: Table, row: dict[str, Any]) -> None:
    """However old: what waits to be stepped or to be sent is nobody's rubbish."""
    async with raw(store.data) as conn:
        await people.register_account(conn, "zalo", "zalo_oa")
    await put(store, table, row)
    await sweep_once(store, NOW)
    assert await left(store, table) == 1


async def test_the_text_of_what_will_not_leave_goes_first(store: Store) -> None:
    """Three days after the end the text is blanked; the row stays for the month."""
    async with raw(store.data) as conn:
        await people.register_account(conn, "zalo", "zalo_oa")
    await put(store, ledger, message_out(Status.UNKNOWN, NOW - KEPT["ledger_text"] - MINUTE))
    assert (await runs(store))["ledger_text"] == (1, 0)
    async with store.data.connect() as conn:
        assert (await conn.execute(select(ledger.c.body_ct))).scalars().all() == [None]


async def test_an_hours_key_stays_while_a_message_needs_it(store: Store) -> None:
    """A message that still waits can be opened, whenever it is stepped."""
    async with raw(store.data) as conn:
        await people.register_account(conn, "zalo", "zalo_oa")
    old = NOW - timedelta(days=30)
    await put(store, inbox_key, {"id": b"needed", "sealed": b"x", "created_at": old})
    await put(store, inbox, message_in(InboxState.PENDING, old, b"needed"))
    assert (await runs(store))["inbox_key"] == (0, 0)


async def test_a_chat_goes_a_month_after_its_case_was_closed(store: Store) -> None:
    """Lines and keys of the case closed 31 days ago are gone; open cases and younger ones keep theirs."""
    one, two, three = await add_people(store, 3, NOW)
    await add_case(store, one, NOW - KEPT["case_line"] - MINUTE)
    await add_case(store, two, NOW - KEPT["case_line"] + MINUTE)
    await add_case(store, three, None)
    swept = await runs(store)
    assert [swept[name] for name in ("case_line", "case_key_copy", "case_key")] == [(1, 0)] * 3
    assert [await left(store, table) for table in (case_line, case_key_copy, case_key, case_file)] == [2, 2, 2, 3]


async def test_whoever_is_silent_for_ninety_days_is_forgotten(store: Store) -> None:
    """Her key and rows go in batches; who wrote yesterday, and who ever had a case, stays."""
    old = NOW - KEPT["idle_person"] - MINUTE
    await add_people(store, PEOPLE + 3, old)
    [helped] = await add_people(store, 1, old)
    await add_case(store, helped, None)
    await add_people(store, 2, NOW - KEPT["idle_person"] + MINUTE)
    assert (await runs(store))["idle_person"] == (PEOPLE + 3, 0)
    assert await left(store, person) == await left(store, contact_key) == 3


async def test_whoever_writes_while_she_is_swept_is_kept(store: Store) -> None:
    """Ninety days of silence end in the very moment of the sweep: her word counts, her rows and her key stay."""
    [one] = await add_people(store, 1, NOW - KEPT["idle_person"] - MINUTE)
    async with raw(store.data) as conn:
        async with conn.transaction():
            await conn.execute("UPDATE session SET last_in_at = $2 WHERE person_id = $1", one, NOW)
            sweeping = asyncio.create_task(sweep_once(store, NOW))
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            here = f"{waiting} AND datname = current_database()"

            async def blocked() -> bool:
                async with raw(store.data) as other:  # a transaction sees the activity of its first look only
                    return await other.fetchval(here) > 0

            await until(blocked, 10)
        await sweeping
    assert await left(store, person) == await left(store, contact_key) == 1


async def test_keys_of_nobody_go_after_a_week_but_never_all(store: Store) -> None:
    """A key whose person was never written goes; with nobody in the data the database is the wrong one."""
    async with raw(store.keyring) as ring:
        await store.ring.create(ring, [uuid4()], NOW - KEPT["key_of_nobody"] - MINUTE)
        await store.ring.create(ring, [uuid4()], NOW - KEPT["key_of_nobody"] + MINUTE)
    assert (await runs(store))["key_of_nobody"] == (0, 1)
    assert await left(store, contact_key) == 2
    await add_people(store, 1, NOW)
    assert (await runs(store))["key_of_nobody"] == (1, 0)
    assert await left(store, contact_key) == 2


async def test_a_forgetting_cut_in_two_is_finished(store: Store) -> None:
    """Her key is gone and a tombstone stands: the next sweep clears her rows away."""
    one, _ = await add_people(store, 2, NOW)
    await forgetting.destroy_keys(store, NOW, [one])
    assert (await runs(store))["forgotten"] == (1, 0)
    assert await left(store, person) == 1


async def test_every_run_is_written_down(store: Store) -> None:
    """Health and metrics read when each class was swept last, and that nothing was left."""
    await sweep_once(store, NOW - MINUTE)
    await sweep_once(store, NOW)
    async with store.data.connect() as conn:
        assert await retention.latest(conn) == {one.name: (NOW, 0) for one in CLASSES}
    await put(store, retention_run, {"at": NOW - timedelta(days=91), "class": "ledger", "removed": 0, "left": 0})
    assert (await runs(store))["retention_run"] == (1, 0)


async def test_nothing_is_swept_during_a_hold(store: Store) -> None:
    """After a restore the newest people have keys and no rows: nothing is destroyed before the release."""
    async with work_of_test(store, NOW) as work:
        await hold.begin(work, hold.RESTORED)
    assert await sweep_once(store, NOW) == []


def test_every_table_of_a_person_is_classified() -> None:
    """A new table with a person in it either keeps her from being swept, or is known to go with her."""
    goes_with_her = {"session", "consent", "ledger", "task", "forget_wish", "recording", "later", "unanswered"}
    keeps_her = {column.table.name for keeper in KEEPERS for column in keeper.selected_columns}
    tables = {table.name for table in metadata.sorted_tables if "person_id" in table.c}
    assert tables == goes_with_her | keeps_her
