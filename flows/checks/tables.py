"""Check of the flows' tables against the cards: every question weighed, every explanation and page written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from content.findings import Finding
from flows.checks.graph import FlowGraph
from flows.tables import CHECKERS, PAGES, QUIZZES, explanation

_FOLDER = "flows/tables"


def table_findings(graph: FlowGraph) -> list[Finding]:
    """Return every card that a table names and nobody wrote, and every question that no table knows."""
    return [*_checkers(graph), *_quizzes(graph), *_pages(graph)]


def _checkers(graph: FlowGraph) -> Iterator[Finding]:
    for name, checker in CHECKERS.items():
        yield from _same(graph, "checkers", f"check_{name}", checker.questions)
        for question in checker.questions.values():
            yield from _written(graph, "checkers", question.why)
        if checker.amber >= checker.red:
            yield Finding(f"{_FOLDER}/checkers.yaml", 1, f"{name}: amber is not below red", "give amber fewer points")


def _quizzes(graph: FlowGraph) -> Iterator[Finding]:
    for name, quiz in QUIZZES.items():
        yield from _same(graph, "quizzes", name, quiz.right)
        for question in quiz.right:
            yield from _written(graph, "quizzes", explanation(question))


def _pages(graph: FlowGraph) -> Iterator[Finding]:
    for page in PAGES.values():
        for card in page.values():
            yield from _written(graph, "pages", card)
    for state in graph.states.values():
        for transition in graph.leaving(state.state, "choice"):
            opens = graph.states.get(str(transition.dest))
            if opens is None or "open_page" not in transition.before or opens.tell != "chosen_card":
                continue
            values = {value for value in graph.values[state.state] if not graph.leaving(state.state, value)}
            for value in sorted(values - set(PAGES[opens.topic])):
                message = f'the state {state.state}: the choice "{value}" opens no page'
                yield Finding(graph.files[state.state], state.line, message, f"add {value} to {_FOLDER}/pages.yaml")


def _same(graph: FlowGraph, file: str, shelf: str, known: Iterable[str]) -> Iterator[Finding]:
    cards, named = set(graph.library.shelf(shelf)), set(known)
    for card in sorted(named - cards):
        yield Finding(f"{_FOLDER}/{file}.yaml", 1, f'the card "{card}" is not on the shelf {shelf}', "write that card")
    for card in sorted(cards - named):
        yield Finding(f"{_FOLDER}/{file}.yaml", 1, f'nothing is said of the question "{card}"', "add it to the table")


def _written(graph: FlowGraph, file: str, card: str) -> Iterator[Finding]:
    if not graph.library.has(card):
        yield Finding(f"{_FOLDER}/{file}.yaml", 1, f'there is no card "{card}"', "write it, or fix the name")
