"""Check of rendering: a question too long for one message, answers that cannot be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import msgspec

from content.findings import Finding
from content.schema import Limits
from flows.checks.graph import FlowGraph
from flows.context import Context
from flows.model.definition import State
from flows.model.facts import Facts
from flows.model.messages import Choice, Incoming, Outgoing
from flows.model.session import Session
from flows.parsing.choices import match
from flows.rendering.pagination import on_screen, paged
from flows.rendering.phrasing import Phrasing
from flows.rendering.render import render
from flows.text.letters import fold
from flows.text.splitting import length

LANGUAGES = ("vi", "en")
LARGEST_NONCE = 10**9
"""A press carries the prompt's number; one question a second for thirty years stays below this."""

TURNING = ("…", "…")
"""Stands for the names of the answers that turn a page."""

NEVER_A_CHOICE = ("dung", "dừng", "stop", "xx", "88", ".")
"""What means something everywhere; `dung` may be any of four words (safety rule 17)."""

_NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)


class UntoldError(ValueError):
    """A prompt without samples has no words for somebody new."""


def shown_findings(graph: FlowGraph) -> list[Finding]:
    """Return everything a state would say that some configured channel cannot show as one question."""
    phrasing = Phrasing(graph.library)
    found: list[Finding] = []
    for name, state in graph.states.items():
        for lang in LANGUAGES:
            for message, remedy in _state_mistakes(graph, phrasing, state, lang):
                text = f"the state {name} ({lang}): {message}"
                found.append(Finding(graph.files[name], state.line, text, remedy))
    return [*found, *_beside(graph, phrasing)]


def _beside(graph: FlowGraph, phrasing: Phrasing) -> Iterator[Finding]:
    """What actions say beside a state's own words is held to the same limits."""
    actions = graph.registry.actions.values()
    cards = {card for action in actions for card in (*action.cards, *filter(None, [action.agreement]))}
    for card, lang in product(sorted(cards), LANGUAGES):
        written = graph.library.card(card, lang)
        for limits in graph.library.limits.values() if not written.slots else ():
            for message, remedy in _over_the_limit(phrasing.card(card, lang), limits):
                yield Finding(written.file, written.line, f'the card "{card}" ({lang}): {message}', remedy)


def _state_mistakes(graph: FlowGraph, phrasing: Phrasing, state: State, lang: str) -> Iterator[tuple[str, str]]:
    try:
        everything = list(_everything_said(graph, phrasing, state, lang))
    except UntoldError as error:
        yield str(error), "make it total, or give its decorator samples=…"
        return
    for words in everything:
        for limits in graph.library.limits.values():
            yield from _over_the_limit(words, limits)
        if graph.lists(state.state):
            yield from _confusable(words.choices)
    choices = graph.choices(state, lang)
    yield from _confusable(choices)
    if [c.value for c in choices] != [c.value for c in graph.choices(state)]:
        yield "it offers other answers than in Vietnamese", "give both cards the same values in the same order"


def _everything_said(graph: FlowGraph, phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    below = graph.fixed(state, lang)
    for words in _said(graph, phrasing, state, lang):
        yield msgspec.structs.replace(words, choices=(*words.choices, *below)) if below else words


def _said(graph: FlowGraph, phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    if state.say:
        yield phrasing.card(state.say, lang)
        return
    tail = phrasing.card(state.choices, lang) if state.choices else None
    for told in _told(graph, phrasing, state, lang):
        yield told if told.choices else phrasing.joined(told, tail)


def _told(graph: FlowGraph, phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    """Yield the samples of a state's prompt; of one without samples what somebody new is told."""
    prompt = graph.registry.prompts.get(state.tell)
    if prompt is None:
        return
    if prompt.samples is not None:
        yield from prompt.samples(phrasing, state, lang)
        return
    session, incoming = Session(state=state.state, lang=lang), Incoming(kind="text", at=_NOON)
    prompts = {name: known.function for name, known in graph.registry.prompts.items()}
    try:
        context = Context(session, session, Facts(), incoming, _NOON, phrasing, graph.states, prompts)
        yield prompt.function(context, state)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise UntoldError(f'the prompt "{state.tell}" fails with somebody new ({error!r})') from error


def _over_the_limit(words: Outgoing, limits: Limits) -> Iterator[tuple[str, str]]:
    screen = on_screen(paged(words.choices, TURNING))
    try:
        shown = render(msgspec.structs.replace(words, choices=screen, contacts=()), limits, LARGEST_NONCE)
    except ValueError as error:
        yield str(error), "offer fewer choices"
        return
    if len(shown) > 1:
        text = msgspec.structs.replace(words, choices=())
        size = length(text.text, limits.text_unit)
        yield (
            f"on {limits.channel} it would be cut into {len(shown)} messages ({size} characters)",
            f"shorten it: at most {limits.text_max} characters and {limits.buttons_max or 'a few'} choices",
        )


def _confusable(choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
    for value, times in Counter(choice.value for choice in choices).items():
        if times > 1:
            yield f'two choices mean "{value}"', "keep one of them"
    for choice in choices:
        if match(choice.label, choices) != choice or match(fold(choice.label), choices) != choice:
            yield f'the choice "{choice.label}" cannot be told from another', "give it another label"
    for word in NEVER_A_CHOICE:
        taken = match(word, choices)
        if taken is not None:
            yield f'"{word}" would be taken for the choice "{taken.label}"', "give it a label that reads differently"
