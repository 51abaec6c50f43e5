"""Effects on check-ins: agree to them, answer them, let them rest or end."""

from __future__ import annotations

from flows.model import effects
from store.casework import unanswered
from store.checkins import service as checkins
from store.effects.base import Batch, EffectRequest
from store.effects.registry import applies


@applies(effects.Silence)
async def silence(batch: Batch, request: EffectRequest, effect: effects.Silence) -> None:
    """End her check-ins for good when she stopped us; a silence of some hours leaves them as they are.

    Nobody waits for an answer of hers any more.
    """
    await unanswered.drop(batch.work, request.person_id)
    if effect.hours == 0:
        await checkins.change(batch.work, request.person_id, "stopped")


@applies(effects.Agree)
async def agree(batch: Batch, request: EffectRequest, effect: effects.Agree) -> None:
    """Keep her hours and her code word, and let her check-ins begin."""
    await checkins.agree(batch.work, request.person_id, effect)


@applies(effects.OpenCheckIn)
async def open_check_in(batch: Batch, request: EffectRequest, _: effects.OpenCheckIn) -> None:
    """Open the check-in that waits for her word."""
    await checkins.open_waiting(batch.work, request.person_id)


@applies(effects.AnswerCheckIn)
async def answer_check_in(batch: Batch, request: EffectRequest, effect: effects.AnswerCheckIn) -> None:
    """Keep her answer to one question."""
    await checkins.answer(batch.work, request.person_id, request.key, effect)


@applies(effects.EndCheckIn)
async def end_check_in(batch: Batch, request: EffectRequest, effect: effects.EndCheckIn) -> None:
    """Close the open check-in."""
    await checkins.end(batch.work, request.person_id, flagged=effect.flagged)


@applies(effects.ChangePlan)
async def change_plan(batch: Batch, request: EffectRequest, effect: effects.ChangePlan) -> None:
    """Let her check-ins rest, go on or end."""
    await checkins.change(batch.work, request.person_id, effect.to)
