"""Sessions standing in every state: each language, place, roster and case, with that state's question on offer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product

from flows.checks.graph import FlowGraph
from flows.engine.conversation import Conversation
from flows.engine.step import step
from flows.model.effects import Effect, Say
from flows.model.messages import Choice, Incoming, Outgoing
from flows.model.session import CaseSeen, Session

NOW = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
"""Tuesday 02:05 in Viet Nam."""

PLACES = ("", "vn", "abroad", "abroad:KH")
CASES = (None, CaseSeen("c1", "K7M2", 2), CaseSeen("c1", "K7M2", 4))
BESIDE_HUMAN = CaseSeen("c1", "K7M2", 2, human_here=True)


@cache
def offered(content: Conversation, state: str, lang: str) -> tuple[Choice, ...]:
    """Return the answers a state offers."""
    return FlowGraph(content.groups, content.library).choices(content.states[state], lang)


def standing(content: Conversation, state: str, lang: str = "vi", **facts: object) -> Session:
    """Return a session that has just been asked the question of `state`."""
    prompt = offered(content, state, lang)
    given = {"on_duty": True, "last_at": NOW - timedelta(minutes=1), **facts}
    return Session(state=state, lang=lang, nonce=7, prompt=prompt, data={"card": "1"}, **given)  # type: ignore[arg-type]


def everywhere(content: Conversation, *cases: CaseSeen | None) -> Iterator[Session]:
    """Yield a session in every state with every place, roster and each of `cases` (default: CASES).

    The languages take turns: two states side by side have met every mixture in both.
    """
    for number, state in enumerate(content.states):
        for turn, (place, duty, case) in enumerate(product(PLACES, (True, False), cases or CASES)):
            lang = ("vi", "en")[(number + turn + turn // 2) % 2]
            yield standing(content, state, lang, place=place, on_duty=duty, case=case)


def type_(content: Conversation, session: Session, text: str, now: datetime = NOW) -> tuple[Session, list[Effect]]:
    """Let her type something."""
    return step(session, Incoming(kind="text", at=now, text=text), now, content)


def said(effects: list[Effect]) -> list[Outgoing]:
    """Return what is shown, in order."""
    return [effect.outgoing for effect in effects if isinstance(effect, Say)]
