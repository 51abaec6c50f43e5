"""Zalo's error codes as actions, keyed by host: the same number means different things on different hosts.

Source: zaloplatform/zalo-java-sdk (2024-10), Zalo's documentation as transcribed in 2026-08 and 2026-09, and
the code of running integrations. Codes nobody has listed are PERMANENT.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Literal

Host = Literal["openapi", "oauth", "bot"]


class Action(StrEnum):
    """What to do about an error."""

    REFRESH = "refresh"
    RETRY = "retry"
    RESCHEDULE = "reschedule"
    UNREACHABLE = "unreachable"
    PERMANENT = "permanent"
    HUMAN = "human"


_OPENAPI: dict[Action, dict[int, str]] = {
    Action.REFRESH: {
        -216: "access token invalid",
        -220: "access token expired or removed",
        -124: "access token invalid",
        -401: "access token invalid",
        216: "access token invalid",
        401: "access token invalid",
        452: "access token invalid",
    },
    Action.RETRY: {
        -32: "rate limit",
        -100: "attachment expired",
        -200: "sending failed",
        -214: "article in processing",
        429: "rate limit",
        10000: "call failed",
        10002: "unknown exception",
    },
    Action.RESCHEDULE: {
        -211: "out of quota",
        -218: "recipient's quota used",
        -234: "night",
        12000: "old quota used",
        12002: "old quota used",
        12003: "old quota used",
        12004: "old quota used",
        12010: "old quota used",
    },
    Action.UNREACHABLE: {
        -213: "does not follow",
        -217: "blocked the invitation",
        -222: "inactive",
        -227: "banned, or away for 45 days",
        -230: "no interaction in 7 days",
        -232: "no interaction, or it expired",
        -244: "restricts this kind of message",
        -305: "more than 48 hours",
        -311: "reply quota used",
        210: "unreachable",
        12007: "unreachable",
        12008: "unreachable",
        12009: "unreachable",
    },
    Action.PERMANENT: {
        -201: "a field is invalid",
        -210: "over a limit",
        -233: "kind of message not supported",
        -240: "this interface is closed",
        -249: "template cannot go to a user id",
        100: "bad parameter",
        2500: "bad syntax",
    },
    Action.HUMAN: {
        -202: "permission refused",
        -204: "the account is disabled",
        -205: "no such account",
        -207: "the account may not do this",
        -208: "the account may not do this",
        -209: "the application is not activated",
        -212: "the interface is not registered",
        -219: "the application was removed",
        -221: "the account is not verified",
        -223: "the account has not authorised the application",
        -224: "the plan does not include this",
        -235: "the kind of account does not allow this",
        -237: "the group package expired",
        -238: "the group package is used",
        -241: "the group package is disabled",
        -242: "appsecret_proof is wrong",
        -248: "policy violation",
        -320: "no billing account is linked",
        -321: "the billing account is empty",
        -403: "the account is not in the group",
    },
}
_OAUTH: dict[Action, dict[int, str]] = {
    Action.HUMAN: {
        -118: "the grant is invalid",
        -14002: "app id invalid, or application not active",
        -14003: "redirect address invalid, or its domain not verified",
        -14012: "the application's owner must act",
        -14014: "the refresh token was rejected",
        -14024: "the application's owner must act",
    },
}
_BOT: dict[Action, dict[int, str]] = {
    Action.PERMANENT: {400: "bad request"},
    Action.HUMAN: {401: "the token is invalid or expired"},
    Action.RETRY: {403: "an error of Zalo's server", 404: "not found, and nobody says what", 429: "too many messages"},
}
"""The Bot Platform. Its 403 is labelled "Internal server error" and is no refusal.

Source: nextlevelbuilder/goclaw, bot/errors.go (2026), and transcriptions of Zalo's documentation (2026-08).
"""
Codes = dict[tuple[Host, int], tuple[Action, str]]


def _flat(host: Host, table: dict[Action, dict[int, str]]) -> Codes:
    return {(host, code): (what, words) for what, codes in table.items() for code, words in codes.items()}


CODES: Codes = _flat("openapi", _OPENAPI) | _flat("oauth", _OAUTH) | _flat("bot", _BOT)

_TOKEN_WORDS = re.compile(r"access[_ ]?token.*(invalid|expired)|(invalid|expired).*access[_ ]?token", re.I | re.S)
_SOMEBODY = re.compile(r"\b(chat|recipient|user)", re.I)
_MESSAGE = re.compile(r"\bmessage", re.I)
_FIELD = re.compile(r"\b(quote_message_id|attachment_id|token|user_id|message_id|text|url|buttons)\b")


def action_of(host: Host, code: int, message: str = "") -> tuple[Action, str]:
    """Say what to do about a code, and what it means in our words: Zalo's own may quote anything."""
    if host == "bot" and code == 404 and _SOMEBODY.search(message):
        return Action.UNREACHABLE, "no such chat"
    if host == "bot" and code == 404 and _MESSAGE.search(message):
        return Action.PERMANENT, "no such message"
    known = CODES.get((host, code))
    if known is not None:
        return known
    if host == "openapi" and _TOKEN_WORDS.search(message):
        return Action.REFRESH, "access token invalid"
    return Action.PERMANENT, "an unknown code"


class ZaloError(Exception):
    """Zalo said no. `field` names the refused field when Zalo did; no text, id or token is ever inside.

    `after` is how many seconds it asked us to wait; 0 when it did not.
    """

    def __init__(self, host: Host, code: int, message: str = "", *, after: float = 0.0) -> None:
        self.host = host
        self.after = after
        self.code = code
        self.action, self.meaning = action_of(host, code, message)
        found = _FIELD.search(message) if code == -201 else None
        self.field = found.group(1) if found else ""
        super().__init__(f"zalo {host} {code}: {self.meaning}")


class ZaloNotSent(Exception):
    """The request did not reach Zalo, or something on the way refused it; it may be repeated."""


class NoTokenNow(ZaloNotSent):
    """No access token works at this moment; the keeper is busy getting one."""


class ZaloNoAnswer(Exception):
    """The bytes left and nothing that can be understood came back; it may have been done."""


class NeedsConsent(Exception):
    """No token works any more: an administrator of the account must consent again."""
