"""Addresses of groups: those of people are ids as Zalo gives them."""

from __future__ import annotations

GROUP = "group:"


def is_group(address: str) -> bool:
    """Say whether an address is that of a group, whose members all read what is sent there."""
    return address.startswith(GROUP)
