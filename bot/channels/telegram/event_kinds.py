"""Kinds of Telegram updates and fields: her words, a report about her, or nothing of hers (safety rule 19).

Every field of the library's `Message` and every kind of its `Update` has a place here. Source: Bot API 10.3 (2026-08)
as python-telegram-bot 22.8 knows it, and core.telegram.org/bots/api#message, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.channels.base import NotKnown
from bot.parsing import NotReadable

CONTENT = frozenset(
    [
        "text",
        "caption",
        "voice",
        "audio",
        "video_note",
        "video",
        "animation",
        "live_photo",
        "document",
        "photo",
        "sticker",
        "location",
        "venue",
        "contact",
        "checklist",
        "dice",
        "game",
        "invoice",
        "paid_media",
        "poll",
        "story",
    ]
)
"""Fields of a message in which she sent something."""

FRAME = frozenset(
    [
        "message_id",
        "message_thread_id",
        "direct_messages_topic",
        "from",
        "sender_chat",
        "sender_boost_count",
        "sender_business_bot",
        "sender_tag",
        "date",
        "business_connection_id",
        "chat",
        "forward_origin",
        "is_topic_message",
        "is_automatic_forward",
        "reply_to_message",
        "external_reply",
        "quote",
        "reply_to_story",
        "reply_to_checklist_task_id",
        "reply_to_poll_option_id",
        "via_bot",
        "edit_date",
        "has_protected_content",
        "is_from_offline",
        "is_paid_post",
        "media_group_id",
        "author_signature",
        "paid_star_count",
        "entities",
        "link_preview_options",
        "suggested_post_info",
        "effect_id",
        "caption_entities",
        "show_caption_above_media",
        "has_media_spoiler",
        "reply_markup",
        "guest_query_id",
        "guest_bot_caller_user",
        "guest_bot_caller_chat",
    ]
)
"""Fields of a message about what stands beside them; alone they say nothing."""

SERVICE = frozenset(
    [
        "boost_added",
        "channel_chat_created",
        "chat_background_set",
        "chat_owner_changed",
        "chat_owner_left",
        "chat_shared",
        "checklist_tasks_added",
        "checklist_tasks_done",
        "connected_website",
        "delete_chat_photo",
        "direct_message_price_changed",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "gift",
        "gift_upgrade_sent",
        "giveaway",
        "giveaway_completed",
        "giveaway_created",
        "giveaway_winners",
        "group_chat_created",
        "left_chat_member",
        "managed_bot_created",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "migrate_to_chat_id",
        "new_chat_members",
        "new_chat_photo",
        "new_chat_title",
        "paid_message_price_changed",
        "passport_data",
        "pinned_message",
        "poll_option_added",
        "poll_option_deleted",
        "proximity_alert_triggered",
        "refunded_payment",
        "successful_payment",
        "suggested_post_approval_failed",
        "suggested_post_approved",
        "suggested_post_declined",
        "suggested_post_paid",
        "suggested_post_refunded",
        "supergroup_chat_created",
        "unique_gift",
        "users_shared",
        "video_chat_ended",
        "video_chat_participants_invited",
        "video_chat_scheduled",
        "video_chat_started",
        "web_app_data",
        "write_access_allowed",
    ]
)
"""Fields of a service message: Telegram tells that something was done in the chat. None of it is a word of hers."""

HEARD = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
"""Kinds of update that are read; all of them are asked for."""

UNHEARD = frozenset(
    [
        "business_connection",
        "business_message",
        "channel_post",
        "chat_boost",
        "chat_join_request",
        "chat_member",
        "chosen_inline_result",
        "deleted_business_messages",
        "edited_business_message",
        "edited_channel_post",
        "guest_message",
        "inline_query",
        "managed_bot",
        "message_reaction",
        "message_reaction_count",
        "poll",
        "poll_answer",
        "pre_checkout_query",
        "purchased_paid_media",
        "removed_chat_boost",
        "shipping_query",
        "subscription",
    ]
)
"""Kinds of update that say nothing to us: other chats, reactions, payments, polls."""


def is_from_person(fields: Iterable[str]) -> bool:
    """Say whether a message with these fields is something she sent; False for a service message.

    Raises NotKnown when it holds nothing but fields that are nowhere above.
    """
    named = set(fields)
    if named & CONTENT or named <= FRAME:
        return True
    if named & SERVICE:
        return False
    raise NotKnown("event")


def is_heard(kinds: Iterable[str]) -> bool:
    """Say whether an update with these parts is read. Raises NotKnown for a kind that is nowhere above, NotReadable."""
    named = set(kinds) - {"update_id"}
    if not named:
        raise NotReadable("an update about nothing")
    if named & HEARD:
        return True
    if named & UNHEARD:
        return False
    raise NotKnown("event")
