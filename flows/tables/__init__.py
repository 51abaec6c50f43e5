"""Tables of the flows: which answer weighs what, which card belongs to which choice."""

from __future__ import annotations

from flows.tables.checkers import CHECKERS, Checker, CheckerResult, result_of
from flows.tables.fixed_answers import DIGITS, EXCEPTIONS, exception_of, labels_of
from flows.tables.pages import PAGES
from flows.tables.quizzes import EXPLANATIONS, QUIZZES, explanation

__all__ = [
    "CHECKERS",
    "DIGITS",
    "EXCEPTIONS",
    "EXPLANATIONS",
    "PAGES",
    "QUIZZES",
    "Checker",
    "CheckerResult",
    "exception_of",
    "explanation",
    "labels_of",
    "result_of",
]
