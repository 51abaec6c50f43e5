"""Identifiers as the platforms hand them out: stable per person, never reused, deterministic from a seed."""

from __future__ import annotations

import hashlib
import itertools
import time

_YEAR_2026 = 1_767_225_600


def _digest(*parts: object) -> int:
    return int.from_bytes(hashlib.sha256(":".join(map(str, parts)).encode()).digest()[:16])


def telegram_user(slug: str) -> int:
    """Return the Telegram user id of a slug: above 2^31, below 2^52, the same in every run."""
    return 3_000_000_000 + _digest("telegram", slug) % 4_000_000_000


def telegram_group(slug: str) -> int:
    """Return the chat id of a Telegram supergroup: negative, thirteen digits, the same in every run."""
    return -(1_001_000_000_000 + _digest("telegram-group", slug) % 2_000_000_000)


def zalo_user(slug: str) -> str:
    """Return the 19-digit Zalo user id of a slug; too big for a double, as in life."""
    return str(10**18 + _digest("zalo", slug) % (8 * 10**18))


def zalo_user_by_app(slug: str) -> str:
    """Return the other Zalo id of the same person, the one a Zalo app sees."""
    return str(10**18 + _digest("zalo-app", slug) % (8 * 10**18))


def zalo_anonymous(slug: str) -> str:
    """Return the id of the same person where she has not signed in to Zalo."""
    return str(10**18 + _digest("zalo-anonymous", slug) % (8 * 10**18))


def zalo_bot_user(slug: str) -> str:
    """Return the 20 hex digits by which a Zalo bot knows the same person."""
    return hashlib.sha256(f"zalo-bot:{slug}".encode()).hexdigest()[:20]


class Ids:
    """Counters for one world.

    With a seed every run gives the same ids. Without one they start from the real time, so that a restarted
    world never hands out an id which a bot with a memory has already seen.
    """

    def __init__(self, seed: int | None = None) -> None:
        start = (seed % 1000) * 100_000 + 1 if seed is not None else int((time.time() - _YEAR_2026) * 16)
        self._salt = seed if seed is not None else time.time_ns()
        self._numbers = itertools.count(start)
        self._updates = itertools.count(start)
        self._words = itertools.count(1)

    def number(self) -> int:
        """Return the next message number (32 bit)."""
        return next(self._numbers)

    def update(self) -> int:
        """Return the next Telegram update_id: sequential without gaps."""
        return next(self._updates)

    def word(self, length: int = 20) -> str:
        """Return `length` (at most 128) fresh hex digits."""
        return hashlib.sha512(f"{self._salt}:{next(self._words)}".encode()).hexdigest()[:length]
