"""The whole path in a real browser, on the running demo: two phones, a cry, a human's answer, and ways to leave."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page

from tests.support.browser.console_page import COUNSELLOR, answer, counsellor_page, reads, take, waiting
from tests.support.browser.handset import add, words
from tests.support.stage import ROOT, free_port

LEAVING = {"zalo_oa": "hoa", "telegram": "nga", "zalo_bot": "thu"}


@pytest.fixture(scope="module")
async def demo(walks_folder: Path) -> AsyncIterator[str]:
    """`nhipcau demo` as a user starts it, one for all walks of a file; ends within five seconds of Ctrl-C."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", str(port), "--folder", str(walks_folder / "demo"),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env={**os.environ},
    )  # fmt: skip
    assert process.stdout is not None
    said = b""
    async with asyncio.timeout(60):
        while not said.endswith(b"ready\n"):
            said += await process.stdout.readline()
    assert COUNSELLOR[1].encode() in said
    yield f"http://localhost:{port}"
    process.send_signal(2)
    began = time.monotonic()
    await asyncio.wait_for(process.wait(), 10)
    assert time.monotonic() - began < 5


async def test_from_a_greeting_to_a_humans_answer_on_both_channels(
    demo: str, tab: Page, staff: BrowserContext, shots: Path
) -> None:
    """Zalo with numbers only, Telegram with buttons: topic, cry, a case in 1 s, an answer on the phone in 1 s."""
    await tab.goto(demo)
    zalo = await add(tab, "lan", "zalo_oa")
    telegram = await add(tab, "mai", "telegram")
    await zalo.write("xin chào")
    await zalo.shows("Sổ tay phụ nữ, máy trả lời tự động")
    await zalo.shows("1. Xem thử lời mời của tôi")
    await zalo.write("2")
    await zalo.shows("1. Họ hay rủ thế nào")
    await zalo.write("1")
    await zalo.shows("1. Việc nhẹ, lương cao")
    await zalo.write("1")
    await zalo.shows("Hỏi rõ ba điều")
    await telegram.write("xin chào")
    await telegram.shows("Bạn muốn hỏi gì")
    await telegram.press("Đang ở nước ngoài, mới về")
    await telegram.shows("Bạn đang gặp chuyện gì")
    await tab.screenshot(path=shots / "walk-1-topics.png")
    counsellor = await counsellor_page(staff, demo)
    await zalo.write("cuu em voi")
    await zalo.shows("+84 981 84 84 84")
    await waiting(counsellor)
    await counsellor.screenshot(path=shots / "walk-2-queue.png")
    await take(counsellor)
    await reads(counsellor, "cuu em voi")
    await answer(counsellor, "Chị đây, em nói chị nghe.")
    await zalo.shows("Chị đây, em nói chị nghe.", 1.5)
    await zalo.write("em dang o ben xe")
    await reads(counsellor, "em dang o ben xe")
    await counsellor.screenshot(path=shots / "walk-3-case.png")
    await tab.screenshot(path=shots / "walk-4-answer.png")


async def test_silent_call_quick_exit_and_stop(demo: str, tab: Page, shots: Path) -> None:
    """A full stop asks one question, `thoát` pushes the screen away, `dừng` is always obeyed."""
    await tab.goto(demo)
    leaving = [await add(tab, name, channel) for channel, name in LEAVING.items()]
    for phone in leaving:
        await phone.write("xin chào")
        await phone.asks("menu")
        await phone.write(".")
        await phone.asks("silent_ask")
    await tab.screenshot(path=shots / "leave-1-silent.png")
    for phone in leaving:
        await phone.write("thoát nhanh")
        await phone.shows("Mẹo nhỏ")
        await phone.write("dừng")
        await phone.shows(words("stopped"))
    await tab.screenshot(path=shots / "leave-2-stop.png")
