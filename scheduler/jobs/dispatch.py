"""Dispatch of due items: everything that has fallen due is done by the job of its kind, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import msgspec

from content.library import Library
from scheduler import jobs
from scheduler.jobs.registry import JOBS, Load, LoadedItem, Run, Subject, escalation_kinds
from store.db.engine import Store, is_outage, raw
from store.jobs import human_tasks, scheduled
from store.jobs.human_tasks import NewTask
from store.jobs.scheduled import KINDS, DueItem, DueKind
from store.unit_of_work import CLOCK, UnitOfWork, unit_of_work

_MOST = 200

for _module in iter_modules(jobs.__path__, f"{jobs.__name__}."):
    if _module.name != __name__:
        import_module(_module.name)  # whoever does a kind of thing registers its job by being imported


class NoJob(LookupError):
    """A kind of due item that no module does; a human hears of it."""


def told_undone(kind: str) -> str:
    """Return the sentence about a kind that no module does."""
    return f'nothing does what is due as "{kind}": write @due_job for it in scheduler/jobs'


def relative_kinds() -> tuple[DueKind, ...]:
    """The kinds that fall due so long after something happened, and move with a clock that is set back."""
    return tuple(job.kind for job in JOBS.values() if job.relative)


async def overdue(store: Store, now: datetime) -> float | None:
    """For how many seconds the first open thing has been due; None when nothing is due.

    Mostly nothing is, and then this look at an index is all that a tick costs: a million things may lie ahead.
    """
    async with raw(store.data) as pg:
        oldest = await scheduled.oldest(pg)
    return None if oldest is None or oldest > now else (now - oldest).total_seconds()


async def due_once(store: Store, library: Library, now: datetime, most: int = _MOST) -> int:
    """Do what has fallen due, in one transaction; returns how many things. Two processes never do the same thing."""
    async with unit_of_work(store, now, CLOCK) as work:
        items = await scheduled.claim(work.conn, now, most, escalation_kinds(), others=True)
        if not items:
            return 0
        loaded = await _load(work, items)
        run = Run(work, library)
        done = [item.id for item in items if await _do_alone(run, item, loaded.get(item.id))]
        await scheduled.done(work.conn, now, done)
    return len(items)


async def _load(work: UnitOfWork, items: Sequence[DueItem]) -> dict[int, LoadedItem[Subject]]:
    """What these items are about, by item; each way to load is asked once, and the keyring once for all."""
    wanted: dict[Load[Any], list[DueItem]] = {}
    for item in items:
        job = JOBS.get(item.kind)
        if job is not None and job.load is not None:
            wanted.setdefault(job.load, []).append(item)
    found: list[tuple[DueItem, Subject]] = []
    for load, its in wanted.items():
        rows = await load(work.conn, [item.subject for item in its])
        found += [(item, rows[item.subject]) for item in its if item.subject in rows]
    async with raw(work.store.keyring) as keyring_pg:
        keys = await work.store.ring.load(keyring_pg, list({about.person_id for _, about in found}))
    return {
        item.id: LoadedItem(**msgspec.structs.asdict(item), about=about, key=keys.get(about.person_id))
        for item, about in found
    }


async def _do_alone(run: Run, item: DueItem, loaded: LoadedItem[Subject] | None) -> bool:
    """Do one item so that its failure harms no other; what fails becomes a task for a human."""
    try:
        async with run.work.savepoint():
            return await _do(run, item, loaded)
    except Exception as error:
        if is_outage(error):
            raise
        await human_tasks.open_task(run.work, NewTask("due", str(item.id), type(error).__name__))
        return True


async def _do(run: Run, item: DueItem, loaded: LoadedItem[Subject] | None) -> bool:
    """Do one item; False when it must be looked at again later. Who was forgotten has none. Raises NoJob."""
    job = JOBS.get(item.kind)
    if job is None:
        raise NoJob(told_undone(KINDS[item.kind].name if item.kind in KINDS else str(item.kind)))
    if job.load is None:
        return await job.do(run, item)
    return loaded is None or await job.do(run, loaded)
