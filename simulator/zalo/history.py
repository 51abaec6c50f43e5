"""What was said, for catching up after a breakdown; and what may still be said, for planning."""

from __future__ import annotations

import json
from typing import Any

from simulator.core.phones import Message, Phone
from simulator.zalo.errors import ZaloRefused
from simulator.zalo.request import ApiRequest
from simulator.zalo.send_checks import INTERACTION_WINDOW

_TYPES = {"voice": "voice", "image": "photo", "gif": "GIF", "sticker": "sticker", "location": "location"}


def recent_chats(asked: ApiRequest) -> Any:
    """GET /v2.0/oa/listrecentchat: the newest message of each chat, newest chat first, at most 10."""
    offset, count = asked.number("offset", 0, 10_000), asked.number("count", 10, 10)
    phones = [p for p in asked.account.environment.phones if p.account == asked.account.oa_id and p.messages]
    phones = [phone for phone in phones if not phone.conversation]
    phones.sort(key=lambda phone: phone.messages[-1].at, reverse=True)
    return [_row(asked, phone, phone.messages[-1]) for phone in phones[offset : offset + count]]


def conversation(asked: ApiRequest) -> Any:
    """GET /v2.0/oa/conversation: the messages of one chat, newest first, at most 10."""
    offset, count = asked.number("offset", 0, 10_000), asked.number("count", 10, 10)
    phone = asked.person()
    return [_row(asked, phone, m) for m in phone.messages[::-1][offset : offset + count]]


def _row(asked: ApiRequest, phone: Phone, message: Message) -> dict[str, Any]:
    account, hers = asked.account, message.sender == "user"
    ends = [(account.oa_id, account.name), (phone.address, phone.name)]
    sender, receiver = reversed(ends) if hers else ends
    kind = _TYPES.get(message.media.kind, "nosupport") if message.media else "text"
    attached = (message.raw.get("attachments") or [{}])[0].get("payload", {}) if kind != "nosupport" else {}
    return {
        "src": 1 if hers else 0,
        "time": int(message.at.timestamp() * 1000),
        "type": kind,
        "message": message.text,
        "message_id": message.id,
        "from_id": sender[0],
        "to_id": receiver[0],
        "from_display_name": sender[1],
        "to_display_name": receiver[1],
        "from_avatar": "",
        "to_avatar": "",
        "url": attached.get("url") or (message.media.url if message.media else ""),
        "thumb": attached.get("thumbnail", ""),
        "location": json.dumps(attached["coordinates"]) if "coordinates" in attached else "",
    }


def message_quota(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/quota/message: what may be sent to one person, or what the account has left."""
    if "user_id" in asked.body:
        return _person_quota(asked)
    if str(asked.body.get("quota_owner", "")).upper() not in ("OA", "APP"):
        raise ZaloRefused(-201, "quota_owner")
    left = asked.account.conditions.sub_quota
    head = {"asset_id": asked.account.oa_id[-12:], "product_type": "cs", "quota_type": "sub_quota"}
    return [{**head, "valid_through": "31/12/2027", "total": 2000, "remain": left}]


def _person_quota(asked: ApiRequest) -> Any:
    phone, now = asked.person(), asked.account.environment.now()
    last = phone.last_interaction
    replies = 8 if last and now - last <= INTERACTION_WINDOW else 0
    return {
        "last_interaction": str(int(last.timestamp() * 1000)) if last else "0",
        "cs_reply": {"remain": replies, "total": replies},
        "promotion": {"daily_remain": 1, "daily_total": 1, "monthly_remain": 4, "monthly_total": 4},
    }


def old_message_quota(asked: ApiRequest) -> Any:
    """POST /v2.0/oa/quota/message: the free replies to one message of a person."""
    wanted = asked.text("message_id")
    mine = (p for p in asked.account.environment.phones if p.account == asked.account.oa_id)
    if not any(phone.find(wanted) for phone in mine):
        raise ZaloRefused(-201, "message_id")
    return {"type": "reply", "total": 8, "remain": 8}
