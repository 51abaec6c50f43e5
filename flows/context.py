"""The context of a step: one message on its way through the flows (aiogram's FSMContext) plus the effects so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from content.cards.tone import Address
from content.directory.numbers import is_home
from content.lexicon.model import LexiconData
from flows.model.definition import State
from flows.model.effects import HELP, REPLY, Effect, Reachable, Say
from flows.model.facts import CaseSeen, Facts
from flows.model.messages import Choice, Incoming, Outgoing
from flows.model.session import Offered, Session
from flows.rendering.addressing import addressed, answers
from flows.rendering.audio import Listener, aloud
from flows.rendering.pagination import MOST, on_screen, paged
from flows.rendering.phrasing import Phrasing, framed, read_at_home
from flows.tables import exception_of
from flows.understanding.decision import HOLDER
from flows.understanding.meaning import NOTHING, Meaning

Outcome = tuple[Session, Facts, list[Effect]]

QUIET_CALL = "safe.quiet-call"
"""The card that tells what 88, a dot, 1 and 2 mean in the silent call."""
UNSPOKEN_CARD = "not_spoken_yet"
CHILD = "child"
"""The situation of a child, which whoever comes from the corner of the young is in before telling anything."""
STAFF_SPOKE = "staff_spoke"
HOLDS_BESIDE_HUMAN = timedelta(minutes=10)
"""How long a question that she asked the bot for beside a human takes a number; then every number is that human's."""
HELD_TO_BE_HERS = 3
"""From which level what is written is a cry, or asked about as one, after any silence."""
SPOKEN_OF = timedelta(minutes=10)
"""How long after her last word what she told of herself decides how she is called."""
STAFF_HOLD = timedelta(minutes=15)
"""How long the bot leaves plain words alone after staff answered in the account's own console."""


class Context(msgspec.Struct, eq=False):
    """The mutable holder of one step.

    `before` is the session as it was and stays so; `session` and `facts` are the step's own copies, what it returns.
    `reason` names the rule or state behind a raised level, never her words. `answer` is the value of the choice she
    just made, `meaning` what was understood of words without a choice, `cry` the danger heard in them. `hidden` is the
    case while the cover is on. `above` and `below` stand in the same bubble as the next question, `offer` is the help
    that goes with it where no case is open. `content` is what can be said, `states` and `prompts` the compiled flows'
    states and the functions that find their words, by name.
    """

    before: Session
    session: Session
    facts: Facts
    incoming: Incoming
    now: datetime
    content: Phrasing
    states: Mapping[str, State]
    prompts: Mapping[str, Callable[[Context, State], Outgoing]]
    answer: str = ""
    cry: int = 0
    effects: list[Effect] = []
    above: Outgoing | None = None
    below: Outgoing | None = None
    offer: Offered | None = None
    expired: bool = False
    hidden: CaseSeen | None = None
    meaning: Meaning = NOTHING
    priority: int = REPLY
    reason: str = ""

    def update_data(self, **values: str) -> None:
        """Remember answers for this flow; the session's own dict is never touched."""
        self.session.data = {**self.session.data, **values}

    def clear(self) -> None:
        """Forget the flow's data; nothing of a left conversation is carried along."""
        self.session.data = {}

    def leave_others(self, group: str) -> None:
        """Drop what other flows noted for themselves (`Checker.answers`): an answer is gone when its flow is left."""
        if any("." in key and not key.startswith(f"{group}.") for key in self.session.data):
            self.session.data = {
                key: value for key, value in self.session.data.items() if "." not in key or key.startswith(f"{group}.")
            }

    @property
    def lexicon(self) -> LexiconData:
        """The words that understanding knows."""
        return self.content.library.lexicon

    @property
    def listener(self) -> Listener:
        """The languages she reads and hears, and what can be heard now."""
        return Listener(self.session.lang, self.session.voice, self.facts.sounds)

    @property
    def address(self) -> Address | None:
        """How the language she reads calls her."""
        return self.content.library.tone.address.get(self.session.lang)

    @property
    def called(self) -> str:
        """How she is called: as she chose, else as what she told asks for while it is in sight (a child is "em").

        After a silence or an exit somebody else may hold the phone, and nothing of what was told shows.
        """
        young = self.session.data.get("minor") == "yes" or self.session.state.startswith("Youth:")
        told = self.content.library.situations.get(self.session.situation or (CHILD if young else ""))
        if self.session.address or told is None or self.session.state.startswith("Exit:"):
            return self.session.address
        last = self.before.last_at
        late = last is not None and self.now - last > SPOKEN_OF
        other = self.hidden is not None or late or self.meaning.intent == HOLDER
        return "" if other and self.cry < HELD_TO_BE_HERS else told.called

    def text_of(self, state: State) -> Outgoing | None:
        """Return what a state says on entry; None for a state without words."""
        if state.say:
            return self.content.card(state.say, self.session.lang)
        if not state.tell:
            return None
        tail = self.content.card(state.choices, self.session.lang) if state.choices else None
        told = self.prompt_of(state)
        again = state.tell == "question" and self.card_number() > 0
        return told if told.choices else self.content.joined(told, tail, inline=again)

    def prompt_of(self, state: State) -> Outgoing:
        """Return what the prompt of a state says, without the question below it."""
        return self.prompts[state.tell](self, state)

    def say(self, outgoing: Outgoing) -> None:
        """Send words that ask nothing; the question on offer stays as it is.

        Who listens hears them first, but never what a cry depends on: numbers wait for no sound.
        """
        self.session.quiet_call_taught |= QUIET_CALL in outgoing.cards
        said = self._aloud(outgoing) if self.session.listening and self.priority != HELP else outgoing
        said = read_at_home(said) if is_home(self.session.place) else said
        self.effects.append(Say(addressed(said, self.address, self.called), self.priority))

    def _aloud(self, outgoing: Outgoing) -> Outgoing:
        """Return words as who listens gets them; a question nobody has recorded says so, once until one is heard."""
        said = aloud(outgoing, self.content.library, self.listener)
        if said.sounds:
            self.session.silence_told = False
        elif said.choices and not self.session.silence_told:
            self.session.silence_told = True
            return framed(said, None, self.content.card(UNSPOKEN_CARD, self.session.lang))
        return said

    def ask(self, outgoing: Outgoing, first: int = 0) -> None:
        """Send words and put their choices on offer, from number `first`; an earlier question is no longer one.

        Below them stand the answers with a digit of their own, where the state shows them.
        """
        outgoing, lang = self._framed(outgoing), self.session.lang
        labels = (self.content.card("fragment.more", lang).text, self.content.card("fragment.first", lang).text)
        shown = self.fixed_answers() if exception_of(self.session.state) is None else ()
        prompt = paged((*outgoing.choices, *self._back_to_the_list(outgoing), *shown), labels, first)
        self.say(msgspec.structs.replace(outgoing, choices=on_screen(prompt)) if prompt else outgoing)
        self.withdraw()
        self.session.prompt = answers(prompt, self.address, self.called)
        self.session.asked_at = self.now
        if self.facts.case is not None and self.facts.case.human_here:
            self.update_data(beside_human=str(self.session.nonce))

    def _back_to_the_list(self, outgoing: Outgoing) -> tuple[Choice, ...]:
        """Return the answer that leads back to a list of questions which waits for her, where there is room for it."""
        state = self.states[self.session.state]
        ordinary = exception_of(state.state) is None and not (state.for_people or state.consent)
        if self.session.aside is None or self.facts.case is not None or not ordinary:
            return ()
        if not 0 < len(outgoing.choices) < MOST or state.group in (self.session.aside.state.partition(":")[0], "Cry"):
            return ()
        return (Choice(self.content.card("fragment.resume", self.session.lang).text, "resume"),)

    def fixed_answers(self) -> tuple[Choice, ...]:
        """Return the answers with a digit of their own that hold where she stands now.

        None where a digit is for a human, for the word that a cover waits for, or a word like any others.
        """
        case, care, exception = self.facts.case, self.facts.care, exception_of(self.session.state)
        if case is not None and (case.human_here or case.answered):
            return ()
        if self.staff_spoke() or (care is not None and care.greeted) or (exception is not None and not exception.heard):
            return ()
        return self.content.fixed_answers(self.session.state, self.session.lang)

    def _framed(self, outgoing: Outgoing) -> Outgoing:
        """Return a question with what stands above and below it; an offer is on the screen from here on."""
        above, below, self.above, self.below = self.above, self.below, None, None
        if self.offer is not None:
            if self.facts.case is not None:
                return outgoing
            self.session.offered, self.offer = self.offer, None
        return framed(outgoing, above, below)

    def withdraw(self) -> None:
        """Take the question off the table: its buttons are old from now on."""
        self.session.prompt, self.session.asked_at = (), None
        self.session.nonce = self.before.nonce + 1

    def urgent(self) -> None:
        """Let everything said from here on leave before ordinary replies."""
        self.priority = HELP

    def in_help(self) -> bool:
        """Say whether she stands at a question that nobody else should read."""
        state = self.states.get(self.session.state)
        return state is not None and state.sensitive

    def card_number(self) -> int:
        """Return how far she has read on the shelf, counted from 0."""
        return int(self.session.data.get("card", "0"))

    def version_seen(self, card_id: str) -> str:
        """Return which text of a card she saw, as it was when it was asked; the present one if that is not known."""
        seen = self.session.data.get("saw", "")
        return seen if seen.startswith(f"{card_id}.") else self.content.version(card_id, self.session.lang)

    def mark_reachable(self) -> None:
        """Let the application know that she is here again, once."""
        if Reachable() not in self.effects:
            self.effects.append(Reachable())

    def come_back(self) -> None:
        """End the silence after a hurried exit: she is speaking to us of her own accord."""
        if self.session.quiet_until is not None:
            self.session.quiet_until = None
            self.mark_reachable()

    def asked_beside_human(self) -> bool:
        """Say whether the question on offer was asked a short while ago, beside a human who was already writing."""
        asked = self.session.asked_at
        fresh = asked is not None and self.now - asked <= HOLDS_BESIDE_HUMAN
        return fresh and self.session.data.get("beside_human") == str(self.before.nonce)

    def staff_spoke(self) -> bool:
        """Say whether staff answered her in the account's own console a short while ago."""
        spoken = self.session.data.get(STAFF_SPOKE)
        return spoken is not None and self.now - datetime.fromisoformat(spoken) < STAFF_HOLD

    def forget_place(self) -> None:
        """Treat the place as unknown and not yet asked."""
        self.session.place, self.session.place_at = "", None
        self.session.data = {key: value for key, value in self.session.data.items() if key != "where"}

    def opened(self, level: int) -> None:
        """Remember within this conversation that a case is open at `level` or more.

        The store tells us at the next step anyway; two messages of one batch must not wait for it.
        """
        self.come_back()
        self.session.level = max(self.session.level, level)
        if self.facts.case is None:
            self.facts.case = CaseSeen(id="", number="", level=level)
        elif level > self.facts.case.level:
            self.facts.case = msgspec.structs.replace(self.facts.case, level=level)

    def close(self) -> Outcome:
        """Return the session and the facts as they are after this step, and what the step asks for, in order."""
        return self.session, self.facts, self.effects
