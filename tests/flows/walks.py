"""Walks from a first message to what somebody wants: the taps, bubbles and bytes that each costs, on two channels.

`python -m tests.flows.walks` prints the table. The walks are data, `tests/flows/data/walks.yaml`; those with a budget
(`most`) are held to it by `test_walks.py`. A bubble is a message as the channel carries it, bytes are its text and
the words on its buttons; the protocol around them is not counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from content import strict_yaml
from flows.engine.conversation import Conversation
from flows.engine.step import step
from flows.model.effects import Effect, OpenCase, Say
from flows.model.facts import Facts
from flows.model.messages import Choice, Incoming, Outgoing, Shown
from flows.model.session import Session
from flows.rendering.pagination import on_screen
from flows.rendering.render import render
from tests.flows.transcripts import MORNING, SALT, meanwhile
from tests.support.content import conversation

WALKS = Path(__file__).parent / "data" / "walks.yaml"
CHANNELS = ("zalo_oa", "telegram")
MOST_REPEATS = 40
"""How often an answer marked `*` is given: no list of questions is as long."""


class WishedWalk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody wants, her first message, the answers after it, where they lead, and what it may cost at most.

    `given` is what the store knows of her, as in a transcript; `most` names fields of a cost.
    """

    wish: str
    says: str
    taps: tuple[str, ...]
    reaches: str
    given: dict[str, Any] = {}
    most: dict[str, int] = {}


class WalkingPhone(msgspec.Struct):
    """A phone on one channel: the conversation as it stands, and everything it was sent."""

    content: Conversation
    channel: str
    facts: Facts
    session: Session = msgspec.field(default_factory=Session)
    turns: int = 0
    shown: list[Shown] = []
    effects: list[Effect] = []

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The answers on the screen."""
        return on_screen(self.session.prompt)

    def writes(self, text: str) -> None:
        """Send a typed message."""
        self._sends("text", text=text)

    def taps(self, value: str) -> bool:
        """Give the answer with this value, by its number or its button; False where it is not on the screen."""
        values = [choice.value for choice in self.offered]
        at = 0 if value == "first" and values else values.index(value) if value in values else -1
        if at < 0:
            return False
        if self.content.library.limits[self.channel].choices == "numbered":
            self.writes(_numbers(self.offered)[at])
        else:
            self._sends("press", press=f"{self.session.nonce}:{at}")
        return True

    def _sends(self, kind: Any, **words: str) -> None:
        now = MORNING + timedelta(seconds=20 * self.turns)
        incoming = Incoming(kind=kind, at=now, **words)
        self.session, self.facts, effects = step(self.session, self.facts, incoming, now, self.content)
        self.turns += 1
        self.effects += effects
        for effect in effects:
            if isinstance(effect, Say):
                self.shown += self._rendered(effect.outgoing)

    def _rendered(self, outgoing: Outgoing) -> tuple[Shown, ...]:
        return render(outgoing, self.content.library.limits[self.channel], self.session.nonce)


class WalkCost(msgspec.Struct, frozen=True):
    """What a walk cost: her messages after the first, all of them, bubbles, bytes, how many numbers were shown again.

    `again` names these numbers with how often each stood on the screen.
    """

    taps: int
    turns: int
    bubbles: int
    bytes: int
    repeated: int
    again: dict[str, int]
    reached: str


def _numbers(offered: tuple[Choice, ...]) -> list[str]:
    """Return what stands before each answer of a numbered list."""
    return [choice.digit or str(number) for number, choice in enumerate(offered, 1)]


def walks() -> tuple[WishedWalk, ...]:
    """Return the walks of the table, in its order."""
    whole = ("taps", "turns", "bubbles", "bytes", "repeated", "group", "audience")
    document = strict_yaml.read(WALKS, integers=whole, flags=("member", "on_duty"))
    return tuple(msgspec.convert(one, WishedWalk) for one in document.value["walks"])


def cost(walk: WishedWalk, channel: str, content: Conversation) -> WalkCost:
    """Go a walk on a channel and return what it cost. Raises AssertionError when it leads elsewhere."""
    phone = WalkingPhone(content, channel, meanwhile(Facts(on_duty=True, salt=SALT), walk.given))
    phone.writes(walk.says)
    for tap in walk.taps:
        _answer(phone, tap)
    opened = any(isinstance(effect, OpenCase) for effect in phone.effects)
    state = phone.session.state
    arrived = opened if walk.reaches == "case" else state.startswith(walk.reaches)
    assert arrived, f"{walk.wish}: ends in {state} on {channel}, not in {walk.reaches}"
    again, size = _shown_again(phone), sum(map(_bytes, phone.shown))
    return WalkCost(phone.turns - 1, phone.turns, len(phone.shown), size, len(again), again, state)


def _answer(phone: WalkingPhone, tap: str) -> None:
    """Give one answer of a walk: `a | b`, `=words`, `a?` where it is offered, `a*` while it is offered."""
    names, mark = (tap[:-1], tap[-1]) if tap[-1] in "?*" else (tap, "")
    values = [name.strip() for name in names.split("|")]
    given = _first_of(phone, values)
    assert given or mark, f"none of {values} is offered in {phone.session.state}: {phone.offered}"
    for _ in range(MOST_REPEATS if given and mark == "*" else 0):
        if not _first_of(phone, values):
            return


def _first_of(phone: WalkingPhone, values: list[str]) -> bool:
    for value in values:
        if value.startswith("="):
            phone.writes(value[1:])
            return True
        if phone.taps(value):
            return True
    return False


def _bytes(shown: Shown) -> int:
    return len(shown.text.encode()) + sum(len(button.label.encode()) for button in shown.buttons)


def _shown_again(phone: WalkingPhone) -> dict[str, int]:
    """Count the numbers of the directory that stood on the screen more than once, dialled from here or from abroad."""
    services = phone.content.library.services.values()
    known = {_dialled(number.number) for one in services for number in one.numbers}
    written = "\n".join(one.text for one in phone.shown)
    counted = Counter(_dialled(number) for number in re.findall(r"\+?\d[\d .]*\d", written))
    return {number: times for number, times in counted.items() if times > 1 and number in known}


def _dialled(number: str) -> str:
    """Return the digits of a number as they are dialled at home."""
    return re.sub(r"^\+84", "0", re.sub(r"[ .]", "", number))


def table(content: Conversation) -> Iterator[str]:
    """Yield the lines of the table: one a walk and channel."""
    yield f"{'wish':44} {'channel':9} {'taps':>4} {'turns':>5} {'bubbles':>7} {'bytes':>6}  shown again"
    for walk in walks():
        for channel in CHANNELS:
            try:
                one = cost(walk, channel, content)
            except AssertionError as lost:
                yield f"{walk.wish:44} {channel:9} {lost}"
                continue
            again = " ".join(f"{number}×{times}" for number, times in one.again.items())
            yield f"{walk.wish:44} {channel:9} {one.taps:4} {one.turns:5} {one.bubbles:7} {one.bytes:6}  {again}"


if __name__ == "__main__":
    print("\n".join(table(conversation())))  # noqa: T201 - a table for whoever asked for it
