"""What every proof begins with: the databases that the test of the recipe lends it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import content
from store.crypto.keyring import open_keys
from store.db.engine import Store, open_store
from tests.recipes.tree import LENT


@pytest.fixture
async def lent_store() -> AsyncIterator[Store]:
    """The lent databases, opened by the code of the copy."""
    assert Path(content.__file__).parents[1] == Path.cwd()
    data, keyring, keys = os.environ[LENT].split()
    store = open_store(data, keyring, open_keys(Path(keys), None))
    yield store
    await store.close()
