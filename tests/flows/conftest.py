"""The packaged content and flows, compiled once for every test of the conversation."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from tests.support import content as shared_content


@pytest.fixture(scope="session")
def content() -> Conversation:
    """The conversation exactly as `run` loads it."""
    return shared_content.conversation()
