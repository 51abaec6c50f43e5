"""Every slice's tables, gathered so that the two catalogues are complete."""

from store import areas, audit, cases, keys, lanes, messages, people, staff, tokens, vault

__all__ = ["areas", "audit", "cases", "keys", "lanes", "messages", "people", "staff", "tokens", "vault"]
