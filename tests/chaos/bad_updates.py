"""Updates and events that no platform should send: damaged, generated, oversized, absurd. Data for the storms."""

from __future__ import annotations

import importlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.zalo_sdk.signature import NotJson, mac, signed_part
from tests.bot.channels.telegram import test_reader as telegram_reader_tests
from tests.bot.channels.zalo_oa import test_reader as zalo_reader_tests

CHATS = 200
GENERATED = 0.1
"""The part that Hypothesis makes; the rest are damaged copies of real shapes."""

_DEEP = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
_EMOJI = "👩‍👩‍👧‍👦" * 570
ABSURD: tuple[bytes, ...] = (
    b"null", b"[]", b"0", b'""', b"{", b"{}", b" ", b"\xff\xfe", b"\xef\xbb\xbf{}", b"NaN", _DEEP, b"[" * 100_000,
    b'{"update_id":' + b"9" * 5000 + b"}", b'{"update_id":1e999}', b'{"update_id":NaN}',
    b'{"update_id":1,"update_id":2,"message":{"text":"a"},"message":{"text":"b"}}',
    b'{"event_name":"user_send_text","event_name":"follow","app_id":"\\ud800"}',
    b'{"x":"' + b"a" * 250_000 + b'"}',
)  # fmt: skip
TEXTS: tuple[str, ...] = (
    "\x00", "a\x00b", "\ud800", "\udfff\ud800", _EMOJI, "ệ" * 5000, "e\u0323\u0302" * 1600, "\u202e" * 4000,
    "cuu em voi " * 400, "\n" * 4096, "\ufdfa" * 2000, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘" * 40,
)  # fmt: skip
PRESSES: tuple[Any, ...] = (
    "not ours",
    "999999:0",
    "1:" + "9" * 60,
    "",
    "\x00",
    "-1:-1",
    "1:0:0",
    "١:٠",
    7,
    None,
    ["1:0"],
)
MEDIA: tuple[tuple[str, Any], ...] = (
    ("voice", []), ("voice", {"file_id": 7}), ("photo", {}), ("photo", [{}]), ("photo", [{"file_id": "x"}] * 5000),
    ("document", {"file_id": "x" * 200_000}), ("location", {"latitude": "north", "longitude": 1e308}),
    ("contact", {"phone_number": 7, "first_name": None}), ("sticker", "not an object"),
)  # fmt: skip

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@dataclass(frozen=True)
class EventShapes:
    """How a channel's events are made, sealed with what proves them, and named."""

    channel: str
    shapes: tuple[dict[str, Any], ...]
    fields: tuple[str, ...]
    number: Callable[[dict[str, Any], int], None]
    bend: Callable[[random.Random, dict[str, Any]], bytes]


def _number_update(update: dict[str, Any], n: int) -> None:
    update["update_id"] = n
    for part in ("message", "my_chat_member"):
        if isinstance(update.get(part), dict) and update[part].get("chat", {}).get("id") == 42:
            update[part]["chat"] = {**update[part]["chat"], "id": 10_000 + n % CHATS}
            update[part]["from"] = {**update[part]["from"], "id": 10_000 + n % CHATS}


def _number_event(event: dict[str, Any], n: int) -> None:
    if isinstance(event.get("message"), dict):
        event["message"] = {**event["message"], "msg_id": f"m{n}"}
    for who in ("sender", "recipient", "follower"):
        if event.get(who) == {"id": "42"}:
            event[who] = {"id": str(20_000 + n % CHATS)}


def _bend_update(rng: random.Random, update: dict[str, Any]) -> bytes:
    if rng.random() < 0.5:
        return telegram_reader_tests.mutations(rng, json.dumps(update).encode())
    return telegram_reader_tests.bent(rng, update)


TELEGRAM = EventShapes(
    "telegram",
    tuple(update for _, update, _ in telegram_reader_tests.SHAPES),
    ("update_id", "message", "callback_query", "chat", "from", "id", "text", "date", "data"),
    _number_update,
    _bend_update,
)
ZALO = EventShapes(
    "zalo_oa",
    tuple(event for event, _ in zalo_reader_tests.SHAPES),
    ("event_name", "sender", "recipient", "message", "text", "msg_id", "timestamp", "app_id", "id"),
    _number_event,
    zalo_reader_tests.bent,
)
EVENT_SHAPES = (TELEGRAM, ZALO)


def bad(shapes: EventShapes, account: dict[str, Any], count: int, seed: int = 17) -> Iterator[bytes]:
    """Make `count` bodies for this account, the same ones for the same seed."""
    for raw in _bad(shapes, count, seed):
        yield raw if shapes is TELEGRAM else _of_account(raw, account)


def _of_account(raw: bytes, account: dict[str, Any]) -> bytes:
    """Let a body name this account instead of the one of the reading tests."""
    app, oa = account["app_id"].encode(), account["oa_id"].encode()
    return raw.replace(b'"app_id": "9"', b'"app_id": "' + app + b'"').replace(b'"id": "7"', b'"id": "' + oa + b'"')


def _bad(shapes: EventShapes, count: int, seed: int) -> Iterator[bytes]:
    rng = random.Random(seed)
    made = [*ABSURD, *_absurd_contents(shapes), *_generated(shapes, int(count * GENERATED))][:count]
    yield from made
    for n in range(count - len(made)):
        shape = json.loads(json.dumps(rng.choice(shapes.shapes)))
        shapes.number(shape, n + 1_000)
        yield shapes.bend(rng, shape)


def _absurd_contents(shapes: EventShapes) -> Iterator[bytes]:
    """Well-formed all around, absurd inside: texts, presses and media no person sends."""
    person = {"id": 10_001, "is_bot": False, "first_name": "x"}
    chat = {"id": 10_001, "type": "private"}
    for n, text in enumerate(TEXTS):
        if shapes is ZALO:
            yield json.dumps(
                zalo_reader_tests.from_person("user_send_text", {"msg_id": f"t{n}", "text": text})
            ).encode()
        else:
            yield _update(500 + n, {"message_id": n, "date": 1, "chat": chat, "from": person, "text": text})
    if shapes is ZALO:
        return
    for n, data in enumerate(PRESSES):
        query = {"id": f"q{n}", "from": person, "chat_instance": "1", "data": data}
        yield json.dumps({"update_id": 600 + n, "callback_query": query}).encode()
    for n, (kind, content) in enumerate(MEDIA):
        yield _update(700 + n, {"message_id": n, "date": 1, "chat": chat, "from": person, kind: content})


def _update(number: int, message: dict[str, Any]) -> bytes:
    return json.dumps({"update_id": number, "message": message}).encode()


def _generated(shapes: EventShapes, count: int) -> list[bytes]:
    """Let Hypothesis fill the fields a reader looks at with anything JSON can hold."""
    made: list[bytes] = []
    known = st.dictionaries(st.sampled_from(shapes.fields), JSON, max_size=6)
    bodies = st.dictionaries(st.sampled_from(shapes.fields), JSON | known, min_size=1, max_size=8)
    quick = settings(
        max_examples=max(1, count),
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @quick
    @given(bodies)
    def collect(body: dict[str, Any]) -> None:
        made.append(json.dumps(body).encode())

    collect()
    return made


def proven(shapes: EventShapes, settings_of: dict[str, Any], raw: bytes) -> dict[str, str]:
    """The headers with which the platform itself would deliver these bytes."""
    if shapes is TELEGRAM:
        return {"x-telegram-bot-api-secret-token": settings_of["secret"]}
    try:
        _, stamp = signed_part(raw)
    except NotJson:
        stamp = ""
    digest = mac(settings_of["app_id"], raw, stamp, settings_of["webhook_secrets"][0])
    return {"x-zevent-signature": f"mac={digest}"}


def zalo_bot_storm() -> Callable[[int], dict[str, int]] | None:
    """The storm of the third channel's reader, where it exists."""
    try:
        found: Callable[[int], dict[str, int]] = importlib.import_module(
            "tests.bot.channels.zalo_bot.test_reader"
        ).storm
    except (ImportError, AttributeError):
        return None
    return found
