"""The packaged content and flows, compiled once for every test of the conversation."""

from __future__ import annotations

import pytest

from flows.conversation import Conversation, load_all


@pytest.fixture(scope="session")
def content() -> Conversation:
    """The conversation exactly as `run` loads it."""
    return load_all()
