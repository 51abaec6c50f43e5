"""Sessions as the store keeps them: those of an earlier release are read, and no fact is ever among them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from flows.model.facts import Facts
from flows.model.messages import Choice
from flows.model.session import Profile, Session, Typed, Words, Written
from store.crypto.fields import encrypt, place
from store.people.models import open_session, seal_session

STORED = base64.b64decode(
    "3gAepXN0YXRlrUdldEhlbHA6d2hlcmWkZGF0YYKkY2FyZKEzpmRhbmdlcqJub6RsYW5nomVupW5vbmNlKaZwcm9tcHSSg6VsYWJlbKtJbiBWaW"
    "V0IE5hbaV2YWx1ZaJ2bqVzdHlsZaCDpWxhYmVsr0Fub3RoZXIgY291bnRyeaV2YWx1ZaZhYnJvYWSlc3R5bGWgpXBsYWNlqWFicm9hZDpLSKVs"
    "ZXZlbAOnc3RvcHBlZMOrcXVpZXRfdW50aWzW/2sEjlynbGFzdF9hdNb/awSOXKRjYXNlwKdvbl9kdXR5wqpxdWlldF9leGl0w6lsaXN0ZW5pbm"
    "fDpGtlcHSBqWNoZWNrbGlzdKRkbmRup3Byb2ZpbGWiYTGocHJvZmlsZXOBoISkbGFuZ6J2aaRrZXB0gaNiYWemcGFja2VkqWxpc3RlbmluZ8Oq"
    "cXVpZXRfZXhpdMKkY2FyZcCndmlsbGFnZcCnaW52aXRlZMCldm9pY2WjaG1uqHNwZWFraW5nwKZzb3VuZHOApXdvcmRzg6Nvd27EEG9vb29vb2"
    "9vb29vb29vb2+mZHVyZXNzxBBkZGRkZGRkZGRkZGRkZGRkp2NvdmVyZWTDp3dyaXR0ZW6RgqJpZKIxN6JhdNb/awSOXKRzYWx0xACocGxhY2Vf"
    "YXTW/2sEjlypc2l0dWF0aW9upHNvbGSqcHJlc2VudF9hdNb/awSOXKV0eXBlZJGDomlkojE3pG1hcmvECDEyMzQ1Njc4pmhhbmRlZMM="
)
"""A session as it was stored while facts were fields of it, every other field with a value of its own."""
AT = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
SESSION = Session(
    state="GetHelp:where",
    data={"card": "3", "danger": "no"},
    lang="en",
    nonce=41,
    prompt=(Choice("In Viet Nam", "vn"), Choice("Another country", "abroad")),
    place="abroad:KH",
    level=3,
    stopped=True,
    quiet_until=AT,
    last_at=AT,
    quiet_exit=True,
    listening=True,
    kept={"checklist": "dndn"},
    profile="a1",
    profiles={"": Profile("vi", {"bag": "packed"}, True, False)},
    voice="hmn",
    words=Words(b"o" * 16, b"d" * 16, True),
    written=(Written("17", AT),),
    place_at=AT,
    situation="sold",
    present_at=AT,
    typed=(Typed("17", b"12345678", True),),
)
KEY = AESGCM(bytes(32))
HER = UUID(int=7)


def test_a_session_of_an_earlier_release_is_read() -> None:
    """Every field that is still one keeps its value; fields of then that are none now are passed over."""
    sealed = encrypt(KEY, STORED, place("session", "state", "3", HER))
    assert open_session(KEY, HER, 3, sealed) == SESSION


def test_a_session_comes_back_as_it_was_stored_and_somebody_new_has_a_new_one() -> None:
    """Sealed for one person and version, opened for the same; with nothing stored it is a new one."""
    assert open_session(KEY, HER, 4, seal_session(KEY, HER, 4, SESSION)) == SESSION
    assert open_session(KEY, HER, 0, None) == Session()


def test_no_fact_is_stored_with_a_session() -> None:
    """What the store sees anew before each step would be a second, older truth beside it."""
    assert not set(Facts.__struct_fields__) & set(msgspec.msgpack.decode(msgspec.msgpack.encode(SESSION)))


def test_every_field_of_a_session_has_a_default() -> None:
    """A release that remembers more reads what one that remembered less has stored."""
    assert msgspec.msgpack.decode(b"\x80", type=Session) == Session()
