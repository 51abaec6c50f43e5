"""A request to lower a grave level that no second person has confirmed in time ends: the level stays."""

from __future__ import annotations

from scheduler.jobs.registry import Run, due_job
from store.corrections import levels
from store.corrections.level_requests import LEVEL_REQUEST_DUE
from store.jobs.scheduled import DueItem


@due_job(LEVEL_REQUEST_DUE, relative=True)
async def end_request(run: Run, item: DueItem) -> bool:
    """Let a level stand that nobody has confirmed to be lower."""
    await levels.lapse(run.work, item.subject)
    return True
