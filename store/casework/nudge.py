"""The nudge: one neutral line without content when she has been silent and an answer waits for her (safety rule 6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from content.library import Library
from flows.model.effects import HELP
from flows.model.messages import Outgoing
from flows.rendering.render import render
from store.cases.lines import NewLine, add_line
from store.cases.models import CaseRow
from store.casework.correspondence import open_correspondence
from store.casework.reachability import ONLY_WHEN_PERSON_WRITES, Reachability
from store.errors import Refused
from store.messages.ledger import LedgerMessage, enqueue
from store.messages.models import Cause, Content
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

GOOD_FOR = timedelta(minutes=30)
"""How long a nudge may be late; after that it stays, and the answer goes on waiting for her."""
CARD = "relay.knock"


def why_not(reach: Reachability, now: datetime) -> Refusal | None:
    """Why nobody may nudge now; None when she may be nudged."""
    reasons = (
        (Refusal.NUDGE_UNREACHABLE, not reach.reachable),
        (Refusal.NUDGE_STOPPED, reach.stopped),
        (Refusal.NUDGE_FORCED, reach.forced),
        (Refusal.NUDGE_ONLY_WHEN_SHE_WRITES, reach.contact == ONLY_WHEN_PERSON_WRITES),
        (Refusal.NUDGE_THERE, reach.is_there(now)),
        (Refusal.NUDGE_QUIET, reach.is_quiet(now)),
        (Refusal.NUDGE_NOTHING_WAITS, not reach.waiting),
        (Refusal.NUDGE_KNOCKED, reach.knocked),
    )
    return next((refusal for refusal, holds in reasons if holds), None)


async def send_nudge(work: UnitOfWork, case_id: UUID, library: Library) -> None:
    """Nudge once for somebody whose answer is kept. Raises Refused as `why_not` says, Forgotten.

    The gate asks again when it leaves: outside her hours it stays.
    """
    her = await open_correspondence(work, case_id)
    if refusal := why_not(her.reach, work.now):
        raise Refused(refusal)
    # of two nudges in one silence only the first gets a line
    line = NewLine("note", "knock=sent", Cause.KNOCK, her.reach.silence, work.staff_id)
    made = await add_line(work, case_id, line)
    if made is None:
        raise Refused(Refusal.NUDGE_KNOCKED)
    said = library.say(CARD, her.lang)
    [shown] = render(Outgoing(said.text, neutral=True), library.limits[her.reach.channel], 0)
    await enqueue(work, _message(work.now, her.case, made).sealed(her.key, shown))
    work.record("case.knocked", case_id)


def _message(now: datetime, case: CaseRow, line: int) -> LedgerMessage:
    return LedgerMessage(
        person_id=case.person_id,
        account=case.account,
        cause_kind=Cause.KNOCK,
        cause=line,
        content=Content.KNOCK,
        priority=HELP,
        not_before=now,
        not_after=now + GOOD_FOR,
    )
