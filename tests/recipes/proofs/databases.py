"""What every proof begins with: the databases that the test lends it, opened as a service opens them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import content
from store.crypto.keyring import open_keys
from store.db.engine import Store, open_store, raw
from store.people import models as people
from tests.flows.standings import NOW


def prove(proof: Callable[[Store], Awaitable[str]]) -> None:
    """Run a proof on the databases and keys of the command line, in the copy of the tree; print what it proved."""
    data, keyring, keys = sys.argv[1:]
    assert Path(content.__file__).parents[1] == Path.cwd()

    async def opened() -> None:
        store = open_store(data, keyring, open_keys(Path(keys), None))
        proved = await proof(store)
        await store.close()
        sys.stdout.write(f"{proved}\n")

    asyncio.run(opened())


async def somebody(store: Store) -> UUID:
    """Let somebody write for the first time, on Telegram."""
    async with raw(store.data) as conn, raw(store.keyring) as ring:
        account = await people.register_account(conn, "telegram", "telegram")
        await people.add(conn, ring, store.ring, [(account, b"index", "4711")], NOW)
        found: UUID = (await people.load(conn, [b"index"]))[b"index"]["id"]
        return found
