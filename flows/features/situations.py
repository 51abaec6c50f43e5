"""Situations: what she wrote of in this talk, which orders numbers and chooses words."""

from __future__ import annotations

from content.directory.situations import situation_of
from flows.context import Context

DESPAIR, SELF_HARM = "despair", "self_harm"
"""Thoughts of suicide; and what is done already or about to be (poison too), where minutes count."""


def take_situation(context: Context, rule: str) -> None:
    """Take the situation of the rule that heard a cry; thoughts of suicide stay in mind whatever is written next."""
    context.session.situation = situation_of(context.content.library.situations, rule) or _left(context)


def expire(context: Context) -> None:
    """In a new talk minutes count no more; without a case nothing is left of the old one."""
    context.session.situation = _left(context) if context.facts.case is not None else ""


def shown(context: Context) -> str:
    """Return the situation her answer may show; behind the cover nothing that was written before it."""
    return context.session.situation if context.hidden is None or context.cry else ""


def _left(context: Context) -> str:
    return DESPAIR if context.session.situation in (DESPAIR, SELF_HARM) else ""
