"""Every slice's tables, gathered so that the two catalogues are complete."""

from store import audit, cases, keys, lanes, messages, people, staff, tokens, vault

__all__ = ["audit", "cases", "keys", "lanes", "messages", "people", "staff", "tokens", "vault"]
