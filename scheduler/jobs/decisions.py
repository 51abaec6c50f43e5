"""Whoever must decide whether a woman with an open case is forgotten is paged before the day is over."""

from __future__ import annotations

from scheduler.jobs.registry import Run, due_job
from store.jobs.scheduled import DueItem
from store.privacy import withdrawals
from store.privacy.withdrawals import DECISION_DUE


@due_job(DECISION_DUE, relative=True)
async def page_for_decision(run: Run, item: DueItem) -> bool:
    """Page for a decision that nobody has made."""
    await withdrawals.page_for(run.work, item.subject)
    return True
