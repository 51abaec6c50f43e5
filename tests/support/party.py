"""Many people at once on all three channels, and what the stand-ins saw of it: counts, and what went wrong by name."""

from __future__ import annotations

import re
from typing import cast

from flows.model.messages import Choice
from flows.rendering.pagination import MOST, on_screen
from flows.rendering.render import SKIP
from flows.text.splitting import length
from simulator.control.actions import ACTS, PhoneAction
from simulator.core.phones import Channel, Phone
from tests.flows.standings import digits
from tests.support.stage import until
from tests.support.system import System
from tests.support.walks import TYPED, WORDS, Answer, Known, Walk, Walker

CHANNELS = {"telegram": "telegram", "zalo_oa": "zalo", "zalo_bot": "zalo-bot"}
"""Each channel and the name of its account in the tests."""
PATIENCE = 10
"""Seconds within which an answer has to be on the phone."""
REPEATED = 31
"""Seconds after which Zalo repeats what a busy machine did not acknowledge within two."""


class Party:
    """Everybody with a phone; what went wrong is kept in words: `unanswered`, `over` a limit, `refused`, `unshown`."""

    def __init__(self, system: System) -> None:
        self._bridge = system
        self.known = Known()
        self.walks = [Walk(system, channel, account, self.known) for channel, account in CHANNELS.items()]
        self.turns = self.messages = 0
        self.unanswered: list[str] = []
        self.over: list[str] = []
        self.refused: list[str] = []
        self.unshown: list[str] = []
        self._read = 0

    def add(self, *script: str, explores: bool = True) -> list[Walker]:
        """Let somebody come on every channel."""
        return [walk.add(*script, explores=explores) for walk in self.walks]

    async def go(self) -> None:
        """Let everybody act, all at the same time, until nobody knows of an answer that was not taken."""
        while moves := {walker: (walk, value) for walk in self.walks for walker, value in walk.moves().items()}:
            before = {walker: (walker.cased, walker.place) for walker in moves}
            await self._act(moves)
            for walk in self.walks:
                await walk.look([walker for walker, (hers, _) in moves.items() if hers is walk])
            for walker, (walk, value) in moves.items():
                walk.learn(walker, *before[walker], value)
                self._check_choices(walker)

    async def _act(self, moves: dict[Walker, tuple[Walk, str]]) -> None:
        """Use the phones, and wait until each shows something new and nothing is on its way."""
        quiet = {walker for walker, (_, value) in moves.items() if value == "quick_exit" and walker.session.quiet_exit}
        waiting = {(walker.channel, walker.slug): walker for walker in moves if walker not in quiet}
        for walker, (_, value) in moves.items():
            self._use(walker, value)
        self.turns += len(moves)

        def all_heard() -> bool:
            for heard in self._delivered():
                waiting.pop(heard, None)
            return not waiting

        try:
            await until(all_heard, PATIENCE)
        except TimeoutError:
            await self._bridge.advance(REPEATED)
            await self._bridge.quiet()
        if not all_heard():
            self.unanswered += [f"{w.channel} {w.session.state}: {moves[w][1]}" for w in waiting.values()]
        await self._bridge.quiet()
        all_heard()

    def _use(self, walker: Walker, value: str) -> None:
        """Press a button, or type a number; name what is on another page; else write, or send a voice."""
        prompt = walker.session.prompt
        offered = [choice.value for choice in on_screen(prompt)]
        label = next((choice.label for choice in prompt if choice.value == value), value)
        act, given = "say", {"text": TYPED[walker.session.state] if value == WORDS else label}
        if value.startswith("<"):
            act, given = value.strip("<>"), {}
        elif value in offered:
            place, own = offered.index(value), on_screen(prompt)[offered.index(value)].digit
            typed = ("press", {"choice": str(place + 1)}), ("say", {"text": own or str(place + 1)})
            act, given = typed[walker.channel != "telegram"]
        ACTS[walker.channel][act](PhoneAction(self._bridge.world, self._phone(walker), given, self._bridge.base))

    def _phone(self, walker: Walker) -> Phone:
        return self._bridge.world.phone(cast(Channel, walker.channel), walker.slug)

    def _delivered(self) -> list[tuple[str, str]]:
        """Read on in the stand-ins' log; return who was shown something."""
        fresh = self._bridge.world.log.entries[self._read :]
        self._read += len(fresh)
        for entry in fresh:
            if entry["kind"] == "request" and str(entry["status"]) not in ("200", "0"):
                self.refused.append(f"{entry['channel']} {entry['method']}: {entry['status']}")
        shown = [entry for entry in fresh if entry["kind"] == "delivered"]
        self.messages += len(shown)
        for entry in shown:
            limits = self._bridge.runtime.library.limits[entry["channel"]]
            if length(entry["text"], limits.text_unit) > limits.text_max:
                self.over.append(f"{entry['channel']}: {entry['text'][:40]}")
        return [(entry["channel"], entry["user"]) for entry in shown]

    def _check_choices(self, walker: Walker) -> None:
        """Look for a message on her phone that shows the answers she has: as many buttons in one, or every number."""
        if not walker.session.prompt:
            return
        prompt = walker.session.prompt
        labels = [choice.label for choice in on_screen(prompt)]
        numbered = self._bridge.runtime.library.limits[walker.channel].choices == "numbered"
        for message in reversed(self._phone(walker).messages):
            shown = shows_numbers(message.text, prompt) if numbered else len(message.choices) == len(labels)
            if message.sender == "bot" and shown:
                return
        self.unshown.append(f"{walker.channel} {walker.session.state}: {labels}")

    @property
    def found(self) -> int:
        """How many answers were taken and states seen so far."""
        return sum(len(walk.taken) + len(walk.seen) for walk in self.walks)

    @property
    def untaken(self) -> list[Answer]:
        """The answers that were on somebody's screen and that nobody took on any channel."""
        return sorted(set().union(*(walk.offered for walk in self.walks)) - self.known.taken.keys())


def shows_numbers(text: str, prompt: tuple[Choice, ...]) -> bool:
    """Say whether a text shows these answers, each behind its digit; who listens sees a coloured mark between.

    They stand one a line, or two spaces apart on one line, where the answer that skips was listed before.
    """
    shown, typed = on_screen(prompt), digits(prompt)
    in_lines = re.search(r"^\d\. ", text, re.MULTILINE) is not None
    before, after = (r"^{}\. .*", "$") if in_lines else (r"(?:^|  ){} ", "(?:  |$)")
    return len(shown) <= MOST + 2 and all(
        re.search(before.format(typed[choice.value]) + re.escape(choice.label) + after, text, re.MULTILINE)
        for choice in shown
        if in_lines or choice.value != SKIP
    )
