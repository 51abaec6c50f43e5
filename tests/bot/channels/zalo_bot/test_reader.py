"""What the Zalo Bot adapter makes of updates: every documented and every captured shape, forgeries, hostile bytes."""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.accounts import BotAccess
from bot.channels.base import Arrived, NotAuthentic, NotKnown
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.parsing import NotReadable
from flows.model.messages import Incoming
from tests.support.content import limits_of

NOW = datetime(2026, 11, 22, 15, 0, 20, tzinfo=UTC)
HER = "6ede9afa66b88fe6d6a9"
SECRET = "s3cret-of-the-test-0123456789"
HEADERS = {"x-bot-api-secret-token": SECRET}


def message(**content: Any) -> dict[str, Any]:
    """A message from her in a private chat, as captured."""
    return {
        "from": {"id": HER, "display_name": "Ted", "is_bot": False},
        "chat": {"id": HER, "chat_type": "PRIVATE"},
        "message_id": "2d758cb5e222177a4e35",
        "date": int(NOW.timestamp() * 1000),
        **content,
    }


def update(kind: str, **content: Any) -> dict[str, Any]:
    """An update about one message."""
    return {"event_name": f"message.{kind}.received", "message": message(**content)}


def heard(kind: str, address: str = HER, **facts: Any) -> Arrived:
    """Something from her."""
    return Arrived(address, Incoming(kind, NOW, **{"message_id": "2d758cb5e222177a4e35", **facts}))


def wrapped(body: dict[str, Any]) -> dict[str, Any]:
    """The envelope of the documentation."""
    return {"ok": True, "result": body}


def without(name: str) -> dict[str, Any]:
    """A text whose message lacks a field."""
    body = update("text", text="cứu")
    del body["message"][name]
    return body


TEXT = heard("text", text="cứu")
PHOTO = {"photo_url": "https://z.test/p.jpg", "message_type": "CHAT_PHOTO"}
VOICE = {"voice_url": "https://z.test/v.aac", "message_type": "CHAT_VOICE", "audio_duration": 3}
GROUP = {"id": "g1", "chat_type": "GROUP"}
GREEN = Arrived("group:g1", Incoming("group", NOW))
FOLLOW = heard("follow", message_id="")
NULL_SENDER = {"id": HER, "is_bot": None, "display_name": None}
NULL_CHAT = {"id": HER, "chat_type": None}
NULLS = update(
    "text",
    text="cứu",
    date=None,
    message_id=None,
    caption=None,
    photo_url=None,
    chat=NULL_CHAT,
    **{"from": NULL_SENDER},
) | {"user": None}
SHAPES: list[tuple[str, dict[str, Any], Arrived | None]] = [
    ("bare text", update("text", text="cứu"), TEXT),
    ("wrapped text", wrapped(update("text", text="cứu")), TEXT),
    ("lower-case chat type", update("text", text="cứu", chat={"id": HER, "chat_type": "private"}), TEXT),
    ("no chat type, her own id", update("text", text="cứu", chat={"id": HER}), TEXT),
    ("no chat at all", without("chat"), TEXT),
    ("no sender", without("from"), TEXT),
    ("name as first_name", update("text", text="cứu", **{"from": {"id": HER, "first_name": "T"}}), TEXT),
    ("name of a strange type", update("text", text="cứu", **{"from": {"id": HER, "name": 7}}), TEXT),
    ("date as a text", update("text", text="cứu", date=str(int(NOW.timestamp() * 1000))), TEXT),
    ("no date", without("date"), TEXT),
    ("senseless date", update("text", text="cứu", date="soon"), TEXT),
    ("date of the year 56000", update("text", text="cứu", date=1.7e15), TEXT),
    ("nulls", NULLS, heard("text", text="cứu", message_id="")),
    ("null message of a follow", {"event_name": "user.follow", "message": None, "user": {"id": HER}}, FOLLOW),
    ("no message id", without("message_id"), heard("text", text="cứu", message_id="")),
    ("numeric ids", update("text", text="a", chat={"id": 42}, **{"from": {"id": "42"}}), heard("text", "42", text="a")),
    ("half a character", update("text", text="a\ud83d"), heard("text", text="a\ufffd")),
    ("photo_url", update("image", **PHOTO, caption="xem"), heard("image", media="https://z.test/p.jpg", text="xem")),
    ("photo", update("image", photo="https://z.test/p.jpg"), heard("image", media="https://z.test/p.jpg")),
    ("photo as an object", update("image", photo={"url": "u"}), heard("image", media="u")),
    ("several photos", update("image", photo=["u1", {"url": "u2"}, "u1", 0]), heard("image", media="u1\nu2")),
    ("photo without anything", update("image"), heard("image")),
    ("voice", update("voice", **VOICE), heard("voice", media="https://z.test/v.aac")),
    ("sticker", update("sticker", sticker="bfe4", url="https://z.test/s.png"), heard("sticker", media="bfe4")),
    ("unsupported", update("unsupported"), heard("other")),
    ("unsupported with a text", update("unsupported", text="https://x.test"), heard("text", text="https://x.test")),
    ("an event of the future", update("hologram"), heard("other")),
    ("a future event with a text", update("link", text="xem"), heard("text", text="xem")),
    ("a message of no event", {"message": message(text="cứu")}, TEXT),
    ("a picture of no event", {"message": message(**PHOTO)}, heard("image", media="https://z.test/p.jpg")),
    ("group", update("text", text="a", chat=GROUP), GREEN),
    ("group in small letters", update("text", text="a", chat=GROUP | {"chat_type": "group"}), GREEN),
    ("a chat that does not say and is not hers", update("text", text="a", chat={"id": "g1"}), GREEN),
    ("a kind of chat nobody knows", update("text", text="a", chat=GROUP | {"chat_type": "CHANNEL"}), GREEN),
    ("private without an id", update("text", text="cứu", chat={"chat_type": "PRIVATE"}), TEXT),
    ("follow", {"event_name": "user.follow", "message": message()}, FOLLOW),
    ("unfollow", {"event_name": "user.unfollow", "user": {"id": HER}}, heard("unfollow", message_id="")),
    ("follower", {"event_name": "user.follow", "follower": {"id": HER}}, FOLLOW),
    ("ourselves", update("text", text="a", **{"from": {"id": "b", "is_bot": True}}), None),
]


@pytest.mark.parametrize(("body", "expected"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_every_shape_is_read(body: dict[str, Any], expected: Arrived | None) -> None:
    """As documented, as captured, as feared; the conversation named before the disk is where the answer goes."""
    bot = offline()
    raw = json.dumps(body).encode()
    assert bot.read(raw) == expected
    if expected is not None:
        assert bot.event_id(raw).conversation == expected.address
        assert len(bot.event_id(raw).event) <= 200


def offline(secret: str = SECRET) -> ZaloBot:
    """An adapter that is never opened."""
    return ZaloBot(
        BotAccess("b1", "1:x", "http://127.0.0.1:9/bot", None, secret), limits_of("zalo_bot"), clock=lambda: NOW
    )


def test_one_message_has_one_name_in_both_shapes() -> None:
    """A repetition is the same event with other spacing and in the envelope; another message is another."""
    bot, body = offline(), update("text", text="a")
    names = {
        bot.event_id(json.dumps(shape, indent=indent).encode()).event
        for shape in (body, wrapped(body))
        for indent in (None, 2)
    }
    assert names == {"message.text.received:2d758cb5e222177a4e35"}
    assert bot.event_id(json.dumps(update("text", text="a", message_id="e9")).encode()).event not in names


@pytest.mark.parametrize("form", ["bare", "wrapped"])
def test_a_damaged_update_still_names_its_sender(form: str) -> None:
    """A text that is no text: not readable, and she is given the numbers all the same; a group is not."""
    bot, body = offline(), update("text", text=["?"])
    crowd = update("text", text=["?"], chat=GROUP)
    for damaged, conversation in ((body, HER), (crowd, "group:g1")):
        raw = json.dumps(wrapped(damaged) if form == "wrapped" else damaged).encode()
        with pytest.raises(NotReadable):
            bot.read(raw)
        assert bot.event_id(raw).conversation == conversation
    assert bot.event_id(b"[1]").conversation == ""
    broken = json.dumps(update("text", text="a", message_id=["?"], chat=GROUP)).encode()
    assert bot.event_id(broken).conversation == ""


@pytest.mark.parametrize(
    ("headers", "raw", "reason"),
    [
        ({}, b"", "empty"),
        ({}, b"{}", "secret missing"),
        ({"x-bot-api-secret-token": SECRET + "x"}, b"{}", "wrong secret"),
        ({"x-bot-api-secret-token": "sécret"}, b"{}", "wrong secret"),
        ({"x-telegram-bot-api-secret-token": SECRET}, b"{}", "secret missing"),
    ],
)
def test_what_does_not_carry_the_secret_is_refused(headers: dict[str, str], raw: bytes, reason: str) -> None:
    """Missing, wrong, in another platform's header; with it anything passes."""
    with pytest.raises(NotAuthentic, match=reason):
        offline().verify(headers, raw)
    offline().verify(HEADERS, b"anything")


def test_an_account_without_a_secret_believes_nobody() -> None:
    """An empty secret must not become one that everybody knows."""
    with pytest.raises(NotAuthentic):
        offline("").verify({"x-bot-api-secret-token": ""}, b"{}")


ODD = [None, True, -1, 0, 1e308, 10**30, "", "x", "\ud800", "\x00", [], [[]], {}, {"id": "66"}, "GROUP"]


def bent(rng: random.Random, body: dict[str, Any]) -> bytes:
    """Put something odd in one place of a well-formed update, or damage its bytes."""
    whole: Any = {"": copy.deepcopy(body)}
    node, key = whole, ""
    while isinstance(node[key], dict | list) and node[key] and rng.random() < 0.8:
        node = node[key]
        key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
    node[key] = rng.choice(ODD)
    raw = bytearray(json.dumps(whole[""]).encode())
    if rng.random() < 0.5:
        at = rng.randrange(len(raw) + 1)
        raw[at : at + rng.randrange(3)] = rng.choice([b"", b"NaN", b"\xff", b'"', b"9" * 50, b"[[[["])
    return bytes(raw)


def storm(count: int, seed: int = 20261122) -> dict[str, int]:
    """Read that many damaged updates; count what became of them. Any other exception is a crash."""
    rng, bot = random.Random(seed), offline()
    counts = {"read": 0, "nobody": 0, "not_readable": 0, "elsewhere": 0, "forged": 0}
    for _ in range(count):
        raw = bent(rng, rng.choice(SHAPES)[1])
        key = bot.event_id(raw)
        try:
            bot.verify({"x-bot-api-secret-token": "other"}, raw or b"{}")
            counts["forged"] += 1
        except NotAuthentic:
            pass
        try:
            arrived = bot.read(raw)
        except (NotReadable, NotKnown):
            counts["not_readable"] += 1
            continue
        counts["nobody" if arrived is None else "read"] += 1
        if arrived is not None and key.conversation != arrived.address:
            counts["elsewhere"] += 1
    return counts


def test_damaged_updates_never_crash_and_never_change_the_conversation() -> None:
    """3,000 of them (20,000 in the long run): read or refused with a reason, none believed without the secret."""
    counts = storm(3000)
    assert counts["read"] + counts["nobody"] + counts["not_readable"] == 3000
    assert (counts["elsewhere"], counts["forged"]) == (0, 0)
    assert counts["read"] > 300
    assert counts["not_readable"] > 300


READER = offline()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("a1-\ud83d\x00ễ", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
FIELDS = ["from", "chat", "message_id", "date", "text", "caption", "photo_url", "photo", "voice_url", "sticker", "url"]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=2), st.booleans(), ANYTHING)
def test_no_value_in_any_field_raises_anything_else(fields: dict[str, Any], envelope: bool, name: Any) -> None:
    """Whatever stands in a field, an update is read, or it is not readable; never does a text go elsewhere."""
    body = {"event_name": name, "message": message(**fields)}
    raw = json.dumps(wrapped(body) if envelope else body).encode()
    bot = READER
    key = bot.event_id(raw)
    try:
        arrived = bot.read(raw)
    except (NotReadable, NotKnown):
        return
    assert arrived is None or arrived.address == key.conversation


NOWHERE = json.dumps(update("text", text="a", chat={"chat_type": "GROUP"})).encode()
HOSTILE = [
    pytest.param(NOWHERE, id="a group without an id"),
    pytest.param(b"", id="nothing"),
    pytest.param(b"\xff\xfe\x00", id="not UTF-8"),
    pytest.param(b"[" * 100_000, id="bottomless"),
    pytest.param(b'{"a":' * 50_000, id="bottomless objects"),
    pytest.param(b'{"message":{"date":' + b"9" * 5000 + b"}}", id="5,000 digits"),
    pytest.param(b'{"event_name":"x","event_name":"y","message":1,"message":{}}', id="duplicate keys"),
    pytest.param(b'{"ok":true,"result":{}}', id="no news"),
    pytest.param(b'{"ok":true,"result":[]}', id="an empty list"),
    pytest.param(b'{"ok":false,"error_code":408}', id="a refusal"),
]


@pytest.mark.parametrize("raw", HOSTILE)
def test_what_says_nothing_is_not_readable_and_nobodys(raw: bytes) -> None:
    """It is kept and shown to staff; there is nobody to answer."""
    bot = offline()
    assert bot.event_id(raw).conversation == ""
    with pytest.raises(NotReadable):
        bot.read(raw)
