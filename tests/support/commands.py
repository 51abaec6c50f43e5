"""Commands as an operator calls them: each a process of its own, forked from one that has imported everything.

A command's own work takes a moment, its imports take seconds. `python -m bot` itself is started by the tests of
`run`, of the demo and of what is installed.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import warnings
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE = 60.0
NEEDED = (
    *(f"bot.cli.{name}" for name in ("admin", "backup", "bootstrap", "main", "platform_texts", "run")),
    *("bot.app", "bot.channels.telegram.adapter", "bot.channels.zalo_oa.adapter", "bot.channels.zalo_bot.adapter"),
    *("store.migrations.run", "store.all_tables", "telegram.ext", "apscheduler.schedulers.asyncio"),
)
"""What the commands import when they are called."""


@cache
def _forks() -> ForkServerContext:
    """The process that forks, once for this process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*NEEDED, __name__])
    return context


async def nhipcau(*arguments: str, typed: str = "", locale: str = "C.UTF-8") -> tuple[int, str, str]:
    """Run one command to its end: exit code, what it printed, what it complained about."""
    with TemporaryDirectory(prefix="nhipcau-command-") as name:
        folder = Path(name)
        (folder / "0").write_text(typed, "utf-8")
        process = _forks().Process(target=_command, args=(arguments, folder, locale))
        await asyncio.to_thread(process.start)
        await asyncio.to_thread(process.join, PATIENCE)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"nhipcau {' '.join(arguments)} has not ended")
        return process.exitcode, (folder / "1").read_text("utf-8"), (folder / "2").read_text("utf-8")


def _command(arguments: tuple[str, ...], folder: Path, locale: str) -> None:
    """Be the command: its three streams are files of `folder`."""
    os.environ["LC_ALL"] = locale
    for number in (0, 1, 2):
        file = os.open(folder / str(number), os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(file, number)
    for number, mode in enumerate("rww"):
        stream = os.fdopen(os.dup(number), mode, encoding="utf-8")
        setattr(sys, ("stdin", "stdout", "stderr")[number], stream)
    warnings.simplefilter("ignore")
    sys.argv = ["nhipcau", *arguments]
    from bot.cli.main import main

    try:
        main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
