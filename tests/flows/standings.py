"""People standing in every state: each language, place, roster and case, with that state's question on offer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product

import msgspec

from flows.checks.graph import FlowGraph
from flows.engine.conversation import Conversation
from flows.engine.step import step
from flows.model.effects import Effect, Say
from flows.model.facts import CaseSeen, Facts
from flows.model.messages import Choice, Incoming, Outgoing
from flows.model.session import Session
from flows.rendering.addressing import addressed
from flows.rendering.pagination import fixed, numbered, paged
from tests.support.content import changed

NOW = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
"""Tuesday 02:05 in Viet Nam."""

PLACES = ("", "vn", "abroad", "abroad:KH")
CASES = (None, CaseSeen("c1", "K7M2", 2), CaseSeen("c1", "K7M2", 4))
DOUBTED = (
    *("nhà em mới cấy xong", "hôm nay trời mưa to", "con em học lớp bốn", "mạng ở đây yếu quá"),
    *("xe khách chạy mấy giờ", "bò nhà em mới đẻ", "chợ phiên đông người lắm", "con trâu nhà em đẻ rồi"),
)
"""What no rule hears anything in, so that weights which doubt everything are alone in their doubt."""
BESIDE_HUMAN = CaseSeen("c1", "K7M2", 2, human_here=True)


@cache
def offered(content: Conversation, state: str, lang: str) -> tuple[Choice, ...]:
    """Return the answers a state offers, as its first page has them."""
    labels = (content.card("fragment.more", lang).text, content.card("fragment.first", lang).text)
    return paged(FlowGraph(content.groups, content.library).choices(content.states[state], lang), labels)


class Standing(msgspec.Struct, frozen=True):
    """Where somebody stands: her session, and what the store knows of her besides."""

    session: Session = msgspec.field(default_factory=Session)
    facts: Facts = msgspec.field(default_factory=Facts)

    def but(self, **changes: object) -> Standing:
        """Return the same with other values of fields of the session or of the facts."""
        seen = {name: changes.pop(name) for name in Facts.__struct_fields__ if name in changes}
        return Standing(msgspec.structs.replace(self.session, **changes), msgspec.structs.replace(self.facts, **seen))


def standing(content: Conversation, state: str, lang: str = "vi", **known: object) -> Standing:
    """Return somebody who has just been asked the question of `state`; `known`: fields of her session or the facts."""
    prompt = offered(content, state, lang)
    session = Session(state=state, lang=lang, nonce=7, prompt=prompt, data={"card": "1"})
    return Standing(session).but(**{"on_duty": True, "last_at": NOW - timedelta(minutes=1), **known})


def digits(prompt: tuple[Choice, ...]) -> dict[str, str]:
    """Return what is typed for each answer on the screen, by its value."""
    own = {choice.value: choice.digit for choice in fixed(prompt)}
    return own | {choice.value: str(number) for number, choice in enumerate(numbered(prompt), 1)}


def asked(at: Standing) -> list[str]:
    """Return the values of the answers on offer, those below every question left out."""
    return [choice.value for choice in numbered(at.session.prompt)]


def take(content: Conversation, at: Standing, incoming: Incoming, now: datetime = NOW) -> tuple[Standing, list[Effect]]:
    """Let the flows take what came in."""
    session, facts, effects = step(at.session, at.facts, incoming, now, content)
    return Standing(session, facts), effects


def everywhere(content: Conversation, *cases: CaseSeen | None) -> Iterator[Standing]:
    """Yield somebody in every state with every place, roster and each of `cases` (default: CASES).

    The languages take turns: two states side by side have met every mixture in both.
    """
    for number, state in enumerate(content.states):
        for turn, (place, duty, case) in enumerate(product(PLACES, (True, False), cases or CASES)):
            lang = ("vi", "en")[(number + turn + turn // 2) % 2]
            yield standing(content, state, lang, place=place, on_duty=duty, case=case)


def type_(content: Conversation, at: Standing, text: str, now: datetime = NOW) -> tuple[Standing, list[Effect]]:
    """Let her type something."""
    return take(content, at, Incoming(kind="text", at=now, text=text), now)


@cache
def doubting(content: Conversation) -> Conversation:
    """Return the same conversation, whose weights doubt every message of three words or more that no rule hears."""
    weights = dict.fromkeys(("enough", "enough_known", "doubt", "next_heard"), -9999)
    lexicon = msgspec.structs.replace(content.library.lexicon, **weights)
    return Conversation(changed(content.library, lexicon=lexicon), content.groups)


def first_bubble(content: Conversation, her: Standing, situation: str = "") -> Outgoing:
    """Return what a cry is answered with where she stands; in the corner of the young it is a child who writes."""
    fits = situation or ("child" if her.session.state.startswith("Youth:") else "")
    return as_called(content, content.emergency(her.session.place, her.session.lang, fits, NOW), fits, her.session.lang)


def as_called(content: Conversation, words: Outgoing, situation: str, lang: str = "vi") -> Outgoing:
    """Return words as whoever told of a situation is called: a child is not called as a woman is."""
    told = content.library.situations.get(situation)
    return addressed(words, content.library.tone.address.get(lang), told.called if told else "")


def said(effects: list[Effect]) -> list[Outgoing]:
    """Return what is shown, in order, without the answers that stand below every question."""
    return [without_fixed(effect.outgoing) for effect in effects if isinstance(effect, Say)]


def without_fixed(words: Outgoing) -> Outgoing:
    """Return what is shown without the answers that stand below every question."""
    return msgspec.structs.replace(words, choices=numbered(words.choices))
