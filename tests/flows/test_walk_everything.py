"""Every state and every answer of every flow, walked as people do and shown as each of the three channels would."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import timedelta

import pytest

from content.schema import Limits
from flows.engine.conversation import Conversation
from flows.model.effects import Effect, OpenCase, Say
from flows.model.facts import CareSeen, CaseSeen, VillageSeen
from flows.model.messages import Choice, Incoming, Outgoing
from flows.parsing.choices import match
from flows.rendering.pagination import MOST, TURNS, numbered, on_screen
from flows.rendering.render import render
from flows.text.splitting import length
from tests.flows.standings import NOW, Standing, digits, standing, take

PER_TURN = 8
"""Messages one word of hers may be answered with: Zalo gives eight for 48 hours in its careful reading."""
SEEDS = (
    {},
    {"on_duty": True},
    {"on_duty": True, "place": "vn"},
    {"place": "abroad:KH"},
    {"on_duty": True, "case": CaseSeen("c1", "K7M2", 3)},
    {"care": CareSeen("active"), "kept": {"checklist": "dndn"}},
    {"care": CareSeen("paused"), "village": VillageSeen(1, "Tổ Na Sang", False)},
    {"village": VillageSeen(1, "Tổ Na Sang", True, 120, ("offer.loan", "leave.contract"))},
)
"""What the service may know of somebody who walks."""
READ_BY = {
    "Topics:shelf": ("shelf", "page"),
    "Topics:card": ("read",),
    "Checker": ("card", "Checker.kind"),
    **dict.fromkeys(("Checklist", "Quiz", "Youth", "Village"), ("card",)),
    **{group: (f"{group}.page",) for group in ("Stuck", "Missing", "Returning", "Papers", "Livelihood", "Privacy")},
}
"""What of the data the words of a state (or of a whole flow) depend on; places that differ elsewhere look the same."""
WALKS = [({}, "vi"), ({}, "en"), *((seed, "vi") for seed in SEEDS[1:])]
"""Each seed once; all cards of all shelves only with the first, in both languages."""


@pytest.mark.parametrize(("seed", "lang"), WALKS, ids=[f"{' '.join(seed) or 'nobody'} {lang}" for seed, lang in WALKS])
def test_every_answer_from_every_place_is_answered_and_fits(
    seed: dict[str, object], lang: str, content: Conversation
) -> None:
    """0 unanswered answers, 0 messages over a limit on Telegram, a Zalo OA and a Zalo Bot; numbers and labels alike."""
    first = Standing().but(lang=lang, last_at=NOW - timedelta(minutes=1), **seed)
    walked: set[str] = set()
    for her, choice, after, effects in every_answer(content, first, shelves=not seed):
        walked.add(her.session.state)
        where = f"{her.session.state}: {choice.label}"
        leads = [choice.value in TURNS, *(content.engine.can(t, her.session.state) for t in (choice.value, "choice"))]
        assert any(leads), where
        assert len(numbered(after.session.prompt)) <= MOST, where
        said = [effect.outgoing for effect in effects if isinstance(effect, Say)]
        assert said or choice.value == "quick_exit", where
        assert content.card("not_understood", lang) not in said, where
        assert match(choice.label, her.session.prompt) == choice, where
        for limits in content.library.limits.values():
            assert_fits(said, after, limits, where)
    assert walked >= {state for state in content.states if standing(content, state).session.prompt}


def every_answer(
    content: Conversation, first: Standing, *, shelves: bool
) -> Iterator[tuple[Standing, Choice, Standing, list[Effect]]]:
    """Yield every place that taps lead to, or standing in a state, with each answer on offer and what it does."""
    waiting = deque([says(content, first, "menu")[0]])
    waiting += [standing(content, state, first.session.lang).but(**facts(first)) for state in content.states]
    known: set[object] = set()
    while waiting:
        her = waiting.popleft()
        if place(her, shelves) in known:
            continue
        known.add(place(her, shelves))
        shown = on_screen(her.session.prompt)
        for choice in her.session.prompt:
            typed = digits(her.session.prompt)[choice.value] if choice in shown else choice.label
            after, effects = says(content, her, typed)
            yield her, choice, after, effects
            waiting.append(after)


def place(her: Standing, shelves: bool) -> object:
    """Where she stands, as far as it can be told from what she is shown."""
    group = her.session.state.partition(":")[0]
    read_by = READ_BY.get(her.session.state, READ_BY.get(group, ()))
    if group == "Topics" and not shelves:
        return her.session.state
    return her.session.state, her.session.prompt, *(her.session.data.get(key) for key in read_by)


def facts(her: Standing) -> dict[str, object]:
    """What the service knows of her, apart from where she stands."""
    seen = {name: getattr(her.facts, name) for name in ("on_duty", "case", "care", "village")}
    return {**seen, "place": her.session.place, "kept": her.session.kept}


def says(content: Conversation, her: Standing, text: str) -> tuple[Standing, list[Effect]]:
    """Let her type something, a minute after her last word."""
    return take(content, her, Incoming(kind="text", at=NOW, text=text))


def assert_fits(said: list[Outgoing], after: Standing, limits: Limits, where: str) -> None:
    """Hold what one turn shows to a channel: each text, its buttons, how many messages; cards to tap beside them."""
    shown = [[part for part in render(words, limits, after.session.nonce) if not part.phone] for words in said]
    assert all(len(parts) == 1 for parts in shown), (limits.channel, where)
    assert len(shown) <= PER_TURN, (limits.channel, where)
    for [message] in shown:
        assert length(message.text, limits.text_unit) <= limits.text_max, (limits.channel, where)
        assert len(message.buttons) <= limits.buttons_max, (limits.channel, where)
        assert all(len(button.data.encode()) <= limits.callback_bytes for button in message.buttons), where


CALLED_ALREADY = "SilentCall:where"
"""Asked only once people have been called; on a phone that others see nothing may lead to numbers from there."""


def test_help_is_two_taps_away_whatever_is_known_of_her(content: Conversation) -> None:
    """Walked, not only proved: from every place with answers, some two of them bring numbers or the way to people."""
    for seed in SEEDS:
        start = Standing().but(last_at=NOW - timedelta(minutes=1), **seed)
        for state in content.states:
            her = standing(content, state).but(**facts(start))
            called = state == CALLED_ALREADY
            assert not her.session.prompt or called or near_help(content, her, 2), (state, seed)


def near_help(content: Conversation, her: Standing, taps: int) -> bool:
    """Say whether some answer shows numbers, calls a human or leads into getting help, or leads to one that does."""
    reached = [says(content, her, number)[0:2] for number in digits(her.session.prompt).values()]
    for after, effects in reached:
        numbers = any(isinstance(effect, Say) and effect.outgoing.phones for effect in effects)
        called = any(isinstance(effect, OpenCase) for effect in effects)
        if after.session.state.startswith("GetHelp:") or numbers or called:
            return True
    return taps > 1 and any(near_help(content, after, taps - 1) for after, _ in reached)
