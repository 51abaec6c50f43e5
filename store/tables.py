"""Every slice's tables, gathered so that the two catalogues are complete."""

from store import (
    areas,
    audit,
    broadcasts,
    cases,
    checkins,
    due,
    groups,
    keys,
    lanes,
    messages,
    people,
    staff,
    tasks,
    tokens,
    vault,
)

__all__ = [
    "areas",
    "audit",
    "broadcasts",
    "cases",
    "checkins",
    "due",
    "groups",
    "keys",
    "lanes",
    "messages",
    "people",
    "staff",
    "tasks",
    "tokens",
    "vault",
]
