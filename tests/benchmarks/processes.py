"""Processes of a benchmark: started on their core, ended with their parent, their CPU counted to the last backend."""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
_PR_SET_PDEATHSIG = 1


class Trouble(Exception):
    """A benchmark cannot be run; the message says why and what to do."""


def free_port() -> int:
    """Find a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refuse_occupied(port: int) -> None:
    """Raise Trouble when somebody already answers on `port`: it may be a stale server of an earlier run."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Trouble(f"port {port} is taken: end the process on it (ss -ltnp 'sport = :{port}')")


def spawn(
    command: Sequence[str],
    core: int | None,
    environment: Mapping[str, str] | None = None,
    *,
    death: signal.Signals = signal.SIGKILL,
    **options: Any,
) -> subprocess.Popen[str]:
    """Start `command` on one core (None = any); it gets the signal `death` when this process ends."""
    libc = ctypes.CDLL(None)

    def before() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, death)
        if core is not None:
            os.sched_setaffinity(0, {core})

    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, preexec_fn=before, text=True, **options
    )


class DriverProcess:
    """The load driver as seen from the bench: orders in, figures out."""

    def __init__(self, core: int | None, latency_ms: float) -> None:
        command = [sys.executable, str(HERE / "driver.py"), "--latency-ms", str(latency_ms)]
        self._process = spawn(command, core, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self._read(10)["port"])

    def order(self, do: str, patience: float = 120, **arguments: Any) -> dict[str, Any]:
        """Send one order and wait for its figures."""
        self.begin(do, **arguments)
        return self._read(patience)

    def begin(self, do: str, **arguments: Any) -> None:
        """Send one order without waiting."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self._process.stdin.flush()

    def end(self, patience: float = 120) -> dict[str, Any]:
        """Wait for the figures of what was begun."""
        return self._read(patience)

    def _read(self, patience: float) -> dict[str, Any]:
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], patience)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            raise Trouble("the load driver gave no answer; its error is above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the driver."""
        self._process.kill()
        self._process.communicate()


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until `condition` holds. Raises Trouble naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Trouble(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.02)


def answers_on(port: int) -> bool:
    """Whether something accepts connections on `port`."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end(process: subprocess.Popen[str], patience: float = 8) -> None:
    """Ask a process to end, insist after `patience` seconds."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def postmaster_of(data_folder: Path) -> psutil.Process | None:
    """Find the PostgreSQL that serves a data folder at or under `data_folder`, whoever its parent is."""
    for pid_file in data_folder.rglob("postmaster.pid"):
        try:
            return psutil.Process(int(pid_file.read_text().split()[0]))
        except (OSError, ValueError, IndexError, psutil.Error):
            continue
    return None


def family(root: psutil.Process | None) -> list[psutil.Process]:
    """A process and all that descend from it and live."""
    if root is None or not root.is_running():
        return []
    return [root, *root.children(recursive=True)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """CPU used so far by these processes and by the children they have already buried."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def memory_mb(processes: Iterable[psutil.Process]) -> float:
    """Resident memory of the processes in MB (10⁶ bytes), pages shared among them counted once between them."""
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 1e6


def resident_mb(processes: Iterable[psutil.Process]) -> float:
    """Resident memory of the processes in MB, shared pages counted in each of them: what `top` shows."""
    return sum(process.memory_info().rss for process in processes) / 1e6


def cores(layout: str) -> tuple[int | None, int | None]:
    """The core of the subject and the core of the driver: layout "one" gives each its own, "free" pins nothing."""
    usable = sorted(os.sched_getaffinity(0))
    if layout == "free" or len(usable) < 2:
        return None, None
    return usable[0], usable[1]
