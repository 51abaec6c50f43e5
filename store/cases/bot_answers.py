"""Answers of the bot as lines of a case: sealed like the others, with the cards and numbers as codes.

The first text line holds the cards, the second the numbers that were given. What filled a card in is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from flows.model.session import BotAnswer
from store.cases.inbound import InboundCase, add_inbound_line
from store.cases.lines import NewLine
from store.messages.models import Cause
from store.unit_of_work import UnitOfWork

DIRECTION = "bot"


async def show(work: UnitOfWork, case: InboundCase, answers: Sequence[BotAnswer]) -> None:
    """Add answers to a case, each at its own time; one that is there already is not added again."""
    for answer in answers:
        text = f"{' '.join(answer.cards)}\n{' '.join(answer.phones)}"
        await add_inbound_line(work, answer.at, case, NewLine(DIRECTION, text, Cause.INBOX, f"{answer.event}.bot"))


def read_line(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cards and the numbers that a line tells of."""
    cards, _, phones = text.partition("\n")
    return tuple(cards.split()), tuple(phones.split())
