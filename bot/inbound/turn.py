"""A turn: one person's messages in a batch, her session, and the effects they ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.base import Arrived
from bot.inbound import bot_answers
from bot.logs.journal import log
from content.cards.languages import BASE
from content.cards.shelves import text_of
from content.recording_scripts import wanted
from content.schema import Limits
from flows.engine.conversation import Conversation
from flows.engine.routing import is_cry
from flows.engine.step import FROM_PERSON, step, unreadable
from flows.model import effects
from flows.model.addresses import conversation_of, in_thread
from flows.model.facts import (
    CareSeen,
    CaseSeen,
    Facts,
    InvitedSeen,
    ProposalSeen,
    ReferralSeen,
    SpeakingSeen,
    VillageSeen,
)
from flows.model.messages import Incoming, Shown
from flows.parsing.own_cards import recognised
from flows.rendering.render import render
from flows.understanding import understand
from store.broadcasts import approvals
from store.casework.reachability import SILENCE_AFTER
from store.checkins import models as checkins_models
from store.effects.base import EffectRequest
from store.errors import Sealed
from store.messages.hot_path.inbound import PendingMessage, PersonRow, SessionRow
from store.messages.models import Cause, Content, LedgerEntry, seal_body
from store.people import models as people
from store.recordings import playback
from store.staff import roster

_NOT_AHEAD = timedelta()
_AHEAD = timedelta(minutes=2)
"""A time further ahead than this was written by a clock that has been set back since, and is not believed."""
_WHOLE_SECONDS = timedelta(seconds=1)
"""Telegram tells when something was written in whole seconds, and of a pressed button nothing at all."""
_READERS_LIFE = timedelta(seconds=1)
CASE_FROM = 2
"""The lowest danger level that opens a case."""


class CaseReaders(msgspec.Struct, frozen=True):
    """Who may read a case opened now, whether a human is on duty, and when the next turn begins where none is."""

    readers: tuple[roster.CaseReader, ...]
    on_duty: bool
    next_shift: datetime | None = None


class TurnMaker:
    """What every turn needs: the compiled conversation, the channels' limits, the readers of a new case."""

    unreadable = Incoming(kind="other", at=datetime.fromtimestamp(0, UTC), text="\x00unreadable")

    def __init__(
        self, content: Conversation, limits: dict[int, Limits], index_key: bytes, *, drafts: bool = False
    ) -> None:
        self.content = content
        self.drafts = drafts
        self.index_key = index_key
        self.limits = limits
        self._readers: CaseReaders | None = None
        self.cards: tuple[str, ...] = ()
        self.heard = playback.PlayableRecordings()
        self._wanted = wanted(content.library)
        self._looked: datetime | None = None

    async def readers(self, conn: AsyncConnection, now: datetime) -> CaseReaders:
        """Read the roster, the cards approved for broadcasting and what can be heard, at most once a second."""
        if self._readers is None or self._looked is None or abs(now - self._looked) > _READERS_LIFE:
            readers = tuple(await roster.new_case_readers(conn, now))
            on_duty = await roster.on_duty(conn, now)
            self._readers = CaseReaders(readers, on_duty, None if on_duty else await roster.next_shift(conn, now))
            self.cards = await approvals.ready(conn, now, self.content.library, drafts=self.drafts)
            self.heard = await playback.heard(conn, self.content.library)
            self._looked = now
            await conn.rollback()
        return self._readers

    def name_of(self, lang: str) -> str:
        """The name of a language, as people here call it."""
        known = self.content.library.languages.get(lang)
        return text_of(known.name, BASE) if known else lang

    def speaking(self, lang: str) -> SpeakingSeen:
        """What a speaker of a language may read, and what has a voice already."""
        done, refused = self.heard.taken.get(lang, frozenset()), self.heard.refused.get(lang, {})
        return SpeakingSeen(lang, self.name_of(lang), self._wanted, done, refused)

    def presses(self, arrived: Arrived) -> bool:
        """Say whether a message that must wait sounds like a cry, or like somebody who leaves."""
        meaning = understand(arrived.incoming.text, self.content.lexicon)
        return is_cry(meaning) or meaning.command is not None

    def begin(self, person: PersonRow, key: AESGCM, readers: CaseReaders) -> Turn:
        """Open a person's session for this batch. Raises Sealed when rows were swapped."""
        return Turn(self, person, key, readers)


def after(known: datetime, at: datetime) -> datetime:
    """Return when something was written that came after what was `known`: less than a second earlier is not earlier.

    What she writes within the second in which she left is her last word, and is answered.
    """
    return known if timedelta() < known - at < _WHOLE_SECONDS else at


class Turn:
    """A person's session and everything this batch does to it."""

    def __init__(self, maker: TurnMaker, person: PersonRow, key: AESGCM, readers: CaseReaders) -> None:
        self._maker = maker
        self._person = person
        self._key = key
        self._where = people.open_address(key, person.id, person.address_ct)
        self._writes_in = self._where
        self.address = conversation_of(self._where)
        self._readers = readers
        self.account = person.account
        self.entries: list[LedgerEntry] = []
        self.requests: list[EffectRequest] = []
        self._is_there = False  # said once a turn
        self._is_away = not person.reachable
        self._last_in = person.last_in_at
        self.facts = self._facts()
        self.session = people.open_session(key, person.id, person.version, person.state_ct)
        self.session.level = self._level()

    @property
    def urgent(self) -> bool:
        """Whether a case is opened or raised, she leaves, or help is on its way to her."""
        presses = any(isinstance(request.effect, effects.Urgent) for request in self.requests)
        return presses or any(entry.priority == effects.HELP for entry in self.entries)

    def _facts(self) -> Facts:
        """What the store saw of her just now."""
        row = self._person
        return Facts(
            case=self._case(),
            care=None if row.plan is None else CareSeen(row.plan, row.code_tag or b"", bool(row.greeted)),
            village=self._village(),
            speaking=self._maker.speaking(row.speaks) if row.speaks else None,
            sounds=self._maker.heard.sounds,
            on_duty=self._readers.on_duty,
            left_by=row.left_by,
            next_shift=self._readers.next_shift,
            salt=checkins_models.code_salt(self._maker.index_key, row.id),
            answer_kept=row.answer_kept,
        )

    def _level(self) -> int:
        """The level of her case; from 2 on there is one, and when there is none any more, a human closed it."""
        if self.facts.case is not None:
            return self.facts.case.level
        return self.session.level if self.session.level < CASE_FROM else 0

    def _case(self) -> CaseSeen | None:
        row = self._person
        if row.case_id is None:
            return None
        return CaseSeen(
            str(row.case_id),
            row.case_number,
            row.case_level,
            row.human_here,
            row.case_since,
            row.case_told_at,
            row.case_answered,
            self._referral(),
            row.human_left,
        )

    def _referral(self) -> ReferralSeen | None:
        row = self._person
        if row.referral is None:
            return None
        return ReferralSeen(row.referral, row.asked_of, row.yes, row.no, row.referral_state, row.asked_at)

    def _village(self) -> VillageSeen | None:
        row = self._person
        if row.group_id is None:
            return None
        if not row.member:
            return VillageSeen(row.group_id, row.title, False)
        proposals = tuple([ProposalSeen(*one) for one in row.proposals or ()])
        return VillageSeen(row.group_id, row.title, True, row.audience, self._maker.cards, proposals)

    def take(
        self,
        row: PendingMessage,
        arrived: Arrived,
        now: datetime,
        ahead: timedelta = _NOT_AHEAD,
        invited: InvitedSeen | None = None,
    ) -> None:
        """Step through one event and collect its effects.

        `ahead`: how far our clock runs before the channel's; `invited`: what a code in it would bind her to.
        """
        self.facts.invited = invited
        if arrived.address != self.address:
            raise Sealed("the row found for this address belongs to another person")
        incoming = recognised(arrived.incoming, self._maker.content.library)
        at = row.received_at if incoming.kind == "press" else min(incoming.at + ahead, row.received_at)
        if incoming is self._maker.unreadable:
            at = row.received_at
            does = self._unreadable(at)
        else:
            does = self._step(incoming, now)
        says = any(isinstance(effect, effects.Say) for effect in does)
        told = incoming is not self._maker.unreadable  # in which thread
        if told and (incoming.kind in FROM_PERSON or (incoming.kind == "edit" and says)):
            self._writes_in = in_thread(self.address, arrived.thread)
        if incoming.kind in FROM_PERSON:
            known = self._last_in if self._last_in and self._last_in <= now + _AHEAD else None
            at = after(known, at) if known else at
            self._last_in = max(at, known) if known else at
        elif self._last_in is not None:
            at = after(self._last_in, at)
        self._collect(row, incoming.kind, at, now, does)

    def _step(self, incoming: Incoming, now: datetime) -> list[effects.Effect]:
        try:
            self.session, self.facts, does = step(self.session, self.facts, incoming, now, self._maker.content)
        except Exception as error:
            log.error("a step failed; the emergency card answers", exc_info=error)
            return self._unreadable(now)
        return does

    def _unreadable(self, now: datetime) -> list[effects.Effect]:
        self.session, self.facts, does = unreadable(self.session, self.facts, now, self._maker.content)
        return does

    def _collect(self, row: PendingMessage, kind: str, at: datetime, now: datetime, does: list[effects.Effect]) -> None:
        waits_for_her = self._is_away or (self._person.case_id is not None and not self._is_there)
        says = [effect for effect in does if isinstance(effect, effects.Say)]
        if kind in FROM_PERSON and waits_for_her:
            # Whatever was reported of her, she is there (safety rule 20).
            does = [effects.Reachable(), *does]
            self._is_there = True
        elif kind == "edit" and says and self._is_away:
            does = [effects.Reachable(), *does]  # she reads what answers her cry
        for effect in does:
            if isinstance(effect, effects.Reachable | effects.Unreachable):
                self._is_away = isinstance(effect, effects.Unreachable)
        if kind in FROM_PERSON or (kind == "edit" and says):  # what is only reported changes nothing (safety rule 19)
            does = bot_answers.settle(self.session, does, row.id, at, in_case=self.facts.case is not None)
        priority = min((say.priority for say in says), default=effects.REPLY)
        n = 0
        for effect in does:
            if isinstance(effect, effects.Say):
                for shown in render(effect.outgoing, self._maker.limits[self.account], self.session.nonce):
                    self.entries.append(self._entry(row.id, n, shown, priority, at, now))
                    n += 1
                continue
            self.requests.append(
                EffectRequest(
                    row.id,
                    len(self.requests),
                    self._person.id,
                    self._key,
                    self.account,
                    at,
                    effect,
                    self._readers.readers,
                    self._maker.content.library,
                    kind,
                    self._maker.drafts,
                )
            )
            if isinstance(effect, effects.OpenCase) and self.facts.case is None:
                self.facts.case = CaseSeen("", "", effect.level)

    def moved(self) -> tuple[UUID, bytes] | None:
        """Where she is answered from now on, sealed, when she went on in another thread of her conversation."""
        if self._writes_in == self._where:
            return None
        return self._person.id, people.seal_address(self._key, self._person.id, self._writes_in)

    def _entry(self, cause: int, n: int, shown: Shown, priority: int, at: datetime, now: datetime) -> LedgerEntry:
        person = self._person.id
        return LedgerEntry(
            Cause.INBOX,
            cause,
            n,
            self.account,
            person,
            Content.REPLY,
            priority,
            at,
            now,
            max(at, now) + SILENCE_AFTER,
            seal_body(self._key, person, Cause.INBOX, cause, n, shown),
        )

    def session_row(self) -> SessionRow:
        """The session as it shall be stored, sealed for the next version."""
        person, version = self._person.id, self._person.version
        kept = self.session
        sealed = people.seal_session(self._key, person, version + 1, kept)
        return SessionRow(person, version, sealed, self._last_in, kept.stopped, kept.quiet_until)
