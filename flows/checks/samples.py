"""The longest and the most usual words of tellers that compute them, so that the check can hold them to the limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.questions import CHECKLIST
from flows.rendering.phrasing import Phrasing, asking_nothing, outgoing
from flows.tables import CHECKERS, PAGES, QUIZZES

LONG_TITLE = "Tổ truyền thông cộng đồng thôn Nậm Pọng, xã Mường Mươn, tỉnh Điện Biên"
MANY = 200_000
"""A group's title and its audience, as long as they come."""


def specimens(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    """Yield what the teller of a state can say, as far as it does not depend on her place or on the hour."""
    told = SPECIMENS.get(state.tell)
    if told is not None:
        yield from told(phrasing, state, lang)


def _questions(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for number in range(len(phrasing.shelf(state.topic))):
        yield phrasing.question(state.topic, number, lang)


def _results(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    """Every reason there is, in the longest order, both as a reason and as something she does not know."""
    every = {question.why for checker in CHECKERS.values() for question in checker.questions.values()}
    longest = tuple(sorted(every, key=lambda card: -len(phrasing.card(card, lang).text)))
    yield phrasing.result(f"checker_{state.name}", (), (), lang)
    yield phrasing.result(f"checker_{state.name}", longest, longest, lang)


def _left(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for ticks in ("", "d" * len(phrasing.shelf(CHECKLIST))):
        yield phrasing.left_to_do(CHECKLIST, ticks, lang)


def _explained(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for number in range(len(QUIZZES[state.topic].right)):
        for guess in ("yes", "no", "skip"):
            yield phrasing.explained(state.topic, number, guess, lang)


def _pages(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for card in PAGES[state.topic].values():
        yield phrasing.card(card, lang)


def _unions(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for province in ("", *phrasing.library.areas.provinces):
        yield phrasing.union(province, lang)


def _invitations(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for card in ("village_join", "village_listen"):
        yield outgoing(phrasing.library.say(card, lang, title=LONG_TITLE))
    yield phrasing.card("call.bind", lang)


def _cards_to_share(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    """A card of a shelf with what stands below it; which cards a member may choose is a matter of approval."""
    about = phrasing.about_people(MANY, lang)
    tail = outgoing(phrasing.library.say("village_about", lang, title=LONG_TITLE, count=about))
    for shelf in phrasing.library.shelves:
        for card in phrasing.shelf(shelf):
            yield phrasing.joined(asking_nothing(phrasing.card(card, lang)), tail)


SPECIMENS: Mapping[str, Callable[[Phrasing, State, str], Iterator[Outgoing]]] = {
    "question": _questions,
    "checker_result": _results,
    "checklist_result": _left,
    "quiz_explained": _explained,
    "chosen_card": _pages,
    "invited_to": _invitations,
    "union_of_province": _unions,
    "card_to_share": _cards_to_share,
}
