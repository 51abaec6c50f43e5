"""A real store on two fresh databases, with the keys of a house of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Store, migrate, open_store
from store.keys import open_house


@pytest.fixture
async def store(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store at the newest schema."""
    data, keyring = databases
    await migrate(data, "data")
    await migrate(keyring, "keyring")
    opened = open_store(data, keyring, open_house(tmp_path / "keys", None))
    yield opened
    await opened.close()
