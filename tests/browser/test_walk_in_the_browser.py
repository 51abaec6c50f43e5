"""The whole path in a real browser, on the running demo: two phones, a cry, a human's answer, and ways to leave."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.commands.seed import LOGINS
from tests.chaos.stage import ROOT, free_port

LOGIN, PASSPHRASE, _ = LOGINS[0]
OWNERS = {"zalo_oa": "hoa", "telegram": "nga", "zalo_bot": "thu"}
"""Who walks on which phone, where several tests of a file share a demo."""


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
    assert PASSPHRASE.encode() in said
    yield f"http://localhost:{port}"
    process.send_signal(2)
    began = time.monotonic()
    await asyncio.wait_for(process.wait(), 10)
    assert time.monotonic() - began < 5


class Handset:
    """A phone on the page of phones."""

    def __init__(self, frame: Locator) -> None:
        self.frame = frame

    async def write(self, text: str) -> None:
        """Type and send."""
        await self.frame.locator("input[name=text]").fill(text)
        await self.frame.locator("button.send").click()

    async def shows(self, text: str, seconds: float = 5) -> None:
        """Wait until the chat shows a text."""
        await expect(self.frame.locator(".chat")).to_contain_text(text, timeout=seconds * 1000)

    async def press(self, label: str) -> None:
        """Press the newest button with this label."""
        await self.frame.locator(".chat button", has_text=label).last.click()


async def add(page: Page, name: str, channel: str) -> Handset:
    """Put another phone on the page."""
    await page.locator("#slug").fill(name)
    await page.locator(f"#add button[value={channel}]").click()
    frame = page.locator("section.phone", has=page.locator(f'.owner:text-is("Máy của {name.title()}")'))
    await expect(frame).to_be_visible()
    return Handset(frame)


@contextlib.asynccontextmanager
async def desk(chromium: Browser, base: str) -> AsyncIterator[Page]:
    """A counsellor's own browser, signed in."""
    context = await chromium.new_context(viewport={"width": 1280, "height": 860}, locale="vi-VN")
    page = await context.new_page()
    await page.goto(f"{base}/console")
    await page.fill("input[name=login]", LOGIN)
    await page.fill("input[name=passphrase]", PASSPHRASE)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/queue")
    yield page
    await context.close()


async def test_from_a_greeting_to_a_humans_answer_on_both_channels(
    demo: str, chromium: Browser, page: Page, shots: Path
) -> None:
    """Zalo with numbers only, Telegram with buttons: topic, cry, a case in 1 s, an answer on the phone in 1 s."""
    await page.set_viewport_size({"width": 1280, "height": 880})
    await page.goto(demo)
    zalo = await add(page, "lan", "zalo_oa")
    telegram = await add(page, "mai", "telegram")
    await zalo.write("xin chào")
    await zalo.shows("Sổ tay phụ nữ, trả lời tự động")
    await zalo.shows("1. Kiểm tra lời mời")
    await zalo.write("1")
    await zalo.shows("1. Những cách rủ rê hay gặp")
    await zalo.write("1")
    await zalo.shows("1. Việc nhẹ, lương cao")
    await zalo.write("1")
    await zalo.shows("Hỏi rõ ba điều")
    await telegram.write("xin chào")
    await telegram.shows("Mục lục")
    await telegram.press("Đi xa và trở về")
    await telegram.shows("Bạn muốn xem phần nào")
    await page.screenshot(path=shots / "walk-1-topics.png")
    async with desk(chromium, demo) as counsellor:
        await zalo.write("cuu em voi")
        await zalo.shows("+84 981 84 84 84", 5)
        row = counsellor.locator("main a[href*=cases]").first
        await expect(row).to_be_visible(timeout=1500)
        await counsellor.screenshot(path=shots / "walk-2-queue.png")
        await counsellor.get_by_role("button", name="Nhận ca").first.click()
        if "/cases/" not in counsellor.url:
            await row.click()
        box = counsellor.locator("#text")
        await expect(counsellor.locator("main")).to_contain_text("cuu em voi")
        await box.fill("Chị đây, em nói chị nghe.")
        await box.press("Control+Enter")
        if await box.input_value():
            await counsellor.get_by_role("button", name="Gửi").click()
        await zalo.shows("Chị đây, em nói chị nghe.", 1.5)
        await zalo.write("em dang o ben xe")
        await expect(counsellor.locator("main")).to_contain_text("em dang o ben xe", timeout=1500)
        await counsellor.screenshot(path=shots / "walk-3-case.png")
        await page.screenshot(path=shots / "walk-4-answer.png")


async def test_a_cry_to_a_zalo_bot_reaches_a_human(demo: str, chromium: Browser, page: Page, shots: Path) -> None:
    """The third phone of the page: a greeting, a menu by numbers, a cry, and a person's words within 1.5 s."""
    await page.set_viewport_size({"width": 1360, "height": 880})
    await page.goto(demo)
    bot = await add(page, "huong", "zalo_bot")
    await bot.write("xin chào")
    await bot.shows("Sổ tay phụ nữ, trả lời tự động")
    await bot.write("1")
    await bot.shows("1. Những cách rủ rê hay gặp")
    await bot.write("cuu em voi")
    await bot.shows("+84 981 84 84 84", 5)
    async with desk(chromium, demo) as counsellor:
        await counsellor.get_by_role("button", name="Nhận ca").first.click()
        box = counsellor.locator("#text")
        await box.fill("Chị đây, em nói chị nghe.")
        await box.press("Control+Enter")
        await bot.shows("Chị đây, em nói chị nghe.", 1.5)
        await page.screenshot(path=shots / "walk-5-zalo-bot.png")


@pytest.mark.parametrize("channel", ["zalo_oa", "telegram", "zalo_bot"])
async def test_silent_call_quick_exit_and_stop(demo: str, page: Page, shots: Path, channel: str) -> None:
    """A full stop asks one question, `thoát` pushes the screen away, `dừng` is always obeyed."""
    await page.goto(demo)
    phone = await add(page, OWNERS[channel], channel)
    await phone.write("xin chào")
    await phone.shows("Mục lục")
    await phone.write(".")
    await phone.shows("1")
    await page.screenshot(path=shots / f"leave-1-silent-{channel}.png")
    await phone.write("thoát nhanh")
    await page.wait_for_timeout(1500)
    await page.screenshot(path=shots / f"leave-2-exit-{channel}.png")
    await phone.write("dừng")
    await page.wait_for_timeout(800)
    await page.screenshot(path=shots / f"leave-3-stop-{channel}.png")
