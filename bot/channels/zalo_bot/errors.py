"""The Bot Platform's refusals as failures with an action and a time to come back."""

from __future__ import annotations

from bot.channels.base import Failure, Human, Permanent, Retry, Unknown, Unreachable
from bot.zalo_sdk.errors import Action, ZaloError, ZaloNoAnswer, ZaloNotSent

ERRORS = (ZaloError, ZaloNotSent, ZaloNoAnswer)

_NEXT_TRY = {403: 5.0, 404: 60.0}
"""Seconds. A 404 that names nobody may be a wrong address of ours: the message is kept, and only hers waits."""


def failure_of(error: Exception, name: str) -> Failure:
    """Turn an error of the client into a Failure; `name` is the account."""
    match error:
        case ZaloNotSent():
            return Retry("not sent: no connection, or refused on the way", after=2.0, code="connect")
        case ZaloError():
            return _of_code(error, name)
        case ZaloNoAnswer():
            return Unknown("no answer that can be understood")
    return Unknown("an error of an unknown kind")


def _of_code(error: ZaloError, name: str) -> Failure:
    code = str(error.code)
    match error.action:
        case Action.UNREACHABLE:
            return Unreachable(error.meaning, code=code)
        case Action.HUMAN:
            sentence = f"zalo bot {name}: the token was refused ({code}); get a new one from Zalo Bot Creator"
            return Human(sentence, code=code)
        case Action.RETRY:
            return Retry(error.meaning, after=error.after or _NEXT_TRY.get(error.code, 5.0), chat=True, code=code)
    return Permanent(error.meaning, code=code)


def starting(name: str, failure: Failure) -> Human:
    """Say in one sentence why an account does not start; code "connect" when time may heal it."""
    match failure:
        case Human():
            return failure
        case Retry(code="404"):
            return Human(f"zalo bot {name}: there is no such bot (404); check the token and base_url", code="404")
        case Retry() | Unknown():
            return Human(
                f"zalo bot {name}: Zalo does not answer and is asked again every minute; if it goes on, check base_url",
                code="connect",
            )
    return Human(
        f"zalo bot {name}: Zalo refused the webhook address ({failure.code}); public_url must be an https address",
        code=failure.code,
    )
