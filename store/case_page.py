"""The page of a case as one question: everything that page, composer and live stream show, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from content.directory.children import CHILD
from store.casework import assigning, case_search
from store.casework.case_search import FoundCase
from store.casework.reading import CaseView, read_case
from store.corrections import level_requests
from store.corrections.level_requests import LevelRequest
from store.protocol import steps
from store.protocol.steps import StepDone
from store.referrals import models as referrals
from store.referrals.models import ReferralRow
from store.staff import models as staff
from store.staff import skills
from store.unit_of_work import UnitOfWork
from store.urgent_help import models as urgent_help
from store.urgent_help.models import UrgentHelp


class CasePage(msgspec.Struct, frozen=True):
    """A case opened for one reader, with its referrals, newest first, and the aliases of whoever did what to them.

    `level_request` asks for a second person; `others` are cases of the same person that this reader could open,
    `loads` is how many cases each member has, for whoever assigns.
    """

    view: CaseView
    referrals: Sequence[ReferralRow]
    aliases: Mapping[UUID, str]
    level_request: LevelRequest | None = None
    others: Sequence[FoundCase] = ()
    loads: Mapping[UUID, int] = {}
    steps_done: Mapping[str, StepDone] = {}
    trained: Sequence[str] = ()
    """Aliases of whoever is trained for children, in a child's case that nobody of them has."""
    helps: Sequence[UrgentHelp] = ()
    """Help that was asked for without her yes, the newest first."""


async def read_case_page(work: UnitOfWork, case_id: UUID, *, goes_on: bool = False) -> CasePage:
    """Read the page of a case for whoever acts; that she read it is recorded. Raises Refused, Forgotten, Sealed.

    `goes_on`: the page is open already, and shows what came since.
    """
    view = await read_case(work, case_id, goes_on=goes_on)
    rows = await referrals.of_case(work.conn, case_id)
    loads = await assigning.loads(work.conn) if view.assignable else {}
    request = await level_requests.waiting(work.conn, case_id)
    others = await case_search.of_same_person(work.conn, work.staff_id, case_id) if view.returned else ()
    helps = await urgent_help.of_case(work.conn, case_id)
    names = await staff.aliases(work.conn) if rows or request or helps else {}
    trained = await skills.trained(work.conn, CHILD) if view.row.untrained else ()
    done = await steps.steps_done(work.conn, case_id)
    return CasePage(view, rows, names, request, others, loads, done, trained, helps)
