"""Providers of approvals: each kind with the query of what of it waits for a member."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, select, true

from store.approvals.models import Approver, of_case, of_number, reads
from store.audit_search import exports
from store.broadcasts.models import PROPOSED, broadcast
from store.cases.models import case_file
from store.corrections.level_requests import ASKED, level_request
from store.groups.models import membership, village_group
from store.referrals.models import AGREED, referral
from store.staff.models import ADMIN, AUDITOR, PROV_ADMIN, READING, SHIFT_LEAD, staff
from store.urgent_help.models import UNSAFE_ASKED
from store.urgent_help.models import urgent_help as helps

LEVEL, REFERRAL, BROADCAST, EXPORT = "level", "referral", "broadcast", "export"
HELP, NOTICE = "help", "notice"


def lower_levels(who: Approver) -> Select[Any] | None:
    """Grave levels that another member asks to lower: for readers of the case, and for whoever leads the shift."""
    if who.roles.isdisjoint(READING):
        return None
    mine = true() if SHIFT_LEAD in who.roles else reads(who.staff_id)
    waits = level_request.c.state == ASKED, level_request.c.asked_by != who.staff_id, mine
    query = of_case(LEVEL, level_request.c.asked_at, level_request.c.due_at)
    return query.join(level_request, level_request.c.case_id == case_file.c.id).where(*waits)


def referrals(who: Approver) -> Select[Any] | None:
    """Referrals that she agreed to: for readers of the case who neither prepared them nor have the case."""
    if who.roles.isdisjoint(READING):
        return None
    waits = referral.c.state == AGREED, referral.c.service != "", referral.c.withdrawn_at.is_(None)
    others = referral.c.asked_by != who.staff_id, case_file.c.acked_by.is_distinct_from(who.staff_id)
    since = case((referral.c.answered_at.is_not(None), referral.c.answered_at), else_=referral.c.asked_at)
    query = of_case(REFERRAL, since).join(referral, referral.c.case_id == case_file.c.id)
    return query.where(*waits, *others, reads(who.staff_id))


def broadcasts(who: Approver) -> Select[Any] | None:
    """Proposals of others to groups of her area; not those of a member whom she invited herself."""
    if PROV_ADMIN not in who.roles:
        return None
    scope = select(staff.c.scope).where(staff.c.id == who.staff_id).scalar_subquery()
    hers = (village_group.c.area == scope) | village_group.c.area.like(scope.concat("-%"))
    invited = (
        select(membership.c.invited_by)
        .where(membership.c.person_id == broadcast.c.author_person, membership.c.group_id == broadcast.c.group_id)
        .correlate(broadcast)
        .scalar_subquery()
    )
    mine = case((broadcast.c.author_staff.is_not(None), broadcast.c.author_staff), else_=invited)
    query = of_number(BROADCAST, cast(broadcast.c.id, Text), broadcast.c.proposed_at)
    query = query.select_from(broadcast).join(village_group, village_group.c.id == broadcast.c.group_id)
    return query.where(broadcast.c.state == PROPOSED, mine.is_distinct_from(who.staff_id), hers)


def audit_exports(who: Approver) -> Select[Any] | None:
    """Parts of the audit that another auditor wants as a file: for auditors and administrators."""
    if who.roles.isdisjoint((AUDITOR, ADMIN)):
        return None
    export = exports.audit_export.c
    query = of_number(EXPORT, cast(export.id, Text), export.asked_at).select_from(exports.audit_export)
    fresh = export.asked_at > func.now() - exports.GOOD_FOR
    return query.where(export.state == exports.ASKED, export.asked_by != who.staff_id, fresh)


def urgent_help(who: Approver) -> Select[Any] | None:
    """Help without her yes that another member asks for: for readers of the case, and for whoever leads the shift."""
    asked = (helps.c.state == ASKED) & (helps.c.asked_by != who.staff_id)
    return _of_urgent_help(who, HELP, helps.c.asked_at, asked)


def unsafe_notices(who: Approver) -> Select[Any] | None:
    """That it is not safe to tell her of such help, as another member says; for the same people."""
    said = (helps.c.notice == UNSAFE_ASKED) & (helps.c.notice_by != who.staff_id)
    return _of_urgent_help(who, NOTICE, helps.c.notice_at, said)


def _of_urgent_help(
    who: Approver, kind: str, since: ColumnElement[Any], waits: ColumnElement[bool]
) -> Select[Any] | None:
    if who.roles.isdisjoint(READING):
        return None
    mine = true() if SHIFT_LEAD in who.roles else reads(who.staff_id)
    return of_case(kind, since).join(helps, helps.c.case_id == case_file.c.id).where(waits, mine)
