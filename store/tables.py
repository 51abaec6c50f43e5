"""Every slice's tables, gathered so that the two catalogues are complete."""

from store import areas, audit, cases, held, keys, lanes, messages, people, retention, staff, tokens, vault

__all__ = [
    "areas",
    "audit",
    "cases",
    "held",
    "keys",
    "lanes",
    "messages",
    "people",
    "retention",
    "staff",
    "tokens",
    "vault",
]
