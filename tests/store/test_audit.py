"""The audit takes codes only, cannot be changed quietly, and says where its chain breaks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store import audit
from store.audit import ChainBroken, ChainVerified
from store.db.engine import Store

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)


async def write(store: Store, n: int) -> None:
    """Record `n` acts, one transaction each."""
    for i in range(n):
        async with store.data.begin() as conn:
            at = NOW + timedelta(seconds=i)
            await audit.record(conn, at, KEY, [audit.AuditEvent("staff:a", "case.read", f"case:{i}", {"i": i})])


async def verify(store: Store, anchor: tuple[int, bytes] | None = None) -> ChainVerified | ChainBroken:
    """Verify the chain as it stands."""
    async with store.data.connect() as conn:
        return await audit.verify(conn, KEY, anchor)


async def tamper(store: Store, statement: str) -> None:
    """Act as somebody with the database in hand: switch the trigger off and change what is written."""
    async with store.data.begin() as conn:
        await conn.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_insert_only"))
        await conn.execute(text(statement))
        await conn.execute(text("ALTER TABLE audit ENABLE TRIGGER audit_insert_only"))


async def test_whole_chain_verifies_and_names_its_head(store: Store) -> None:
    """An untouched chain is verified to the last row, an empty one too."""
    assert await verify(store) == ChainVerified(0, 0, audit.GENESIS)
    await write(store, 5)
    whole = await verify(store)
    assert isinstance(whole, ChainVerified)
    assert whole.rows == 5
    assert await verify(store, (whole.seq, whole.mac)) == whole


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        pytest.param("UPDATE audit SET actor = 'staff:b' WHERE seq = 3", 3, id="actor changed"),
        pytest.param("UPDATE audit SET at = at + interval '1 microsecond' WHERE seq = 2", 2, id="time changed"),
        pytest.param("UPDATE audit SET meta = '{}' WHERE seq = 4", 4, id="meta changed"),
        pytest.param("UPDATE audit SET seq = 9 WHERE seq = 5", 9, id="renumbered"),
        pytest.param("DELETE FROM audit WHERE seq = 3", 4, id="row removed"),
        pytest.param("DELETE FROM audit WHERE seq = 1", 2, id="first row removed"),
        pytest.param("UPDATE audit SET prev_mac = mac WHERE seq = 3", 3, id="link changed"),
    ],
)
async def test_tampering_is_found_where_it_happened(store: Store, statement: str, at: int) -> None:
    """Whatever somebody with the database changes, the chain breaks at that row or the next."""
    await write(store, 5)
    await tamper(store, statement)
    assert await verify(store) == ChainBroken(at)


async def test_cut_tail_shows_against_an_anchor(store: Store) -> None:
    """Removing the newest rows leaves a whole chain; only a head kept elsewhere shows it."""
    await write(store, 5)
    head = await verify(store)
    assert isinstance(head, ChainVerified)
    await tamper(store, "DELETE FROM audit WHERE seq > 3")
    assert isinstance(await verify(store), ChainVerified)
    assert await verify(store, (head.seq, head.mac)) == ChainBroken(5)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_table_takes_inserts_only(store: Store, statement: str) -> None:
    """Change and removal are refused by the database itself."""
    await write(store, 1)
    with pytest.raises(DBAPIError, match="insert-only"):
        async with store.data.begin() as conn:
            await conn.execute(text(statement))


async def test_writers_at_the_same_time_make_one_chain(store: Store) -> None:
    """Twenty transactions at once give twenty linked rows, none forked."""
    await asyncio.gather(*(write(store, 2) for _ in range(10)))
    whole = await verify(store)
    assert isinstance(whole, ChainVerified)
    assert whole.rows == 20


async def test_act_that_fails_leaves_no_record(store: Store) -> None:
    """The record stands or falls with the act: a rolled-back transaction leaves no row and no broken link."""
    await write(store, 1)
    async with store.data.connect() as conn:
        await audit.record(conn, NOW, KEY, [audit.AuditEvent("staff:a", "case.closed", "case:1", {})])
        await conn.rollback()
    await write(store, 1)
    whole = await verify(store)
    assert isinstance(whole, ChainVerified)
    assert whole.rows == 2


@pytest.mark.parametrize(
    "meta",
    [
        pytest.param({"text": "cứu em với"}, id="her words"),
        pytest.param({"text": "help me"}, id="words with a space"),
        pytest.param({"x": "a" * 65}, id="too long"),
        pytest.param({"có": 1}, id="key of words"),
    ],
)
async def test_words_are_refused(store: Store, meta: dict[str, audit.Code]) -> None:
    """The audit takes small codes; a text, above all hers, is refused unwritten, and not repeated."""
    async with store.data.begin() as conn:
        with pytest.raises(ValueError, match="codes only") as refused:
            await audit.record(conn, NOW, KEY, [audit.AuditEvent("a", "b", "c", meta)])
    assert "em" not in str(refused.value)


async def test_pages_run_back_without_gap_or_repeat(store: Store) -> None:
    """Keyset pages give every row once, newest first, while new ones arrive."""
    await write(store, 7)
    seen: list[int] = []
    before = None
    async with store.data.connect() as conn:
        while page := await audit.page(conn, before=before, limit=3):
            seen += [entry.seq for entry in page]
            before = seen[-1]
            if len(seen) == 3:
                await write(store, 1)
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_page_of_one_object(store: Store) -> None:
    """The acts on one case can be asked for alone."""
    await write(store, 3)
    async with store.data.connect() as conn:
        (entry,) = await audit.page(conn, object="case:1")
    assert (entry.object, entry.meta, entry.at) == ("case:1", {"i": 1}, NOW + timedelta(seconds=1))
