"""Correspondence: whom an answer of a counsellor goes to, and what decides how and whether it gets there."""

from __future__ import annotations

from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from content.library import BASE
from store.cases.models import CaseRow, case_line
from store.cases.service import owned_case, person_key
from store.casework import reachability
from store.casework.reachability import Reachability
from store.people.models import open_session, session
from store.staff.models import staff
from store.unit_of_work import UnitOfWork


class Correspondence(msgspec.Struct, frozen=True):
    """A case in the hands of whoever acts, with the key, language and reachability of its person.

    `alias` is what the counsellor is called where the last answer in this case is not hers; "" where it is.
    """

    case: CaseRow
    key: AESGCM
    lang: str
    reach: Reachability
    alias: str


async def open_correspondence(work: UnitOfWork, case_id: UUID) -> Correspondence:
    """Look at whom an answer goes to; the case is locked. Raises Refused, Forgotten, Sealed."""
    case = await owned_case(work, case_id)
    key = await person_key(work.store, case)
    answers = select(case_line.c.author).where(case_line.c.case_id == case_id, case_line.c.direction == "out")
    last = answers.order_by(case_line.c.id.desc()).limit(1).scalar_subquery()
    new = last.is_distinct_from(work.staff_id)
    alias = select(staff.c.alias).where(staff.c.id == work.staff_id, new).scalar_subquery().label("new_alias")
    row = await reachability.facts(work.conn, case_id, session.c.version, session.c.state_ct, alias)
    state = row["state_ct"]
    lang = open_session(key, case.person_id, row["version"], state).lang if state else BASE
    return Correspondence(case, key, lang, reachability.reach_of(row), row["new_alias"] or "")
