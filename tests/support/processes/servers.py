"""Server processes as storms hold them: a process id, a way to end it, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).parents[3]


class ServerProcess:
    """A service in a process of its own."""

    def __init__(self) -> None:
        self.pid = 0
        self.returncode: int | None = None
        self._started = asyncio.Event()
        self._ready = asyncio.Event()
        self._dead = asyncio.Event()

    def hear(self, said: dict[str, Any]) -> None:
        """Note what the fork server tells of this server."""
        self.pid = said["pid"]
        self._started.set()
        if "code" in said:
            self.returncode = said["code"]
            self._dead.set()
        if "said" in said or "code" in said:
            self._ready.set()

    async def ready(self) -> None:
        """Wait until it serves, or is dead already."""
        await self._ready.wait()

    async def started(self) -> None:
        """Wait until it has a process id."""
        await self._started.wait()

    async def wait(self) -> int | None:
        """Wait until it has ended; negative: the signal that ended it."""
        await self._dead.wait()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class ForkServerClient:
    """A client of the fork server: opened with the first order, and shared by all storms that run on one loop."""

    _shared: ClassVar[dict[asyncio.AbstractEventLoop, ForkServerClient]] = {}

    @classmethod
    def here(cls) -> ForkServerClient:
        """The fork server of the running loop: it takes seconds to read everything, and a moment to fork."""
        return cls._shared.setdefault(asyncio.get_running_loop(), cls())

    @classmethod
    async def close_here(cls) -> None:
        """End the fork server of the running loop, if there is one, and every server."""
        known = cls._shared.pop(asyncio.get_running_loop(), None)
        if known is not None:
            await known.close()

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._waiting: dict[int, ServerProcess] = {}
        self._known: dict[int, ServerProcess] = {}
        self._count = 0

    async def order(self, folder: Path, **given: Any) -> ServerProcess:
        """Start a server; returns it once it has a process id."""
        if self._process is None:
            await self._open()
        assert self._process is not None
        assert self._process.stdin is not None
        self._count += 1
        server_process = self._waiting[self._count] = ServerProcess()
        (folder / "tmp").mkdir(exist_ok=True)
        order = {**given, "folder": str(folder), "number": self._count}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await server_process.started()
        return server_process

    async def close(self) -> None:
        """End the fork server and every server."""
        if self._process is None or self._listening is None or self._process.stdin is None:
            return
        self._process.stdin.close()
        await self._process.wait()
        await self._listening

    async def _open(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.processes.fork_server",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        self._listening = asyncio.create_task(self._listen(self._process))

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            said = json.loads(line)
            if "started" in said:
                self._known[said["pid"]] = self._waiting.pop(said["started"])
            self._known[said["pid"]].hear(said)
