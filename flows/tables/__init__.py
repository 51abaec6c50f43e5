"""Tables of the flows: which answer weighs what, which card belongs to which choice."""

from __future__ import annotations

from flows.tables.checkers import CHECKERS, Checker, CheckerResult, result_of
from flows.tables.pages import PAGES
from flows.tables.quizzes import QUIZZES, explanation

__all__ = ["CHECKERS", "PAGES", "QUIZZES", "Checker", "CheckerResult", "explanation", "result_of"]
