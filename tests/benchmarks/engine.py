"""`engine`: steps a second of one conversation on one core: the session decoded, one message taken, encoded again.

The script of `inbound` is walked round and round, words typed and buttons pressed. `whole` also understands what was
typed and renders the answer for a channel, as a turn does; `step` leaves the rendering out. Rates come from processor
time, which other work on the machine lengthens less than wall time; the garbage collector is set as in `run`.
"""

from __future__ import annotations

import time
from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

import msgspec
from figures import machine, spread
from phones import PRESS, SCRIPT

from bot.cli.bootstrap import spare_the_collector
from flows.engine.conversation import Conversation
from flows.engine.step import step
from flows.load import load_all
from flows.model.effects import Say
from flows.model.facts import Facts
from flows.model.messages import Incoming
from flows.model.session import Session
from flows.rendering.render import render

ROUNDS = 200
CHANNELS = ("telegram", "zalo_oa", "zalo_bot")
_FACTS = Facts()
_NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def measure(options: Namespace) -> dict[str, Any]:
    """Walk `options.runs` times on every channel; steps a second, and the slowest hundredth of steps in ms."""
    content = load_all()
    spare_the_collector()
    return {
        "bench": "engine",
        "runs": options.runs,
        "machine": machine(),
        "steps_of_a_round": len(SCRIPT),
        "channels": {
            channel: {
                kind: {what: spread([run[what] for run in runs], 2) for what in runs[0]}
                for kind in ("step", "whole")
                for runs in [[_walk(content, channel, kind == "whole") for _ in range(options.runs)]]
            }
            for channel in CHANNELS
        },
    }


def _walk(content: Conversation, channel: str, rendered: bool) -> dict[str, float]:
    talk = _Walk(content, channel, rendered)
    talk.round()
    taken: list[float] = []
    worked = time.thread_time()
    for _ in range(ROUNDS):
        taken += talk.round()
    worked = time.thread_time() - worked
    return {"per_second": len(taken) / worked, "p99_ms": sorted(taken)[int(len(taken) * 0.99)] * 1e3}


class _Walk:
    """One person who repeats herself; her session lies encoded between two messages, as in the store."""

    def __init__(self, content: Conversation, channel: str, rendered: bool) -> None:
        self._content = content
        self._limits = content.library.limits[channel]
        self._rendered = rendered
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Session).decode
        self._kept = self._encode(Session())

    def round(self) -> list[float]:
        """Say every line of the script; returns the seconds each took."""
        return [self._say(line) for line in SCRIPT]

    def _say(self, line: str) -> float:
        began = time.perf_counter()
        session = self._decode(self._kept)
        session, _, effects = step(session, _FACTS, self._incoming(line, session), _NOW, self._content)
        if self._rendered:
            for effect in effects:
                if isinstance(effect, Say):
                    render(effect.outgoing, self._limits, session.nonce)
        self._kept = self._encode(session)
        return time.perf_counter() - began

    def _incoming(self, line: str, session: Session) -> Incoming:
        if line != PRESS:
            return Incoming(kind="text", text=line, at=_NOW)
        return Incoming(kind="press", press=f"{session.nonce}:0", at=_NOW)
