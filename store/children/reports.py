"""Reports of a child: when the line that must be told took one, and who of it, as a member of staff wrote it down.

Who took it is a line of the case, sealed to its readers; the audit holds only that a receipt was kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import update

from content.directory.children import CHILD, UNDER_16, children
from content.zone import VIETNAM
from store.cases.changes import Change, note_change, readable_case
from store.cases.models import case_file
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

FACT = "report"
"""What the line of a case about a receipt begins with."""
LONGEST = 120
"""Characters of who took a report, and of the number it was given."""
FIRST = timedelta(days=7)
"""How long before now a report may have been taken."""


class ReportReceipt(msgspec.Struct, frozen=True):
    """When a report was taken (aware), by whom, and under which number; one of the last two may be empty."""

    at: datetime
    who: str
    number: str


async def keep_receipt(work: UnitOfWork, case_id: UUID, receipt: ReportReceipt) -> None:
    """Write down that a report was taken; a later one stands in place of one before. Raises Refused."""
    who, number = " ".join(receipt.who.split()), " ".join(receipt.number.split())
    if not who + number or max(len(who), len(number)) > LONGEST:
        raise Refused(Refusal.REPORT_RECEIPT, longest=LONGEST)
    if not work.now - FIRST <= receipt.at <= work.now:
        raise Refused(Refusal.REPORT_TIME)
    case = await readable_case(work, case_id)
    if {CHILD, UNDER_16}.isdisjoint(case.flags):
        raise Refused(Refusal.REPORT_NOT_CHILD)
    values = {"reported_at": receipt.at, "reported_by": work.staff_id}
    await work.conn.execute(update(case_file).where(case_file.c.id == case_id).values(values))
    said = "\n".join(part for part in (who, number) if part)
    at = f"{receipt.at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    await note_change(work, case_id, Change(FACT, "", at, words=said))
    work.record("child.reported", case_id, service=children().report.service)
    work.notify(NotifyChannel.CASE, case_id)
