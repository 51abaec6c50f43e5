"""Our requests beside those of a client that we did not write: the same paths, headers and bodies."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import pytest
import uvicorn

from bot.http import httpx_client
from bot.zalo_sdk.bot_client import ZaloBotClient
from bot.zalo_sdk.oa_client import OA
from bot.zalo_sdk.oauth import OAuth
from bot.zalo_sdk.transport import ZaloTransport

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / ".venv-peers" / "bin" / "python"
ANSWER = {
    "data": {"message_id": "1", "attachment_id": "A", "token": "F"}, "error": 0,
    "ok": True, "result": {"id": "1", "message_id": "1", "date": 1750316131602},
    "access_token": "t2", "refresh_token": "r2", "expires_in": "90000",
}  # fmt: skip


@dataclass
class Recorder:
    """Answers every request with success and keeps what was asked."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope, receive, send) -> None:
        """Keep one request."""
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        self.asked.append(
            {
                "method": scope["method"],
                "path": scope["path"],
                "query": {k: json.loads(v) for k, v in parse_qsl(unquote_plus(scope["query_string"].decode()))},
                "tokens": {k: v for k, v in headers.items() if k in ("access_token", "secret_key")},
                "body": plain(headers.get("content-type", ""), body),
            }
        )
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(ANSWER).encode()})


def plain(kind: str, body: bytes) -> Any:
    """Write a body so that what means the same looks the same."""
    if kind.startswith("multipart/"):
        return sorted(re.findall(rb'name="(?:file|[^"]*)"; filename="[^"]*"|PNG|PDF', body))
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode()))
    return without_empty(json.loads(body)) if body else None


def without_empty(value: Any) -> Any:
    """Leave out empty lists: the other client sends `buttons: []` with every template."""
    if isinstance(value, dict):
        return {k: without_empty(v) for k, v in value.items() if v != []}
    return [without_empty(v) for v in value] if isinstance(value, list) else value


@pytest.fixture
async def recorder() -> AsyncIterator[Recorder]:
    """A server that keeps what it is asked."""
    kept = Recorder()
    server = uvicorn.Server(uvicorn.Config(kept, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    task = asyncio.create_task(server._serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.005)
    kept.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield kept
    server.should_exit = True
    await task


class OracleToken:
    """A keeper of a single token."""

    async def access(self) -> str:
        """That token."""
        return "t1"

    async def renewed(self, stale: str) -> str:
        """Still that token."""
        return "t1"


async def ours(base: str) -> None:
    """Make the same calls with our client, in the same order."""
    her = {"user_id": "42"}
    async with httpx_client(2) as http:
        oa = OA(ZaloTransport(http, base, "openapi"), OracleToken())
        await oa.text(her, "Chào chị")
        await oa.text(her, "Chào chị", quote="m1")
        await oa.image(her, url="https://example.test/a.png", text="Xem")
        await oa.file(her, "F")
        await oa.quota()
        await oa.quota("42")
        await oa.user("42")
        await oa.upload_image(b"PNG", "a.png")
        await oa.upload_file(b"PDF", "a.pdf")
        await OAuth(http, base, "9", "app-secret").refresh("r1")


@pytest.mark.skipif(not PEERS.exists(), reason="no .venv-peers: run `make peers` to compare with PyPI's zalo-sdk")
async def test_our_requests_are_those_of_the_client_on_pypi(recorder) -> None:
    """Text, quote, picture, file, both quotas, user, both uploads, refresh."""
    await ours(recorder.url)
    mine, recorder.asked = recorder.asked, []
    env = {**os.environ, "BASE": recorder.url}
    script = str(ROOT / "tests/interop/oracle_calls.py")
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL  # it prints message elements
    process = await asyncio.create_subprocess_exec(str(PEERS), script, env=env, stdout=nothing, stderr=pipe)
    _, trouble = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, trouble.decode()[-1000:]
    assert len(recorder.asked) == 10
    for one, other in zip(mine, recorder.asked, strict=True):
        assert one == other


async def ours_as_a_bot(base: str) -> None:
    """Make the same calls of the Bot Platform with our client, in the same order."""
    async with httpx_client(2) as http:
        bot = ZaloBotClient(http, f"{base}/bot", "1:secret")
        await bot.get_me()
        await bot.set_webhook("https://example.test/hooks/b1", "a-secret")
        await bot.delete_webhook()
        await bot.get_updates(30)
        await bot.send_message("42", "Chào chị")
        await bot.send_photo("42", "https://example.test/a.png", "Xem")
        await bot.send_sticker("42", "bfe4")
        await bot.send_chat_action("42")


@pytest.mark.skipif(not PEERS.exists(), reason="no .venv-peers: run `make peers` to compare with python-zalo-bot")
async def test_our_requests_as_a_bot_are_those_of_the_client_on_pypi(recorder) -> None:
    """The same paths with the token in them, and the same values; it posts forms, we post JSON."""
    await ours_as_a_bot(recorder.url)
    mine, recorder.asked = recorder.asked, []
    script = str(ROOT / "tests/interop/oracle_bot_calls.py")
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        str(PEERS), script, env={**os.environ, "BASE": recorder.url}, stdout=nothing, stderr=pipe
    )
    _, trouble = await asyncio.wait_for(process.communicate(), 60)
    if b"No module named 'zalo_bot'" in trouble:
        pytest.skip("python-zalo-bot is not among the other clients: make .venv-peers anew")
    for one, other in zip(mine, recorder.asked, strict=True):
        assert {**one, "body": one["body"] or None} == {**other, "body": other["body"] or None}
