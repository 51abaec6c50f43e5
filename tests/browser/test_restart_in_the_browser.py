"""Live both ways within a second, and past the death of the server: no line is lost, and none comes twice."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy import select, update

from bot.server import listening, server
from simulator.app import create
from simulator.world import World
from store.crypto.keyring import open_keys
from store.db.engine import open_store
from store.staff import vault
from store.staff.models import staff as staff_table
from tests.integration.processes.test_run_command import written
from tests.support.browser.console_page import COUNSELLOR, answer, counsellor_page, photograph, reads, take
from tests.support.browser.handset import Handset, phone_of
from tests.support.stage import ROOT, accounts_of, free_port

REPEATED = 31
"""Seconds after which Zalo brings again what nobody took."""


class KillableDemo:
    """`nhipcau run` in a process of its own; the phones live elsewhere and survive it."""

    def __init__(self, world: World, phones_at: str, base: str, file: Path) -> None:
        self.world = world
        self.phones_at = phones_at
        self.base = base
        self._file = file
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, on the same data and the same port each time."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--settings", str(self._file),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert self._process.stdout is not None
        assert await asyncio.wait_for(self._process.stdout.readline(), 60) == b"ready\n"

    async def kill(self) -> None:
        """End it with SIGKILL."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def lock_at_real_cost(uris: tuple[str, str], keys: Path, cost: tuple[int, int]) -> None:
    """Lock the counsellor's vault at the cost of a real service: one in a process of its own opens no other."""
    login, passphrase = COUNSELLOR
    store = open_store(*uris, open_keys(keys, None))
    async with store.data.begin() as conn:
        hers = staff_table.c.login == login
        private = vault.unlock((await conn.execute(select(staff_table.c.vault).where(hers))).scalar_one(), passphrase)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(vault, "COST", cost)
            locked = await asyncio.to_thread(vault.lock, private, passphrase)
        await conn.execute(update(staff_table).where(hers).values(vault=locked))
    await store.close()


@pytest.fixture
async def killable_demo(
    furniture: tuple[str, str], walks_folder: Path, real_cost: tuple[int, int]
) -> AsyncIterator[KillableDemo]:
    """A running service with the demo's staff, and phones beside it."""
    await lock_at_real_cost(furniture, walks_folder / "keys", real_cost)
    world, sim_port, port = World(), free_port(), free_port()
    sim, base = f"http://localhost:{sim_port}", f"http://localhost:{port}"
    world.zalo.webhook.url = f"{base}/hooks/zalo"
    places = {"data_dir": str(walks_folder / "data"), "keys_dir": str(walks_folder / "keys")}
    door = {"port": port, "public_url": base, "secure_cookies": False}
    settings: dict[str, Any] = {**places, **door, "database_url": furniture[0], "keyring_url": furniture[1]}
    file = written(walks_folder, settings | {"accounts": accounts_of(world, sim)})
    made = KillableDemo(world, sim, base, file)
    async with listening(server(create(world), "127.0.0.1", sim_port)):
        await made.start()
        try:
            yield made
        finally:
            await made.kill()
            await world.close()


class TwoWayTalk:
    """A counsellor and somebody on a phone in the middle of a talk; `hers` is what was said on the phone so far."""

    def __init__(self, phone: Handset, counsellor: Page) -> None:
        self.phone = phone
        self.counsellor = counsellor
        self.hers = ["cuu em voi"]

    async def begin(self) -> None:
        """A cry, and lines each way."""
        await self.phone.write(self.hers[0])
        await take(self.counsellor)
        for n in (1, 2, 3):
            await self.both(f"Chị nghe, {n}")
        await self.counsellor.evaluate("window.samePage = true")

    async def both(self, text: str) -> None:
        """The counsellor writes a line, then the phone does; each reads the other's."""
        await answer(self.counsellor, text)
        await self.phone.shows(text)
        await self.says()
        await reads(self.counsellor, self.hers[-1])

    async def says(self) -> None:
        """Write the next line on the phone."""
        self.hers.append(f"em noi, {len(self.hers)}")
        await self.phone.write(self.hers[-1])

    async def comes_back(self) -> None:
        """Look that the page catches up by itself, and that what could not be sent has gone without another press."""
        heard = self.counsellor.locator("#lines .line.in .said")
        await expect(heard).to_have_count(len(self.hers), timeout=20_000)
        await expect(self.counsellor.locator("#lost")).to_be_hidden()
        await self.phone.shows("Chị nghe, 4")
        await expect(self.counsellor.locator("#pending p")).to_have_count(0)
        await expect(self.counsellor.locator("#text")).to_have_value("")
        await self.both("Chị nghe, 5")
        said, answers = await heard.all_inner_texts(), [f"Chị nghe, {n}" for n in range(1, 6)]
        assert (said if self.phone.channel == "telegram" else sorted(said)) == self.hers
        assert await self.counsellor.locator("#lines .line.out .said").all_inner_texts() == answers
        assert [text for text in await self.phone.said() if text.startswith("Chị nghe")] == answers
        assert await self.counsellor.evaluate("window.samePage")


async def test_a_killed_server_costs_no_line_and_doubles_none(
    killable_demo: KillableDemo, tab: Page, staff: BrowserContext, shots: Path
) -> None:
    """On two phones she writes before, while and after the server is dead; so does the counsellor, on the same page."""
    await tab.goto(killable_demo.phones_at)
    talks = []
    for channel, name in (("telegram", "mai"), ("zalo_oa", "lan")):
        counsellor = await staff.new_page() if talks else await counsellor_page(staff, killable_demo.base)
        await counsellor.goto(f"{killable_demo.base}/console/queue")
        talks.append(TwoWayTalk(phone_of(tab, f"Máy của {name.title()}", channel), counsellor))
        await talks[-1].begin()
    for talk in talks:
        await talk.says()
    await killable_demo.kill()
    for talk in talks:
        await talk.says()
        await expect(talk.counsellor.locator("#lost")).to_be_visible(timeout=10_000)
        await answer(talk.counsellor, "Chị nghe, 4")
        await talk.says()
    await photograph(shots, restart_dead=talks[0].counsellor)
    await killable_demo.start()
    await killable_demo.world.advance(REPEATED)
    for talk in talks:
        await talk.comes_back()
        channel = talk.phone.channel
        await photograph(shots, **{f"restart_phone_{channel}": talk.phone, f"restart_desk_{channel}": talk.counsellor})
