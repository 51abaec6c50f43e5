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
QUESTIONS = ("Cry:danger", "Cry:unseen")
"""Where the danger question is on her screen."""
NO = "không"
ANSWERS = {"no": (True,), "nothing": (False,), "half": (True, False)}
"""How people answer that question, over and over: each time no, never, every second time."""
BEGAN = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
"""A morning in Viet Nam; nothing that is measured depends on the day."""


class OrdinaryTalk(msgspec.Struct, frozen=True):
    """What calm messages led to: how many of `messages`, and of `talks` how many opened a case by how she answers."""

    messages: int
    raised_urgent: int
    raised: int
    asked: int
    topics: int
    talks: int
    cases: dict[str, int]

    def percent(self) -> dict[str, object]:
        """The same as shares in per cent, beside the two counts they are shares of."""

        def share(count: int, of: int) -> float:
            return round(100 * count / of, 2) if of else 0.0

        names = ("raised_urgent", "raised", "asked", "topics")
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
    return OrdinaryTalk(
        messages=len(meanings),
        raised_urgent=sum(meaning.level >= URGENT for meaning in believed),
        raised=len(believed),
        asked=sum(meaning.action == "ask" for meaning in meanings),
        topics=sum(meaning.topic is not None for meaning in meanings),
        talks=len(talks),
        cases={how: sum(opens_case(talk, answers, content) for talk in talks) for how, answers in ANSWERS.items()},
    )


def opens_case(talk: Iterable[str], answers: Sequence[bool], content: Conversation) -> bool:
    """Whether a talk opens a case; `answers` says of each danger question in turn whether she answers it with no."""
    session, facts, now, questions = Session(), Facts(on_duty=True), BEGAN, 0
    for line in talk:
        said = [line]
        while said:
            now += timedelta(minutes=1)
            incoming = Incoming(kind="text", at=now, text=said.pop())
            session, facts, effects = step(session, facts, incoming, now, content)
            if any(isinstance(effect, OpenCase) for effect in effects):
                return True
            if session.state in QUESTIONS and incoming.text != NO:
                if answers[questions % len(answers)]:
                    said.append(NO)
                questions += 1
    return False
