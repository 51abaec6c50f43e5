"""People who write to an account without signing in to Zalo: an id and a conversation stand for them.

Source: Zalo documentation of `anonymous_send_text` and of POST /v2.0/oa/message, as transcribed 2026-08.
"""

from __future__ import annotations

from typing import Any

from simulator.core.ids import zalo_anonymous, zalo_user_by_app
from simulator.core.phones import Phone
from simulator.zalo.account import OfficialAccount
from simulator.zalo.errors import ZaloRefused


def sign_out(account: OfficialAccount, phone: Phone) -> str:
    """Let her write without a Zalo account from now on, in a conversation of its own each time."""
    phone.conversation = account.environment.ids.word()
    return phone.conversation


def address_of(phone: Phone) -> str:
    """Return the id under which an account knows her."""
    return zalo_anonymous(phone.slug) if phone.conversation else phone.address


def in_event(phone: Phone) -> dict[str, Any]:
    """Return what an event of hers tells of her beside her id."""
    return {} if phone.conversation else {"user_id_by_app": zalo_user_by_app(phone.slug)}


def in_message(phone: Phone) -> dict[str, Any]:
    """Return what the message of an event tells of where it stands."""
    return {"conversation_id": phone.conversation} if phone.conversation else {}


def find(account: OfficialAccount, recipient: dict[str, Any]) -> Phone | None:
    """Return the phone meant by an anonymous id and its conversation; raises Refused when one is missing."""
    person, conversation = recipient.get("anonymous_id"), recipient.get("conversation_id")
    for name, given in (("anonymous_id", person), ("conversation_id", conversation)):
        if not isinstance(given, str) or not given:
            raise ZaloRefused(-201, name)
    mine = (p for p in account.environment.phones if p.account == account.oa_id and p.conversation == conversation)
    return next((phone for phone in mine if address_of(phone) == person), None)
