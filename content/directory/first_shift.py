"""The first shift: the steps of a practice case for new staff, in both languages, with why each answer is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

import msgspec

from content import strict_yaml
from content.directory.refusals import LANGUAGES
from content.findings import ContentErrors, Finding
from content.packaged import PACKAGED
from content.schema import Key, Texts
from content.strict_yaml import Document
from content.validation import shape

FILE = "first_shift.yaml"
FLAGS = ("right", "writes", "sounds")

Feedback = Literal["good", "open", "empty", "asking"]
"""What is said of a line that was typed: it is good, its opening gives her away, it is empty, it asks nothing."""


class PracticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the practice thread; `by` says who speaks: she, the bot, or the house between two scenes."""

    by: Literal["her", "bot", "house"]
    text: Texts


class PracticeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of a step, and what is told to whoever chooses it."""

    label: Texts
    told: Texts
    right: bool = False


class PracticeStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step: the lines that come first, a question, and its choices, or a line to be typed."""

    id: Key
    title: Texts
    asks: Texts
    said: tuple[PracticeLine, ...] = ()
    answers: tuple[PracticeAnswer, ...] = ()
    writes: bool = False
    sounds: bool = False
    good: Texts = {}
    open: Texts = {}
    empty: Texts = {}
    asking: Texts = {}

    def feedback(self, what: Feedback) -> Texts:
        """What is said of a typed line."""
        said: Texts = getattr(self, what)
        return said


class FirstShift(msgspec.Struct, frozen=True, kw_only=True):
    """The practice case; `about` says who answers for its words."""

    about: Mapping[str, str]
    steps: tuple[PracticeStep, ...]


def read_first_shift(document: Document | None, findings: list[Finding]) -> FirstShift | None:
    """Return the practice case; what does not fit becomes a finding."""
    if document is None:
        return None
    made = shape(FirstShift, document, (), document.value, findings)
    found = list(_findings(document, made)) if made is not None else []
    findings += found
    return None if found else made


def _findings(document: Document, made: FirstShift) -> Iterator[Finding]:
    for number, step in enumerate(made.steps):
        line = document.line("steps", number)
        for text in _texts(step):
            if set(text) != set(LANGUAGES):
                yield Finding(FILE, line, f'the step "{step.id}" is not in each language', f"write {LANGUAGES}")
        if not step.writes and sum(answer.right for answer in step.answers) != 1:
            yield Finding(FILE, line, f'the step "{step.id}" has not one right answer', "mark one with `right: yes`")


def _texts(step: PracticeStep) -> Iterator[Texts]:
    yield from (step.title, step.asks, *(line.text for line in step.said))
    for answer in step.answers:
        yield from (answer.label, answer.told)
    if step.writes:
        yield from (step.good, step.open, step.empty, step.asking)


@cache
def first_shift() -> FirstShift:
    """Return the practice case as it ships, read once. Raises ContentErrors."""
    findings: list[Finding] = []
    made = read_first_shift(strict_yaml.read(PACKAGED / FILE, flags=FLAGS), findings)
    if made is None:
        raise ContentErrors(findings)
    return made
