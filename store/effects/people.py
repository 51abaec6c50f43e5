"""Effects on the person herself: consents, whether she can be reached, forgetting, a task about her."""

from __future__ import annotations

from sqlalchemy import update

from flows.engine.step import FROM_PERSON
from flows.model import effects
from store.casework import reachability, unanswered
from store.effects.base import Batch, EffectRequest
from store.effects.registry import applies
from store.jobs import human_tasks
from store.jobs.human_tasks import NewTask
from store.messages.ledger import release_kept
from store.people import service as people
from store.people.models import person
from store.privacy import forget_requests, withdrawals


@applies(effects.RecordConsent)
async def record_consent(batch: Batch, request: EffectRequest, effect: effects.RecordConsent) -> None:
    """Keep what she said to one purpose, in one version of its text."""
    await people.record_consent(batch.work, request.person_id, effect)


@applies(effects.Unreachable)
async def set_unreachable(batch: Batch, request: EffectRequest, _: effects.Unreachable) -> None:
    """Nothing is sent to her any more."""
    await reachability.set_reachable(batch.work, request.person_id, False)


@applies(effects.Reachable)
async def set_reachable(batch: Batch, request: EffectRequest, _: effects.Reachable) -> None:
    """She may be written to; what is kept for her silence stays kept."""
    await reachability.set_reachable(batch.work, request.person_id, True)


@applies(effects.ReleaseKept)
async def release(batch: Batch, request: EffectRequest, _: effects.ReleaseKept) -> None:
    """Let what was kept for her silence leave; a report of a channel never does (safety rule 19)."""
    if request.kind in FROM_PERSON:
        await release_kept(batch.work.conn, batch.work.now, request.person_id)


@applies(effects.AwaitAnswer, keeps_case=True)
async def await_answer(batch: Batch, request: EffectRequest, effect: effects.AwaitAnswer) -> None:
    """Keep that she was asked something on the way to help, or that she is asked nothing any more."""
    if effect.asked:
        await unanswered.keep(batch.work, request.person_id, request.account, request.at, effect.asked, effect.lang)
    else:
        await unanswered.drop(batch.work, request.person_id)


@applies(effects.ToldLeft)
async def told_left(batch: Batch, request: EffectRequest, _: effects.ToldLeft) -> None:
    """Forget whose alias she knew: she was told, or a new case is open."""
    hers = update(person).where(person.c.id == request.person_id)
    await batch.work.conn.execute(hers.values(left_by=""))


@applies(effects.OpenTask)
async def open_task(batch: Batch, request: EffectRequest, effect: effects.OpenTask) -> None:
    """Let a human look at something about her."""
    about = NewTask(effect.kind, str(request.person_id), effect.reason, request.person_id)
    await human_tasks.open_task(batch.work, about)


@applies(effects.Forget)
async def forget(batch: Batch, request: EffectRequest, effect: effects.Forget) -> None:
    """Keep her request to be forgotten, which a tick fulfils once she has been answered."""
    await forget_requests.request(batch.work, request.person_id, effect.silent_hours)


@applies(effects.Withdraw)
async def withdraw(batch: Batch, request: EffectRequest, _: effects.Withdraw) -> None:
    """Keep what the platform reported, which a tick does within the day, or a human decides."""
    await withdrawals.report(batch.work, request.person_id)
