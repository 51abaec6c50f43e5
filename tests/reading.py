"""The content and the flows of this house, read once for all tests of a process: they do not change meanwhile."""

from __future__ import annotations

import functools

from content.library import Library
from flows.conversation import Conversation, load_all


@functools.cache
def conversation() -> Conversation:
    """The packaged content and flows, compiled."""
    return load_all()


def library() -> Library:
    """The packaged content."""
    return conversation().library
