"""Addresses of people: the conversation with one person, and the thread of it in which she wrote last."""

from __future__ import annotations

_THREAD = "#"
"""Stands in no platform's id."""


def in_thread(address: str, thread: str) -> str:
    """Return where answers go: the conversation, in a thread of it if there is one."""
    return f"{address}{_THREAD}{thread}" if thread else address


def conversation_of(address: str) -> str:
    """Return the conversation alone: who it is with, whatever the thread."""
    return address.partition(_THREAD)[0]


def thread_of(address: str) -> str:
    """Return the thread alone; "" without one."""
    return address.partition(_THREAD)[2]
