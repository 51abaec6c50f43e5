"""Files of strangers are taken apart in a process of their own, which is limited, knows nothing and can be lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from bot.file_parser.parser import Parser, ParserDown
from bot.file_parser.process import Limits
from content.media.attachment import LARGEST, FileRejected
from content.media.clip import ClipRejected
from content.media.read_clip import read_clip
from content.media.sanitize import take
from simulator.core.sample_media import silent_aac
from tests.support.files import hostile as hostile_files
from tests.support.files import pictures
from tests.support.stage import until

PHOTO = pictures.jpeg()
WORK = b"#!AMR\n" + b"\x7c" * 300_000
"""A sound that is some work."""


@pytest.fixture
async def parser() -> AsyncIterator[Parser]:
    """A parser as a service has it."""
    made = Parser()
    yield made
    await made.close()


def of_process(parser: Parser, name: str) -> str:
    """A file of the system about the process."""
    return Path(f"/proc/{parser.pid}/{name}").read_text()


def descriptors(parser: Parser) -> list[str]:
    """What the process has open."""
    return sorted(one.name for one in Path(f"/proc/{parser.pid}/fd").iterdir())


@pytest.mark.parametrize("name", [*pictures.FILES, "pdf", "docx"])
async def test_a_file_comes_back_as_from_a_call(parser: Parser, name: str) -> None:
    """Every format, byte for byte; a recording too, and a refusal with its reason."""
    made = (pictures.FILES | {"pdf": pictures.pdf, "docx": pictures.docx})[name]()
    assert await parser.take(made) == take(made)
    assert await parser.read_clip(silent_aac(40)) == read_clip(silent_aac(40))
    for wrong, reason in ((b"MZ\x90", "kind"), (bytes(LARGEST + 1), "large"), (PHOTO[:90], "broken")):
        with pytest.raises(FileRejected, match=reason):
            await parser.take(wrong)
    with pytest.raises(ClipRejected, match="amr"):
        await parser.read_clip(b"#!AMR\n")


async def test_the_process_knows_nothing_and_can_do_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment, no descriptor but its pipes even where one is left open to it, no new file, process or dump."""
    monkeypatch.setenv("NHIPCAU_SECRET", "a word of the service")
    left, other = os.pipe()
    os.set_inheritable(left, True)
    parser = Parser()
    try:
        assert await parser.take(PHOTO) == take(PHOTO)
        assert parser.pid not in (None, os.getpid())
        assert of_process(parser, "environ") == ""
        assert descriptors(parser) == ["0", "1", "2"]
        limits = {line[:25].strip(): line[25:].split()[:2] for line in of_process(parser, "limits").splitlines()}
        for name in ("Max core file size", "Max file size", "Max processes"):
            assert limits[name] == ["0", "0"], name
        assert limits["Max open files"] == ["3", "3"]
        assert limits["Max address space"] == [str(Limits().memory)] * 2
        assert int(limits["Max cpu time"][0]) <= Limits().cpu + 1
        assert not [line for line in of_process(parser, "maps").splitlines() if "asyncpg" in line or "crypto" in line]
        assert psutil.Process(parser.pid).memory_info().rss < 40 * 1024 * 1024
    finally:
        os.close(left)
        os.close(other)
        await parser.close()


async def test_the_largest_hostile_files_fit_into_the_limits(parser: Parser) -> None:
    """None of them ends the process that all others need."""
    assert await parser.take(PHOTO) == take(PHOTO)
    first = parser.pid
    for make in (*hostile_files.LARGE.values(), *(lambda _, one=one: one() for one in hostile_files.SMALL.values())):
        await ended(parser, make(LARGEST))
    assert parser.pid == first


async def ended(parser: Parser, data: bytes) -> str:
    """Why nothing is kept of a file, "" when something is."""
    try:
        await parser.take(data)
    except FileRejected as refused:
        return refused.reason
    return ""


async def test_a_file_that_takes_too_much_memory_is_broken_and_the_next_is_fine() -> None:
    """The system refuses the memory, the process dies of it, a new one takes the next file."""
    measured = Parser()
    assert await measured.take(PHOTO) == take(PHOTO)
    assert measured.pid is not None
    parser = Parser(Limits(memory=psutil.Process(measured.pid).memory_info().vms + LARGEST // 2))
    await measured.close()
    try:
        assert await parser.take(PHOTO) == take(PHOTO)
        first = parser.pid
        assert await ended(parser, bytes(LARGEST)) == "broken"
        assert parser.pid is None
        assert await parser.take(PHOTO) == take(PHOTO)
        assert parser.pid != first
    finally:
        await parser.close()


async def test_a_file_that_takes_too_much_of_the_processor_is_broken_and_the_next_is_fine() -> None:
    """Given nothing but the rest of the second that has begun, the system ends it over one of a few files."""
    parser = Parser(Limits(cpu=0))
    try:
        reasons = set()
        for _ in range(200):
            reasons.add(await ended(parser, WORK))
            if "broken" in reasons:
                break
        assert reasons == {"", "broken"}
        assert await parser.take(PHOTO) == take(PHOTO)
    finally:
        await parser.close()


async def test_a_file_over_which_the_process_hangs_is_broken_and_the_next_is_fine() -> None:
    """It is stopped in the middle: after the time on the wall it is killed, and another takes the next file."""
    parser = Parser(Limits(wall=3))
    try:
        assert await parser.take(PHOTO) == take(PHOTO)
        first = parser.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        assert await ended(parser, WORK) == "broken"
        assert not psutil.pid_exists(first)
        assert await parser.take(PHOTO) == take(PHOTO)
    finally:
        await parser.close()


async def test_a_file_is_not_blamed_for_what_ended_an_idle_process(parser: Parser) -> None:
    """Killed between two files: the next one meets a new process."""
    assert await parser.take(PHOTO) == take(PHOTO)
    idle = parser.pid
    assert idle is not None
    os.kill(idle, signal.SIGKILL)

    async def gone() -> bool:
        return not psutil.pid_exists(idle)

    await until(gone, 5)
    assert await parser.take(PHOTO) == take(PHOTO)


async def test_what_is_told_to_the_whole_group_does_not_end_it(parser: Parser) -> None:
    """Ctrl-C, and a service manager's order to all processes: it ends with its parent, not over a file in hand."""
    assert await parser.take(PHOTO) == take(PHOTO)
    first = parser.pid
    assert first is not None
    for told in (signal.SIGINT, signal.SIGTERM):
        os.kill(first, told)
    assert await parser.take(PHOTO) == take(PHOTO)
    assert parser.pid == first


async def test_no_file_is_blamed_where_the_process_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that can be run, and something that ends before it is ready."""
    for executable in ("/nowhere/python", "/bin/false"):
        monkeypatch.setattr(sys, "executable", executable)
        with pytest.raises(ParserDown):
            await Parser().take(PHOTO)


async def test_whoever_gives_up_waiting_leaves_no_half_file_behind(parser: Parser) -> None:
    """A cancelled file is not answered to the next one."""
    assert await parser.take(PHOTO) == take(PHOTO)
    waiting = asyncio.create_task(parser.take(WORK))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await asyncio.gather(*(parser.take(PHOTO) for _ in range(3))) == [take(PHOTO)] * 3


async def test_the_process_is_made_anew_after_so_many_files() -> None:
    """What a long life gathers is let go."""
    parser = Parser(most_files=2)
    pids = []
    for _ in range(4):
        assert await parser.take(PHOTO) == take(PHOTO)
        pids.append(parser.pid)
    await parser.close()
    assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_an_idle_process_is_let_go() -> None:
    """There is none before the first file, and none a while after the last."""
    parser = Parser(idle=0.05)
    for _ in range(2):
        assert parser.pid is None
        assert await parser.take(PHOTO) == take(PHOTO)

        async def gone() -> bool:
            return parser.pid is None

        await until(gone, 5)


PARENT = """
import asyncio, sys
from bot.file_parser.parser import Parser
from tests.support.files import pictures
from tests.support.files import hostile as hostile_files

async def main():
    parser = Parser()
    await parser.take(pictures.jpeg())
    print(parser.pid, flush=True)
    if sys.argv[1] == "busy":
        while True:
            await parser.take(hostile_files.LARGE["stuffed bytes"](5_000_000))
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
async def test_it_ends_with_its_parent(state: str) -> None:
    """Killed without a chance to say anything: no orphan is left, whether a file was in hand or not."""
    root = Path(__file__).parents[3]
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, state, stdout=asyncio.subprocess.PIPE, cwd=root
    )
    assert parent.stdout is not None
    child = psutil.Process(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()

    async def gone() -> bool:
        return not child.is_running() or child.status() == psutil.STATUS_ZOMBIE

    await until(gone, 30)
