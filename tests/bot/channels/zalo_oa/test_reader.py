"""What the Zalo adapter makes of events: every documented shape, forgeries, hostile bytes."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.base import Arrived, NotAuthentic, NotKnown
from bot.channels.zalo_oa.adapter import ZaloOA
from bot.parsing import NotReadable
from flows.model.messages import Incoming
from tests.support.content import limits_of

NOW = datetime(2026, 11, 22, 15, 0, 20, tzinfo=UTC)


def event(name: str, **more: Any) -> dict[str, Any]:
    """An event as documented."""
    return {"app_id": "9", "event_name": name, "timestamp": str(int(NOW.timestamp() * 1000)), **more}


def from_person(name: str, message: dict[str, Any]) -> dict[str, Any]:
    """An event in which she sent something."""
    return event(name, sender={"id": "42"}, recipient={"id": "7"}, message={"msg_id": "m1", **message})


def heard(kind: str, address: str = "42", **facts: Any) -> Arrived:
    """Something from her."""
    return Arrived(address, Incoming(kind, NOW, **facts))


def attached(kind: str, **payload: Any) -> dict[str, Any]:
    """A message with one attachment."""
    return {"attachments": [{"type": kind, "payload": payload}]}


COORDINATES = {"latitude": "10.79", "longitude": "106.78"}
ANONYMOUS = event(
    "anonymous_send_text", sender={"id": "a1"}, recipient={"id": "7"},
    message={"msg_id": "m1", "text": "giúp", "conversation_id": "c1"},
)  # fmt: skip
ECHO = {"sender": {"id": "7"}, "recipient": {"id": "42"}, "message": {"msg_id": "m1", "text": "Chào"}}
LINK = {"text": "xem", **attached("link", url="https://x.test")}
PLACE = {"text": "Nhà Lan", **attached("location", coordinates=COORDINATES)}
NOWHERE = attached("location", coordinates={"latitude": "?"})
IN_GROUP = {"oa_id": "7", "recipient": {"id": "g1"}, "message": {"msg_id": "m", "text": "a"}}
BY_HAND = {"id": "7", "admin_id": "5"}
HERS, OURS = {"sender": {"id": "42"}, "recipient": {"id": "7"}}, {"sender": {"id": "7"}, "recipient": {"id": "42"}}
REACTED = {"msg_id": "m1", "react_icon": "/-heart"}
M1 = {"message_id": "m1"}
TWO = {
    "text": "https://a.test và",
    "attachments": [
        {"type": "link", "payload": {"url": url, "title": title}}
        for url, title in (("https://a.test", "Một"), ("https://b.test", "Hai"))
    ],
}
ALBUM = {
    "text": "hai ảnh",
    "attachments": [{"type": "image", "payload": {"url": url}} for url in ("u1", "", "u2", "u1")],
}
SHAPES: list[tuple[dict[str, Any], Arrived | None]] = [
    (from_person("user_send_text", {"text": "cứu"}), heard("text", text="cứu", **M1)),
    (from_person("user_send_text", {"msg_id": "", "mid": 12, "text": "a"}), heard("text", text="a", message_id="12")),
    (from_person("user_send_link", LINK), heard("text", text="xem https://x.test", **M1)),
    (from_person("user_send_text", TWO), heard("text", text="https://a.test và https://b.test", card="Một\nHai", **M1)),
    (from_person("user_send_image", attached("image", url="u")), heard("image", media="u", **M1)),
    (from_person("user_send_image", ALBUM), heard("image", text="hai ảnh", media="u1\nu2", **M1)),
    (from_person("user_send_gif", attached("gif", url="u")), heard("image", media="u", **M1)),
    (from_person("user_send_audio", attached("audio", url="u.amr")), heard("voice", media="u.amr", **M1)),
    (from_person("user_send_video", attached("video", url="u")), heard("file", media="u", **M1)),
    (from_person("user_send_file", attached("file", url="u", name="n")), heard("file", media="u", **M1)),
    (from_person("user_send_sticker", attached("sticker", id=5, url="u")), heard("sticker", media="5", **M1)),
    (from_person("user_send_location", PLACE), heard("location", media="geo:10.79000,106.78000", **M1)),
    (from_person("user_send_location", NOWHERE), heard("location", **M1)),
    (from_person("user_send_business_card", attached("link", description="84")), heard("contact", **M1)),
    (from_person("user_send_hologram", {}), heard("other", **M1)),
    (ANONYMOUS, heard("text", "anonymous:a1:c1", text="giúp", **M1)),
    (event("follow", oa_id="7", follower={"id": "42"}), heard("follow")),
    (event("unfollow", oa_id="7", follower={"id": 42}), heard("unfollow")),
    (event("user_withdraw", oa_id="7", user_id="42"), heard("withdrawal")),
    (event("user_call_oa", **HERS), heard("call_missed")),
    (event("user_call_oa", oa_id="7", user_id="42", talk_time=0), heard("call_missed")),
    (event("user_call_oa", oa_id="7", user_id="42", talk_time="296000"), heard("call_answered")),
    (event("oa_send_text", **ECHO | {"sender": BY_HAND}), heard("staff_spoke")),
    (event("oa_send_text", **ECHO), None),
    (event("user_received_message", **OURS, message={"msg_id": "m1"}), None),
    (event("user_seen_message", **OURS, message={"msg_ids": ["m1"]}), None),
    (event("user_reacted_message", **HERS, message=REACTED), heard("reaction", text="heart")),
    (event("user_reacted_message", **HERS, message=REACTED | {"react_icon": ["?"]}), heard("reaction", text="other")),
    (event("user_reacted_message", **HERS, message=REACTED | {"react_icon": "/-remove"}), heard("reaction")),
    (event("user_click_chatnow", oa_id="7", user_id="42"), None),
    (event("user_submit_info", **HERS, info={"name": "Lan"}), None),
    (event("add_user_to_tag", oa_id="7", tag={"name": "x", "user_ids": ["42"]}), None),
    (event("change_oa_daily_quota", oaId="7", quota={}), None),
    (event("user_send_group_text", **IN_GROUP, sender={"id": "42"}), None),
    (event("user_join_group", oa_id="7", group_id="g1", users=[{"id": "42"}]), None),
    (event("oa_send_group_text", **IN_GROUP, sender=BY_HAND), None),
    (event("user_send_text", sender={"id": "42"}, recipient={"id": "8"}, message={"text": "a"}), None),
]


@pytest.mark.parametrize(("body", "expected"), SHAPES, ids=[s[0]["event_name"] for s in SHAPES])
def test_every_event_is_read(body: dict[str, Any], expected: Arrived | None) -> None:
    """One event of each kind, as documented and as seen; an event of another account is not ours."""
    oa = offline()
    raw = json.dumps(body).encode()
    assert oa.read(raw) == expected
    if expected is not None:
        assert oa.event_id(raw).conversation == expected.address
        assert len(oa.event_id(raw).event) <= 200


def test_a_damaged_event_of_a_group_concerns_nobody() -> None:
    """It cannot be read and still makes no person of the group; the same damage from her is not readable."""
    damaged = event("user_send_group_text", **IN_GROUP, sender={"id": "42"}) | {"timestamp": []}
    assert offline().read(json.dumps(damaged).encode()) is None
    with pytest.raises(NotReadable):
        offline().read(json.dumps(from_person("user_send_text", {"text": "a"}) | {"timestamp": []}).encode())


class NoTokens:
    """A keeper that is never asked."""

    def ask_with(self, alive) -> None:
        """Nothing to learn."""


def offline(*secrets: str) -> ZaloOA:
    """An adapter that is never opened."""
    return ZaloOA(
        "z1", "9", "7", secrets or ["s"], "http://127.0.0.1:9", NoTokens(), limits_of("zalo_oa"), clock=lambda: NOW
    )


def test_one_message_has_one_name_and_different_ones_have_two() -> None:
    """A retry with the same bytes, or the same id with other spacing, is the same event; a reaction is its own."""
    oa = offline()
    body = from_person("user_send_text", {"text": "a"})
    spaced = json.dumps(body, indent=1).encode()
    assert oa.event_id(json.dumps(body).encode()).event == oa.event_id(spaced).event == "user_send_text:m1"
    reactions = [
        event("user_reacted_message", sender={"id": "42"}, message={"msg_id": "m1", "react_icon": i}) for i in ":o"
    ]
    assert len({oa.event_id(json.dumps(r).encode()).event for r in reactions}) == 2


SIGNED = json.dumps(from_person("user_send_text", {"text": "cứu"})).encode()
ELSEWHERE = SIGNED.replace(b'"9"', b'"8"')


def mac(raw: bytes, secret: str = "s", app: str = "9", stamp: str = "") -> str:  # noqa: S107
    """Zalo's digest, written out once more."""
    stamp = stamp or str(int(NOW.timestamp() * 1000))
    return hashlib.sha256(app.encode() + raw + stamp.encode() + secret.encode()).hexdigest()


@pytest.mark.parametrize(
    ("headers", "raw", "reason"),
    [
        ({}, b"", "empty"),
        ({}, SIGNED, "signature missing"),
        ({"x-zevent-signature": "mac=" + mac(SIGNED)}, b"not json", "not json"),
        ({"x-zevent-signature": "mac=" + mac(SIGNED)}, b"[1]", "not json"),
        ({"x-zevent-signature": "mac=" + mac(SIGNED)}, b"[" * 100_000, "not json"),
        ({"x-zevent-signature": "mac=" + mac(SIGNED, secret="")}, SIGNED, "wrong signature"),
        ({"x-zevent-signature": "mac=" + mac(SIGNED)[:-1]}, SIGNED, "wrong signature"),
        ({"x-zevent-signature": "mac=" + mac(SIGNED)}, SIGNED + b" ", "wrong signature"),
        ({"x-zevent-signature": mac(ELSEWHERE, app="8")}, ELSEWHERE, "other app"),
    ],
)
def test_what_is_not_signed_by_zalo_is_refused(headers: dict[str, str], raw: bytes, reason: str) -> None:
    """Missing, wrong, empty secret, other app, changed by one byte, and bodies that cannot be checked at all."""
    with pytest.raises(NotAuthentic, match=reason):
        offline().verify(headers, raw)


def test_an_account_without_a_secret_believes_nobody() -> None:
    """An empty secret in the settings must not become one that everybody knows."""
    with pytest.raises(NotAuthentic):
        offline("").verify({"x-zevent-signature": mac(SIGNED, secret="")}, SIGNED)


def test_a_damaged_event_still_names_its_sender() -> None:
    """A message of no known form: not readable, and she is given the numbers all the same."""
    raw = json.dumps(from_person("user_send_text", {}) | {"message": "?"}).encode()
    with pytest.raises(NotReadable):
        offline().read(raw)
    assert offline().event_id(raw).conversation == "42"
    assert offline().event_id(b"[1]").conversation == ""


ODD = [None, True, -1, 0, 1e308, 10**30, "", "x", "\ud800", "\x00", [], [[]], {}, {"id": "66"}]


def bent(rng: random.Random, body: dict[str, Any]) -> bytes:
    """Put something odd in one place of a well-formed event, or damage its bytes."""
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
    """Sign and read that many damaged events; count what became of them. Any other exception is a crash."""
    rng, oa = random.Random(seed), offline()
    counts = {"refused": 0, "read": 0, "nobody": 0, "not_readable": 0, "elsewhere": 0, "forged": 0}
    for _ in range(count):
        raw = bent(rng, rng.choice(SHAPES)[0])
        headers = {"x-zevent-signature": "mac=" + mac(raw)}
        key = oa.event_id(raw)
        try:
            oa.verify({"x-zevent-signature": "mac=" + mac(raw, secret="other")}, raw)
            counts["forged"] += 1
        except NotAuthentic:
            pass
        try:
            oa.verify(headers, raw)
        except NotAuthentic:
            counts["refused"] += 1
        try:
            arrived = oa.read(raw)
        except (NotReadable, NotKnown):
            counts["not_readable"] += 1
            continue
        counts["nobody" if arrived is None else "read"] += 1
        if arrived is not None and key.conversation != arrived.address:
            counts["elsewhere"] += 1
    return counts


def test_damaged_events_never_crash_and_never_change_the_conversation() -> None:
    """3,000 of them (20,000 in the long run): read or refused with a reason, none believed that is not signed."""
    counts = storm(3000)
    assert counts["read"] + counts["nobody"] + counts["not_readable"] == 3000
    assert (counts["elsewhere"], counts["forged"]) == (0, 0)
    assert counts["read"] > 300
    assert counts["not_readable"] > 300


def row(kind: str, **more: Any) -> dict[str, Any]:
    """A row of Zalo's list of messages, written by her."""
    return {"src": 1, "time": 1763775600000, "type": kind, "message_id": "m1", "from_id": "42", "to_id": "7"} | more


ROWS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    (row("text", message="cứu em"), "user_send_text", {"kind": "text", "text": "cứu em"}),
    (row("voice", url="u.amr"), "user_send_audio", {"kind": "voice", "media": "u.amr"}),
    (row("photo", url="u.jpg", thumb="t", message="đây"), "user_send_image", {"kind": "image", "media": "u.jpg"}),
    (row("GIF", url="u.gif"), "user_send_gif", {"kind": "image", "media": "u.gif"}),
    (row("link", url="https://x.vn"), "user_send_link", {"kind": "text", "text": "https://x.vn"}),
    (row("links", links=[{"url": "https://x.vn"}]), "user_send_link", {"kind": "text", "text": "https://x.vn"}),
    (row("sticker", url="u"), "user_send_sticker", {"kind": "sticker"}),
    (
        row("location", location='{"longitude":"106.78","latitude":"10.79"}'),
        "user_send_location",
        {"kind": "location", "media": "geo:10.79000,106.78000"},
    ),
    (row("location", location={"latitude": 10.79}), "user_send_location", {"kind": "location", "media": ""}),
    (row("nosupport"), "user_send_file", {"kind": "other"}),
    (row("hologram", time="1763775600000", src="1"), "user_send_video", {"kind": "other"}),
    (row("text", message="nửa chữ \ud83d", src=None), "user_send_text", {"kind": "text", "text": "nửa chữ \ufffd"}),
]


@pytest.mark.parametrize(("kept", "event_name", "expected"), ROWS, ids=[r[0]["type"] for r in ROWS])
def test_a_message_read_back_is_the_one_a_webhook_brings(kept, event_name: str, expected: dict[str, Any]) -> None:
    """The list of messages knows other kinds than webhooks do: the name of a message is its id alone."""
    oa = offline()
    found = oa._kept(kept)
    assert found is not None
    assert (found.address, found.at.timestamp()) == ("42", 1763775600)
    arrived = oa.read(found.event)
    assert arrived is not None
    assert arrived.incoming.at == found.at
    assert {name: getattr(arrived.incoming, name) for name in expected} == expected
    brought = json.dumps(from_person(event_name, {"text": "a"})).encode()
    assert oa.event_id(found.event) == oa.event_id(brought)


OURS_KEPT = [
    row("text", src=0, from_id="7", to_id="42"),
    row("text", src="0", from_id="7", to_id="42"),
    row("text", from_id="7", to_id="42"),
]


@pytest.mark.parametrize("kept", OURS_KEPT)
def test_what_we_wrote_is_nobodys_event(kept) -> None:
    """It names her conversation and brings nothing."""
    found = offline()._kept(kept)
    assert found is not None
    assert (found.address, found.event) == ("42", b"")


@pytest.mark.parametrize("kept", [{}, row("text", from_id="4 2"), row("text", from_id=None), row("text", from_id=[])])
def test_a_row_of_nobody_is_left_out(kept) -> None:
    """A strange row stops nothing."""
    assert offline()._kept(kept) is None
