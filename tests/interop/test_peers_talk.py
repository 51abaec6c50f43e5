"""Clients that were not written here hold a conversation through the stand-ins, with only their addresses set."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv-peers" / "bin" / "python"

pytestmark = pytest.mark.skipif(
    not PEERS.exists(),
    reason="the other clients are not installed: make .venv-peers from tests/interop/requirements.lock",
)


class Sim:
    """The stand-ins in a process of their own, moved through the control plane."""

    def __init__(self, base: str) -> None:
        self.base = base
        accounts = self.call("/__sim/accounts")
        self.telegram, self.zalo = accounts["telegram"][0], accounts["zalo_oa"][0]
        self.zalo_bot = accounts["zalo_bot"][0]

    def call(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.base + path, data), timeout=10) as answer:  # noqa: S310
            return json.load(answer)

    def act(self, phone: str, act: str, **given: Any) -> None:
        self.call(f"/__sim/{phone}/{act}", given)

    def inbox(self, phone: str) -> list[dict[str, Any]]:
        return self.call(f"/__sim/{phone}/inbox")["messages"]

    def wait(self, phone: str, right: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """Return the inbox once it is right; fails with what it shows after 20 s."""
        deadline, version = time.monotonic() + 20, -1
        while time.monotonic() < deadline:
            version = self.call(f"/__sim/live?since={version}")["version"]  # returns with the next change
            if right(shown := self.inbox(phone)):
                return shown
        raise AssertionError(f"the phone shows {[m['text'] for m in shown]}")

    def hear(self, phone: str, text: str) -> dict[str, Any]:
        """Return the newest message once it says `text`."""
        return self.wait(phone, lambda shown: bool(shown) and shown[-1]["text"] == text)[-1]


@contextmanager
def running(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process for as long as the block lasts."""
    env = {**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def sim() -> Iterator[Sim]:
    with running(sys.executable, "-m", "simulator", "--port", "0") as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip().rstrip("/")
        assert process.stdout.readline() == "ready\n"
        yield Sim(base)


def peer(name: str) -> tuple[str, str]:
    """Return the command of a script run with the other clients' own interpreter."""
    return str(PEERS), str(Path(__file__).parent / name)


def hold_ptb_conversation(sim: Sim) -> None:
    """Start, press, speak and be echoed."""
    lan = "telegram/lan"
    sim.act(lan, "follow")
    assert sim.hear(lan, "Chào chị")["choices"] == ["Cần giúp", "Dừng"]
    sim.act(lan, "press", choice="Cần giúp")
    assert sim.hear(lan, "chọn: help")["choices"] == []
    sim.act(lan, "say", text="em ở xa")
    sim.hear(lan, "nghe: em ở xa")
    sim.act(lan, "voice")
    shown = sim.wait(lan, lambda inbox: inbox[-1]["text"].endswith("byte"))
    assert shown[-1]["media"]["kind"] == "voice"


def test_python_telegram_bot_polls_a_conversation(sim):
    """PTB's Application with run_polling hears commands, presses, text and voice, and answers each."""
    with running(*peer("ptb_polling.py"), BASE=sim.base, TOKEN=sim.telegram["token"]):
        hold_ptb_conversation(sim)


def test_python_telegram_bot_takes_a_webhook(sim):
    """PTB's own web server registers itself, checks its secret and holds the same conversation."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with running(*peer("ptb_webhook.py"), BASE=sim.base, TOKEN=sim.telegram["token"], PORT=port):
        hold_ptb_conversation(sim)
        assert sim.call("/__sim/accounts")["telegram"][0]["webhook_url"].endswith(f":{port}/hook")


def test_aiogram_walks_a_form(sim):
    """aiogram 3 with its memory FSM asks two questions, reads a place, sends a picture and deletes."""
    mai = "telegram/mai"
    with running(*peer("aiogram_form.py"), BASE=sim.base, TOKEN=sim.telegram["token"]):
        sim.act(mai, "follow")
        sim.hear(mai, "Chị cần gì?")
        sim.act(mai, "say", text="giấy tờ")
        sim.hear(mai, "Chị ở đâu?")
        sim.act(mai, "location", latitude=22.5, longitude=103.9)
        assert sim.hear(mai, "giấy tờ ở 22.5")["choices"] == ["Xong"]
        sim.act(mai, "press", choice=1)
        shown = sim.wait(mai, lambda inbox: [m["text"] for m in inbox] == ["Chị cần gì?", "Chị ở đâu?", "Bản đồ"])
        assert shown[-1]["media"]["kind"] == "photo"


def test_zalo_sdk_answers_on_zalo(sim):
    """PyPI's zalo-sdk sends text and files, looks up, tags, refreshes its token and reads an error code."""
    pair = sim.call("/__sim/accounts/zalo_oa/first/grant", {})
    keys = {"APP_ID": sim.zalo["app_id"], "APP_SECRET": sim.zalo["app_secret"]}
    tokens = {"ACCESS": pair["access_token"], "REFRESH": pair["refresh_token"]}
    with running(*peer("zalo_sdk_bot.py"), BASE=sim.base, **keys, **tokens) as bot:
        assert bot.stdout is not None
        hook = f"http://127.0.0.1:{bot.stdout.readline().strip()}/"
        sim.call("/__sim/accounts/zalo_oa/first", {"webhook_url": hook})
        for said, heard in (
            ("chào", "nghe: chào"),
            ("hồ sơ", "Hoa"),
            ("nhãn", "thử"),
            ("hạn mức", "8 2000"),
            ("làm mới", "token mới"),
            ("quá dài", "lỗi -210"),
        ):
            sim.act("zalo_oa/hoa", "say", text=said)
            sim.hear("zalo_oa/hoa", heard)
        sim.act("zalo_oa/hoa", "say", text="tệp")
        shown = sim.wait("zalo_oa/hoa", lambda inbox: inbox[-1]["media"] is not None)
        assert shown[-1]["media"]["kind"] == "file"


def test_python_zalo_bot_asks_for_its_updates(sim):
    """PyPI's python-zalo-bot greets by name, sends a picture and a sticker, hears a picture, a voice and a place."""
    if subprocess.run((str(PEERS), "-c", "import zalo_bot"), capture_output=True, check=False).returncode:
        pytest.skip("python-zalo-bot is not among the other clients: make .venv-peers anew")
    her = "zalo_bot/hoa"
    with running(*peer("zalo_bot_echo.py"), BASE=sim.base, TOKEN=sim.zalo_bot["token"]):
        sim.act(her, "say", text="chào")
        sim.hear(her, "Hoa: chào")
        for said, kind in (("ảnh", "image"), ("nhãn", "sticker")):
            sim.act(her, "say", text=said)
            sim.wait(her, lambda inbox, kind=kind: (inbox[-1]["media"] or {}).get("kind") == kind)
        for act, heard in (
            ("image", "ảnh đã nhận"),
            ("voice", "giọng đã nhận"),
            ("location", "message.unsupported.received"),
        ):
            sim.act(her, act)
            sim.hear(her, heard)
