"""One person's talk with the service, event by event from the bytes of a platform, without a database.

What the store would keep between two events is kept here: her sealed session, whether she can be reached, her case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.channels.accounts import BotAccess
from bot.channels.base import Arrived, NotKnown
from bot.channels.telegram.adapter import Telegram
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.channels.zalo_oa.adapter import ZaloOA
from bot.inbound.turn import CASE_FROM, CaseReaders, TurnMaker
from bot.parsing import NotReadable
from flows.model.effects import Effect, OpenCase, Reachable, Unreachable
from flows.model.session import Session
from store.messages.hot_path.inbound import PendingMessage, PersonRow, SessionRow
from store.messages.models import open_body
from store.people import models as people
from tests.bot.channels.zalo_oa.test_reader import NoTokens
from tests.support import content as shared_content

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Monday 10:00 in Viet Nam."""
NOBODY = PersonRow(
    *(UUID(int=0), b"", 1, b"", True, 0, None, None, None, "", 0, False, False, None, None, False),
    *(None, None, None, None, "", False, None, 0, None, "", False, None, "", "", "", "", None),
)


_UNREAD = Arrived("", TurnMaker.unreadable)


class EventOutcome(msgspec.Struct, frozen=True):
    """What came of one event: what is shown to her, and what the store would be asked for."""

    shown: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()


class Talk:
    """Somebody's talk on one channel: Telegram, an Official Account or a Zalo bot."""

    def __init__(self, channel: str) -> None:
        self.now = START
        limits, access = shared_content.limits_of(channel), BotAccess("t1", "1:x", "http://127.0.0.1:9/bot", None, "s")
        self._channel: Telegram | ZaloBot | ZaloOA = (
            Telegram(access, limits, clock=lambda: self.now)
            if channel == "telegram"
            else ZaloBot(access, limits, clock=lambda: self.now)
            if channel == "zalo_bot"
            else ZaloOA("z1", "9", "7", ["s"], "http://127.0.0.1:9", NoTokens(), limits, clock=lambda: self.now)
        )
        self._maker = TurnMaker(shared_content.conversation(), {1: limits}, b"k" * 32)
        self._key = AESGCM(AESGCM.generate_key(256))
        self._person = msgspec.structs.replace(NOBODY, id=uuid4())
        self._events = 0

    @property
    def reachable(self) -> bool:
        """Whether anything is sent to her."""
        return self._person.reachable

    @property
    def last_in(self) -> datetime | None:
        """When she wrote last."""
        return self._person.last_in_at

    @property
    def level(self) -> int:
        """How dangerous it is for her, as the next turn begins: without a case no level of one is kept."""
        level = self.session.level
        return self._person.case_level if self._person.case_id else level if level < CASE_FROM else 0

    @property
    def beside_human(self) -> bool:
        """Whether a human has her case."""
        return self._person.human_here

    @property
    def session(self) -> Session:
        """What is remembered of the talk."""
        return people.open_session(self._key, self._person.id, self._person.version, self._person.state_ct)

    def join(self) -> None:
        """Let a human take her case, if she has one."""
        if self._person.case_id is not None:
            self._person = msgspec.structs.replace(self._person, human_here=True, case_answered=True)

    def hear(self, raw: bytes) -> EventOutcome:
        """Take one event in, as the pipeline would."""
        try:
            arrived = self._channel.read(raw)
        except NotKnown:
            return EventOutcome()
        except NotReadable:
            person = self._channel.event_id(raw).person
            arrived = msgspec.structs.replace(_UNREAD, address=person) if person else None
        if arrived is None or arrived.incoming.kind.startswith("group"):
            return EventOutcome()
        self._events += 1
        if not self._person.address_ct:
            address = people.seal_address(self._key, self._person.id, arrived.address)
            self._person = msgspec.structs.replace(self._person, address_ct=address)
        turn = self._maker.begin(self._person, self._key, CaseReaders((), True))
        turn.take(PendingMessage(self._events, 1, b"", 0, b"", b"", self.now), arrived, self.now)
        asked = [request.effect for request in turn.requests]
        self._store(turn.session_row(), turn.moved(), asked)
        shown = (
            open_body(self._key, self._person.id, one.cause_kind, one.cause, one.n, one.body_ct) for one in turn.entries
        )
        return EventOutcome(tuple(one.text for one in shown), tuple(asked))

    def _store(self, session: SessionRow, moved: tuple[UUID, bytes] | None, asked: Sequence[Effect]) -> None:
        kept = self._person
        reachable = [isinstance(one, Reachable) for one in asked if isinstance(one, Reachable | Unreachable)]
        levels = [one.level for one in asked if isinstance(one, OpenCase)]
        self._person = msgspec.structs.replace(
            kept,
            version=kept.version + 1,
            state_ct=session.state_ct,
            last_in_at=session.last_in_at,
            address_ct=moved[1] if moved else kept.address_ct,
            reachable=[kept.reachable, *reachable][-1],
            case_id=kept.case_id or (uuid4() if levels else None),
            case_number=kept.case_number or ("3688" if levels else ""),
            case_level=max([kept.case_level, *levels]),
            case_since=kept.case_since or (self.now if levels else None),
        )
