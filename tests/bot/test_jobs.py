"""The table of jobs: each can be done, and is known in logs by the word for what it does."""

from __future__ import annotations

from tests.support.system import System

ALWAYS = {
    "escalation",
    "drill",
    "paging",
    "deferred",
    "due",
    "rekey",
    "broadcasts",
    "tokens",
    "static",
    "retention",
    "forget_requests",
    "recalls",
    "recordings",
    "attachments",
    "catch_up",
}
"""The jobs of a process to which the settings add no transport and no partner."""


async def test_every_job_of_a_process_can_be_done(system: System) -> None:
    """A moved clock does all of them, one after the other, and none of them fails."""
    ticks = system.application.ticks
    ticks.last.clear()
    await ticks.all_now()
    assert set(ticks.last) == set(ticks.names)
    assert set(ticks.names) >= ALWAYS
