"""Kinds of Official Account events: her words, a report about her, or nothing of hers (safety rule 19).

Source: Zalo's webhook documentation as transcribed 2026-08, and the field code of chatwoot, goclaw and dify (2026).
"""

from __future__ import annotations

from bot.channels.base import NotKnown
from flows.model.messages import IncomingKind

SENT: dict[str, IncomingKind] = {
    "text": "text",
    "link": "text",
    "image": "image",
    "gif": "image",
    "audio": "voice",
    "video": "file",
    "sticker": "sticker",
    "location": "location",
    "business_card": "contact",
    "file": "file",
}
"""What comes after `user_send_` and `anonymous_send_`; another word there is something she sent, too."""

HAPPENED: dict[str, IncomingKind] = {
    "follow": "follow",
    "user_follow": "follow",
    "unfollow": "unfollow",
    "user_unfollow": "unfollow",
    "user_withdraw": "withdrawal",
    "user_call_oa": "call_missed",
    "user_reacted_message": "reaction",
}
"""Events about her that are no message: none of them is a word of hers."""

NOTHING = frozenset(
    [
        "user_received_message",
        "user_seen_message",
        "user_submit_info",
        "user_click_chatnow",
        "user_click_button",
        "user_click_link",
        "user_click_response_button",
        "user_reply_consent",
        "user_feedback",
        "user_asking_product",
        "user_join_group",
        "user_leave_group",
        "user_out_group",
        "user_request_join_group",
        "shop_has_order",
        "add_user_to_tag",
        "remove_user_from_tag",
        "remove_tag",
        "update_user_info",
        "widget_interaction_accepted",
        "widget_failed_to_sync_user_external_id",
        "extension_purchased",
        "permission_granted",
        "permission_revoked",
        "change_template_status",
        "change_template_quality",
        "change_template_tag",
        "change_oa_daily_quota",
        "change_oa_template_tags",
        "event_journey_time_out",
        "event_journey_acknowledged",
        "create_group",
        "accept_request_join_group",
        "react_request_join_group_accept",
        "reject_request_join_group",
        "react_request_join_group_reject",
        "add_group_admin",
        "remove_group_admin",
        "update_group_info",
        "delete_group",
    ]
)
"""Receipts, clicks, forms (one would tell her name: it is never asked and never kept), tags, orders, templates."""

SENDS = ("user_send_", "anonymous_send_")
"""How the names of what she sends begin."""

REACTIONS = {
    "/-heart": "heart",
    "/-strong": "thumb",
    ":>": "smile",
    ":o": "surprise",
    ":-((": "tears",
    ":-h": "anger",
}
"""Reactions by our names for them; `/-remove` takes one back. Source: zalo-java-sdk (2024-10)."""


def reaction(icon: str) -> str:
    """Name a reaction; "" for one that was taken back."""
    return "" if icon == "/-remove" else REACTIONS.get(icon, "other")


def is_sent(name: str) -> bool:
    """Say whether a damaged event is something she sent: answered, though nobody can read it.

    Without a name it is taken for that. Raises NotKnown when it is to be kept and shown to staff, and not answered.
    """
    if not name or (name.startswith(SENDS) and "_group" not in name):
        return True
    if "_group" not in name and kind_of(name) is not None:
        raise NotKnown("event")
    return False


def kind_of(name: str) -> IncomingKind | None:
    """Say what an event is to us by its name alone; None when it is nothing. Raises NotKnown for an unknown name."""
    if name.startswith(SENDS):
        return SENT.get(name.split("_send_", 1)[1], "other")
    if name in HAPPENED:
        return HAPPENED[name]
    if name in NOTHING or name.startswith(("oa_", "event_journey_")) or "_group" in name:
        return None
    raise NotKnown("event")
