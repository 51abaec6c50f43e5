"""Shortest paths from the first word to every state: which taps and words lead there, for whoever mends a flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from heapq import heappop, heappush

from flows.checks.graph import SPOKEN, START, TOPICS, FlowGraph
from flows.model.definition import Transition

Move = tuple[str, str]
"""What she does in a state, as it is told, and the state it leads to."""
Closed = Callable[[str, str, Transition], bool]
TAP, SPOKEN_WORD = 1, 10
"""A path of taps is told rather than one that needs the right word, as long as it is not ten times as long."""
FIRST_WORDS = ("(text)",)
"""Any words at all: as easy as a tap."""


class ShortestPaths:
    """Shortest paths through a graph, whatever the conditions say: some session takes each of them."""

    def __init__(self, graph: FlowGraph, closed: Closed | None = None) -> None:
        """Look at a graph; steps that are `closed` (by state, how it is told, transition) are not taken."""
        self.graph = graph
        self._closed = closed
        self._taken: dict[str, tuple[tuple[str, Transition], ...]] = {}

    def without(self, closed: Closed) -> ShortestPaths:
        """Return the paths of the same graph on which some steps are closed."""
        other = ShortestPaths(self.graph, closed)
        other._taken = self._taken
        return other

    def to(self, state: str) -> str:
        """Tell the way to a state: `Idle:idle, (text) Menu:menu, “Cài đặt” Settings:choose`; "nowhere" without one."""
        steps = self.steps(state)
        if steps is None:
            return "no way leads there"
        return ", ".join([START, *(f"{told} {dest}" for told, dest in steps)])

    def steps(self, state: str) -> list[Move] | None:
        """Return the shortest path to a state, step by step; None when nothing leads there."""
        if state not in self._from:
            return None
        found: list[Move] = []
        while (came := self._from[state]) is not None:
            before, told = came
            found.append((told, state))
            state = before
        return found[::-1]

    @cached_property
    def reached(self) -> frozenset[str]:
        """Every state that some path leads to."""
        return frozenset(self._from)

    @cached_property
    def _from(self) -> dict[str, tuple[str, str] | None]:
        """For each state the state before it on the shortest path and what is done there."""
        found: dict[str, tuple[str, str] | None] = {}
        waiting: list[tuple[int, int, str, tuple[str, str] | None]] = [(0, 0, START, None)]
        while waiting:
            cost, _, state, came = heappop(waiting)
            if state in found:
                continue
            found[state] = came
            for told, dest in self.leading(state):
                if dest not in found:
                    costs = cost + (TAP if told in FIRST_WORDS or told.startswith("“") else SPOKEN_WORD)
                    heappush(waiting, (costs, len(waiting), dest, (state, told)))
        return found

    def leading(self, state: str) -> Iterator[Move]:
        """Yield every step out of a state, taps first, then words, then what only a topic word does."""
        for told, transition in self.taken(state):
            if transition.dest not in self.graph.states:
                continue
            if self._closed is None or not self._closed(state, told, transition):
                yield told, str(transition.dest)

    def taken(self, state: str) -> tuple[tuple[str, Transition], ...]:
        """Return every transition that something she does in a state may take, with how that is told."""
        if state not in self._taken:
            self._taken[state] = tuple(self._takes(state))
        return self._taken[state]

    def _takes(self, state: str) -> Iterator[tuple[str, Transition]]:
        graph = self.graph
        for choice in graph.choices(graph.states[state]):
            yield from ((f"“{choice.label}”", t) for t in graph.answers(state, choice.value))
        if not graph.values[state] or graph.lists(state):
            yield from (("“…”", t) for t in graph.leaving(state, "choice"))
        for trigger in (*sorted(SPOKEN), *sorted(TOPICS)):
            yield from ((f"({trigger})", t) for t in graph.leaving(state, trigger))
        for value in sorted(graph.values[state]):
            yield from ((f"(late {value})", t) for t in graph.leaving(state, f"late_{value}"))
