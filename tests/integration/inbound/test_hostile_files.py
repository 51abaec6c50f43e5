"""Files made to stop whoever takes them apart stop nobody's photo: through the whole service."""

from __future__ import annotations

import base64
import sys

import psutil
import pytest

from bot.file_parser.parser import Parser
from bot.file_parser.process import Limits
from content.media.attachment import LARGEST
from content.media.sanitize import take
from tests.support.files import hostile as hostile_files
from tests.support.files import pictures
from tests.support.files.attachments import opened, read, sends, taken_case
from tests.support.stage import until
from tests.support.system import System


async def wait_for_files(system: System, count: int) -> None:
    """Wait until so many files stand in the rows."""

    async def arrived() -> bool:
        return await system.count("SELECT count(*) FROM case_attachment") == count

    await until(arrived, 20)


async def send(system: System, user: str, data: bytes, act: str = "file") -> None:
    """Send a file from a phone on Telegram."""
    await system.do("telegram", user, act, data=base64.b64encode(data).decode(), name="a.m4a")


async def test_eight_bad_files_stop_nobodys_photo(system: System) -> None:
    """As many as a round takes, in front of it: each is looked at once and called broken, the photo is kept."""
    await taken_case(system, "telegram", "an")
    hers = await taken_case(system, "telegram", "lan")
    for bad in (*[hostile_files.NO_BODY] * 4, *[hostile_files.SMALL["moov in moov, 3,000 deep"]()] * 4):
        await send(system, "an", bad)
    await wait_for_files(system, 8)
    await send(system, "lan", pictures.jpeg(), "image")
    await wait_for_files(system, 9)
    await system.application.ticks.now("attachments")
    line = (await read(system, hers)).lines[-1]
    assert line.attached is not None
    assert await opened(system, hers, line.attached.id) == take(pictures.jpeg())
    ended = "SELECT count(*) FROM case_attachment WHERE state = 2 AND reason = 'broken' AND tries = 1"
    assert await system.count(ended) == 8


async def test_a_file_that_ends_its_process_is_broken_and_the_next_is_kept(system: System) -> None:
    """With no memory for so large a file: the line says that it is damaged, her photo meets a new process."""
    measured = Parser()
    await measured.take(pictures.jpeg())
    assert measured.pid is not None
    few = psutil.Process(measured.pid).memory_info().vms + LARGEST // 2
    await measured.close()
    system.runtime.parser = Parser(Limits(memory=few))
    case = await taken_case(system, "telegram", "lan")
    await sends(system, "telegram", "lan", "file", hostile_files.LARGE["frames of AMR without sound"](LARGEST))
    await sends(system, "telegram", "lan", "image", pictures.jpeg())
    bad, good = (line.attached for line in (await read(system, case)).lines[-2:])
    assert bad is not None
    assert good is not None
    assert (bad.state, bad.reason, good.state) == ("refused", "broken", "here")


async def test_a_file_waits_while_no_process_can_be_started(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is no fault of hers: the line says that something came, and half a minute later it is there."""
    case = await taken_case(system, "telegram", "lan")
    with monkeypatch.context() as away:
        away.setattr(sys, "executable", "/nowhere/python")
        await sends(system, "telegram", "lan", "image", pictures.jpeg())

        async def tried() -> bool:
            return await system.count("SELECT count(*) FROM case_attachment WHERE state = 0 AND tries = 1") == 1

        await until(tried, 5)
        waits = (await read(system, case)).lines[-1].attached
    await system.advance(31)
    await system.application.ticks.now("attachments")
    comes = (await read(system, case)).lines[-1].attached
    assert (waits and waits.state, comes and comes.state) == ("waiting", "here")
