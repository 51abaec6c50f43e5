"""The thread of a case as its page shows it: lines, the bot's talk folded, and where a day begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from content.library import Library
from content.zone import VIETNAM
from store.cases.bot_answers import DIRECTION, read_line
from store.casework.reading import Line
from store.casework.shared_place import POSITION

_QUESTION = re.compile(r"[^.!?:\n“”]+\?")


class Answered(msgspec.Struct, frozen=True):
    """One answer of the bot: when, and what it said."""

    at: datetime
    texts: tuple[str, ...]


class BotTalk(msgspec.Struct, frozen=True):
    """Answers of the bot in a row, from line `seq` to line `end`, with what they asked and the numbers they gave."""

    seq: int
    end: int
    at: datetime
    until: datetime
    answers: tuple[Answered, ...]
    asked: tuple[str, ...]
    phones: tuple[str, ...]
    direction: str = DIRECTION


Shown = Line | BotTalk


def thread_values(lines: Sequence[Line], library: Library) -> dict[str, Any]:
    """What the templates of a thread need: its lines in order, the day that begins with some, where a place was sent.

    The coordinates of a place are on no page that is not asked for them.
    """
    places = frozenset(line.seq for line in lines if line.direction == "in" and POSITION.search(line.text))
    thread = tuple(_shown([_without_place(line) if line.seq in places else line for line in lines], library))
    return {"thread": thread, "days": _days(thread), "places": places}


def end_of(line: Shown) -> int:
    """The number of the last line that is shown as this one."""
    return line.end if isinstance(line, BotTalk) else line.seq


def _without_place(line: Line) -> Line:
    return msgspec.structs.replace(line, text=POSITION.sub("", line.text).strip())


def _shown(lines: Sequence[Line], library: Library) -> Iterator[Shown]:
    talk: list[Line] = []
    for line in lines:
        if line.direction == DIRECTION:
            talk.append(line)
            continue
        if talk:
            yield _bot_talk(talk, library)
            talk = []
        yield line
    if talk:
        yield _bot_talk(talk, library)


def _bot_talk(lines: Sequence[Line], library: Library) -> BotTalk:
    told = [read_line(line.text) for line in lines]
    cards = [card for names, _ in told for card in names if library.has(card)]
    asks = [question for card in cards if (question := _question(card, library))]
    return BotTalk(
        seq=lines[0].seq,
        end=lines[-1].seq,
        at=lines[0].at,
        until=lines[-1].at,
        answers=tuple(
            Answered(line.at, tuple(_text(card, library) for card in names if library.has(card)))
            for line, (names, _) in zip(lines, told, strict=True)
        ),
        asked=tuple(dict.fromkeys(asks)),
        phones=tuple(dict.fromkeys(phone for _, phones in told for phone in phones)),
    )


def _text(card: str, library: Library) -> str:
    """The words of a card; what filled it in was not kept."""
    slots = library.card(card).slots
    return library.say(card, **dict.fromkeys(slots, "…")).text.strip()


def _question(card: str, library: Library) -> str:
    """The last question of a card that expects an answer; "" for none."""
    asked = _QUESTION.findall(_text(card, library)) if library.card(card).choices else []
    return asked[-1].strip() if asked else ""


def _days(thread: Sequence[Shown]) -> dict[int, date]:
    days: dict[int, date] = {}
    last = None
    for line in thread:
        day = line.at.astimezone(VIETNAM).date()
        if day != last:
            days[line.seq] = last = day
    return days
