"""Unanswered: what she was asked on the way to help without a case, so that a human can look if nothing comes."""

from __future__ import annotations

from flows.context import Context
from flows.engine import pictures
from flows.model.effects import AwaitAnswer, OpenCase, Silence
from flows.model.session import Session
from flows.parsing.yes_no import DANGER_QUESTIONS

HELP, DANGER, SILENT = "help", "danger", "silent"
"""That she asked for a person, was asked about danger, or asked for silence."""


def settle(context: Context) -> None:
    """Ask for a human's look when nothing comes to what she was asked now; what she writes on ends it.

    So do a case, a stop and an exit, by themselves. Both of her own words ask for one and the same.
    """
    case = context.facts.case is not None and context.reason != "own_word"
    ended = case or any(isinstance(one, OpenCase | Silence) for one in context.effects)
    if ended or pictures.is_rest(context):
        return
    asked = asked_in(context, context.session)
    if asked:
        context.effects.append(AwaitAnswer(asked, context.session.voice or context.session.lang))
    elif asked_in(context, context.before):
        context.effects.append(AwaitAnswer(""))


def asked_in(context: Context, session: Session) -> str:
    """Return what a conversation stands at: a question on the way to help, "" where it is none of these."""
    state = context.states.get(session.state)
    if state is None or session.stopped or not session.prompt:
        return ""
    if session.state.startswith("SilentCall:"):
        return SILENT
    danger = (state.say or state.choices) in DANGER_QUESTIONS or session.state.startswith("Despair:")
    return DANGER if danger else HELP if session.state.startswith("GetHelp:") else ""
