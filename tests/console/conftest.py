"""A console for each test that asks."""

from __future__ import annotations

import pytest

from content.library import Library
from store.db.engine import Store
from tests.support import content
from tests.support.console_room import Room


@pytest.fixture(scope="session")
def library() -> Library:
    """The content as it ships."""
    return content.library()


@pytest.fixture
async def room(store: Store, library: Library) -> Room:
    """A console nobody works in yet."""
    return Room(store, library)
