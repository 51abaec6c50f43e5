"""Who may do what: one line for every route of the console. A route that is not here does not start."""

from __future__ import annotations

from store.staff.models import (
    ADMIN,
    AUDITOR,
    CASE_WORKER,
    COMMUNE_STAFF,
    CONTENT_REVIEWER,
    COUNSELLOR,
    PROV_ADMIN,
    READING,
    ROLES,
    SHIFT_LEAD,
)

ANYBODY: frozenset[str] | None = None
"""The mark of a route that is open without signing in."""
SIGNED_IN = frozenset(ROLES)
READERS = frozenset(READING)
CARERS = frozenset({*READING, CASE_WORKER})
"""Who carries check-in plans."""
SPEAKERS = frozenset({COMMUNE_STAFF, PROV_ADMIN})
"""Who looks after groups and proposes broadcasts."""
DECIDERS = frozenset({PROV_ADMIN})
REVIEWERS = frozenset({CONTENT_REVIEWER, PROV_ADMIN})
"""Who says yes to a recording, two different people each time."""
LISTENERS = SPEAKERS | REVIEWERS
"""Who invites trusted speakers and hears what they recorded."""
TOLD = READERS | DECIDERS
"""Who reads what third persons reported: never staff of a commune, who may be neighbours of either side."""
MODERATORS = DECIDERS | {SHIFT_LEAD}
"""Who reads questions for a meeting before anybody else does."""

PERMISSIONS: dict[str, frozenset[str] | None] = {
    "signin": ANYBODY,
    "enter": ANYBODY,
    "language": ANYBODY,
    "static": ANYBODY,
    "home": SIGNED_IN,
    "leave": SIGNED_IN,
    "awake": SIGNED_IN,
    "live_stream": READERS | SPEAKERS,
    "queue": READERS,
    "case": READERS,
    "case_attachment": READERS,
    "acknowledge": READERS,
    "reply": READERS,
    "draft": READERS,
    "knock": READERS,
    "hand_on": READERS,
    "stage": READERS,
    "needs": READERS,
    "next_step": READERS,
    "commune": READERS,
    "note": READERS,
    "close": READERS,
    "refer": READERS,
    "refer_confirm": READERS,
    "refer_back": READERS,
    "refer_hand": READERS,
    "refer_receipt": READERS,
    "board": READERS,
    "take_drill": READERS,
    "roster": READERS,
    "add_duty": frozenset({SHIFT_LEAD}),
    "remove_duty": frozenset({SHIFT_LEAD}),
    "call_code": READERS,
    "call_address": READERS,
    "audit": frozenset({AUDITOR}),
    "check_ins": CARERS,
    "plan": CARERS,
    "start_plan": CARERS,
    "change_plan": CARERS,
    "task_done": CARERS,
    "groups": SPEAKERS,
    "create_group": SPEAKERS,
    "invite": SPEAKERS,
    "cards": SPEAKERS | {CONTENT_REVIEWER},
    "approve_card": frozenset({CONTENT_REVIEWER}),
    "recall_card": frozenset({CONTENT_REVIEWER, PROV_ADMIN}),
    "put_back_card": frozenset({CONTENT_REVIEWER}),
    "broadcasts": SPEAKERS,
    "propose": SPEAKERS,
    "broadcast": SPEAKERS,
    "recordings": LISTENERS,
    "sound": LISTENERS,
    "invite_speaker": LISTENERS,
    "decide_recording": REVIEWERS,
    "tips": TOLD,
    "mark_tip": TOLD,
    "questions": SPEAKERS | MODERATORS,
    "moderate_question": MODERATORS,
    "decide": DECIDERS,
    "steer": DECIDERS,
}

FIRST_PAGE = {
    COUNSELLOR: "queue",
    SHIFT_LEAD: "queue",
    AUDITOR: "audit",
    ADMIN: "home",
    COMMUNE_STAFF: "broadcasts",
    CONTENT_REVIEWER: "cards",
    PROV_ADMIN: "broadcasts",
    CASE_WORKER: "check_ins",
}
"""Where each role lands after signing in."""


def may(roles: frozenset[str], route: str) -> bool:
    """Whether somebody with these roles may use a route. Raises KeyError for a route nobody listed."""
    allowed = PERMISSIONS[route]
    return allowed is None or not roles.isdisjoint(allowed)


def first_page(roles: frozenset[str]) -> str:
    """The name of the route somebody with these roles starts on."""
    return next((page for role, page in FIRST_PAGE.items() if role in roles), "home")
