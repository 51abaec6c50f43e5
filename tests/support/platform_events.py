"""What the platforms tell of one person, as bytes: her words, her edits, and everything that is no word of hers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.channels.telegram.event_kinds import SERVICE, UNHEARD
from bot.channels.zalo_oa.event_kinds import HAPPENED, NOTHING

HER = 42
CRY = "cứu em với, em bị nhốt"
CHAT = {"id": HER, "type": "private", "first_name": "Lan"}
FROM = {"from": {"id": HER, "is_bot": False, "first_name": "Lan"}, "chat": CHAT}
US = {"id": 1, "is_bot": True, "first_name": "Sổ tay"}
AT_THE_BOT = "0a1b2c3d4e5f60718293"
OF_THE_BOT = {"from": {"id": AT_THE_BOT}, "chat": {"id": AT_THE_BOT, "chat_type": "PRIVATE"}}
TO_THE_ACCOUNT = {"sender": {"id": str(HER)}, "recipient": {"id": "7"}}
BY_THE_ACCOUNT = {"sender": {"id": "7", "admin_id": "5"}, "recipient": {"id": str(HER)}}


def _standing(status: str) -> dict[str, Any]:
    old, new = ({"user": US, "status": one, "until_date": 0} for one in ("member", status))
    return {"my_chat_member": FROM | {"old_chat_member": old, "new_chat_member": new}}


COMING_AND_GOING: dict[str, list[dict[str, Any]]] = {
    "telegram": [_standing("kicked"), _standing("member")],
    "zalo_oa": [
        {"event_name": "user_withdraw", "oa_id": "7", "user_id": str(HER)},
        {"event_name": "unfollow", "oa_id": "7", "follower": {"id": str(HER)}},
        {"event_name": "follow", "oa_id": "7", "follower": {"id": str(HER)}},
    ],
    "zalo_bot": [
        {"event_name": name, "message": OF_THE_BOT | {"message_id": "m", "text": CRY}}
        for name in ("user.follow", "follow", "user.unfollow", "unfollow")
    ],
}
"""What each channel reports of her leaving it and coming back."""
REPORTS: dict[str, list[dict[str, Any]]] = {
    "telegram": [
        *COMING_AND_GOING["telegram"],
        *({"message": FROM | {"message_id": 9, field: {}}} for field in sorted(SERVICE)),
        *({kind: FROM | {"text": CRY}} for kind in sorted(UNHEARD)),
        *(_standing(status) for status in ("left", "restricted", "administrator", "?")),
        {"message": FROM | {"message_id": 9, "telepathy": {"text": CRY}}},
        {"telepathy": FROM | {"text": CRY}},
        {"my_chat_member": {"chat": CHAT}},
        {"message": FROM | {"text": CRY, "forward_origin": {"type": "user", "date": 0, "sender_user": US}}},
        {"edited_message": FROM | {"message_id": 7, "location": {"latitude": 21.0, "longitude": 105.0}}},
        {"edited_message": {"chat": CHAT, "message_id": []}},
    ],
    "zalo_oa": [
        *COMING_AND_GOING["zalo_oa"],
        *(
            {"event_name": name, **TO_THE_ACCOUNT, "message": {"msg_id": "m", "text": CRY, "react_icon": "/-heart"}}
            for name in sorted(NOTHING | HAPPENED.keys() | {"user_future_thing", "telepathy"})
        ),
        {"event_name": "user_call_oa", "oa_id": "7", "user_id": str(HER), "talk_time": 296000},
        {"event_name": "user_call_oa", "oa_id": "7", "phone": "84900000009"},
        {"event_name": "oa_send_text", **BY_THE_ACCOUNT, "message": {"msg_id": "m", "text": CRY}},
        {"event_name": "follow", "message": "?", **TO_THE_ACCOUNT},
    ],
    "zalo_bot": [
        *COMING_AND_GOING["zalo_bot"],
        *(
            {"event_name": name, "message": OF_THE_BOT | {"message_id": "m", "text": CRY}}
            for name in (
                *("user.blocked", "telepathy"),
                *(
                    f"message.{kind}.received"
                    for kind in ("reaction", "seen", "delivered", "typing", "recalled", "call")
                ),
            )
        ),
    ],
}
"""Of each channel: everything that it reports, with a cry in it wherever words fit."""


def typed(channel: str, text: str, number: int = 7) -> dict[str, Any]:
    """A message that she typed."""
    if channel == "telegram":
        return {"message": FROM | {"message_id": number, "text": text}}
    if channel == "zalo_oa":
        return {"event_name": "user_send_text", **TO_THE_ACCOUNT, "message": {"msg_id": f"m{number}", "text": text}}
    return {"event_name": "message.text.received", "message": OF_THE_BOT | {"message_id": f"m{number}", "text": text}}


def sent(channel: str) -> dict[str, Any]:
    """A message of hers that nobody can read."""
    if channel == "telegram":
        return {"message": FROM | {"message_id": 8, "voice": "?"}}
    if channel == "zalo_oa":
        return {"event_name": "user_send_audio", **TO_THE_ACCOUNT, "message": {"msg_id": [], "text": 7}}
    return {"event_name": "message.voice.received", "message": OF_THE_BOT | {"message_id": "m8", "text": 7}}


def edited(text: str, number: int = 7) -> dict[str, Any]:
    """A message that she changed, on Telegram."""
    return {"edited_message": FROM | {"message_id": number, "text": text}}


def raw(body: dict[str, Any], at: datetime, number: int = 1) -> bytes:
    """The bytes of an event that happened at some time."""
    if "event_name" not in body:
        parts = {kind: {**part, "date": int(at.timestamp()), "edit_date": 1} for kind, part in body.items()}
        return json.dumps({"update_id": number, **parts}).encode()
    milliseconds = int(at.timestamp() * 1000)
    if body.get("message", {}) != "?" and "chat" in body.get("message", {}):
        return json.dumps(body | {"message": {**body["message"], "date": milliseconds}}).encode()
    return json.dumps({"app_id": "9", "timestamp": str(milliseconds), **body}).encode()
