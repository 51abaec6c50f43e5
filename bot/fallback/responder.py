"""Fallback answers while the database is away: the numbers, from memory, rarely to the same person.

Nobody is known here: no place (so perhaps abroad, safety rule 4), no request, no case. What she wrote lies in the spool
and is answered properly later; the numbers may be seen twice, and nothing said here asks for a press. Words that leave
are answered with nothing (rule 17), and so is whoever writes after them, unless it is a cry.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque

import msgspec

from bot.channels.base import Arrived, Channel, Failure, NotKnown, Retry, Unknown
from bot.fallback.watchlist import Watchlist
from bot.logs.journal import log
from bot.parsing import NotReadable
from bot.token_bucket import Bucket
from content.library import Library
from content.schema import Limits
from flows.engine.conversation import Conversation
from flows.engine.routing import is_cry
from flows.engine.step import PERSON, step
from flows.model.addresses import conversation_of, in_thread
from flows.model.effects import Say
from flows.model.facts import Facts
from flows.model.messages import Incoming, Outgoing, Shown
from flows.model.session import Session
from flows.parsing.own_cards import recognised
from flows.rendering.render import render
from flows.understanding import Meaning, understand
from flows.understanding.meaning import NOTHING
from scheduler.clock import Clock
from store.casework.reachability import SILENCE_AFTER

AGAIN = 600.0
"""Seconds in which one person is answered once."""
HUSHED = 24 * 3600.0
"""Seconds for which nobody but a cry is answered where somebody left in a hurry."""
LOOKED_AT = 200
"""Messages a second that are understood at all: the intake beside us must not feel it."""
PACE = 20.0
"""Direct messages a second of an account without a limit of its own."""
_AT_ONCE = 4
_LOOK = 0.25
"""Seconds between two looks for whoever waits in vain."""
_TRIES, _ANEW = 3, 1.0
"""How often the numbers for a cry are tried, and the seconds between."""
_STALE = 120.0
_KEPT = 20_000
_LEAVES = frozenset({"stop", "quick_exit"})
_ASKS_QUIETLY = frozenset({"silent_call", "dung"})

Person = tuple[int, str]


class PendingAnswer(msgspec.Struct, frozen=True):
    """One message to be sent directly, as long as it is fresh."""

    address: str
    shown: Shown
    at: float
    cry: bool
    tries: int = 1


class _Way:
    """One account: its channel, its limits and what waits to leave on it, cries before all others."""

    def __init__(self, number: int, channel: Channel, limits: Limits, rate: float, now: float) -> None:
        self.number = number
        self.channel = channel
        self.limits = msgspec.structs.replace(limits, choices="numbered")  # a press could not be answered, a number can
        self.bucket = Bucket(min(rate or PACE, PACE), 1, now)
        self.waiting = asyncio.Event()
        self.cries: deque[PendingAnswer] = deque(maxlen=1000)
        self.others: deque[PendingAnswer] = deque(maxlen=200)

    def put(self, letter: PendingAnswer) -> None:
        """Let an answer wait for its turn."""
        (self.cries if letter.cry else self.others).append(letter)
        self.waiting.set()

    def next(self) -> PendingAnswer | None:
        """Take the next answer; None, and nothing to wait for, when there is none."""
        queue = self.cries or self.others
        if queue:
            return queue.popleft()
        self.waiting.clear()
        return None


class FallbackResponder:
    """Who answers when nothing can be looked up."""

    def __init__(self, content: Conversation, clock: Clock, watchlist: Watchlist) -> None:
        self.counted: Counter[str] = Counter()
        self.watchlist = watchlist
        self._content = content
        self._clock = clock
        self._ways: dict[int, _Way] = {}
        self._budget = Bucket(LOOKED_AT, LOOKED_AT, clock.steady())
        self._answered: OrderedDict[Person, float] = OrderedDict()
        self._hushed: OrderedDict[Person, float] = OrderedDict()

    def add(self, number: int, channel: Channel, limits: Limits, rate: float) -> None:
        """Learn an account and its messages a second (0: no limit of its own)."""
        self._ways[number] = _Way(number, channel, limits, rate, self._clock.steady())

    def hush(self, number: int, address: str) -> None:
        """Remember that somebody stopped us or left in a hurry."""
        _remember(self._hushed, (number, address), self._clock.steady())

    def answer(self, number: int, raw: bytes, *, kept: bool, reply: bool) -> bytes:
        """Answer one authentic event; never raises, never waits.

        `kept`: it lies in the spool, so we may say so. `reply`: the acknowledgement may carry the answer, which is
        then returned as its body; otherwise the answer is queued and b"" returned.
        """
        now = self._clock.steady()
        if self._budget.available(now) < 1:
            self.counted["shed"] += 1
            return b""
        self._budget.take(1, now)
        try:
            return self._answer(self._ways[number], number, raw, kept, reply, now)
        except Exception as error:  # whatever this is, it must not cost the acknowledgement
            log.error("the fallback could not answer", exc_info=error)
            return b""

    def _answer(self, way: _Way, number: int, raw: bytes, kept: bool, reply: bool, now: float) -> bytes:
        arrived = _read(way.channel, raw, self._content.library)
        if arrived is None:
            return b""
        address, incoming = arrived
        self.watchlist.taken(number, address)
        person = (number, address)
        text = incoming.incoming.text.strip() if incoming else ""
        meaning = understand(text, self._content.lexicon) if text else NOTHING
        cry = is_cry(meaning)
        if incoming is not None and incoming.incoming.kind == "edit" and not cry:
            return b""
        if _LEAVES & {meaning.command, meaning.topic} and not cry:
            self.hush(number, address)
            return b""
        if not cry and _is_fresh(self._hushed, person, now, HUSHED):
            return b""
        if incoming is not None and self._is_long_ago(incoming.incoming):
            return b""
        if _is_fresh(self._answered, person, now, AGAIN):
            return b""
        [shown, *_] = render(self._words(incoming, meaning, kept), way.limits, 0)
        _remember(self._answered, person, now)
        self.counted["answered"] += 1
        where = in_thread(address, incoming.thread if incoming else "")
        if reply and (in_acknowledgement := way.channel.abilities.reply):
            return in_acknowledgement(where, shown)
        way.put(PendingAnswer(where, shown, now, cry))
        return b""

    def _is_long_ago(self, incoming: Incoming) -> bool:
        """Whether she may have laid the phone down since (safety rule 6); a press does not tell when it was."""
        age = self._clock.now() - self._clock.ahead() - incoming.at
        return incoming.kind != "press" and age > SILENCE_AFTER

    def _words(self, arrived: Arrived | None, meaning: Meaning, kept: bool) -> Outgoing:
        """The quiet question of a quiet sign; for everything else the numbers, promising only what is true."""
        if arrived is not None and meaning.command in _ASKS_QUIETLY:
            *_, effects = step(Session(), Facts(), arrived.incoming, self._clock.now(), self._content)
            return next(effect.outgoing for effect in effects if isinstance(effect, Say))
        return self._content.emergency("", "vi") if kept else self._content.numbers("", "vi")

    def database_is_back(self) -> None:
        """Drop what has not left: everybody gets a proper answer now.

        Not so a cry: a full database comes back and goes again, and the numbers may be seen twice.
        """
        for way in self._ways.values():
            for letter in way.others:
                self._answered.pop((way.number, conversation_of(letter.address)), None)
            way.others.clear()

    async def run(self) -> None:
        """Send what is queued, account by account, and look after whoever waits in vain, until cancelled."""
        ways = (self._send_on(way) for way in self._ways.values() for _ in range(_AT_ONCE))
        await asyncio.gather(self._look_after_the_stranded(), *ways)

    async def _look_after_the_stranded(self) -> None:
        while True:
            for number, raw in self.watchlist.stranded():
                self.answer(number, raw, kept=True, reply=False)
            await asyncio.sleep(_LOOK)

    async def _send_on(self, way: _Way) -> None:
        while True:
            await way.waiting.wait()
            if wait := way.bucket.wait(self._clock.steady()):
                await asyncio.sleep(min(wait, 1))
                continue
            letter = way.next()
            if letter is not None and self._clock.steady() - letter.at < _STALE:
                way.bucket.take(1, self._clock.steady())
                await self._send(way, letter)

    async def _send(self, way: _Way, letter: PendingAnswer) -> None:
        """Try once, and for a cry again where that may help: a ledger that does it better is not at hand."""
        try:
            await way.channel.send(letter.address, letter.shown)
            self.counted["sent"] += 1
        except Failure as failure:
            self.counted[f"failed {type(failure).__name__.lower()}"] += 1
            if letter.cry and letter.tries < _TRIES and isinstance(failure, Retry | Unknown):
                again = msgspec.structs.replace(letter, tries=letter.tries + 1)
                asyncio.get_running_loop().call_later(max(_ANEW, getattr(failure, "after", 0.0)), way.put, again)


def _read(channel: Channel, raw: bytes, library: Library) -> tuple[str, Arrived | None] | None:
    """Whose message this is, and the message where it can be read; None when no person wrote it."""
    try:
        arrived = channel.read(raw)
        arrived = msgspec.structs.replace(arrived, incoming=recognised(arrived.incoming, library)) if arrived else None
    except NotKnown:
        return None
    except NotReadable:
        person = channel.event_id(raw).person
        return (person, None) if person else None
    if arrived is None or arrived.incoming.kind not in (*PERSON, "edit"):
        return None
    return arrived.address, arrived


def _is_fresh(known: OrderedDict[Person, float], person: Person, now: float, seconds: float) -> bool:
    at = known.get(person)
    return at is not None and now - at < seconds


def _remember(known: OrderedDict[Person, float], person: Person, now: float) -> None:
    known[person] = now
    known.move_to_end(person)
    if len(known) > _KEPT:
        known.popitem(last=False)
