"""Load encrypted dumps into a database: decrypt, unpack and load at once, with nothing plain on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO

from store.backup.postgres_tools import Server, ToolFailed, running
from store.crypto import age

_BLOCK = 1 << 16
SINCE = {b"transaction_timeout": 17}
"""Parameters that pg_restore sets at the top of every script, and the server's major version that first knows them.

Source: release notes of PostgreSQL 17, read 2026-11.
"""
_PREAMBLE = (b"--", b"SET ", b"SELECT pg_catalog.set_config(", b"\\restrict ")
"""How the lines begin that come before the first thing a script makes; empty ones, too."""


def load(server: Server, recovery: bytes, files: list[Path], last: str) -> None:
    """Load encrypted dumps into a database in one transaction that ends with `last`; a half of it is nothing.

    The server may be older than its tools.
    """
    arguments = ("-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-f", "-")
    with running(server.tools / "psql", server.uri, *arguments) as psql, ThreadPoolExecutor(1) as beside:
        try:
            psql.feed.write(b"BEGIN;\n")
            for file in files:
                with running(
                    server.tools / "pg_restore", server.uri, "--no-owner", "--no-privileges", "-f", "-"
                ) as unpack:
                    opened = beside.submit(_open_into, recovery, file, unpack.feed)
                    for block in without_newer_settings(iter(partial(unpack.output.read, _BLOCK), b""), server.version):
                        psql.feed.write(block)
                    unpack.end()
                    opened.result()
            psql.feed.write(f"{last}COMMIT;\n".encode())
            psql.feed.flush()
        except BrokenPipeError:
            psql.end()
            raise ToolFailed("psql ended too early") from None
        psql.end()


def without_newer_settings(script: Iterable[bytes], server: int) -> Iterator[bytes]:
    """Leave out of a script's preamble what an older server does not know; rows, which come later, are never looked at.

    Blocks are passed on as they come once the preamble is over.
    """
    newer = tuple(b"SET " + name + b" = " for name, since in SINCE.items() if server < since)
    rest, blocks = b"", iter(script)
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        for number, line in enumerate(lines):
            if line and not line.startswith(_PREAMBLE):
                yield b"\n".join([*lines[number:], rest])
                yield from blocks
                return
            if not line.startswith(newer):
                yield line + b"\n"
    yield rest


def _open_into(recovery: bytes, file: Path, pipe: IO[bytes]) -> None:
    with file.open("rb") as sealed, pipe:
        age.decrypt(recovery, sealed, pipe)
