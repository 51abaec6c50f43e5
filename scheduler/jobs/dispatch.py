"""Dispatch of due items: everything that has fallen due is done by the job of its kind, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from scheduler import jobs
from scheduler.jobs.registry import JOBS, DueItem, Load, Run, escalation_kinds
from store.db.engine import Store, is_outage, raw
from store.jobs import human_tasks, scheduled
from store.jobs.scheduled import KINDS, DueKind

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
    async with raw(store.data) as conn:
        oldest = await scheduled.oldest(conn)
    return None if oldest is None or oldest > now else (now - oldest).total_seconds()


async def due_once(store: Store, library: Library, now: datetime, most: int = _MOST) -> int:
    """Do what has fallen due, in one transaction; returns how many things. Two processes never do the same thing."""
    async with store.data.begin() as conn:
        items = await scheduled.claim(conn, now, most, escalation_kinds(), others=True)
        if not items:
            return 0
        about = await _load(conn, items)
        async with raw(store.keyring) as ring:
            keys = await store.ring.load(ring, list({row.person_id for row in about.values()}))
        run = Run(conn, store, library, now)
        done = [item.id for item in items if await _do_alone(run, item, about.get(item.id), keys)]
        await scheduled.done(conn, now, done)
    return len(items)


async def _load(conn: AsyncConnection, items: Sequence[Any]) -> dict[int, Any]:
    """What these items are about, by item; each way to load is asked once."""
    wanted: dict[Load, dict[int, int]] = {}
    for item in items:
        job = JOBS.get(item.kind)
        if job is not None and job.load is not None:
            wanted.setdefault(job.load, {})[item.id] = item.subject
    found: dict[int, Any] = {}
    for load, subjects in wanted.items():
        rows = await load(conn, list(subjects.values()))
        found |= {item_id: rows[subject] for item_id, subject in subjects.items() if subject in rows}
    return found


async def _do_alone(run: Run, row: Any, about: Any, keys: Mapping[Any, AESGCM]) -> bool:
    """Do one item so that its failure harms no other; what fails becomes a task for a human."""
    try:
        async with run.conn.begin_nested():
            return await _do(run, row, about, keys)
    except Exception as error:
        if is_outage(error):
            raise
        await human_tasks.open_task(
            run.conn, run.now, kind="due", subject=str(row.id), person_id=None, alias="", reason=type(error).__name__
        )
        return True


async def _do(run: Run, row: Any, about: Any, keys: Mapping[Any, AESGCM]) -> bool:
    """Do one item; False when it must be looked at again later. Who was forgotten has none. Raises NoJob."""
    job = JOBS.get(row.kind)
    if job is None:
        raise NoJob(told_undone(KINDS[row.kind].name if row.kind in KINDS else str(row.kind)))
    if job.load is not None and about is None:
        return True
    key = None if about is None else keys.get(about.person_id)
    return await job.do(run, DueItem(row.id, row.subject, row.due_at, row.not_after, about, key))
