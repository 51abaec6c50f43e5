"""Effects that keep what somebody tells without being anybody: a tip, a question for a meeting, whether it helped."""

from __future__ import annotations

from flows.model import effects
from store.effects.base import Batch, EffectRequest
from store.effects.registry import applies
from store.submissions import closing_answers
from store.submissions import models as submissions


@applies(effects.SendTip)
async def send_tip(batch: Batch, _: EffectRequest, effect: effects.SendTip) -> None:
    """Keep a tip as codes."""
    await submissions.keep_tip(batch.work, kind=effect.kind, seen=effect.when, area=effect.area)


@applies(effects.AskInDialogue)
async def ask_in_dialogue(batch: Batch, _: EffectRequest, effect: effects.AskInDialogue) -> None:
    """Keep a question under a master key."""
    await submissions.keep_question(batch.work, effect.topic, effect.text)


@applies(effects.CountHelped)
async def count_helped(batch: Batch, _: EffectRequest, effect: effects.CountHelped) -> None:
    """Add one to a number of this month."""
    await closing_answers.count(batch.work, effect.answer)
