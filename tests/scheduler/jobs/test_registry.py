"""Every kind of due item is done by one job: a kind that nobody does is found here, and by a human in operation."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

import scheduler
import store as store_package
from scheduler import jobs
from scheduler.jobs.dispatch import due_once, told_undone
from scheduler.jobs.registry import ESCALATION_JOBS, JOBS, ItemJob, Run, due_job, escalation_job
from store.db.engine import Store
from store.escalation.escalations import STEP_DUE, TELL_PERSON_DUE
from store.jobs.human_tasks import task
from store.jobs.scheduled import KINDS, DueItem, DueKind, due_item, due_kind
from tests.support.content import library

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
STORED = {
    1: "check_in",
    2: "check_in_sent",
    3: "check_in_answer",
    4: "kept_answer",
    5: "rung",
    6: "drill",
    7: "tell_person",
    8: "receipt",
    9: "decision",
    10: "level_request",
}
"""What rows of databases in use keep."""


def undone(kinds: Mapping[int, DueKind]) -> list[str]:
    """A sentence for each kind among these that no job does."""
    done = JOBS.keys() | ESCALATION_JOBS.keys()
    return [told_undone(kind.name) for number, kind in kinds.items() if number not in done]


def declared() -> Mapping[int, DueKind]:
    """Every kind that any module plans, whether or not its module is imported by anybody."""
    for package in (store_package, scheduler):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    return KINDS


def test_every_kind_has_a_job() -> None:
    """Whatever is planned is done, and each job lies in the folder whose modules the dispatch imports."""
    assert undone(declared()) == []
    does = {job.do.__module__.rpartition(".")[0] for job in [*JOBS.values(), *ESCALATION_JOBS.values()]}
    assert does == {jobs.__name__}


def test_a_kind_without_a_job_would_be_found() -> None:
    """The check itself, on one that was planted."""
    assert undone({**KINDS, 99: DueKind(99, "planted")}) == [told_undone("planted")]


def test_the_numbers_in_stored_rows_keep_their_meaning() -> None:
    """A kind whose number changed would do something else with rows that were planned before."""
    assert {number: kind.name for number, kind in declared().items()} == STORED


def test_two_kinds_with_one_number_are_refused() -> None:
    """Rows of one would be done by the job of the other."""
    with pytest.raises(ValueError, match="rung and planted have one number, 5"):
        due_kind(STEP_DUE.number, "planted")
    assert KINDS[STEP_DUE.number] == STEP_DUE


@pytest.mark.parametrize("kind", [STEP_DUE, TELL_PERSON_DUE])
def test_a_second_job_is_refused(kind: DueKind) -> None:
    """Which of them did it would depend on who was imported last."""
    for decorator in (due_job, escalation_job):
        with pytest.raises(ValueError, match=f"two jobs do what is due as {kind.name}"):
            decorator(kind)


async def test_what_nobody_does_becomes_a_task_for_a_human(store: Store) -> None:
    """A row of a kind that this version does not know is done with a task, never in silence."""
    values = {"kind": 99, "subject": 1, "due_at": NOW, "not_after": NOW + timedelta(hours=1)}
    async with store.data.begin() as conn:
        await conn.execute(insert(due_item).values(values))
    assert await due_once(store, library(), NOW) == 1
    async with store.data.connect() as conn:
        assert (await conn.execute(select(task.c.kind, task.c.reason))).all() == [("due", "NoJob")]
        assert (await conn.execute(select(due_item.c.done_at))).scalar_one() == NOW


async def test_a_job_that_fails_harms_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its item becomes a task that names the error; what is due beside it is done."""
    done: list[int] = []

    async def do(run: Run, item: DueItem) -> bool:
        """Fail for one of two."""
        if item.subject == 1:
            raise ZeroDivisionError
        done.append(item.subject)
        return True

    monkeypatch.setitem(JOBS, 99, ItemJob(DueKind(99, "planted"), do))
    async with store.data.begin() as conn:
        for subject in (1, 2):
            values = {"kind": 99, "subject": subject, "due_at": NOW, "not_after": NOW}
            await conn.execute(insert(due_item).values(values))
    assert await due_once(store, library(), NOW) == 2
    async with store.data.connect() as conn:
        assert (await conn.execute(select(task.c.kind, task.c.reason))).all() == [("due", "ZeroDivisionError")]
    assert done == [2]
