"""A real Chromium for tests that look at pages, and a folder for what it saw."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect
from pydantic import SecretStr

from bot.cli.bootstrap import build_application
from bot.cli.demo import demo_settings
from bot.cli.mount_console import console_room, live
from bot.cli.serve import serving
from scheduler.clock import MovableClock
from simulator.app import create
from simulator.world import World
from tests.support.browser import chrome
from tests.support.content import conversation
from tests.support.stage import client, free_port
from tests.support.system import System

HERE = Path(__file__).parent
expect.set_options(timeout=15_000)  # milliseconds; a busy box is no reason to fail
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
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chrome.found(), args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """An empty browser profile, wide and light."""
    made = await chromium.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme="light", locale="vi-VN", reduced_motion="reduce"
    )
    yield made
    await made.close()


@pytest.fixture
async def page(context: BrowserContext) -> Page:
    """A page of that profile."""
    return await context.new_page()


@pytest.fixture(scope="session")
async def windows(chromium: Browser) -> AsyncIterator[tuple[BrowserContext, BrowserContext]]:
    """Two browser profiles that all walks share, for phones and for staff: to make new ones costs more than to walk.

    A page behind another of the same profile draws nothing, so that every look at it waits for seconds.
    """
    made = [
        await chromium.new_context(color_scheme="light", locale="vi-VN", reduced_motion="reduce", viewport=size)
        for size in (ViewportSize(width=1380, height=980), ViewportSize(width=1280, height=860))
    ]
    yield made[0], made[1]
    for window in made:
        await window.close()


@pytest.fixture(scope="module")
async def tab(windows: tuple[BrowserContext, BrowserContext]) -> AsyncIterator[Page]:
    """The page of phones, for all tests of a file."""
    made = await windows[0].new_page()
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def staff(windows: tuple[BrowserContext, BrowserContext]) -> AsyncIterator[BrowserContext]:
    """Where one member of staff may sign in, for all tests of a file; afterwards nobody is."""
    yield windows[1]
    for opened in windows[1].pages:
        await opened.close()
    await windows[1].clear_cookies()


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


@pytest.fixture(scope="module")
async def furniture(
    postgres: str, furnished: tuple[tuple[str, str], Path], walks_folder: Path
) -> AsyncIterator[tuple[str, str]]:
    """URIs of a pair of databases for one file, with the demo's staff; their keys lie in `walks_folder / "keys"`."""
    shutil.copytree(furnished[1], walks_folder / "keys")
    names = tuple(f"{mould}_{walks_folder.name}" for mould in furnished[0])
    admin = await asyncpg.connect(postgres)
    for mould, name in zip(furnished[0], names, strict=True):
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{mould}" STRATEGY FILE_COPY')
    data, keyring = (postgres.replace("/postgres?", f"/{name}?") for name in names)
    yield data, keyring
    for name in names:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture(scope="module")
async def demo_system(furniture: tuple[str, str], walks_folder: Path) -> AsyncIterator[System]:
    """What `nhipcau demo` puts together, in this process, for one file: staff on duty, the console, the page of phones.

    Only the pace of a chat is left out: a test taps faster than a hand.
    """
    world, clock, port = World(), MovableClock(), free_port()
    settings = demo_settings(world, "127.0.0.1", port, walks_folder)
    data, keyring = (SecretStr(uri) for uri in furniture)
    accounts = tuple(account.model_copy(update={"chat_rate": 0}) for account in settings.accounts)
    settings = settings.model_copy(update={"database_url": data, "keyring_url": keyring, "accounts": accounts})
    application = await build_application(settings, clock, conversation=conversation())

    async def follow(seconds: float) -> None:
        clock.advance(seconds)
        await application.clock_moved()

    world.on_advance.append(follow)
    world.zalo.webhook.url = f"{settings.public_url}/hooks/zalo"
    room = console_room(application)
    async with client() as http, serving(application, {"/console": room}, create(world)), live(room):
        yield System(application, world, http, settings.public_url)
        await world.close()
