"""Measure ordinary talk: how often calm messages raise a level or are asked about, how many talks open a case.

A talk is five messages that follow one another in the file, written by somebody nobody knows yet, a minute apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from content.lexicon.model import LexiconData
from flows.engine.conversation import Conversation
from flows.engine.step import step
from flows.model.effects import OpenCase
from flows.model.facts import Facts
from flows.model.messages import Incoming
from flows.model.session import Session
from flows.understanding import understand

LENGTH = 5
"""Messages of one talk."""
URGENT = 3
"""The level from which a phrase is a cry that pages people at once."""
QUESTIONS = ("Cry:danger", "Cry:unseen", "Despair:asked")
"""Where a question of danger or of despair is on her screen."""
NO = "không"
ANSWERS = {"no": (True,), "nothing": (False,), "half": (True, False)}
"""How people answer that question, over and over: each time no, never, every second time."""
BEGAN = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
"""A morning in Viet Nam; nothing that is measured depends on the day."""


class TalkOutcome(msgspec.Struct):
    """What one talk led to: whether it opened a case, how often she was asked about danger and was offered help."""

    opened: bool = False
    questions: int = 0
    offers: int = 0


class OrdinaryTalk(msgspec.Struct, frozen=True):
    """What calm messages led to: how many of `messages`, and of `talks` how many opened a case by how she answers.

    `asked` is what the understanding has a doubt about. `questions` of danger on the screen and `offers` below answers
    are what the talks made of it, with "no" as the answer to every question.
    """

    messages: int
    raised_urgent: int
    raised: int
    asked: int
    topics: int
    questions: int
    offers: int
    talks: int
    cases: dict[str, int]

    def percent(self) -> dict[str, object]:
        """The same as shares in per cent, beside the two counts they are shares of."""

        def share(count: int, of: int) -> float:
            return round(100 * count / of, 2) if of else 0.0

        names = ("raised_urgent", "raised", "asked", "topics", "questions", "offers")
        return {
            "messages": self.messages,
            **{name: share(getattr(self, name), self.messages) for name in names},
            "talks": self.talks,
            "cases": {how: share(count, self.talks) for how, count in self.cases.items()},
        }


def measure(lines: Sequence[str], lexicon: LexiconData, content: Conversation) -> OrdinaryTalk:
    """Understand every message, and let every talk be had, whole ones only."""
    meanings = [understand(line, lexicon) for line in lines]
    believed = [meaning for meaning in meanings if meaning.action == "raise"]
    talks = [lines[at : at + LENGTH] for at in range(0, len(lines) - LENGTH + 1, LENGTH)]
    outcomes = {how: [talk_through(talk, answers, content) for talk in talks] for how, answers in ANSWERS.items()}
    return OrdinaryTalk(
        messages=len(meanings),
        raised_urgent=sum(meaning.level >= URGENT for meaning in believed),
        raised=len(believed),
        asked=sum(meaning.action == "ask" for meaning in meanings),
        topics=sum(meaning.topic is not None for meaning in meanings),
        questions=sum(talk.questions for talk in outcomes["no"]),
        offers=sum(talk.offers for talk in outcomes["no"]),
        talks=len(talks),
        cases={how: sum(talk.opened for talk in outcomes[how]) for how in ANSWERS},
    )


def opens_case(talk: Iterable[str], answers: Sequence[bool], content: Conversation) -> bool:
    """Whether a talk opens a case; `answers` says of each danger question in turn whether she answers it with no."""
    return talk_through(talk, answers, content).opened


def talk_through(talk: Iterable[str], answers: Sequence[bool], content: Conversation) -> TalkOutcome:
    """Talk to its end, or until it opens a case."""
    session, facts, now, outcome = Session(), Facts(on_duty=True), BEGAN, TalkOutcome()
    for line in talk:
        said = [line]
        while said:
            now += timedelta(minutes=1)
            incoming, offered = Incoming(kind="text", at=now, text=said.pop()), session.offered
            session, facts, effects = step(session, facts, incoming, now, content)
            outcome.opened = any(isinstance(effect, OpenCase) for effect in effects)
            if outcome.opened:
                return outcome
            outcome.offers += session.offered not in (None, offered)
            if session.state in QUESTIONS and incoming.text != NO:
                if answers[outcome.questions % len(answers)]:
                    said.append(NO)
                outcome.questions += 1
    return outcome
