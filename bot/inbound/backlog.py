"""Backlog of people whose messages need more than words, so that nobody else has to wait behind them.

A line on a case costs thirty times what an answer costs. The rows stay pending in the inbox; here is only who they
are of, in memory, so that what is fresh can be looked at past them.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Set

import msgspec
from asyncpg import Range

AT_ONCE = 4
"""Rows of one person that are taken at once: whoever writes a lot keeps the others waiting no longer than that."""


class _Owed(msgspec.Struct):
    lane: int
    ids: list[int]
    urgent: bool = False


class Backlog:
    """People by their blind index, each with the rows of hers that wait; what one person wrote stays in order."""

    def __init__(self) -> None:
        self._owed: dict[bytes, _Owed] = {}

    def __len__(self) -> int:
        return len(self._owed)

    def __contains__(self, index: bytes) -> bool:
        return index in self._owed

    def put(self, index: bytes, lane: int, ids: Iterable[int], *, urgent: bool = False) -> None:
        """Let rows of a person wait; an urgent one (a cry, or a word to leave) brings all of hers forward."""
        owed = self._owed.setdefault(index, _Owed(lane, []))
        owed.ids += ids
        owed.ids.sort()  # nearly in order: one is stored now and then that was numbered before another
        owed.urgent |= urgent

    def first(self, people: int) -> list[int]:
        """Return the first rows of so many people: the urgent first, then who has waited longest."""
        chosen = heapq.nsmallest(people, self._owed.values(), key=lambda owed: (not owed.urgent, owed.ids[0]))
        return [number for owed in chosen for number in owed.ids[:AT_ONCE]]

    def may_step(self, index: bytes, number: int) -> bool:
        """Say whether a row may be stepped: one that waits here itself, or one of somebody who does not."""
        owed = self._owed.get(index)
        return owed is None or number in owed.ids

    def may_pass(self, index: bytes, in_time: bool) -> bool:
        """Say whether more than words may be stored for somebody: her turn has come, or nobody waits and it is time."""
        return index in self._owed or (in_time and not self._owed)

    def done(self, index: bytes, ids: Set[int]) -> None:
        """Forget rows that are stored now."""
        owed = self._owed.get(index)
        if owed is None:
            return
        owed.ids = [number for number in owed.ids if number not in ids]
        if not owed.ids:
            del self._owed[index]

    def keep(self, lanes: Collection[int]) -> None:
        """Forget whoever is in none of these lanes: another process looks after her now."""
        self._owed = {index: owed for index, owed in self._owed.items() if owed.lane in lanes}

    def clear(self) -> None:
        """Forget everybody: the inbox knows them."""
        self._owed.clear()

    def rows(self) -> list[Range]:
        """Return the rows that wait, as ranges without overlap: a flood has few."""
        ranges: list[list[int]] = []
        for number in sorted(number for owed in self._owed.values() for number in owed.ids):
            if ranges and ranges[-1][1] == number:
                ranges[-1][1] = number + 1
            else:
                ranges.append([number, number + 1])
        return [Range(lower, upper) for lower, upper in ranges]
