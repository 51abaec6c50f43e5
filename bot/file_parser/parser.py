"""The file parser's client: hostile files are parsed in a process of their own, limited and without keys.

A parser in Python holds the interpreter while it walks through megabytes; in a thread it would hold up the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from typing import cast

import msgspec

from bot.file_parser.process import READY, SIZE, Answer, Job, Limits, Request
from bot.logs.journal import log
from content.media.attachment import LARGEST, FileRejected, SanitizedFile
from content.media.clip import Clip, ClipRejected

MOST_FILES = 200
"""Files after which the process is made anew."""
IDLE = 60.0
"""Seconds without a file after which it ends; the next file starts another."""
_START = 20.0
"""Seconds within which it must be ready."""
_LARGEST_ANSWER = LARGEST + 64 * 1024
_ENTRY = (
    "import sys; sys.path += sys.argv[2:]; import msgspec; from bot.file_parser.process import Limits, serve; "
    "serve(msgspec.json.decode(sys.argv[1], type=Limits))"
)
_PATHS = tuple(dict.fromkeys(map(str, (Path(__file__).parents[2], Path(msgspec.__file__).parents[1]))))


class ParserDown(Exception):
    """The process does not start: no file is to blame for that, so each is to be tried again."""


class _Broke(Exception):
    """The process died or hung over a file."""


class Parser:
    """The one way in which a file becomes what is kept of it; one file at a time."""

    def __init__(self, limits: Limits | None = None, most_files: int = MOST_FILES, idle: float = IDLE) -> None:
        self._limits = limits or Limits()
        self._most_files = most_files
        self._idle = idle
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._files = 0
        self._ending: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The process that waits for the next file, if there is one."""
        return self._process.pid if self._process else None

    async def take(self, data: bytes) -> SanitizedFile:
        """Return what is kept of an attachment. Raises ParserDown, NotTaken: "broken" also where it was too much."""
        if len(data) > LARGEST:
            raise FileRejected("large")
        try:
            answer = await self._ask("attachment", data)
        except _Broke:
            raise FileRejected("broken") from None
        if answer.taken is None:
            raise FileRejected(answer.not_taken)
        return answer.taken

    async def read_clip(self, data: bytes) -> Clip:
        """Return the sound of a recording. Raises ParserDown, NotSound: "broken" also where it was too much."""
        try:
            answer = await self._ask("recording", data)
        except _Broke:
            raise ClipRejected("broken") from None
        if answer.clip is None:
            raise ClipRejected(answer.not_sound)
        return answer.clip

    async def close(self) -> None:
        """End the process."""
        if self._ending:
            self._ending.cancel()
        process, self._process = self._process, None
        if process is not None:
            await _end(process)

    async def _ask(self, job: Job, data: bytes) -> Answer:
        async with self._turn:
            try:
                process = await self._ready()
                answer = await self._answer(process, Request(job, data))
            except BaseException:  # cut short, its pipes would hold the rest of this file
                await self.close()
                raise
            self._files += 1
            self._ending = asyncio.get_running_loop().call_later(self._idle, self._end_idle)
            return answer

    async def _answer(self, process: asyncio.subprocess.Process, request: Request) -> Answer:
        message = msgspec.msgpack.encode(request)
        files, answers = _pipes(process)
        try:
            async with asyncio.timeout(self._limits.wall):
                files.write(len(message).to_bytes(SIZE, "big"))
                files.write(message)
                await files.drain()
                size = int.from_bytes(await answers.readexactly(SIZE), "big")
                if size > _LARGEST_ANSWER:
                    raise _Broke
                return msgspec.msgpack.decode(await answers.readexactly(size), type=Answer)
        except (TimeoutError, EOFError, OSError, msgspec.DecodeError) as fault:
            log.warning("a file was too much for its parser", extra={"reason": type(fault).__name__})
            raise _Broke from fault

    async def _ready(self) -> asyncio.subprocess.Process:
        """The process that waits for a file: the one there is, or a new one. Raises ParserDown."""
        if self._ending:
            self._ending.cancel()
        if self._process and self._process.returncode is None and self._files < self._most_files:
            return self._process
        await self.close()
        limits = msgspec.json.encode(self._limits).decode()
        command = (sys.executable, "-I", "-S", "-B", "-c", _ENTRY, limits, *_PATHS)
        try:
            self._process = made = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/"
            )
            async with asyncio.timeout(_START):
                await _pipes(made)[1].readexactly(len(READY))
        except (TimeoutError, EOFError, OSError) as fault:
            log.error("the process that takes files apart does not start", extra={"reason": type(fault).__name__})
            raise ParserDown from fault
        self._files = 0
        return made

    def _end_idle(self) -> None:
        """Let it go while nobody needs it; it is always idle when this is called."""
        process, self._process = self._process, None
        if process is not None:
            _kill(process)


def _pipes(process: asyncio.subprocess.Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    """The way in and the way out."""
    return cast(asyncio.StreamWriter, process.stdin), cast(asyncio.StreamReader, process.stdout)


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    _pipes(process)[0].close()


async def _end(process: asyncio.subprocess.Process) -> None:
    _kill(process)
    await process.wait()
