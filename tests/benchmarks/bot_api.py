"""A Bot API on loopback that costs as little as possible: it answers, and says whom a message was for.

Only what a bot in a benchmark calls. The real stand-in, with its errors and windows, lives in simulator/.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs

import httptools

_CHAT = re.compile(rb'chat_id(?:"\s*:\s*"?|=|"\r\n\r\n)(-?\d+)')
_BOT = {"id": 7, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
_ME = {
    **_BOT,
    "can_join_groups": False,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
_SENT = (
    b'{"ok":true,"result":{"message_id":%d,"date":1795305600,"from":'
    + json.dumps(_BOT).encode()
    + b',"chat":{"id":%s,"type":"private","first_name":"Lan"},'
    + b'"text":"'
    + "Chị đọc xong thì bấm số để đi tiếp nhé. 1. Đọc thêm 2. Về đầu".encode()
    + b'"}}'
)
_HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_REFUSED = (b"400 Bad Request", b"429 Too Many Requests")

Seen = Callable[[int, bytes], None]


class BotApi:
    """The server: `seen(chat, body)` is called the moment a sendMessage has arrived.

    `latency` is how many seconds each answer is held back, as a far-away API would.
    """

    def __init__(self, latency: float, seen: Seen) -> None:
        self.latency = latency
        self.seen = seen
        self.calls: Counter[str] = Counter()
        self.webhook = ""
        self.patience: dict[int, float] = {}
        self.early = 0
        self._refused: set[int] = set()

    def refuse(self, chat: int, seconds: float) -> None:
        """Ask one chat to wait: what comes for it before its time is refused again, and counted as early."""
        self.patience[chat] = time.perf_counter() + seconds

    def _impatient(self, chat: int) -> bytes:
        """The refusal of a chat that must wait; empty when it need not."""
        left = self.patience.get(chat, 0) - time.perf_counter()
        if left <= 0:
            return b""
        self.early += chat in self._refused
        self._refused.add(chat)
        told = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {}}
        return json.dumps(told | {"parameters": {"retry_after": math.ceil(left)}}).encode()

    async def listen(self, port: int) -> int:
        """Serve on a loopback port (0 = any free one). Returns the port; raises OSError when it is taken."""
        server = await asyncio.get_running_loop().create_server(lambda: _ServerConnection(self), "127.0.0.1", port)
        return int(server.sockets[0].getsockname()[1])

    def answer(self, method: str, body: bytes) -> bytes:
        """Answer one call; a sendMessage is reported before its answer leaves."""
        self.calls[method] += 1
        if method == "sendmessage":
            found = _CHAT.search(body)
            if not found:
                return b'{"ok":false,"error_code":400,"description":"Bad Request: chat_id is empty"}'
            if self.patience and (told := self._impatient(int(found[1]))):
                return told
            self.seen(int(found[1]), body)
            return _SENT % (self.calls[method], found[1])
        if method == "getme":
            return json.dumps({"ok": True, "result": _ME}, separators=(",", ":")).encode()
        if method == "setwebhook":
            self.webhook = fields(body).get("url", "")
        return b'{"ok":true,"result":true}'


class _ServerConnection(asyncio.Protocol):
    """One keep-alive connection of the bot under test."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.url, self.body = b"", b""

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.url = url

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        method = self.url.rpartition(b"/")[2].partition(b"?")[0].decode().lower()
        payload = self.api.answer(method, self.body)
        self.body = b""
        if self.api.latency:
            asyncio.get_running_loop().call_later(self.api.latency, self._reply, payload)
        else:
            self._reply(payload)

    def _reply(self, payload: bytes) -> None:
        if not self.transport.is_closing():
            status = b"200 OK" if payload.startswith(b'{"ok":true') else _REFUSED[b'"error_code": 429' in payload]
            self.transport.write((_HEAD % (status, len(payload))) + payload)


def fields(body: bytes) -> dict[str, str]:
    """Read a call's parameters from a form or a JSON body; values stay text."""
    if body[:1] == b"{":
        return {k: v if isinstance(v, str) else json.dumps(v) for k, v in json.loads(body).items()}
    return {k: v[0] for k, v in parse_qs(body.decode(), keep_blank_values=True).items()}


def first_button(body: bytes) -> str:
    """Find the data of the first inline button of a sendMessage; empty when it has none."""
    markup = json.loads(fields(body).get("reply_markup") or "{}")
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if "callback_data" in button:
                return str(button["callback_data"])
    return ""
