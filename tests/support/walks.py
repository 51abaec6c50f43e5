"""People who walk the flows with their phones: each takes an answer nobody has taken yet, or goes where one is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from flows.model.session import Session
from simulator.core.phones import Channel
from store.db.engine import raw
from store.messages.hot_path.inbound import load_people
from store.people import models as people
from tests.support.content import library
from tests.support.system import System

TYPED = {
    "Agreement:code": "rau muống",
    "Agreement:code_again": "rau muống",
    "Dialogue:write": "Bao giờ xã mở lớp học nghề?",
    "Exit:hidden": "menu",
    "Exit:stopped": "menu",
    "GetHelp:second_number": "0912 345 678",
    "GetHelp:second_number_late": "0912 345 678",
    "Idle:away": "menu",
    "Privacy:forgotten": "menu",
    "Privacy:new_profile": "*258013",
    "Services:province": "Điện Biên",
    "SilentCall:kept": "menu",
    "Tip:place": "Điện Biên",
}
"""What is typed where a state waits for words; it counts as one more answer of that state."""
WORDS = "(typed)"
FIRST_WORDS = (
    *("xin chào", "cuu em voi", ".", "dung", "thoát nhanh", "dừng", "họ giữ hộ chiếu của em", "em cần giúp đỡ"),
    *("em không muốn sống nữa", "bế tắc"),
    *("<voice>", "<image>", "<location>", "<sticker>"),
)
"""What somebody who never wrote may begin with; in brackets what is no text."""
IDLE = "Idle:idle"
FARTHEST = 7
"""Steps without a new answer after which somebody puts her phone down: what she looks for is elsewhere for her."""

Answer = tuple[str, str]
"""A state and the value of an answer in it."""
Place = tuple[str, ...]
"""A state as it looks from inside: its name, the shelf she stands before, and the answers there are."""


@dataclass(eq=False)
class Walker:
    """Somebody with a phone and where she stands.

    `script`: values of answers, or words, before she looks around. `cased`: a case of hers is open. `goal` is the
    answer she goes for, `gone` how many steps she went without a new one.
    """

    channel: str
    slug: str
    script: tuple[str, ...] = ()
    explores: bool = True
    session: Session = field(default_factory=Session)
    cased: bool = False
    goal: Answer | None = None
    gone: int = 0

    @property
    def place(self) -> Place:
        """Where she stands; of the list of harmless things, drawn for each anew, what stands below it."""
        state, shelf = self.session.state, self.session.data.get("shelf", "")
        typed = (WORDS,) if state in TYPED else FIRST_WORDS if state == IDLE else ()
        things = library().things.names
        return state, shelf, *(choice.value for choice in self.session.prompt if choice.value not in things), *typed


class Known:
    """What people tell each other across channels: where answers lead from each place, and to which states."""

    def __init__(self) -> None:
        self.leads: dict[tuple[bool, Place, str], set[Place]] = {}
        self.taken: dict[Answer, set[str]] = {}


class Walk:
    """Everybody on one channel: which answers were taken there, and which states somebody stood in."""

    def __init__(self, system: System, channel: str, account: str, known: Known) -> None:
        self._bridge = system
        self._known = known
        self.channel = channel
        self._account = str(system.runtime.endpoints[account].number)
        self._walkers: list[Walker] = []
        self._places: set[Place] = set()
        self.seen: set[str] = set()
        self.taken: set[Answer] = set()

    def add(self, *script: str, explores: bool = True) -> Walker:
        """Let somebody come who first follows a script."""
        made = Walker(self.channel, f"p{len(self._walkers)}", script, explores)
        self._walkers.append(made)
        self._places.add(made.place)
        self.seen.add(IDLE)
        return made

    async def look(self, walkers: Iterable[Walker]) -> None:
        """See where people stand, by their sealed sessions; whoever was forgotten has none."""
        store, world = self._bridge.store, self._bridge.world
        phones = {walker: world.phone(cast(Channel, self.channel), walker.slug) for walker in walkers}
        indexes = {walker: store.keys.blind(self._account, phone.address) for walker, phone in phones.items()}
        async with raw(store.data) as conn, raw(store.keyring) as ring:
            rows = await load_people(conn, list(indexes.values()))
            keys = await store.ring.load(ring, [row.id for row in rows.values()])
        for walker, index in indexes.items():
            row = rows.get(index)
            walker.session, walker.cased = Session(state="Privacy:forgotten"), False
            if row is not None:
                walker.session = people.open_session(keys[row.id], row.id, row.version, row.state_ct)
                walker.cased = row.case_id is not None
            self._places.add(walker.place)
            self.seen.add(walker.session.state)

    def moves(self) -> dict[Walker, str]:
        """Choose the next answer of everybody who has somewhere to go; no two go for the same one."""
        chosen = {walker: value for walker in self._walkers if (value := self._next(walker)) is not None}
        self.taken |= {(walker.session.state, value) for walker, value in chosen.items()}
        for walker, value in chosen.items():
            self._known.taken.setdefault((walker.session.state, value), set())
        return chosen

    def _next(self, walker: Walker) -> str | None:
        if walker.script:
            value, walker.script = walker.script[0], walker.script[1:]
            return value
        found = self._way(walker) if walker.explores and walker.gone < FARTHEST else None
        if found is None:
            walker.goal = None
            return None
        value, walker.goal, steps = found
        walker.gone = walker.gone + 1 if steps else 0
        return value

    def _is_new(self, answer: Answer) -> bool:
        """Say whether an answer is still to be taken: on some channel, or here to see a state nobody saw here."""
        if answer in self.taken:
            return False
        return answer not in self._known.taken or bool(self._known.taken[answer] - self.seen)

    def _way(self, walker: Walker) -> tuple[str, Answer, int] | None:
        """Return her next answer, her goal and the steps to it: the nearest new answer that nobody else goes for."""
        others = {other.goal for other in self._walkers if other is not walker}
        here = walker.place
        ways = deque((answer[1], here, answer, 0) for answer in answers(here))
        known = {here}
        while ways:
            first, place, answer, steps = ways.popleft()
            if self._is_new(answer) and answer not in others:
                return first, answer, steps
            for after in sorted(self._known.leads.get((walker.cased, place, answer[1]), set()) - known):
                known.add(after)
                ways += [(first, after, further, steps + 1) for further in answers(after)]
        return None

    def learn(self, walker: Walker, cased: bool, place: Place, value: str) -> None:
        """Remember where an answer led."""
        self._known.leads.setdefault((cased, place, value), set()).add(walker.place)
        self._known.taken[place[0], value].add(walker.session.state)

    @property
    def offered(self) -> set[Answer]:
        """The answers that were on somebody's screen."""
        return {answer for place in self._places for answer in answers(place)}


def answers(place: Place) -> list[Answer]:
    """Return what can be answered in a place."""
    return [(place[0], value) for value in place[2:]]
