"""Jobs of due items, by kind: each module registers its own, `dispatch.py` and `escalation.py` look them up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar, overload
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from store.jobs.scheduled import DueItem, DueKind
from store.unit_of_work import UnitOfWork


class Run(msgspec.Struct, frozen=True):
    """What every item of one run needs: its transaction, at one moment, and what can be said."""

    work: UnitOfWork
    library: Library


class Subject(Protocol):
    """What an item is about, as its job's `load` finds it: something of one person's."""

    @property
    def person_id(self) -> UUID:
        """Whose it is."""


S = TypeVar("S", bound=Subject)
S_co = TypeVar("S_co", bound=Subject, covariant=True)


class LoadedItem(DueItem, Generic[S_co], frozen=True, kw_only=True):
    """An item with what it is about; `key` is that person's, None when she was forgotten a moment ago."""

    about: S_co
    key: AESGCM | None


Load = Callable[[AsyncConnection, Sequence[int]], Awaitable[Mapping[int, S]]]
DoItem = Callable[[Run, DueItem], Awaitable[bool]]
DoLoaded = Callable[[Run, LoadedItem[S]], Awaitable[bool]]
DoItems = Callable[[Run, Sequence[DueItem]], Awaitable[Sequence[int]]]


class ItemJob(msgspec.Struct, frozen=True):
    """Does one item at a time; False when it must be looked at again later.

    `load` finds what many items are about, and `do` gets each with it; an item of which nothing is found is done with
    nothing. `relative`: it falls due so long after something happened, and moves with a clock that is set back; others
    keep to the hours people mean.
    """

    kind: DueKind
    do: Callable[[Run, Any], Awaitable[bool]]
    load: Load[Any] | None = None
    relative: bool = False


class EscalationJob(msgspec.Struct, frozen=True):
    """Does many items together, in the tick of the escalation; returns the ids of those that are done."""

    kind: DueKind
    do: DoItems


JOBS: dict[int, ItemJob] = {}
ESCALATION_JOBS: dict[int, EscalationJob] = {}


@overload
def due_job(kind: DueKind, *, relative: bool = False) -> Callable[[DoItem], DoItem]: ...


@overload
def due_job(kind: DueKind, *, load: Load[S], relative: bool = False) -> Callable[[DoLoaded[S]], DoLoaded[S]]: ...


def due_job(
    kind: DueKind, *, load: Load[Any] | None = None, relative: bool = False
) -> Callable[[Callable[[Run, Any], Awaitable[bool]]], Callable[[Run, Any], Awaitable[bool]]]:
    """Register what does items of a kind, one by one. Raises ValueError when another job does."""
    _refuse_second(kind)

    def register(do: Callable[[Run, Any], Awaitable[bool]]) -> Callable[[Run, Any], Awaitable[bool]]:
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
