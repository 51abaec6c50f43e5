"""What is a word of hers and what is not, over everything the platforms can send (safety rule 19)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import telegram
from telegram import constants

from bot.channels.accounts import BotAccess
from bot.channels.base import NotKnown
from bot.channels.telegram.adapter import UPDATES, Telegram
from bot.channels.telegram.event_kinds import CONTENT, FRAME, HEARD, SERVICE, UNHEARD
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.parsing import NotReadable
from flows.engine.step import PERSON
from tests.bot.channels.zalo_bot.test_reader import HER as HER_AT_THE_BOT
from tests.bot.channels.zalo_oa.test_reader import event, offline
from tests.support.content import limits_of

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CHAT = {"id": 42, "type": "private", "first_name": "Lan"}
FILE = {"file_id": "F1", "file_unique_id": "U1", "width": 1, "height": 1, "duration": 1}
SENT: dict[str, tuple[Any, str]] = {
    "text": ("a", "text"),
    "caption": ("a", "text"),
    "voice": (FILE, "voice"),
    "audio": (FILE, "voice"),
    "video_note": (FILE | {"length": 1}, "file"),
    "video": (FILE, "file"),
    "animation": (FILE, "image"),
    "live_photo": (FILE | {"photo": [FILE]}, "image"),
    "document": (FILE, "file"),
    "photo": ([FILE], "image"),
    "sticker": (FILE | {"is_animated": False, "is_video": False, "type": "regular"}, "sticker"),
    "location": ({"latitude": 21.0, "longitude": 105.0}, "location"),
    "venue": ({"location": {"latitude": 21.0, "longitude": 105.0}, "title": "x", "address": "y"}, "location"),
    "contact": ({"phone_number": "1", "first_name": "x"}, "contact"),
    "checklist": ({"title": "x", "tasks": []}, "other"),
    "dice": ({"emoji": "🎲", "value": 3}, "other"),
    "game": ({"title": "x", "description": "y", "photo": []}, "other"),
    "invoice": (
        {"title": "x", "description": "y", "start_parameter": "z", "currency": "VND", "total_amount": 1},
        "other",
    ),
    "paid_media": ({"star_count": 1, "paid_media": []}, "other"),
    "poll": (
        {
            **{
                "id": "1",
                "question": "x",
                "options": [],
                "total_voter_count": 0,
                "is_closed": False,
                "type": "regular",
            },
            **{"is_anonymous": True, "allows_multiple_answers": False, "allows_revoting": False, "members_only": False},
        },
        "other",
    ),
    "story": ({"chat": CHAT, "id": 1}, "other"),
}
"""Each field in which she sends something, a value as the Bot API sends it, and what it is to us."""
NAMES = {"from_user": "from"}
"""Names in the library that differ from those on the wire."""


def bot() -> Telegram:
    """An adapter that is never opened."""
    return Telegram(
        BotAccess("t1", "1:x", "http://127.0.0.1:9/bot", None, "s"), limits_of("telegram"), clock=lambda: NOW
    )


def update(**content: Any) -> bytes:
    """A private message with these fields."""
    head = {"message_id": 7, "date": int(NOW.timestamp()), "chat": CHAT, "from": {"id": 42, "first_name": "L"}}
    head["from"] |= {"is_bot": False}
    return json.dumps({"update_id": 1, "message": head | content}).encode()


def fields_of_a_message() -> set[str]:
    """Every field of the library's message, as named on the wire."""
    slots = {slot for kind in telegram.Message.__mro__ for slot in getattr(kind, "__slots__", ())}
    named = {slot for slot in slots if not slot.startswith("_")} - {"api_kwargs"}
    return {NAMES.get(name, name) for name in named}


def test_every_field_of_a_message_has_one_place() -> None:
    """A new version of the library with a new field, and every kind of message it names, fails here until placed."""
    assert fields_of_a_message() <= CONTENT | FRAME | SERVICE
    assert {kind.value for kind in constants.MessageType} <= CONTENT | FRAME | SERVICE
    assert not CONTENT & FRAME | CONTENT & SERVICE | FRAME & SERVICE
    assert SENT.keys() == CONTENT


def test_every_kind_of_update_has_one_place() -> None:
    """What is read is asked for, and nothing else; the rest is nothing to us."""
    assert set(telegram.Update.ALL_TYPES) <= HEARD | UNHEARD
    assert {kind.value for kind in constants.UpdateType} <= HEARD | UNHEARD
    assert not HEARD & UNHEARD
    assert set(UPDATES) == HEARD


@pytest.mark.parametrize("field", sorted(SERVICE))
@pytest.mark.parametrize("value", [{}, True, [], "x", {"message_id": 1, "date": 0, "chat": CHAT}], ids=str)
def test_a_service_message_is_nothing(field: str, value: Any) -> None:
    """Whatever stands in it, readable or not."""
    assert bot().read(update(**{field: value})) is None


@pytest.mark.parametrize("field", sorted(SENT))
def test_what_she_sends_is_hers(field: str) -> None:
    """Also beside a field that nobody knows."""
    value, kind = SENT[field]
    for more in ({}, {"telepathy": {"x": 1}}):
        arrived = bot().read(update(**{field: value}, **more))
        assert arrived is not None
        assert arrived.incoming.kind == kind
        assert arrived.incoming.kind in PERSON


@pytest.mark.parametrize("field", sorted(SENT.keys() - {"text", "caption", "live_photo"}))
def test_what_she_sends_and_nobody_can_read_is_not_readable(field: str) -> None:
    """It is answered with the numbers: it may be her one message."""
    with pytest.raises(NotReadable):
        bot().read(update(**{field: {"?": 1}}))


@pytest.mark.parametrize("kind", sorted(UNHEARD))
def test_an_update_of_another_kind_is_nothing(kind: str) -> None:
    """Reactions, boosts, payments, what happens in other chats."""
    assert bot().read(json.dumps({"update_id": 1, kind: {"chat": CHAT, "text": "cứu em với"}}).encode()) is None


@pytest.mark.parametrize(
    "raw",
    [
        update(telepathy={"x": 1}),
        json.dumps({"update_id": 1, "telepathy": {"chat": CHAT}}).encode(),
        json.dumps({"update_id": 1, "telepathy": {"chat": CHAT, "text": "cứu em với"}}).encode(),
    ],
    ids=["field", "kind", "kind with words"],
)
def test_a_kind_nobody_knows_is_known_as_such(raw: bytes) -> None:
    """Kept and shown to staff, answered by nothing."""
    with pytest.raises(NotKnown):
        bot().read(raw)


@pytest.mark.parametrize("chat", [CHAT, {"id": -5, "type": "group"}], ids=["private", "group"])
@pytest.mark.parametrize("damage", [{}, {"new_chat_member": {"status": 7}}, {"new_chat_member": None, "date": "x"}])
def test_a_damaged_report_of_a_membership_is_no_word(chat: dict[str, Any], damage: dict[str, Any]) -> None:
    """Of a person it is kept and shown to staff; of a group it is nothing."""
    raw = json.dumps({"update_id": 1, "my_chat_member": {"chat": chat} | damage}).encode()
    if chat is CHAT:
        with pytest.raises(NotKnown):
            bot().read(raw)
    else:
        assert bot().read(raw) is None


WORDS = [
    *("text", "link", "image", "gif", "audio", "video", "sticker", "location", "business_card", "file", "hologram"),
]
ANSWERED = ["follow", "user_follow", "user_call_oa"]
FACTS = ["unfollow", "user_unfollow", "user_withdraw", "user_reacted_message"]
NOTHING = [
    *("user_received_message", "user_seen_message", "user_submit_info", "user_click_chatnow", "user_feedback"),
    *("user_click_response_button", "user_reply_consent", "oa_send_consent", "oa_call_user", "oa_reacted_message"),
    *("user_asking_product", "shop_has_order", "add_user_to_tag", "remove_user_from_tag", "remove_tag"),
    *("update_user_info", "widget_interaction_accepted", "widget_failed_to_sync_user_external_id"),
    *("extension_purchased", "change_template_status", "change_template_quality", "change_oa_daily_quota"),
    *("event_journey_time_out", "event_journey_something", "permission_revoked", "change_template_tag"),
    *("oa_send_text", "oa_send_image", "oa_send_list", "oa_send_file", "oa_send_gif", "oa_send_sticker"),
    *("oa_send_anonymous_text", "create_group", "delete_group", "add_group_admin", "remove_group_admin"),
    *("user_join_group", "user_leave_group", "user_out_group", "user_request_join_group", "update_group_info"),
    *("accept_request_join_group", "reject_request_join_group", "user_send_group_text", "oa_send_group_text"),
]
HER_EVENT = {"sender": {"id": "42"}, "recipient": {"id": "7"}}
DAMAGE: list[dict[str, Any]] = [{"timestamp": []}, {"message": "?"}, {"message": {"msg_id": [], "text": 7}}]


@pytest.mark.parametrize("name", [f"{who}_send_{what}" for who in ("user", "anonymous") for what in WORDS])
def test_what_she_sends_to_an_official_account_is_hers(name: str) -> None:
    """Of whatever kind; damaged it is not readable, and answered with the numbers."""
    message = {"msg_id": "m", "text": "a", "conversation_id": "c1"}
    arrived = offline().read(json.dumps(event(name, **HER_EVENT, message=message)).encode())
    assert arrived is not None
    assert arrived.incoming.kind in PERSON
    for damage in DAMAGE:
        with pytest.raises(NotReadable):
            offline().read(json.dumps(event(name, **HER_EVENT) | damage).encode())


@pytest.mark.parametrize("name", [*ANSWERED, *FACTS])
def test_what_an_official_account_reports_about_her_is_no_word(name: str) -> None:
    """Also with words in it; damaged it is kept and answered by nothing."""
    words = {"message": {"msg_id": "m", "text": "cứu em với", "react_icon": "/-heart"}}
    arrived = offline().read(json.dumps(event(name, **HER_EVENT, **words)).encode())
    assert arrived is not None
    assert arrived.incoming.kind not in PERSON
    assert arrived.incoming.text in ("", "heart")
    for damage in DAMAGE:
        with pytest.raises(NotKnown):
            offline().read(json.dumps(event(name, **HER_EVENT) | damage).encode())


@pytest.mark.parametrize("name", NOTHING)
def test_the_rest_is_nothing(name: str) -> None:
    """As sent and damaged, with words and without."""
    for more in ({}, {"message": {"msg_id": "m", "text": "cứu em với"}}, {"oa_id": "7", "user_id": "42"}, *DAMAGE):
        assert offline().read(json.dumps(event(name, **HER_EVENT) | more).encode()) is None


@pytest.mark.parametrize("name", ["user_future_thing", "telepathy", "user_call_somebody", "anonymous_thing"])
def test_an_event_nobody_knows_is_known_as_such(name: str) -> None:
    """Kept and shown to staff, answered by nothing, also when it holds words."""
    for more in ({}, {"message": {"msg_id": "m", "text": "cứu em với"}}, *DAMAGE):
        with pytest.raises(NotKnown):
            offline().read(json.dumps(event(name, **HER_EVENT) | more).encode())


def test_a_call_by_number_is_nobodys_and_shown_to_staff() -> None:
    """There is nobody to answer, and no number is kept in the clear; one that was taken is told all the same."""
    with pytest.raises(NotKnown, match="call"):
        offline().read(json.dumps(event("user_call_oa", oa_id="7", phone="84900000009", talk_time=0)).encode())


def of_the_bot(name: str, **more: Any) -> bytes:
    """An event of the Bot Platform from her."""
    chat = {"id": HER_AT_THE_BOT, "chat_type": "PRIVATE"}
    message = {"from": {"id": HER_AT_THE_BOT}, "chat": chat, "message_id": "m", "text": "cứu em với"}
    return json.dumps({"event_name": name, "message": message} | more).encode()


@pytest.mark.parametrize(
    "kind", ["text", "image", "photo", "sticker", "voice", "audio", "video", "file", "unsupported"]
)
def test_what_she_sends_to_a_zalo_bot_is_hers(kind: str) -> None:
    """`message.<kind>.received`."""
    arrived = ZaloBot(BotAccess("b", "1:x", "http://127.0.0.1:9/bot", None, "s"), limits_of("zalo_bot")).read(
        of_the_bot(f"message.{kind}.received")
    )
    assert arrived is not None
    assert arrived.incoming.kind in PERSON


@pytest.mark.parametrize("name", ["user.follow", "follow", "user.unfollow", "unfollow"])
def test_coming_and_going_at_a_zalo_bot_is_no_word(name: str) -> None:
    """Even with words in it."""
    arrived = ZaloBot(BotAccess("b", "1:x", "http://127.0.0.1:9/bot", None, "s"), limits_of("zalo_bot")).read(
        of_the_bot(name)
    )
    assert arrived is not None
    assert (arrived.incoming.kind in PERSON, arrived.incoming.text) == (False, "")


@pytest.mark.parametrize(
    "name", ["user.reacted", "message.reaction.received", "message.seen.received", "bot.added", "message.text.recalled"]
)
def test_what_a_zalo_bot_hears_and_nobody_knows_is_known_as_such(name: str) -> None:
    """As sent, damaged, and in the envelope of the documentation."""
    channel = ZaloBot(BotAccess("b", "1:x", "http://127.0.0.1:9/bot", None, "s"), limits_of("zalo_bot"))
    bare = of_the_bot(name)
    for raw in (bare, of_the_bot(name, message={"text": 7}), b'{"ok":true,"result":' + bare + b"}"):
        with pytest.raises(NotKnown):
            channel.read(raw)
