"""A real Chromium for tests that look at pages, and a folder for what it saw."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

HERE = Path(__file__).parent
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, started once."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        pytest.skip("Chromium is not installed: run `sh tests/browser/install_chromium.sh`")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """An empty browser profile, wide and light."""
    made = await chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light", locale="vi-VN")
    yield made
    await made.close()


@pytest.fixture
async def page(context: BrowserContext) -> Page:
    """A page of that profile."""
    return await context.new_page()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where pictures go."""
    folder = HERE / "shots"
    folder.mkdir(exist_ok=True)
    return folder


AXE = HERE / "vendor" / "axe-4.14.1.min.js"


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, to be run inside a page."""
    return AXE.read_text("utf-8")
