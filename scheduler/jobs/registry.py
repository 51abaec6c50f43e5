"""Jobs of due items, by kind: each module registers its own, `dispatch.py` and `escalation.py` look them up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from store.db.engine import Store
from store.jobs.scheduled import DueKind


class Run(msgspec.Struct, frozen=True):
    """What every item of one run needs: its transaction, its moment."""

    conn: AsyncConnection
    store: Store
    library: Library
    now: datetime


class DueItem(msgspec.Struct, frozen=True):
    """One thing that has fallen due; `about` is what its job's `load` found of it, `key` that person's."""

    id: int
    subject: int
    due_at: datetime
    not_after: datetime
    about: Any = None
    key: AESGCM | None = None


Load = Callable[[AsyncConnection, Sequence[int]], Awaitable[Mapping[int, Any]]]
DoItem = Callable[[Run, DueItem], Awaitable[bool]]
DoItems = Callable[[Run, Sequence[DueItem]], Awaitable[Sequence[int]]]


class ItemJob(msgspec.Struct, frozen=True):
    """Does one item at a time; False when it must be looked at again later.

    `load` finds the rows, with a `person_id`, that many items are about; an item without one is done with nothing.
    `relative`: it falls due so long after something happened, and moves with a clock that is set back; others keep
    to the hours people mean.
    """

    kind: DueKind
    do: DoItem
    load: Load | None = None
    relative: bool = False


class EscalationJob(msgspec.Struct, frozen=True):
    """Does many items together, in the tick of the escalation; returns the ids of those that are done."""

    kind: DueKind
    do: DoItems


JOBS: dict[int, ItemJob] = {}
ESCALATION_JOBS: dict[int, EscalationJob] = {}


def due_job(kind: DueKind, *, load: Load | None = None, relative: bool = False) -> Callable[[DoItem], DoItem]:
    """Register what does items of a kind, one by one. Raises ValueError when another job does."""
    _refuse_second(kind)

    def register(do: DoItem) -> DoItem:
        JOBS[kind.number] = ItemJob(kind, do, load, relative)
        return do

    return register


def escalation_job(kind: DueKind) -> Callable[[DoItems], DoItems]:
    """Register what the tick of the escalation does, so that nothing else holds it up. Raises ValueError as above."""
    _refuse_second(kind)

    def register(do: DoItems) -> DoItems:
        ESCALATION_JOBS[kind.number] = EscalationJob(kind, do)
        return do

    return register


def escalation_kinds() -> tuple[DueKind, ...]:
    """The kinds that belong to the tick of the escalation."""
    return tuple(job.kind for job in ESCALATION_JOBS.values())


def _refuse_second(kind: DueKind) -> None:
    if kind.number in JOBS or kind.number in ESCALATION_JOBS:
        raise ValueError(f"two jobs do what is due as {kind.name}: remove one")
