"""Pour encrypted dumps into a database: decrypt, unpack and load at once, with nothing plain on the disk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from store import age
from store.postgres_tools import ToolFailed, running

_BLOCK = 1 << 16


def pour(tools: Path, uri: str, recovery: bytes, files: list[Path], last: str) -> None:
    """Pour encrypted dumps into a database in one transaction that ends with `last`; a half of it is nothing."""
    arguments = ("-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-f", "-")
    with running(tools / "psql", uri, *arguments) as psql, ThreadPoolExecutor(1) as beside:
        try:
            psql.feed.write(b"BEGIN;\n")
            for file in files:
                with running(tools / "pg_restore", uri, "--no-owner", "--no-privileges", "-f", "-") as unpack:
                    opened = beside.submit(_open_into, recovery, file, unpack.feed)
                    while block := unpack.output.read(_BLOCK):
                        psql.feed.write(block)
                    unpack.end()
                    opened.result()
            psql.feed.write(f"{last}COMMIT;\n".encode())
            psql.feed.flush()
        except BrokenPipeError:
            psql.end()
            raise ToolFailed("psql ended too early") from None
        psql.end()


def _open_into(recovery: bytes, file: Path, pipe: IO[bytes]) -> None:
    with file.open("rb") as sealed, pipe:
        age.decrypt(recovery, sealed, pipe)
