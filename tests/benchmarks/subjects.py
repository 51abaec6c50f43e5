"""What is measured: two other frameworks, and `nhipcau run` with the PostgreSQL it starts."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
from processes import (
    HERE,
    ROOT,
    Trouble,
    answers_on,
    cpu_seconds,
    end,
    family,
    free_port,
    memory_mb,
    postmaster_of,
    refuse_occupied,
    spawn,
    wait_for,
)

SECRET = "a-secret-of-the-benchmark"
PEERS_PYTHON = ROOT / ".venv-peers/bin/python"
OUR_PYTHON = ROOT / ".venv/bin/python"
TOKEN = "7:bench"


class Subject(ABC):
    """A bot under test in a process of its own, from start to end of a `with` block."""

    name: str
    path = "/hook"

    def __init__(self, api_port: int, core: int | None) -> None:
        self.api = f"http://127.0.0.1:{api_port}"
        self.core = core
        self.port = free_port()
        self.process: subprocess.Popen[str]

    @property
    def webhook(self) -> str:
        """Where Telegram would post."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    @abstractmethod
    def launch(self) -> None:
        """Start the process; return once it takes updates. Raises Trouble."""

    def app(self) -> list[psutil.Process]:
        """The bot's own processes."""
        return family(psutil.Process(self.process.pid))

    def database(self) -> list[psutil.Process]:
        """The processes of its database, if it has one."""
        return []

    def cpu(self) -> tuple[float, float]:
        """CPU-seconds used so far: (bot, database)."""
        return cpu_seconds(self.app()), cpu_seconds(self.database())

    def memory(self) -> tuple[float, float]:
        """Memory in MB: (bot, database)."""
        return memory_mb(self.app()), memory_mb(self.database())

    def close(self) -> None:
        """End the process."""
        end(self.process)

    def __enter__(self) -> Self:
        refuse_occupied(self.port)
        self.launch()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Peer(Subject):
    """A bot written with another framework."""

    script: str

    def launch(self) -> None:
        if not PEERS_PYTHON.exists():
            raise Trouble("the other frameworks are not installed: run `make peers`")
        environment = {"API": self.api, "PORT": str(self.port), "SECRET": SECRET}
        self.process = spawn([str(PEERS_PYTHON), str(HERE / self.script), "talk"], self.core, environment)
        wait_for(lambda: answers_on(self.port), 20, f"the start of {self.name}")


class Aiogram(Peer):
    """aiogram with its states in memory."""

    name = "aiogram"
    script = "peer_aiogram.py"


class Ptb(Peer):
    """python-telegram-bot's Application as it comes."""

    name = "ptb"
    script = "peer_ptb.py"


class Ours(Subject):
    """`nhipcau run` with one Telegram account, its own PostgreSQL and fresh keys in a temporary folder."""

    name = "nhipcau"
    path = "/hooks/bench"

    def __init__(self, api_port: int, core: int | None, in_flight: int = 64, rate: float = 0) -> None:
        super().__init__(api_port, core)
        self.rate = rate
        self.in_flight = in_flight
        self._folder = tempfile.TemporaryDirectory(prefix="nhipcau-bench-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)

    def settings(self) -> Path:
        """Write the settings file an operator would."""
        file = self.folder / "nhipcau.toml"
        top = {
            "data_dir": str(self.folder / "data"),
            "keys_dir": str(self.folder / "keys"),
            "port": self.port,
            "public_url": f"http://127.0.0.1:{self.port}",
            "log_level": "warning",
            "demo": True,  # the content is drafts, and a broadcast is measured too
        }
        account = {
            "channel": "telegram",
            "name": "bench",
            "token": TOKEN,
            "secret": SECRET,
            "base_url": f"{self.api}/bot",
            "rate": self.rate,
            "chat_rate": 0,
            "in_flight": self.in_flight,
        }
        file.write_text(f"{_toml(top)}\n[[accounts]]\n{_toml(account)}", "utf-8")
        return file

    def launch(self) -> None:
        command = [str(OUR_PYTHON), "-m", "bot", "run", "--settings", str(self.settings())]
        log = (self.folder / "log").open("a")
        self.process = spawn(
            command, self.core, death=signal.SIGTERM, stdout=subprocess.PIPE, stderr=log
        )  # SIGTERM, so that it stops its PostgreSQL even when this process is killed
        assert self.process.stdout
        if self.process.stdout.readline() != "ready\n":
            raise Trouble(f"`nhipcau run` did not start: {self.said()}")

    def said(self) -> str:
        """The last of what it wrote on stderr."""
        return (self.folder / "log").read_text("utf-8")[-2000:]

    def database(self) -> list[psutil.Process]:
        return family(postmaster_of(self.folder / "data"))

    def app(self) -> list[psutil.Process]:
        postmaster = postmaster_of(self.folder / "data")
        theirs = {p.pid for p in family(postmaster)}
        return [p for p in super().app() if p.pid not in theirs]

    def close(self) -> None:
        super().close()
        self._end_database()
        self._folder.cleanup()

    def _end_database(self) -> None:
        """End the PostgreSQL that a bot killed for its slowness has left behind."""
        postmaster = postmaster_of(self.folder / "data")
        if postmaster is not None:
            postmaster.send_signal(signal.SIGINT)
            postmaster.wait(10)


def _toml(values: dict[str, Any]) -> str:
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())


SUBJECTS: dict[str, type[Subject]] = {kind.name: kind for kind in (Aiogram, Ptb, Ours)}
