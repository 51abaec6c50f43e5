"""Roles: the sets of them that the table of routes names, and who may use what is opened to a set."""

from __future__ import annotations

import enum

from store.staff.models import (
    ADMIN,
    AUDITOR,
    CASE_WORKER,
    COMMUNE_STAFF,
    CONTENT_REVIEWER,
    PROV_ADMIN,
    READING,
    ROLES,
    SHIFT_LEAD,
)


class Public(enum.Enum):
    """What is open without signing in."""

    ANYBODY = "anybody"


Access = frozenset[str] | Public
"""Who may use a route: members with one of these roles, or anybody."""
ANYBODY = Public.ANYBODY
SIGNED_IN = frozenset(ROLES)
READERS = frozenset(READING)
CARERS = frozenset({*READING, CASE_WORKER})
"""Who carries check-in plans."""
SPEAKERS = frozenset({COMMUNE_STAFF, PROV_ADMIN})
"""Who looks after groups and proposes broadcasts."""
DECIDERS = frozenset({PROV_ADMIN})
REVIEWERS = frozenset({CONTENT_REVIEWER, PROV_ADMIN})
"""Who says yes to a recording, two different people each time, and takes a card off every screen."""
APPROVERS = frozenset({CONTENT_REVIEWER})
"""Who approves the words of a card."""
LISTENERS = SPEAKERS | REVIEWERS
"""Who invites trusted speakers and hears what they recorded."""
TOLD = READERS | DECIDERS
"""Who reads what third persons reported: never staff of a commune, who may be neighbours of either side."""
SHIFT_LEADS = frozenset({SHIFT_LEAD})
"""Who writes the roster."""
MODERATORS = DECIDERS | SHIFT_LEADS
"""Who reads questions for a meeting before anybody else does."""
AUDITORS = frozenset({AUDITOR})
EXPORTERS = frozenset({AUDITOR, ADMIN})
"""Who confirms that a part of the audit leaves as a file; auditors ask for it."""


def allows(access: Access, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may use what is open to `access`."""
    return isinstance(access, Public) or not roles.isdisjoint(access)
