"""What the Telegram adapter makes of updates: recorded shapes, hostile bytes, and the one chat they belong to."""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.accounts import BotAccess
from bot.channels.base import Arrived, NotAuthentic, NotKnown
from bot.channels.telegram.adapter import Telegram
from bot.parsing import NotReadable
from flows.model.messages import Incoming
from simulator.telegram.person import RIGHTS
from tests.support.content import limits_of

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SENT = datetime(2026, 11, 22, 7, 59, 30, tzinfo=UTC)
SECRET = "s3cret-of-the-test-0123456789"
HER = {"id": 42, "is_bot": False, "first_name": "Lan"}
CHAT = {"id": 42, "type": "private", "first_name": "Lan"}
CLUB = {"id": -100200, "type": "supergroup", "title": "Câu lạc bộ"}
FILE = {"file_id": "F1", "file_unique_id": "U1"}


def bot() -> Telegram:
    """An adapter that is never opened."""
    return Telegram(
        BotAccess("t1", "1:x", "http://127.0.0.1:9/bot", None, SECRET), limits_of("telegram"), clock=lambda: NOW
    )


def raw_of(update: dict[str, Any]) -> bytes:
    """An update as it is posted."""
    return json.dumps(update).encode()


def message(**content: Any) -> dict[str, Any]:
    """An update with a private message."""
    head = {"message_id": 7, "date": int(SENT.timestamp()), "chat": CHAT, "from": HER}
    return {"update_id": 1, "message": head | content}


def change(status: str, chat: dict[str, Any], **rights: bool) -> dict[str, Any]:
    """An update that says our membership changed."""
    old, new = ({"user": {**HER, "id": 9, "is_bot": True}, "status": s} for s in ("member", status))
    if status == "kicked":
        new["until_date"] = 0
    if rights:
        new |= {"until_date": 0, **rights}
    body = {"chat": chat, "from": HER, "date": int(SENT.timestamp())}
    return {"update_id": 1, "my_chat_member": body | {"old_chat_member": old, "new_chat_member": new}}


def press(**more: Any) -> dict[str, Any]:
    """An update with the press of a button."""
    return {"update_id": 1, "callback_query": {"id": "q", "from": HER, "chat_instance": "1"} | more}


def heard(kind: str, **facts: Any) -> Arrived:
    """Something from her."""
    thread = facts.pop("thread", "")
    said = Incoming(kind, facts.pop("at", SENT), message_id=facts.pop("message_id", "7"), **facts)
    return Arrived("42", said, thread)


EDITED = datetime(2026, 11, 22, 7, 59, 55, tzinfo=UTC)


def edited(**content: Any) -> dict[str, Any]:
    """An update that says that she changed a message."""
    body = message(edit_date=int(EDITED.timestamp()), **content) if "edit_date" not in content else message(**content)
    return {"update_id": 1, "edited_message": body["message"]}


def passed_on(author: int) -> dict[str, Any]:
    """Where a message that is passed on came from."""
    person = {"id": author, "is_bot": author == 1, "first_name": "x"}
    return {"type": "user", "date": int(SENT.timestamp()), "sender_user": person}


OURS = {"message_id": 5, "date": 0, "chat": CHAT}
PHOTO = [{**FILE, "width": 1, "height": 1}, {"file_id": "F2", "file_unique_id": "U2", "width": 9, "height": 9}]
VIDEO = FILE | {"width": 1, "height": 1, "duration": 1}
STICKER = FILE | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}
SHAPES: list[tuple[str, dict[str, Any], Arrived | None]] = [
    ("text", message(text="cuu em voi"), heard("text", text="cuu em voi")),
    ("start", message(text="/start abc"), heard("text", text="/start abc")),
    ("NUL", message(text="a\x00b"), heard("text", text="ab")),
    ("half a character", message(text="a\ud83d"), heard("text", text="a\ufffd")),
    ("unknown fields", message(text="a", new_thing={"x": 1}), heard("text", text="a")),
    ("senseless date", message(text="a"), heard("text", text="a")),
    ("press", press(data="3:1", message=OURS), heard("press", press="3:1", at=NOW, message_id="5")),
    ("press on nothing", press(data="3:1"), heard("press", press="3:1", at=NOW, message_id="")),
    ("press of a game", press(game_short_name="g", message=OURS), heard("other", at=NOW, message_id="5")),
    ("voice", message(voice=FILE | {"duration": 3}), heard("voice", media="F1")),
    ("sound", message(audio=FILE | {"duration": 3}), heard("voice", media="F1")),
    ("picture", message(photo=PHOTO, caption="đây"), heard("image", media="F2", text="đây")),
    ("sticker", message(sticker=STICKER), heard("sticker", media="F1")),
    ("live photo", message(live_photo=VIDEO | {"photo": PHOTO}), heard("image", media="F2")),
    ("picture of an album", message(photo=PHOTO, media_group_id="77"), heard("image", media="F2", album="77")),
    ("document", message(document=FILE, caption="đơn"), heard("file", media="F1", text="đơn")),
    ("video", message(video=VIDEO), heard("file", media="F1")),
    (
        "place",
        message(location={"latitude": 21.0285, "longitude": 105.8542}),
        heard("location", media="geo:21.02850,105.85420"),
    ),
    (
        "her number",
        message(contact={"phone_number": "+841", "first_name": "Lan", "user_id": 42}),
        heard("contact", media="tel:+841"),
    ),
    ("another's number", message(contact={"phone_number": "+842", "first_name": "Mai"}), heard("contact")),
    ("dice", message(dice={"emoji": "🎲", "value": 3}), heard("other")),
    ("blocked", change("kicked", CHAT), heard("blocked", message_id="")),
    ("unblocked", change("member", CHAT), heard("unblocked", message_id="")),
    ("another bot", message(text="spam", **{"from": HER | {"is_bot": True}}), None),
    ("edited", edited(text="x"), heard("edit", text="x", at=EDITED)),
    ("edited, without a time of that", edited(text="x", edit_date=0), heard("edit", text="x")),
    ("words of a picture edited", edited(photo=PHOTO, caption="y"), heard("edit", text="y", at=EDITED)),
    ("a place that moves", edited(location={"latitude": 21.0, "longitude": 105.0, "live_period": 60}), None),
    ("a picture replaced", edited(photo=PHOTO), None),
    ("an edit of another bot", edited(text="x", **{"from": HER | {"is_bot": True}}), None),
    ("an edit in a club", edited(text="x", chat=CLUB), None),
    ("a card of ours", message(text="a", forward_origin=passed_on(1)), heard("own_card", text="a")),
    ("a picture of ours", message(photo=PHOTO, caption="b", forward_origin=passed_on(1)), heard("own_card", text="b")),
    ("a voice of ours", message(voice=FILE | {"duration": 3}, forward_origin=passed_on(1)), heard("own_card")),
    ("words of somebody else", message(text="a", forward_origin=passed_on(77)), heard("text", text="a")),
]
IN_A_TOPIC = {"message_thread_id": 4242, "is_topic_message": True}
SAID_IN_A_TOPIC = heard("voice", media="F1", thread="4242")
PRESSED_IN_A_TOPIC = heard("press", press="3:1", at=NOW, message_id="5", thread="4242")
SHAPES += [
    ("in a topic", message(text="a", **IN_A_TOPIC), heard("text", text="a", thread="4242")),
    ("a voice in a topic", message(voice=FILE | {"duration": 3}, **IN_A_TOPIC), SAID_IN_A_TOPIC),
    ("a press in a topic", press(data="3:1", message=OURS | IN_A_TOPIC), PRESSED_IN_A_TOPIC),
    ("a thread of answers", message(text="a", message_thread_id=4242), heard("text", text="a")),
]
SHAPES[5][1]["message"]["date"] = 10**25
SHAPES[5] = ("senseless date", SHAPES[5][1], heard("text", text="a", at=NOW))


CODE = "NC-7KQF-2M9X"
IN_A_GROUP: list[tuple[str, dict[str, Any], str]] = [
    ("a code", message(text=CODE, chat=CLUB), CODE),
    ("a code in a small group", message(text=CODE, chat=CLUB | {"type": "group"}), CODE),
    ("small letters, spaces", message(text="  nc-7kqf-2m9x \n", chat=CLUB), CODE),
    ("after /start", message(text=f"/start {CODE}", chat=CLUB), CODE),
    ("after /start@bot", message(text="/start@nhip_cau_1_bot nc-7kqf-2m9x", chat=CLUB), CODE),
    ("an administrator without a name", message(text=CODE, chat=CLUB, **{"from": HER | {"is_bot": True}}), CODE),
    ("no sender at all", message(text=CODE, chat=CLUB, **{"from": None}), CODE),
    ("talk", message(text="chào cả nhà", chat=CLUB), ""),
    ("a cry", message(text="cứu em với", chat=CLUB), ""),
    ("a code among words", message(text=f"mã là {CODE}", chat=CLUB), ""),
    ("two codes", message(text=f"{CODE} {CODE}", chat=CLUB), ""),
    ("letters nobody prints", message(text="NC-IL01-OOOO", chat=CLUB), ""),
    ("a letter that folds to K", message(text="NC-7\u212aQF-2M9X", chat=CLUB), ""),
    ("too short", message(text="NC-7KQF-2M9", chat=CLUB), ""),
    ("another command", message(text=f"/stop {CODE}", chat=CLUB), ""),
    ("a picture named so", message(photo=[FILE | {"width": 1, "height": 1}], caption=CODE, chat=CLUB), ""),
    ("a place", message(location={"latitude": 21.0, "longitude": 105.0}, chat=CLUB), ""),
    ("her number", message(contact={"phone_number": "+841", "first_name": "Lan", "user_id": 42}, chat=CLUB), ""),
    ("somebody joined", message(new_chat_members=[HER], chat=CLUB), ""),
    ("a text of the wrong kind", message(text=7, chat=CLUB), ""),
    ("a time of the wrong kind", message(text=CODE, date="soon", chat=CLUB), ""),
    ("added to a club", change("member", CLUB), ""),
    ("added to a channel", change("member", CLUB | {"type": "channel"}), ""),
    ("press in a club", press(data="1:0", message=OURS | {"chat": CLUB}), ""),
    ("a kind of chat of 2031", message(text=CODE, chat=CLUB | {"type": "hologram"}), ""),
    ("a group without a kind", {"update_id": 1, "message": {"chat": {"id": -100200}, "text": CODE}}, ""),
]


HEARD = dict.fromkeys(RIGHTS, False) | {"can_send_messages": True}
MUTED = dict.fromkeys(RIGHTS, False)
OF_A_GROUP: list[tuple[str, dict[str, Any], Incoming | None]] = [
    ("thrown out", change("kicked", CLUB), Incoming("group_left", SENT)),
    ("left", change("left", CLUB), Incoming("group_left", SENT)),
    ("muted", change("restricted", CLUB, is_member=True, **MUTED), Incoming("group_muted", SENT)),
    ("restricted and out", change("restricted", CLUB, is_member=False, **MUTED), Incoming("group_left", SENT)),
    ("restricted in something else", change("restricted", CLUB, is_member=True, **HEARD), None),
    ("muted in a channel", change("restricted", CLUB | {"type": "channel"}, is_member=True, **MUTED), None),
    ("moved", message(migrate_to_chat_id=-100300, chat=CLUB), Incoming("group_moved", SENT, text="-100300")),
    ("moved to itself", message(migrate_to_chat_id=-100200, chat=CLUB), None),
    ("moved to nowhere", message(migrate_to_chat_id="x", chat=CLUB), None),
    ("thrown out of a channel", change("kicked", CLUB | {"type": "channel"}), None),
]


@pytest.mark.parametrize(("update", "told"), [s[1:] for s in OF_A_GROUP], ids=[s[0] for s in OF_A_GROUP])
def test_what_becomes_of_a_group_is_read(update: dict[str, Any], told: Incoming | None) -> None:
    """That it is a supergroup with another id now, and that we were put out of it or may write there no more."""
    assert bot().read(raw_of(update)) == (Arrived("-100200", told) if told else None)


def test_a_supergroup_says_which_group_it_was() -> None:
    """The same news as the group's own, in the new chat."""
    arrived = bot().read(raw_of(message(migrate_from_chat_id=-5, chat=CLUB)))
    assert arrived == Arrived("-5", Incoming("group_moved", SENT, text="-100200"))


@pytest.mark.parametrize(("update", "code"), [s[1:] for s in IN_A_GROUP], ids=[s[0] for s in IN_A_GROUP])
def test_of_a_group_nothing_is_read_but_a_code(update: dict[str, Any], code: str) -> None:
    """A code that stands alone; all other talk, presses and memberships concern nobody, even when unreadable."""
    raw = json.dumps(update).encode()
    assert bot().read(raw) == (Arrived("-100200", Incoming("group", SENT, text=code)) if code else None)
    assert bot().event_id(raw).conversation == "-100200"


@pytest.mark.parametrize(("update", "expected"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_every_shape_is_read(update: dict[str, Any], expected: Arrived | None) -> None:
    """One update of each kind, as the Bot API sends it."""
    raw = json.dumps(update).encode()
    assert bot().read(raw) == expected
    key = bot().event_id(raw)
    assert key.event == "1"
    if expected is not None:
        assert key.conversation == expected.address


GARBAGE = [
    b"null", b"[]", b"7", b'"x"', b"{", b"\xff\xfe", b"{}",
    b'{"update_id":1,"message":7}', b'{"update_id":1,"message":{"chat":{"id":"42","type":"private"},"text":"a"}}',
    b'{"update_id":1,"message":{"text":"no chat"}}', b"[" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'{"update_id":1,"callback_query":{"id":3,"from":{"id":4}}}',
]  # fmt: skip


@pytest.mark.parametrize("raw", GARBAGE, ids=lambda raw: raw[:40].decode("latin-1"))
def test_garbage_is_not_readable_and_still_has_a_name(raw: bytes) -> None:
    """NotReadable, never a crash; the same bytes always bear the same name."""
    with pytest.raises(NotReadable):
        bot().read(raw)
    assert bot().event_id(raw) == bot().event_id(raw)


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        (b'{"update_id":8,"message":{"chat":{"id":42,"type":"private"},"date":NaN,"text":"c\\ud800"}}', "42"),
        (b'{"update_id":8,"message":{"chat":{"id":42,"type":"private"},"text":"x\xff"}}', "42"),
        (b'{"update_id":8,"message":{"chat":{"id":42,"type":"private"},"text":{"a":1}}}', "42"),
        (b'{"update_id":8,"message":{"chat":{"id":42},"text":"' + rb"\"chat\":{\"id\":66}" + b'","x":NaN}}', "42"),
        (b'{"update_id":8,"message":{"chat":{"id":42},"x":NaN,"external_reply":{"chat":{"id":66}}}}', ""),
    ],
)
def test_an_unreadable_update_still_names_its_one_chat(raw: bytes, chat: str) -> None:
    """So that the emergency card goes to her; what she typed cannot name another, and doubt names nobody."""
    assert (bot().event_id(raw).event, bot().event_id(raw).conversation) == ("8", chat)


def test_the_words_survive_bytes_that_are_not_json() -> None:
    """NaN beside the text, a BOM before it, a number of 5,000 digits: she is still understood."""
    for tail in (b',"x":NaN', b',"x":' + b"9" * 5000, b',"x":"\xff"', b',"x":"\\udc00"'):
        raw = b'\xef\xbb\xbf{"update_id":1,"message":{"chat":{"id":42,"type":"private"},"text":"cuu"' + tail + b"}}"
        arrived = bot().read(raw)
        assert arrived is not None
        assert (arrived.address, arrived.incoming.text, arrived.incoming.at) == ("42", "cuu", NOW)


@pytest.mark.parametrize(
    ("headers", "raw"),
    [
        ({}, b"{}"),
        ({"x-telegram-bot-api-secret-token": ""}, b"{}"),
        ({"x-telegram-bot-api-secret-token": SECRET + "x"}, b"{}"),
        ({"x-telegram-bot-api-secret-token": SECRET[:-1]}, b"{}"),
        ({"x-telegram-bot-api-secret-token": "\udcff\u1ef1"}, b"{}"),
        ({"x-telegram-bot-api-secret-token": SECRET}, b""),
    ],
)
def test_only_the_secret_opens(headers: dict[str, str], raw: bytes) -> None:
    """Missing, empty, longer, shorter, not ASCII, and an empty body are refused."""
    with pytest.raises(NotAuthentic):
        bot().verify(headers, raw)
    bot().verify({"x-telegram-bot-api-secret-token": SECRET}, b"{}")


def test_an_account_without_a_secret_believes_nobody() -> None:
    """An empty secret is a mistake, not an open door."""
    serving = Telegram(BotAccess("t1", "1:x", "http://127.0.0.1:9/bot", None, ""), limits_of("telegram"))
    with pytest.raises(NotAuthentic):
        serving.verify({"x-telegram-bot-api-secret-token": ""}, b"{}")


ODD = [None, True, -1, 0, 1e308, 10**30, "", "x", "\ud800", "\x00", [], [[]], {}, {"id": 66}, {"chat": {"id": 66}}]


def bent(rng: random.Random, update: Any) -> bytes:
    """Put something odd in one place of a well-formed update."""
    whole = copy.deepcopy(update)
    node, key = {"": whole}, ""
    while isinstance(node[key], dict | list) and node[key] and rng.random() < 0.8:
        node = node[key]
        key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
    node[key] = rng.choice(ODD)
    return json.dumps(whole).encode() if key != "" else json.dumps(node[""]).encode()


def mutations(rng: random.Random, raw: bytes) -> bytes:
    """Change some bytes the way a bad line, a bad proxy or a bad person would."""
    changed = bytearray(raw)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(changed) + 1)
        act = rng.randrange(5)
        if act == 0:
            changed[at : at + 1] = bytes([rng.randrange(256)])
        elif act == 1:
            del changed[at : at + rng.randint(1, 12)]
        elif act == 2:
            changed[at:at] = changed[max(0, at - rng.randint(1, 30)) : at]
        elif act == 3:
            changed[at:at] = rng.choice([b"null", b"\\ud800", b"NaN", b'"', b"{", b"[[[", b"1e999", b"-1", b"\x00"])
        else:
            changed[at : at + 8] = rng.choice([b'"id":"x"', b'"date":{', b"9" * 50, b"[]", b"true"])
    return bytes(changed)


def storm(count: int, seed: int = 20261122) -> dict[str, int]:
    """Read that many mutated updates; count what became of them. Any other exception is a crash."""
    rng = random.Random(seed)
    corpus = [update for _, update, _ in SHAPES]
    channel = bot()
    counts = {"read": 0, "nobody": 0, "not_readable": 0, "elsewhere": 0}
    for _ in range(count):
        update = rng.choice(corpus)
        raw = mutations(rng, json.dumps(update).encode()) if rng.random() < 0.5 else bent(rng, update)
        key = channel.event_id(raw)
        try:
            arrived = channel.read(raw)
        except (NotReadable, NotKnown):
            counts["not_readable"] += 1
            continue
        counts["nobody" if arrived is None else "read"] += 1
        if arrived is not None and key.conversation not in ("", arrived.address):
            counts["elsewhere"] += 1
    return counts


def test_mutated_updates_never_crash_and_never_change_the_chat() -> None:
    """3,000 of them (20,000 in the long run): each is read or refused; name and content agree on the chat."""
    counts = storm(3000)
    assert sum(counts.values()) == 3000 + counts["elsewhere"]
    assert counts["elsewhere"] == 0
    assert counts["read"] > 300
    assert counts["not_readable"] > 300
