"""The context of a step: one message on its way through the flows (aiogram's FSMContext) plus the effects so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from content.lexicon.model import LexiconData
from flows.model.definition import State
from flows.model.effects import HELP, REPLY, Effect, Reachable, Say
from flows.model.messages import Choice, Incoming, Outgoing
from flows.model.session import CareSeen, CaseSeen, InvitedSeen, Session, SpeakingSeen, VillageSeen
from flows.rendering.audio import Listener, aloud
from flows.rendering.pagination import MOST, on_screen, paged
from flows.rendering.phrasing import Phrasing
from flows.understanding.meaning import NOTHING

STAFF_SPOKE = "staff_spoke"
STAFF_HOLD = timedelta(minutes=15)
"""How long the bot leaves plain words alone after staff answered in the account's own console."""


class Context:
    """The mutable holder of one step; made from a session, closed into the next one.

    `state` is the attribute the engine reads and writes. `reason` names the rule or state behind a raised
    level, never her words. `answer` is the value of the choice she just made, `meaning` what was
    understood of words without a choice, `level` the highest danger so far. `content` is what can be said, `states`
    and `prompts` the compiled flows' states and the functions that find their words, by name.
    """

    __slots__ = (
        "answer",
        "care",
        "case",
        "content",
        "cry",
        "data",
        "effects",
        "expired",
        "hidden",
        "incoming",
        "invited",
        "kept",
        "lang",
        "level",
        "listening",
        "meaning",
        "now",
        "place",
        "place_at",
        "priority",
        "profile",
        "profiles",
        "prompt",
        "prompt_changed",
        "prompts",
        "quiet_exit",
        "quiet_until",
        "reason",
        "session",
        "situation",
        "speaking",
        "state",
        "states",
        "stopped",
        "village",
        "voice",
        "words",
        "written",
    )

    def __init__(
        self,
        session: Session,
        incoming: Incoming,
        now: datetime,
        content: Phrasing,
        states: Mapping[str, State],
        prompts: Mapping[str, Callable[[Context, State], Outgoing]],
    ) -> None:
        self.session, self.incoming, self.now = session, incoming, now
        self.content, self.states, self.prompts = content, states, prompts
        self.state, self.data, self.lang = session.state, session.data, session.lang
        self.place, self.place_at, self.situation = session.place, session.place_at, session.situation
        self.level, self.case = session.level, session.case
        self.stopped, self.quiet_until = session.stopped, session.quiet_until
        self.quiet_exit, self.listening, self.kept = session.quiet_exit, session.listening, session.kept
        self.profile, self.profiles = session.profile, session.profiles
        self.care: CareSeen | None = session.care
        self.village: VillageSeen | None = session.village
        self.invited: InvitedSeen | None = session.invited
        self.speaking: SpeakingSeen | None = session.speaking
        self.voice, self.words = session.voice, session.words
        self.hidden: CaseSeen | None = None
        self.written = session.written
        self.prompt: tuple[Choice, ...] = session.prompt
        self.prompt_changed = False
        self.cry, self.expired = 0, False
        self.answer = self.reason = ""
        self.meaning = NOTHING
        self.priority = REPLY
        self.effects: list[Effect] = []

    def update_data(self, **values: str) -> None:
        """Remember answers for this flow; the session's own dict is never touched."""
        self.data = {**self.data, **values}

    def clear(self) -> None:
        """Forget the flow's data; nothing of a left conversation is carried along."""
        self.data = {}

    def leave_others(self, group: str) -> None:
        """Drop what other flows noted for themselves (`Checker.answers`): an answer is gone when its flow is left."""
        if any("." in key and not key.startswith(f"{group}.") for key in self.data):
            self.data = {
                key: value for key, value in self.data.items() if "." not in key or key.startswith(f"{group}.")
            }

    @property
    def lexicon(self) -> LexiconData:
        """The words that understanding knows."""
        return self.content.library.lexicon

    @property
    def listener(self) -> Listener:
        """The languages she reads and hears, and what can be heard now."""
        return Listener(self.lang, self.voice, self.session.sounds)

    def text_of(self, state: State) -> Outgoing | None:
        """Return what a state says on entry; None for a state without words."""
        if state.say:
            return self.content.card(state.say, self.lang)
        if not state.tell:
            return None
        tail = self.content.card(state.choices, self.lang) if state.choices else None
        told = self.prompt_of(state)
        return told if told.choices else self.content.joined(told, tail)

    def prompt_of(self, state: State) -> Outgoing:
        """Return what the prompt of a state says, without the question below it."""
        return self.prompts[state.tell](self, state)

    def say(self, outgoing: Outgoing) -> None:
        """Send words that ask nothing; the question on offer stays as it is.

        Who listens hears them first, but never what a cry depends on: numbers wait for no sound.
        """
        heard = self.listening and self.priority != HELP
        said = aloud(outgoing, self.content.library, self.listener) if heard else outgoing
        self.effects.append(Say(said, self.priority))

    def ask(self, outgoing: Outgoing, first: int = 0) -> None:
        """Send words and put their choices on offer, from number `first`; an earlier question is no longer one."""
        label = self.content.card("fragment.more", self.lang).text
        prompt = paged(outgoing.choices, label, first)
        self.say(msgspec.structs.replace(outgoing, choices=on_screen(prompt)) if len(prompt) > MOST else outgoing)
        self.withdraw()
        self.prompt = prompt
        if self.case is not None and self.case.human_here:
            self.update_data(beside_human=str(self.session.nonce + 1))

    def withdraw(self) -> None:
        """Take the question off the table: its buttons are old from now on."""
        self.prompt = ()
        self.prompt_changed = True

    def urgent(self) -> None:
        """Let everything said from here on leave before ordinary replies."""
        self.priority = HELP

    def in_help(self) -> bool:
        """Say whether she stands at a question that nobody else should read."""
        state = self.states.get(self.state)
        return state is not None and state.sensitive

    def card_number(self) -> int:
        """Return how far she has read on the shelf, counted from 0."""
        return int(self.data.get("card", "0"))

    def version_seen(self, card_id: str) -> str:
        """Return which text of a card she saw, as it was when it was asked; the present one if that is not known."""
        seen = self.data.get("saw", "")
        return seen if seen.startswith(f"{card_id}.") else self.content.version(card_id, self.lang)

    def mark_reachable(self) -> None:
        """Let the application know that she is here again, once."""
        if Reachable() not in self.effects:
            self.effects.append(Reachable())

    def come_back(self) -> None:
        """End the silence after a hurried exit: she is speaking to us of her own accord."""
        if self.quiet_until is not None:
            self.quiet_until = None
            self.mark_reachable()

    def asked_beside_human(self) -> bool:
        """Say whether the question on offer was asked while a human was already talking with her."""
        return self.data.get("beside_human") == str(self.session.nonce)

    def staff_spoke(self) -> bool:
        """Say whether staff answered her in the account's own console a short while ago."""
        spoken = self.data.get(STAFF_SPOKE)
        return spoken is not None and self.now - datetime.fromisoformat(spoken) < STAFF_HOLD

    def forget_place(self) -> None:
        """Treat the place as unknown and not yet asked."""
        self.place, self.place_at = "", None
        self.data = {key: value for key, value in self.data.items() if key != "where"}

    def opened(self, level: int) -> None:
        """Remember within this conversation that a case is open at `level` or more.

        The store tells us at the next step anyway; two messages of one batch must not wait for it.
        """
        self.come_back()
        self.level = max(self.level, level)
        if self.case is None:
            self.case = CaseSeen(id="", number="", level=level)
        elif level > self.case.level:
            self.case = msgspec.structs.replace(self.case, level=level)

    def close(self) -> tuple[Session, list[Effect]]:
        """Return the session as it is after this step, and what the step asks for, in order."""
        before = self.session
        after = Session(
            state=self.state,
            data=self.data,
            lang=self.lang,
            nonce=before.nonce + 1 if self.prompt_changed else before.nonce,
            prompt=self.prompt,
            place=self.place,
            place_at=self.place_at,
            situation=self.situation,
            level=self.level,
            stopped=self.stopped,
            quiet_until=self.quiet_until,
            last_at=self.now,
            case=self.case,
            on_duty=before.on_duty,
            quiet_exit=self.quiet_exit,
            listening=self.listening,
            kept=self.kept,
            profile=self.profile,
            profiles=self.profiles,
            care=self.care,
            village=self.village,
            voice=self.voice,
            speaking=self.speaking,
            sounds=before.sounds,
            words=self.words,
            written=self.written,
            salt=before.salt,
            present_at=before.present_at,
            typed=before.typed,
        )
        return after, self.effects
