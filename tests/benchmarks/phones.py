"""The people of a load: each writes, waits for the whole answer, and writes again, as a conversation goes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot_api import first_button

PRESS = "\0press"
"""A line of the script that presses the first button on the screen instead of typing."""

SCRIPT = (
    "Xin chào",
    "1",
    "1",
    PRESS,
    "menu",
    "Em muốn đi làm ở Đài Loan thì cần giấy tờ gì ạ?",
    "1",
    PRESS,
    "Có người rủ em sang Campuchia làm việc nhẹ lương cao",
    "menu",
)
"""One round of talk: greeting, menu numbers, presses, two typed sentences. No cry, so no case is opened."""

CRY = "cứu em với"
STRANGERS = 9_000_000
"""Chats from here on write once, and what they write is a cry."""


@dataclass
class LoadCounts:
    """What one stretch of load saw. Times in seconds."""

    posted: int = 0
    answered: int = 0
    lost: int = 0
    refused: int = 0
    stray: int = 0
    acks: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    cries: list[float] = field(default_factory=list)


class Phone:
    """One chat: its place in the script, what it waits for, and the last screen with buttons."""

    def __init__(self, chat: int, line: int = 0) -> None:
        self.chat = chat
        self.line = line
        self.screen = b""
        self.posted_at = 0.0
        self.open_answers = 0
        self.heard = True
        self.acked = True

    @property
    def waiting(self) -> bool:
        """Whether the last update is not yet acknowledged or not yet wholly answered."""
        return self.open_answers > 0 or not self.acked

    def next_update(self, update_id: int) -> bytes:
        """Write the next line of the script as Telegram would post it."""
        text = SCRIPT[self.line % len(SCRIPT)]
        self.line += 1
        if text == PRESS:
            data = first_button(self.screen) if self.screen else ""
            return press(update_id, self.chat, data) if data else message(update_id, self.chat, "1")
        return message(update_id, self.chat, text)


class Load:
    """Drives phones until `updates` were posted or `seconds` have passed, and keeps the tally.

    `answers` says how many messages each line of the script is answered with: first round, later rounds.
    """

    PATIENCE = 15.0

    def __init__(self, post: Callable[[bytes, Callable[[int], None]], None], first_id: int) -> None:
        self._post = post
        self._update_id = first_id
        self.phones: dict[int, Phone] = {}
        self.answers: list[list[int]] = [[1] * len(SCRIPT)] * 2
        self.tally = LoadCounts()
        self._left = 0
        self._until = 0.0
        self._cry_every = 0
        self._stranger = STRANGERS
        self.started_at = self.last_at = 0.0

    def start(self, updates: int, seconds: float, cry_every: int = 0) -> None:
        """Begin a stretch: every phone writes at once."""
        self.tally = LoadCounts()
        self._left, self._until, self._cry_every = updates, time.perf_counter() + seconds, cry_every
        self.started_at = self.last_at = time.perf_counter()
        for phone in list(self.phones.values()):
            self._write(phone)

    def done(self) -> bool:
        """Whether every phone has its answer, or has given up waiting for it."""
        now = time.perf_counter()
        open_phones = [p for p in self.phones.values() if p.waiting]
        for phone in open_phones:
            if now - phone.posted_at > self.PATIENCE:
                self.tally.lost += 1
                phone.open_answers, phone.acked = 0, True
                self._write(phone)
        return not any(p.waiting for p in self.phones.values())

    def seen(self, chat: int, body: bytes) -> None:
        """A message for `chat` has arrived: the first answers her, the last lets her write again."""
        phone = self.phones.get(chat)
        if phone is None or phone.open_answers == 0:
            self.tally.stray += 1
            return
        self.last_at = time.perf_counter()
        if not phone.heard:
            self._answered(phone)
        if b"reply_markup" in body:
            phone.screen = body
        phone.open_answers -= 1
        if phone.open_answers == 0 and phone.acked:
            self._write(phone)

    def _answered(self, phone: Phone) -> None:
        phone.heard = True
        self.tally.answered += 1
        cry = phone.chat >= STRANGERS
        (self.tally.cries if cry else self.tally.waits).append(self.last_at - phone.posted_at)
        if cry:
            phone.line = -1

    def _write(self, phone: Phone) -> None:
        if phone.line == -1:
            self.phones.pop(phone.chat, None)
            return
        if self._left <= 0 or time.perf_counter() > self._until:
            return
        expected = self.answers[0 if phone.line < len(SCRIPT) else 1][phone.line % len(SCRIPT)]
        self._send(phone, expected, phone.next_update(self._take_id()))
        if self._cry_every and self._update_id % self._cry_every == 0 and self._left > 0:
            self._stranger += 1
            stranger = self.phones[self._stranger] = Phone(self._stranger)
            self._send(stranger, 1, message(self._take_id(), self._stranger, CRY))

    def _take_id(self) -> int:
        self._update_id += 1
        self._left -= 1
        return self._update_id

    def _send(self, phone: Phone, expected: int, body: bytes) -> None:
        phone.open_answers, phone.heard, phone.acked = expected, expected == 0, False
        phone.posted_at = time.perf_counter()
        self.tally.posted += 1
        self._deliver(phone, body)

    def _deliver(self, phone: Phone, body: bytes) -> None:
        def acknowledged(status: int) -> None:
            if status != 200:
                self.tally.refused += 1
                if self.tally.refused < 1000:
                    self._deliver(phone, body)
                return
            self.tally.acks.append(time.perf_counter() - phone.posted_at)
            phone.acked = True
            if phone.open_answers == 0:
                self._write(phone)

        self._post(body, acknowledged)


def message(update_id: int, chat: int, text: str) -> bytes:
    """Write a private text message as Telegram posts it."""
    content = {"message_id": update_id, **_envelope(chat), "from": _person(chat), "text": text}
    return json.dumps({"update_id": update_id, "message": content}).encode()


def press(update_id: int, chat: int, data: str) -> bytes:
    """Write the press of an inline button as Telegram posts it."""
    screen = {
        "message_id": update_id,
        **_envelope(chat),
        "from": {"id": 7, "is_bot": True, "first_name": "Bench", "username": "bench_bot"},
        "text": "Chị chọn một số nhé.",
    }
    query = {
        "id": str(update_id),
        "from": _person(chat),
        "message": screen,
        "chat_instance": str(chat * 31),
        "data": data,
    }
    return json.dumps({"update_id": update_id, "callback_query": query}).encode()


def _envelope(chat: int) -> dict[str, object]:
    return {"chat": {"id": chat, "type": "private", "first_name": "Lan"}, "date": int(time.time())}


def _person(chat: int) -> dict[str, object]:
    return {"id": chat, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
