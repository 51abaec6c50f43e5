"""The fork server: a process that has imported and read everything, and forks a server for each order.

A storm kills processes by the hundred, and what it tries is what they leave behind, not how they import. Orders come on
stdin, one JSON object a line; what servers say and how they end goes to stdout likewise. When stdin ends, all end.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import uvloop

from flows.engine.conversation import Conversation
from tests.support import content
from tests.support.processes.server import main


class ForkServer:
    """Forks servers, and tells what they say and how they end."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._selector = selectors.DefaultSelector()
        self._selector.register(0, selectors.EVENT_READ, None)
        self._rest = b""
        self._living: set[int] = set()

    def run(self) -> None:
        """Serve until stdin ends; then end every server."""
        while True:
            for key, _ in self._selector.select():
                read = os.read(key.fd, 65_536)
                if key.data is None:
                    if not read:
                        return self._end()
                    self._hear(read)
                elif read:
                    self._tell(key.data, said=read.decode().strip())
                else:
                    self._reap(key.fd, key.data)

    def _hear(self, read: bytes) -> None:
        *lines, self._rest = (self._rest + read).split(b"\n")
        for line in lines:
            self._fork(json.loads(line))

    def _fork(self, order: dict[str, Any]) -> None:
        ours, its = os.pipe()  # not inherited by what the server executes: it closes when the server ends
        pid = os.fork()
        if not pid:
            os.close(ours)
            self._serve(order, its)
        os.close(its)
        self._living.add(pid)
        self._selector.register(ours, selectors.EVENT_READ, pid)
        self._tell(pid, started=order["number"])

    def _serve(self, order: dict[str, Any], its: int) -> NoReturn:
        """Be a server: its log and its temporary files lie in the folder of its storm."""
        folder = Path(order["folder"])
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(folder / "server.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT), 2)
        os.dup2(2, 1)
        code = 1
        try:
            uvloop.run(main(order, self._conversation, lambda: os.write(its, b"ready\n")))
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _reap(self, fd: int, pid: int) -> None:
        self._selector.unregister(fd)
        os.close(fd)
        _, status = os.waitpid(pid, 0)
        self._living.discard(pid)
        self._tell(pid, code=os.waitstatus_to_exitcode(status))

    def _end(self) -> None:
        for pid in self._living:
            os.kill(pid, signal.SIGKILL)

    def _tell(self, pid: int, **what: object) -> None:
        os.write(1, json.dumps({"pid": pid, **what}).encode() + b"\n")


if __name__ == "__main__":
    fork_server = ForkServer(content.reviewed())
    gc.collect()
    gc.freeze()
    fork_server.run()
