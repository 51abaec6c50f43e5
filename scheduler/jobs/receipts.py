"""A referral whose service has not said that it took over becomes a task for a human."""

from __future__ import annotations

from scheduler.jobs.registry import Run, due_job
from store.jobs.scheduled import DueItem
from store.referrals import delivery
from store.referrals.service import RECEIPT_DUE


@due_job(RECEIPT_DUE, relative=True)
async def ask_for_receipt(run: Run, item: DueItem) -> bool:
    """Ask a human for a receipt that has not come."""
    await delivery.overdue(run.work, item.subject)
    return True
