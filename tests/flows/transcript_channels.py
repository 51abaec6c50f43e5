"""Transcripts on two channels: on one of numbers every answer is typed, on one of buttons what has a button is pressed.

What a turn does is the same on both. A case in which it is not (beside a human a digit may be meant for that human, a
button may not) names the channel that it is of: `channel`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from content.schema import Limits
from flows.model.effects import Effect, Say
from flows.model.messages import Choice, Shown
from flows.model.session import Session
from flows.rendering.pagination import on_screen
from flows.rendering.render import SKIP, render

CHANNELS = ("zalo_oa", "telegram")


class TranscriptScreen(msgspec.Struct):
    """The screen of a phone on a channel: what was shown last with answers, None until something was."""

    limits: Limits
    shown: tuple[Shown, ...] | None = None

    def sent(self, turn: dict[str, Any], session: Session) -> dict[str, Any]:
        """Return a turn as it is sent on this channel; what answers by its number must stand on the screen."""
        offered = on_screen(session.prompt)
        at = _answered(turn, offered)
        if at is None:
            return turn
        self._assert_offered(offered[at], at, session.nonce)
        plain = {key: value for key, value in turn.items() if key not in ("said", "press")}
        if self.limits.choices == "numbered":
            return {**plain, "said": _number(offered[at], at)}
        return {**plain, "press": at + 1}

    def show(self, effects: Sequence[Effect], session: Session) -> None:
        """Show what a turn said, where it asks something."""
        for effect in effects:
            if isinstance(effect, Say) and effect.outgoing.choices:
                self.shown = render(effect.outgoing, self.limits, session.nonce)

    def _assert_offered(self, choice: Choice, at: int, nonce: int) -> None:
        """Fail where nobody could give this answer: a line of its own with its number, or its button, is not there."""
        if self.shown is None or choice.value == SKIP:
            return
        if self.limits.choices == "buttons":
            data = [button.data for one in self.shown for button in one.buttons]
            assert f"{nonce}:{at}" in data, f"no button says {choice.label!r}"
            return
        text, number = "\n".join(one.text for one in self.shown), _number(choice, at)
        line = rf"(^|  ){number}\.? {re.escape(choice.label)}($|  )"
        assert re.search(line, text, re.MULTILINE), f"{number} {choice.label!r} is not on the screen"


def _answered(turn: dict[str, Any], offered: tuple[Choice, ...]) -> int | None:
    """Return the place of the answer that a turn gives by its number or its button."""
    if "press" in turn:
        return int(turn["press"]) - 1
    said = turn.get("said", "") if "kind" not in turn else ""
    numbers = [_number(choice, at) for at, choice in enumerate(offered)]
    return numbers.index(said) if said in numbers else None


def _number(choice: Choice, at: int) -> str:
    return choice.digit or str(at + 1)
