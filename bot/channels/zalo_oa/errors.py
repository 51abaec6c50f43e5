"""Zalo's refusals as failures with an action and a time to come back."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta

from bot.channels.base import Failure, Human, Permanent, Retry, Unknown, Unreachable
from bot.zalo_sdk.errors import Action, NeedsConsent, NoTokenNow, ZaloError, ZaloNoAnswer, ZaloNotSent
from content.zone import VIETNAM

_MORNING = time(6, 5)
"""When Zalo's night is surely over; its rule names no zone, that of Viet Nam is taken for granted."""
_ONE_GROUP = (-237, -238, -241, -403)
"""What a human must put right for one group; the account's other conversations go on."""
_NEXT_TRY = {-100: 60.0, -200: 5.0, -214: 60.0, 10000: 5.0, 10002: 5.0}


def failure_of(error: Exception, name: str, now: datetime) -> Failure:
    """Turn an error of the Zalo client into a Failure; `name` is the account, `now` aware."""
    match error:
        case NeedsConsent():
            return Human(
                f"zalo account {name}: an administrator of the Official Account must consent again; "
                f"run `nhipcau admin zalo-consent {name}`",
                code="needs_consent",
            )
        case NoTokenNow():
            return Retry("the access token is being renewed", after=30.0, code="token")
        case ZaloNotSent():
            return Retry("not sent: no connection, or refused on the way", after=2.0, code="connect")
        case ZaloError():
            return _of_code(error, name, now)
        case ZaloNoAnswer():
            return Unknown("no answer that can be understood")
    return Unknown("an error of an unknown kind")


def _of_code(error: ZaloError, name: str, now: datetime) -> Failure:
    code = str(error.code)
    match error.action:
        case Action.UNREACHABLE:
            return Unreachable(error.meaning, code=code)
        case Action.PERMANENT:
            return Permanent(error.meaning, code=code)
        case Action.HUMAN if error.code in _ONE_GROUP:
            return Unreachable(error.meaning, code=code)
        case Action.HUMAN:
            return Human(f"zalo account {name}: {error.meaning} ({code})", code=code)
        case Action.RESCHEDULE:
            return Retry(error.meaning, after=_later(error.code, now), chat=True, code=code)
        case Action.REFRESH:
            return Retry(error.meaning, after=30.0, code=code)
        case Action.RETRY if error.code in (-32, 429):
            return Retry(error.meaning, after=_next_minute(now), code=code)
    return Retry(error.meaning, after=_NEXT_TRY.get(error.code, 5.0), chat=True, code=code)


def _later(code: int, now: datetime) -> float:
    """Seconds until a quota or the night may have changed. A quota concerns one person's window, never all."""
    if code == -211:
        return 3600.0
    here = now.astimezone(VIETNAM)
    morning = datetime.combine(here.date(), _MORNING, VIETNAM)
    if code == -218 or morning <= here:
        morning += timedelta(days=1)
    return (morning - here).total_seconds() + secrets.randbelow(300)


def _next_minute(now: datetime) -> float:
    """Seconds to the next full minute, when Zalo counts anew, and a little more so that not all come at once."""
    return 60.0 - now.second + secrets.randbelow(3000) / 1000
