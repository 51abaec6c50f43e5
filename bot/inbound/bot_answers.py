"""What the bot answers, for the people of a case: the cards it said, never her words; remembered only in this talk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flows.engine.step import TALK_ENDS
from flows.model import effects
from flows.model.session import BotAnswer, Session

MOST = 12
"""How many answers are remembered until a case is opened."""
_HIDING = effects.Silence | effects.CleanChat | effects.Forget
_UNKEPT = "Youth:"
"""In the corner of the young nothing is kept (safety rule 16)."""


def settle(
    session: Session, does: Sequence[effects.Effect], event: int, at: datetime, *, in_case: bool
) -> list[effects.Effect]:
    """Remember what the bot answers to an event, or show it to the people of her case after what went before.

    Who leaves in a hurry, stops us or is forgotten takes what was remembered with her.
    """
    before = tuple(one for one in session.bot_answers if at - one.at <= TALK_ENDS)
    now = _answer(does, event, at)
    opened = next((n for n, effect in enumerate(does, 1) if isinstance(effect, effects.OpenCase)), 0)
    if in_case or opened:
        session.bot_answers = ()
        first = [effects.ShowAnswers(before)] if before else []
        last = [effects.ShowAnswers(now)] if now else []
        return [*does[:opened], *first, *does[opened:], *last]
    kept = () if session.state.startswith(_UNKEPT) else (*before, *now)[-MOST:]
    session.bot_answers = () if any(isinstance(effect, _HIDING) for effect in does) else kept
    return list(does)


def _answer(does: Sequence[effects.Effect], event: int, at: datetime) -> tuple[BotAnswer, ...]:
    says = [effect.outgoing for effect in does if isinstance(effect, effects.Say)]
    cards = tuple(dict.fromkeys(card for one in says for card in one.cards))
    phones = tuple(dict.fromkeys(phone for one in says for phone in one.phones))
    return (BotAnswer(event, at, cards, phones),) if says else ()
